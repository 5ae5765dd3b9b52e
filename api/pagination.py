"""Pages by key: page 1,000 costs what page 1 costs, and a row added meanwhile shifts nothing."""

import re
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from api.serializers import ISO_DATE


class CursorPagination(BasePagination):
    """Keyset paging over the view's ``keyset``, two fields of one direction such as ``("-date", "-pk")``.

    A cursor is readable: ``2026-08-22,17`` is what follows that row, ``-2026-08-22,17`` what precedes it.
    """

    page_size = 50
    max_page_size = 500
    cursor_query_param = "cursor"
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.fields = request, [name.lstrip("-") for name in view.keyset]
        self.descending = view.keyset[0].startswith("-")
        size = self._size(request)
        cursor = request.query_params.get(self.cursor_query_param, "")
        backwards = cursor.startswith("-")
        rows = list(self._rows(queryset, cursor.removeprefix("-"), backwards)[: size + 1])
        page, more = rows[:size], len(rows) > size
        if backwards:
            page.reverse()
        self.next = self._link("", page[-1]) if page and (more or backwards) else None
        self.previous = self._link("-", page[0]) if page and (more if backwards else cursor) else None
        return page

    def get_paginated_response(self, data):
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": self.cursor_query_param,
                "in": "query",
                "schema": {"type": "string"},
                "description": "Where the page starts; taken from `next` or `previous`.",
            },
            {
                "name": self.page_size_query_param,
                "in": "query",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                },
            },
        ]

    def _size(self, request) -> int:
        text = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= self.max_page_size):
            message = _("Ask for 1 to %(max)d rows.") % {"max": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [message]})
        return int(text)

    def _rows(self, queryset, cursor: str, backwards: bool):
        descending = self.descending != backwards
        ordered = queryset.order_by(*(f"-{name}" if descending else name for name in self.fields))
        if not cursor:
            return ordered
        return ordered.filter(self._beyond(queryset.model, cursor, "lt" if descending else "gt"))

    def _beyond(self, model, cursor: str, side: str) -> Q:
        (first, second), values = self.fields, cursor.split(",")
        try:
            key, pk = (self._value(model, name, text) for name, text in zip(self.fields, values, strict=True))
        except ValueError:
            raise ValidationError(
                {self.cursor_query_param: [_("This is not a cursor of this list.")]}
            ) from None
        beyond = [Q(**{f"{first}__{side}": key}), Q(**{f"{second}__{side}": pk})]
        # The first condition is what an index can seek to.
        return Q(**{f"{first}__{side}e": key}) & reduce(or_, beyond)

    @staticmethod
    def _value(model, name: str, text: str):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if field.get_internal_type() == "DateField":
            if not ISO_DATE.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        if not re.fullmatch("[0-9]{1,17}", text):
            raise ValueError(text)
        return int(text)

    def _link(self, direction: str, row) -> str:
        key = ",".join(str(getattr(row, name)) for name in self.fields)
        url = remove_query_param(self.request.build_absolute_uri(), self.cursor_query_param)
        return replace_query_param(url, self.cursor_query_param, f"{direction}{key}")
