"""What the answers of analytics look like, for the documentation of the API; ``answers.py`` writes them."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from analytics.dimensions import DIMENSIONS, OVERLAP
from analytics.ranges import COMPARISONS, PRESETS
from expenses.models import Basis

DAY = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|(today|week|month|year)([+-][0-9]{1,3})?)$"
WORDS = "An ISO date, or `today`, `week`, `month`, `year`, also with steps: `month-1`, `today-30`."


def _text(name, description, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, **kwargs)


def _day(name, description) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "pattern": DAY}, description=description)


SELECTION = [
    _day("start", f"The first day. {WORDS} Needed unless there is a `range`."),
    _day("end", f"The last day. {WORDS} Needed unless there is a `range`."),
    _text("range", "A range by its name, in the ledger's own months.", enum=list(PRESETS)),
    _text("basis", "Whether expenses for several months count when paid, or spread.", enum=Basis.values),
    OpenApiParameter(
        "category", OpenApiTypes.INT, many=True, description="Only these categories and their subcategories."
    ),
    OpenApiParameter(
        "without",
        OpenApiTypes.INT,
        many=True,
        description="All but these categories and their subcategories.",
    ),
    OpenApiParameter("weekday", OpenApiTypes.INT, many=True, enum=range(1, 8), description="Monday is 1."),
    _text("payee", "Only what was paid to exactly this one."),
    OpenApiParameter(
        "without_payee", OpenApiTypes.BOOL, description="Only what names nobody it was paid to."
    ),
    _text("tag", "Only what has this tag; with several, parted by spaces, what has all of them."),
    OpenApiParameter("without_tags", OpenApiTypes.BOOL, description="Only what has no tag."),
    OpenApiParameter("receipt", OpenApiTypes.UUID, description="Only the parts of this payment."),
    _text("text", "Payee or notes contain this."),
    _text("amount_min", "The smallest amount."),
    _text("amount_max", "The largest amount."),
]
MATRIX = [_text(name, "What to break down by.", enum=list(DIMENSIONS)) for name in ("rows", "columns")]
COMPARED = [
    _text("with", "What to compare with: `previous` unless said otherwise.", enum=list(COMPARISONS)),
    _day("with_start", "The first day of another range to compare with."),
    _day("with_end", "The last day of it."),
]


class AboutSerializer(serializers.Serializer):
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    currency = serializers.CharField()
    basis = serializers.ChoiceField(Basis.choices)


class FigureSerializer(serializers.Serializer):
    total = serializers.CharField(help_text=_("Spent, less what came back."))
    gross = serializers.CharField(help_text=_("Spent."))
    refunds = serializers.CharField(help_text=_("Came back: zero or negative."))
    count = serializers.IntegerField()


class PartSerializer(FigureSerializer):
    key = serializers.CharField()
    name = serializers.CharField()
    percentage = serializers.CharField()
    id = serializers.IntegerField(required=False, help_text=_("Of a category."))
    colour = serializers.CharField(required=False, help_text=_("Of a category."))
    parent = serializers.IntegerField(
        required=False, allow_null=True, help_text=_("The main category of a subcategory.")
    )
    start_date = serializers.DateField(required=False, help_text=_("Of a day, week, month or year."))
    end_date = serializers.DateField(required=False, help_text=_("Of a day, week, month or year."))


class RestSerializer(FigureSerializer):
    parts = serializers.IntegerField(help_text=_("How many they are."))
    percentage = serializers.CharField()


def breakdown_serializer(name: str) -> type[serializers.Serializer]:
    """Of the breakdown whose list of parts has this name."""
    fields: dict[str, serializers.Serializer] = {name: PartSerializer(many=True)}
    if name == "payees":
        fields["rest"] = RestSerializer(
            allow_null=True, help_text=_("All payees after the 1,000 largest, if there are more.")
        )
    if name == "tags":
        fields["overlapping"] = serializers.BooleanField(help_text=OVERLAP)
        fields["rest"] = RestSerializer(
            allow_null=True,
            help_text=_("What has any tag after the 1,000 largest, each expense once, if there are more."),
        )
    return type(f"{name.title().replace('_', '')}Serializer", (AboutSerializer, FigureSerializer), fields)


class CellSerializer(FigureSerializer):
    row = serializers.CharField()
    column = serializers.CharField()


class MatrixSerializer(AboutSerializer, FigureSerializer):
    overlapping = serializers.BooleanField(help_text=_("Of tags: an expense counts in each of its own."))
    rows = PartSerializer(many=True)
    columns = PartSerializer(many=True)
    cells = CellSerializer(many=True)


class ChangeSerializer(serializers.Serializer):
    total = serializers.CharField()
    earlier_total = serializers.CharField()
    change = serializers.CharField()
    change_percentage = serializers.CharField(allow_null=True)


class CategoryChangeSerializer(ChangeSerializer):
    key = serializers.CharField()
    name = serializers.CharField()
    id = serializers.IntegerField()
    colour = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True, help_text=_("The main category of a subcategory."))


class EarlierSerializer(AboutSerializer):
    earlier_start_date = serializers.DateField()
    earlier_end_date = serializers.DateField()


class ComparisonSerializer(EarlierSerializer, ChangeSerializer):
    categories = CategoryChangeSerializer(many=True)


class RunningSerializer(serializers.Serializer):
    day = serializers.IntegerField()
    date = serializers.DateField(allow_null=True)
    total = serializers.CharField(allow_null=True)
    earlier_date = serializers.DateField(allow_null=True)
    earlier_total = serializers.CharField(allow_null=True)


class CumulativeSerializer(EarlierSerializer):
    days = RunningSerializer(many=True)


class LargeExpenseSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    date = serializers.DateField()
    amount = serializers.CharField()
    category = serializers.CharField()
    payee = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)


class SummarySerializer(AboutSerializer, FigureSerializer):
    days = serializers.IntegerField()
    per_day = serializers.CharField()
    per_week = serializers.CharField()
    per_month = serializers.CharField()
    median = serializers.CharField(allow_null=True)
    largest = LargeExpenseSerializer(many=True)
