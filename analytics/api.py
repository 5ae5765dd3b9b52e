"""The endpoints of analytics."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from analytics.queries import category_totals
from analytics.ranges import RangeForm
from api.filters import refuse_unknown
from api.serializers import AmountField
from api.viewsets import LedgerAPIView
from expenses.models import Expense
from expenses.serializers import number


class CategoryTotalSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="category.pk")
    name = serializers.CharField(source="category.name")
    total = AmountField()
    percentage = serializers.DecimalField(max_digits=4, decimal_places=1)
    count = serializers.IntegerField()


class CategoryTotalsSerializer(serializers.Serializer):
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    currency = serializers.CharField()
    total = AmountField()
    categories = CategoryTotalSerializer(many=True)


class RangeSerializer(serializers.Serializer):
    start_date = serializers.DateField()
    end_date = serializers.DateField()


class AnalyticsView(LedgerAPIView):
    """Base of endpoints that work on a range of dates, both ends included."""

    def expenses_of(self, values):
        """The range that was asked for, and its expenses; 400 for a range that makes no sense."""
        form = RangeForm(values if isinstance(values, dict) else {})
        if not form.is_valid():
            raise ValidationError(form.errors)
        start, end = form.cleaned_data["start_date"], form.cleaned_data["end_date"]
        return start, end, Expense.objects.in_ledger(self.ledger).between(start, end)


class CategoryTotalsView(AnalyticsView):
    @extend_schema(
        responses=CategoryTotalsSerializer,
        parameters=[
            OpenApiParameter("start_date", OpenApiTypes.DATE, required=True),
            OpenApiParameter("end_date", OpenApiTypes.DATE, required=True),
        ],
    )
    def get(self, request, ledger_id):
        """Total, percentage and number of expenses per category; the percentages add up to exactly 100."""
        refuse_unknown(request, {"start_date", "end_date"})
        start, end, expenses = self.expenses_of(request.query_params)
        totals = category_totals(expenses, self.ledger)
        figures = {
            "start_date": start,
            "end_date": end,
            "currency": self.ledger.currency,
            "total": sum(row.total for row in totals),
            "categories": totals,
        }
        return Response(CategoryTotalsSerializer(figures, context={"ledger": self.ledger}).data)


class OriginalAnalyticsView(AnalyticsView):
    """Totals per category in the contract of the original system. Figures are JSON numbers."""

    only_reads = True

    @extend_schema(
        request=RangeSerializer,
        responses={200: OpenApiTypes.OBJECT},
        operation_id="original_analytics",
    )
    def post(self, request, ledger_id):
        """`{"Rent": {"total": 2777, "percentage": 55.7}, …}`, the largest total first."""
        _start, _end, expenses = self.expenses_of(request.data)
        return Response(
            {
                row.category.name: {"total": number(row.total), "percentage": float(row.percentage)}
                for row in category_totals(expenses, self.ledger)
            }
        )
