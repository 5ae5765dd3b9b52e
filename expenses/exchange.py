"""One ledger as a JSON file that this application, or any program, can read: what such a file says.

``exports/json.py`` writes it. ``VERSION`` grows when a file of the new kind could not be read by the code of the old;
the files of every older version stay readable. ``spread_months``, ``tags``, ``receipt``, ``favourites`` and
``parent`` and ``aliases`` of categories are only where there are any, so that older code reads the files of ledgers
that have none.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.settings import api_settings

from api.parsers import strict_json
from api.serializers import STRICT_FIELDS, AmountField, StrictFieldsMixin
from expenses.aliases import LONGEST_ALIAS
from expenses.loading import lowered
from expenses.models import (
    LEVELS_MESSAGE,
    MAX_POSITION,
    MOST_WORDS,
    TAKEN_MESSAGE,
    Account,
    Category,
    Expense,
    Favourite,
    Rule,
    validate_not_zero,
)
from expenses.models.account import NAME_TAKEN
from expenses.models.rule import NO_CONDITION, NO_EFFECT
from expenses.patterns import check_pattern
from expenses.serializers import AliasesField, TagsField
from expenses.tags import LONGEST_TAG
from ledgers.models import Ledger, Membership
from users.models import User

FORMAT, VERSION = "expense-tracker-ledger", 2  # 2: accounts, rules, external_id
ROWS_AT_ONCE = 2_000
MOST_PROBLEMS = 20
TWICE = gettext_lazy("This is given twice.")


class Unreadable(Exception):
    """Why a file cannot be taken: ``problems`` are sentences, each with the path in the file it is about."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def read_ledger(content: bytes) -> dict:
    """What a file says: ``ledger`` and the lists ``members``, ``categories``, ``accounts``, ``rules``,
    ``favourites`` and ``expenses``.

    All of it is checked, and with real values. Raises Unreadable.
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


def _tags() -> TagsField:
    return TagsField(child=TextField(max_length=LONGEST_TAG), required=False, max_length=MOST_WORDS)


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
    """``parent`` is the name of one of the file's main categories."""

    parent = TextField(required=False)
    aliases = AliasesField(child=TextField(max_length=LONGEST_ALIAS), required=False, max_length=MOST_WORDS)

    class Meta:
        model = Category
        fields = ["name", "colour", "position", "archived", "parent", "aliases"]


class AccountEntry(Entry):
    currency = serializers.RegexField(r"^([A-Z]{3})?\Z", allow_blank=True)
    key = serializers.RegexField(r"^[0-9a-f]{16}\Z")

    class Meta:
        model = Account
        fields = ["name", "currency", "digits", "key"]


class RuleEntry(Entry):
    """``category`` is the name of one of the file's, or null."""

    position = STRICT_FIELDS[serializers.IntegerField](min_value=0, max_value=MAX_POSITION)
    operator = serializers.ChoiceField(choices=Rule.Operator.choices)
    category = TextField(allow_null=True)

    class Meta:
        model = Rule
        fields = ["position", "field", "operator", "pattern", "category", "payee"]

    def validate(self, said):
        if not said["pattern"].strip():
            raise serializers.ValidationError({"pattern": [NO_CONDITION]})
        if said["category"] is None and not said.get("payee"):
            raise serializers.ValidationError({"category": [NO_EFFECT]})
        if said["operator"] == Rule.Operator.MATCHES:
            check_pattern(said["pattern"])
        return said


class FavouriteEntry(Entry):
    """``category`` is the name of one of the file's; without an ``amount`` that is asked for each time."""

    amount = ExactAmountField(validators=[validate_not_zero], allow_null=True)
    category = TextField()
    tags = _tags()

    class Meta:
        model = Favourite
        fields = ["name", "position", "amount", "category", "payee", "notes", "tags"]


class ExpenseEntry(Entry):
    amount = ExactAmountField(validators=[validate_not_zero])
    category = TextField()
    external_id = TextField(
        max_length=Expense._meta.get_field("external_id").max_length, allow_blank=True, default=""
    )
    tags = _tags()
    created_at = serializers.DateTimeField(required=False)
    created_by = TextField(required=False, allow_null=True)

    class Meta:
        model = Expense
        fields = ["date", "amount", "category", "payee", "notes", "spread_months", "tags", "receipt"]
        fields += ["external_id", "created_at", "created_by"]


class LedgerFile(StrictFieldsMixin, serializers.Serializer):
    """The whole file. The ledger comes first, so that its currency is known when the amounts are read."""

    format = TextField()
    version = STRICT_FIELDS[serializers.IntegerField](min_value=1)
    exported_at = serializers.DateTimeField(required=False)
    ledger = LedgerEntry()
    members = MemberEntry(many=True)
    categories = CategoryEntry(many=True)
    accounts = AccountEntry(many=True, default=list)  # version 1 has none
    rules = RuleEntry(many=True, default=list)
    favourites = FavouriteEntry(many=True, default=list)
    expenses = ExpenseEntry(many=True)

    def validate(self, said):
        errors = {
            "members": _repeated("username", [member["username"] for member in said["members"]], TWICE),
            "categories": _repeated("name", _small(said["categories"]), TAKEN_MESSAGE) | _without_main(said),
            "accounts": _repeated("name", _small(said["accounts"]), NAME_TAKEN)
            | _repeated("key", [account["key"] for account in said["accounts"]], TWICE),
            "rules": _without_category(said, "rules"),
            "favourites": _without_category(said, "favourites"),
            "expenses": _without_category(said, "expenses")
            | _repeated("external_id", [expense["external_id"] for expense in said["expenses"]], TWICE),
        }
        if any(errors.values()):
            raise serializers.ValidationError({name: found for name, found in errors.items() if found})
        return said


def _small(entries: list[dict]) -> list[str]:
    """Their names in small letters."""
    names = [entry["name"] for entry in entries]
    small = lowered(names)
    return [small[name] for name in names]


def _without_main(said: dict) -> dict:
    """An error under the index of every category whose parent is no main category of the file."""
    mains = {category["name"] for category in said["categories"] if "parent" not in category}
    return {
        index: {"parent": [LEVELS_MESSAGE]}
        for index, category in enumerate(said["categories"])
        if "parent" in category and category["parent"] not in mains
    }


def _without_category(said: dict, name: str) -> dict:
    """An error under the index of every entry of this list that names a category which the file does not have."""
    known = {None} | {category["name"] for category in said["categories"]}
    message = _("The file has no category “%(name)s”.")
    return {
        index: {"category": [message % {"name": entry["category"]}]}
        for index, entry in enumerate(said[name])
        if entry["category"] not in known
    }


def _repeated(field: str, values: list[str], message) -> dict:
    """An error under the index of every value, unless it is empty, that was there before."""
    seen, errors = set(), {}
    for index, value in enumerate(values):
        if value and value in seen:
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
