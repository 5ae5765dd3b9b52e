"""The endpoint of quick add."""

from itertools import zip_longest
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api.serializers import AmountField, StrictFieldsMixin
from api.viewsets import LedgerAPIView
from expenses.quick.adding import add_all
from expenses.quick.understanding import (
    LONGEST_TEXT,
    Problem,
    Understood,
    reader_of,
    understand,
    without_category,
)
from expenses.serializers import TagsField

WHY = [("named", "named"), ("payee", "payee"), ("notes", "notes"), ("", "nothing")]


class QuickTextSerializer(StrictFieldsMixin, serializers.Serializer):
    """Lines as docs/quick-add.md describes them, and whether they are only to be understood."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    dry_run = serializers.BooleanField(default=False)


class NamedCategorySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class QuickRowSerializer(serializers.Serializer):
    """What a line says. ``why`` the category is this one: it is named, or usual with the payee or with the notes."""

    line = serializers.IntegerField()
    id = serializers.IntegerField(allow_null=True, help_text="Of the expense; null in a dry run.")
    date = serializers.DateField()
    amount = AmountField()
    category = NamedCategorySerializer(allow_null=True)
    payee = serializers.CharField()
    notes = serializers.CharField()
    tags = TagsField()
    why = serializers.ChoiceField(WHY)


class ProblemSerializer(serializers.Serializer):
    """What is wrong with a line."""

    line = serializers.IntegerField()
    field = serializers.CharField(help_text="line, amount, date, category, notes or tags")
    message = serializers.CharField()


class UnderstoodSerializer(serializers.Serializer):
    rows = QuickRowSerializer(many=True)
    errors = ProblemSerializer(many=True)


class QuickAddView(LedgerAPIView):
    """Expenses written as lines of text."""

    @extend_schema(
        request=QuickTextSerializer,
        responses={200: UnderstoodSerializer, 201: UnderstoodSerializer},
        operation_id="expenses_quick_create",
    )
    def post(self, request, ledger_id):
        """Add what the lines say: all of them, or none, and then 400 names each line and what is wrong with it.

        With `dry_run` nothing is written, and the answer (200) has what was understood of each line, or what is wrong
        with it. Figures and dates are read in the language of the request (`Accept-Language`, or the preference of who
        is signed in); today is the person's.
        """
        asked = QuickTextSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        today = timezone.localdate(timezone=ZoneInfo(request.user.time_zone))
        rows, problems = understand(asked.validated_data["text"], reader_of(self.ledger, today=today))
        if asked.validated_data["dry_run"]:
            return self._answer(rows, problems, [], status.HTTP_200_OK)
        if problems := sorted(problems + without_category(rows)):
            raise ValidationError({"text": [str(problem) for problem in problems]})
        expenses = add_all(self.ledger, (each.row.values for each in rows), request.user)
        return self._answer(rows, [], [expense.pk for expense in expenses], status.HTTP_201_CREATED)

    def _answer(self, rows: list[Understood], problems: list[Problem], ids: list[int], code: int) -> Response:
        understood = [
            {"line": each.line, "id": pk, "why": each.row.why, **each.row.values}
            for each, pk in zip_longest(rows, ids)
        ]
        found = {"rows": understood, "errors": problems}
        return Response(UnderstoodSerializer(found, context={"ledger": self.ledger}).data, code)
