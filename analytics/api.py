"""The endpoints of analytics. They only read, and ``ETag`` stands for the figures: 304 while they are the same."""

import hashlib
import json

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from analytics import schema
from analytics.answers import LISTS, Writer
from analytics.asking import ComparisonForm, MatrixForm, too_many_days
from analytics.naming import Naming
from analytics.queries import breakdown
from analytics.ranges import BACKWARDS, Calendar
from analytics.selection import FILTERS, ONCE_CALLED, Selection, SelectionForm, read
from api.filters import refuse_unknown
from api.viewsets import LedgerAPIView
from expenses.filters import ISODateField
from expenses.serializers import number
from ledgers.etags import unless_known
from ledgers.money import reader_locale

KNOWN = {*SelectionForm.base_fields, *ONCE_CALLED.values(), *FILTERS}
LARGEST = 10


class AnalyticsView(LedgerAPIView):
    """Base of what answers figures of a selection of expenses."""

    more_known: set[str] = set()

    def get(self, request, ledger_id):
        refuse_unknown(request, KNOWN | self.more_known)
        request.ledger = self.ledger
        question = read(request.query_params, request, self.calendar)
        figures = self.figures(Writer(_valid(question, question.errors).selection))
        response = Response(figures, headers={"ETag": _etag(figures)})
        return unless_known(request, response)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.ledger, timezone.localdate(), reader_locale().first_week_day)

    def figures(self, writer: Writer) -> dict:
        raise NotImplementedError


class BreakdownView(AnalyticsView):
    """The total of everything, and of each part with its share; the percentages add up to exactly 100.

    But tags overlap: an expense counts in each of its own, and the shares are of the total, in which it counts once.
    """

    by = "category"

    def figures(self, writer):
        return writer.breakdown(self.by)


def breakdown_view(by: str):
    """The view of the breakdown by one of ``DIMENSIONS``."""
    get = extend_schema(
        parameters=schema.SELECTION, responses=schema.breakdown_serializer(LISTS[by]), operation_id=LISTS[by]
    )
    described = extend_schema_view(get=get)
    return described(
        type(f"{LISTS[by].title().replace('_', '')}View", (BreakdownView,), {"by": by})
    ).as_view()


@extend_schema(parameters=[*schema.SELECTION, *schema.MATRIX], responses=schema.MatrixSerializer)
class MatrixView(AnalyticsView):
    """Two breakdowns at once, ``rows=category`` and ``columns=month`` unless said otherwise."""

    more_known = {"rows", "columns"}

    def figures(self, writer):
        form = MatrixForm(self.request.query_params)
        asked = _valid(form, form.errors).cleaned_data
        found = form.matrix(writer.selection)
        _valid(form, form.errors)
        return writer.matrix(found, **asked)


@extend_schema(parameters=[*schema.SELECTION, *schema.COMPARED], responses=schema.ComparisonSerializer)
class ComparisonView(AnalyticsView):
    """What each category has changed by against an earlier time; what changed most comes first.

    A time that is still running is compared as far as it has come, unless the earlier range is named.
    """

    more_known = {"with", "with_start", "with_end"}

    def figures(self, writer):
        selection, before = self.form.compared(writer.selection)
        return Writer(selection).comparison(before)

    @property
    def form(self) -> ComparisonForm:
        form = ComparisonForm(self.request.query_params, calendar=self.calendar)
        return _valid(form, form.named_errors)


@extend_schema(parameters=[*schema.SELECTION, *schema.COMPARED], responses=schema.CumulativeSerializer)
class CumulativeView(ComparisonView):
    """What was spent up to each day, beside the same day of an earlier time; 3,700 days at most."""

    def figures(self, writer):
        before = self.form.before(writer.selection)
        if too_long := too_many_days(writer.selection, before):
            raise ValidationError(too_long)
        return writer.running(before, self.calendar.today)


@extend_schema(parameters=schema.SELECTION, responses=schema.SummarySerializer)
class SummaryView(AnalyticsView):
    """Averages per day, week and month, the median and the largest expenses."""

    def figures(self, writer):
        return writer.summary(self.calendar.today, LARGEST)


class OriginalRangeForm(forms.Form):
    """Two dates; the contract of the original system knows no words."""

    start_date = ISODateField()
    end_date = ISODateField()

    def clean(self):
        values = super().clean()
        start, end = values.get("start_date"), values.get("end_date")
        if start and end and start > end:
            self.add_error("end_date", BACKWARDS)
        return values


class RangeSerializer(serializers.Serializer):
    start_date = serializers.DateField()
    end_date = serializers.DateField()


class OriginalAnalyticsView(LedgerAPIView):
    """Totals per category in the contract of the original system. Figures are JSON numbers."""

    only_reads = True

    @extend_schema(
        request=RangeSerializer,
        responses={200: OpenApiTypes.OBJECT},
        operation_id="original_analytics",
    )
    def post(self, request, ledger_id):
        """`{"Rent": {"total": 2777, "percentage": 55.7}, …}`, the largest total first."""
        naming = Naming(self.ledger)
        return Response(
            {
                naming.category(part.key).name: {
                    "total": number(part.figure.total),
                    "percentage": float(part.percentage),
                }
                for part in breakdown(self._selection(request.data), "category").parts
            }
        )

    def _selection(self, values) -> Selection:
        form = OriginalRangeForm(values if isinstance(values, dict) else {})
        start, end = (_valid(form, form.errors).cleaned_data[name] for name in ("start_date", "end_date"))
        return Selection(self.ledger, start, end)


def _valid(asked, errors):
    """What was asked; 400 that names what makes no sense."""
    if errors:
        raise ValidationError(errors)
    return asked


def _etag(figures: dict) -> str:
    written = json.dumps(figures, cls=DjangoJSONEncoder).encode()
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'
