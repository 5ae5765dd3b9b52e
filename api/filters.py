"""Filtering by query string, with the FilterSet that the pages use."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.settings import api_settings

from api.pagination import CursorPagination

ALWAYS_KNOWN = {
    CursorPagination.cursor_query_param,
    CursorPagination.page_size_query_param,
    api_settings.URL_FORMAT_OVERRIDE,
}


def refuse_unknown(request, known: set[str]):
    """Answer 400 to a parameter nobody knows: a misspelt one would otherwise quietly give every row."""
    if unknown := set(request.query_params) - known - ALWAYS_KNOWN:
        raise ValidationError({name: [_("Unknown parameter.")] for name in sorted(unknown)})


class FilterBackend(DjangoFilterBackend):
    """django-filter's backend that answers 400 to a parameter nobody knows."""

    def filter_queryset(self, request, queryset, view):
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters if filterset_class else ())
        refuse_unknown(request, known | ({"version"} if request.method == "DELETE" else set()))
        return super().filter_queryset(request, queryset, view)

    def get_filterset_kwargs(self, request, queryset, view):
        # FilterSets shared with the pages find the ledger on the request.
        request.ledger = getattr(view, "ledger", None)
        return super().get_filterset_kwargs(request, queryset, view)
