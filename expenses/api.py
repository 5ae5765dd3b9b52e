"""The endpoints of expenses, days, categories and accounts."""

from hashlib import sha256

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api.errors import Conflict, PreconditionFailed, PreconditionRequired
from api.viewsets import LedgerAPIView, VersionedViewMixin
from expenses.accounts import delete_account
from expenses.day import DayConflict, Row, replace_day, save_day
from expenses.filters import AccountFilter, ExpenseFilter
from expenses.models import Account, Category, Expense
from expenses.reorganising import why_not_deleted
from expenses.reorganising_api import ReorganisingMixin
from expenses.serializers import (
    MAX_ROWS,
    AccountSerializer,
    CategorySerializer,
    DayRowSerializer,
    DaySerializer,
    ExpenseSerializer,
    OriginalRowSerializer,
)
from ledgers.dates import parse_iso_date
from ledgers.etags import names, unless_known
from ledgers.models import Ledger

DELETED_VERSION = OpenApiParameter(
    "version", int, description="Delete only this version of it; 409 with the current one otherwise."
)


@extend_schema_view(
    list=extend_schema(operation_id="expenses_list"), destroy=extend_schema(parameters=[DELETED_VERSION])
)
class ExpenseViewSet(VersionedViewMixin, viewsets.ModelViewSet):
    """Expenses of the ledger, newest first. POST takes one expense, or a list of up to 1,000: all or none."""

    queryset = Expense.objects.all()
    serializer_class = ExpenseSerializer
    filterset_class = ExpenseFilter
    keyset = ("-date", "-pk")
    lookup_value_converter = "int"

    def get_serializer(self, *args, **kwargs):
        if self.action == "create" and isinstance(kwargs.get("data"), list):
            kwargs |= {"many": True, "max_length": MAX_ROWS, "allow_empty": False}
        return super().get_serializer(*args, **kwargs)


@extend_schema_view(destroy=extend_schema(parameters=[DELETED_VERSION]))
class CategoryViewSet(ReorganisingMixin, VersionedViewMixin, viewsets.ModelViewSet):
    """Categories of the ledger, in its order, of two levels: one may be part of another one, its `parent`.

    `aliases` are other names by which people write it. One that has expenses can be archived or merged, not deleted.
    """

    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    keyset = ("position", "pk")
    lookup_value_converter = "int"

    def etag(self, category) -> str:
        """A category that is moved keeps its version."""
        return f'"v{category.version}-{category.position}"'

    def perform_create(self, serializer):
        position = Category.objects.in_ledger(self.ledger).next_position()
        serializer.save(**{"position": position} | serializer.validated_data)

    def perform_destroy(self, instance):
        if reason := why_not_deleted(instance):
            raise ValidationError({"detail": reason})
        instance.delete()


@extend_schema_view(destroy=extend_schema(parameters=[DELETED_VERSION]))
class AccountViewSet(VersionedViewMixin, viewsets.ModelViewSet):
    """Accounts and cards that statements come from. One that expenses were imported from cannot be deleted."""

    queryset = Account.objects.all()
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    keyset = ("pk", "pk")
    lookup_value_converter = "int"

    def perform_destroy(self, instance):
        try:
            delete_account(instance)
        except DjangoValidationError as error:
            raise ValidationError({"detail": error.messages[0]}) from error


class DayAPIView(LedgerAPIView):
    """A view of one day. The date in its address is checked like any other input."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        try:
            self.kwargs["date"] = Expense._meta.get_field("date").clean(parse_iso_date(kwargs["date"]), None)
        except DjangoValidationError as error:
            raise ValidationError({"date": error.messages}) from None


class DayView(DayAPIView):
    """One day with the ids and versions of its expenses, and the saving of it as a difference."""

    has_etag = True

    @extend_schema(responses=DaySerializer, parameters=[OpenApiParameter("date", OpenApiTypes.DATE, "path")])
    def get(self, request, ledger_id, date):
        return unless_known(request, self._answer(date, self._expenses(date)))

    @extend_schema(
        request=DaySerializer,
        responses=DaySerializer,
        parameters=[OpenApiParameter("date", OpenApiTypes.DATE, "path")],
    )
    def put(self, request, ledger_id, date):
        """Save the day. Equal rows are not written, rows with an id are changed, rows without one are added.

        An amount of zero deletes a row. A row of the day that is left out is deleted too, which needs the day's
        `tag` (or `If-Match` with it): without one, 428 names the rows; with an old one, 412. A row changed
        meanwhile answers 409 with its current state, and nothing is written.
        """
        serializer = DaySerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        rows = [DayRowSerializer.row(values) for values in serializer.validated_data["expenses"]]
        is_seen, day = self._seen(date, serializer.validated_data.get("tag"))
        rows += self._left_out(rows, is_seen, day)
        try:
            save_day(self.ledger, date, rows, request.user, locked=day)
        except DayConflict as conflict:
            raise Conflict(current=self._described(conflict)) from None
        return self._answer(date, self._expenses(date))

    def get_serializer_context(self):
        return {"request": self.request, "ledger": self.ledger, "view": self}

    def _expenses(self, date) -> list[Expense]:
        # The times, which the answer has not, take as long to read as all the rest.
        rows = Expense.objects.in_ledger(self.ledger).on(date).order_by("id")
        return list(rows.defer("created_at", "updated_at"))

    def _answer(self, date, expenses) -> Response:
        tag = _tag(expenses)
        day = {
            "date": date,
            "currency": self.ledger.currency,
            "total": sum(expense.amount for expense in expenses),
            "tag": tag,
            "expenses": expenses,
        }
        return Response(
            DaySerializer(day, context=self.get_serializer_context()).data, headers={"ETag": f'"{tag}"'}
        )

    @staticmethod
    def _left_out(rows: list[Row], is_seen: bool, day: list[Expense]) -> list[Row]:
        """The removal of the day's rows that the client did not mention, if it is known to have seen them."""
        mentioned = {row.id for row in rows}
        gone = [expense for expense in day if expense.pk not in mentioned]
        if gone and not is_seen:
            raise PreconditionRequired(
                _("Left out: %(ids)s. Send the day's tag to delete them, or list them.")
                % {"ids": ", ".join(str(expense.pk) for expense in gone)}
            )
        return [Row(None, expense.pk, expense.version) for expense in gone]

    def _seen(self, date, tag: str | None) -> tuple[bool, list[Expense]]:
        """Whether the client says that it saw the day as it is now, and its expenses, locked; 412 if it saw another.

        Of two who saw the same state one waits here: what the first adds there is no row to lock yet.
        """
        if_match = self.request.headers.get("If-Match")
        if {tag, if_match} - {None, "*"}:
            Ledger.objects.select_for_update(no_key=True).get(pk=self.ledger.pk)
        day = list(Expense.objects.in_ledger(self.ledger).on(date).order_by("id").locked())
        now = _tag(day)
        seen = {names(if_match, f'"{now}"'), tag and tag in (now, "*")}
        if False in seen:
            answer = self._answer(date, day)
            raise PreconditionFailed(answer.data, answer["ETag"])
        return True in seen, day

    def _described(self, conflict: DayConflict) -> list:
        context = self.get_serializer_context()
        return [
            {"index": index, "expense": theirs and ExpenseSerializer(theirs, context=context).data}
            for index, theirs in conflict.theirs.items()
        ]


def _tag(expenses: list[Expense]) -> str:
    """Stands for exactly these expenses in these versions."""
    state = ",".join(f"{expense.pk}:{expense.version}" for expense in expenses)
    return sha256(state.encode()).hexdigest()[:32]


class OriginalDayView(DayAPIView):
    """A day in the contract of the original system. Amounts are JSON numbers; use `days/` for exact ones."""

    @extend_schema(responses=OriginalRowSerializer(many=True), operation_id="original_day_retrieve")
    def get(self, request, ledger_id, date):
        expenses = Expense.objects.in_ledger(self.ledger).on(date).select_related("category").order_by("id")
        return Response(
            [
                {"amount": float(expense.amount), "category": expense.category.name, "notes": expense.notes}
                for expense in expenses
            ]
        )

    @extend_schema(
        request=OriginalRowSerializer(many=True),
        responses={200: OpenApiTypes.OBJECT},
        operation_id="original_day_replace",
    )
    def post(self, request, ledger_id, date):
        """Replace the day. Rows whose amount is zero are dropped; rows that stay the same keep their ids."""
        context = {"ledger": self.ledger}
        serializer = OriginalRowSerializer(data=request.data, many=True, max_length=MAX_ROWS, context=context)
        serializer.is_valid(raise_exception=True)
        wanted = [dict(values) for values in serializer.validated_data if values["amount"]]
        replace_day(self.ledger, date, wanted, request.user)
        return Response({"message": "Expenses updated successfully"}, status=status.HTTP_200_OK)
