"""One ledger as a JSON file that this application, or any program, can read: writing it and reading it.

``VERSION`` grows when a file of the new kind could not be read by the code of the old; the files of every older
version stay readable.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.settings import api_settings

from api.parsers import strict_json
from api.serializers import STRICT_FIELDS, AmountField, StrictFieldsMixin
from expenses.loading import lowered
from expenses.models import TAKEN_MESSAGE, Category, Expense, validate_not_zero
from ledgers.models import Ledger, Membership
from ledgers.money import plain
from users.models import User

FORMAT, VERSION = "expense-tracker-ledger", 1
ROWS_AT_ONCE = 2_000
MOST_PROBLEMS = 20
TWICE = gettext_lazy("This is given twice.")


class Unreadable(Exception):
    """Why a file cannot be taken: ``problems`` are sentences, each with the path in the file it is about."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def ledger_lines(ledger: Ledger) -> Iterator[str]:
    """The lines of the file, one for each row of the ledger.

    To be called in a transaction that sees the rows of one moment: they are several queries, and PostgreSQL gives
    out the expenses as they are asked for.
    """
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _moment(timezone.now()),
        "ledger": {name: getattr(ledger, name) for name in ("name", "currency", "month_start_day")},
    }
    yield "{"
    yield from (f"{_json(name)}: {_json(value)}," for name, value in facts.items())
    yield from _list("members", _members(ledger))
    yield from _list("categories", _categories(ledger))
    yield from _list("expenses", _expenses(ledger), last=True)
    yield "}"


def read_ledger(content: bytes) -> dict:
    """What a file says: ``ledger``, ``members``, ``categories`` and ``expenses``, checked and with real values.

    Raises Unreadable.
    """
    try:
        said = strict_json(content)
    except ParseError as error:
        raise Unreadable([str(error.detail)]) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Unreadable([_("This is not a ledger that was exported from this application.")])
    if isinstance(said.get("version"), int) and said["version"] > VERSION:
        raise Unreadable([_("The file was exported by a newer version of this application.")])
    file = LedgerFile(data=said, context={"ledger": Ledger()})
    if not file.is_valid():
        problems = list(_problems(file.errors))
        more = len(problems) - MOST_PROBLEMS
        raise Unreadable(
            problems[:MOST_PROBLEMS] + ([_("And %(count)d more.") % {"count": more}] if more > 0 else [])
        )
    return file.validated_data


class TextField(serializers.CharField):
    """A JSON string, taken as it is to the last space."""

    def __init__(self, **kwargs):
        super().__init__(**{"trim_whitespace": False} | kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ExactAmountField(AmountField):
    """An amount as a string: a number of JSON is a float to many programs."""

    def to_internal_value(self, data) -> Decimal:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Entry(StrictFieldsMixin, serializers.ModelSerializer):
    """A row in the file, held to what the model says of its fields."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.CharField: TextField
    }

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        return STRICT_FIELDS.get(field_class, field_class), kwargs


class LedgerEntry(Entry):
    class Meta:
        model = Ledger
        fields = ["name", "currency", "month_start_day"]

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        # The amounts that come after it are in its currency.
        self.context["ledger"] = Ledger(**values)
        return values


class MemberEntry(StrictFieldsMixin, serializers.Serializer):
    username = TextField(max_length=User._meta.get_field("username").max_length)
    role = serializers.ChoiceField(choices=Membership.Role.choices)


class CategoryEntry(Entry):
    class Meta:
        model = Category
        fields = ["name", "colour", "position", "archived"]


class ExpenseEntry(Entry):
    amount = ExactAmountField(validators=[validate_not_zero])
    category = TextField()
    created_at = serializers.DateTimeField(required=False)
    created_by = TextField(required=False, allow_null=True)

    class Meta:
        model = Expense
        fields = ["date", "amount", "category", "payee", "notes", "created_at", "created_by"]


class LedgerFile(StrictFieldsMixin, serializers.Serializer):
    """The whole file. The ledger comes first, so that its currency is known when the amounts are read."""

    format = TextField()
    version = STRICT_FIELDS[serializers.IntegerField](min_value=1)
    exported_at = serializers.DateTimeField(required=False)
    ledger = LedgerEntry()
    members = MemberEntry(many=True)
    categories = CategoryEntry(many=True)
    expenses = ExpenseEntry(many=True)

    def validate(self, said):
        categories = [category["name"] for category in said["categories"]]
        small, known = lowered(categories), set(categories)
        errors = {
            "members": _repeated("username", [member["username"] for member in said["members"]], TWICE),
            "categories": _repeated("name", [small[name] for name in categories], TAKEN_MESSAGE),
            "expenses": {
                index: {
                    "category": [_("The file has no category “%(name)s”.") % {"name": expense["category"]}]
                }
                for index, expense in enumerate(said["expenses"])
                if expense["category"] not in known
            },
        }
        if any(errors.values()):
            raise serializers.ValidationError({name: found for name, found in errors.items() if found})
        return said


def _members(ledger: Ledger) -> Iterator[dict]:
    for username, role in ledger.memberships.order_by("user__username").values_list("user__username", "role"):
        yield {"username": username, "role": role}


def _categories(ledger: Ledger) -> Iterable[dict]:
    return Category.objects.in_ledger(ledger).values("name", "colour", "position", "archived")


def _expenses(ledger: Ledger) -> Iterator[dict]:
    rows = Expense.objects.in_ledger(ledger).order_by("date", "id")
    names = ("date", "amount", "category__name", "payee", "notes", "created_at", "created_by__username")
    for day, amount, category, payee, notes, made, by in rows.values_list(*names).iterator(ROWS_AT_ONCE):
        yield {
            "date": day.isoformat(),
            "amount": _amount(amount, ledger.decimals),
            "category": category,
            "payee": payee,
            "notes": notes,
            "created_at": _moment(made),
            "created_by": by,
        }


def _list(name: str, rows: Iterable[dict], last: bool = False) -> Iterator[str]:
    yield f"{_json(name)}: ["
    before = None
    for row in rows:
        if before:
            yield f"{before},"
        before = _json(row)
    if before:
        yield before
    yield "]" if last else "],"


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _amount(amount: Decimal, decimals: int) -> str:
    """As the currency has it; whole also where somebody stored more decimals than that by hand."""
    text = plain(amount, decimals)
    return text if Decimal(text) == amount else str(amount)


def _moment(time) -> str:
    return time.astimezone(UTC).isoformat()


def _repeated(field: str, values: list[str], message) -> dict:
    """An error under the index of every value that was there before."""
    seen, errors = set(), {}
    for index, value in enumerate(values):
        if value in seen:
            errors[index] = {field: [message]}
        seen.add(value)
    return errors


def _problems(errors, path: str = "") -> Iterator[str]:
    """``expenses[17].amount: what is wrong`` for each error of the serializers, in the order of the file."""
    if not isinstance(errors, dict):
        yield f"{path}: {' '.join(errors)}" if path else " ".join(errors)
        return
    for key, found in errors.items():
        if key == api_settings.NON_FIELD_ERRORS_KEY:
            yield from _problems(found, path)
        elif isinstance(key, int):
            yield from _problems(found, f"{path}[{key}]")
        else:
            yield from _problems(found, f"{path}.{key}" if path else key)
