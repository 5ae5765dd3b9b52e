"""What a file of one ledger holds, that it is taken exactly, and where a bad one is wrong."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.exchange import Unreadable, read_ledger
from expenses.exports import EXTENSIONS, Selection, export
from expenses.exports.selection import TryAgain
from expenses.importing import import_ledger
from expenses.models import FIRST_DATE, LARGEST, LAST_DATE, Category, Expense
from expenses.models.rule import NO_CONDITION, NO_EFFECT
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    share,
)
from ledgers.currencies import CODES, decimals
from ledgers.models import Ledger, Membership

FOOD = {"name": "Food", "colour": "#2f9e6e", "position": 0, "archived": False}
LUNCH = {
    "date": "2024-08-01",
    "amount": "12.50",
    "category": "Food",
    "payee": "Café Blau",
    "notes": "“Lunch” 🍜",
    "external_id": "0123456789abcdef:17:1",
    "created_at": "2024-08-01T11:30:00.123456+00:00",
    "created_by": "bob",
}


SAVINGS = {"name": "Savings", "currency": "EUR", "digits": "3000", "key": "0123456789abcdef"}
COFFEE = {
    "name": "Coffee",
    "position": 0,
    "amount": "3.20",
    "category": "Food",
    "payee": "Café Blau",
    "notes": "",
    "tags": ["work"],
}
RECEIPT = "12345678-1234-5678-1234-567812345678"
ALWAYS = {
    "position": 0,
    "field": "payee",
    "operator": "contains",
    "pattern": "café",
    "category": "Food",
    "payee": "",
}


def file_of(*expenses, categories=(FOOD,), members=(), accounts=(), rules=(), **header) -> dict:
    """What a file says, with these expenses."""
    facts = {"name": "Home", "currency": "EUR", "month_start_day": 25}
    return {
        "format": "expense-tracker-ledger",
        "version": 2,
        "exported_at": "2026-11-22T10:00:00+00:00",
        "ledger": facts,
        "members": list(members),
        "categories": list(categories),
        "accounts": list(accounts),
        "rules": list(rules),
        "expenses": list(expenses),
    } | header


def untagged(row: dict) -> dict:
    return {name: value for name, value in row.items() if name != "tags"}


def problems(said) -> list[str]:
    with pytest.raises(Unreadable) as refusal:
        read_ledger(said if isinstance(said, bytes) else json.dumps(said).encode())
    return refusal.value.problems


def content_of(ledger, whole=True, **which) -> bytes:
    expenses = Expense.objects.in_ledger(ledger).filter(**which)
    with transaction.atomic():
        file, _count = export(EXTENSIONS["json"], Selection(ledger, expenses, whole))
        with file:
            return file.read()


def exported(ledger, **which) -> dict:
    said = json.loads(content_of(ledger, **which))
    assert datetime.fromisoformat(said.pop("exported_at")).tzinfo == UTC
    return said


def imported(said, owner, **options):
    return import_ledger(read_ledger(json.dumps(said).encode()), owner, **options)


def test_levels_and_other_names_come_back_and_a_selection_has_the_main_category_too(ledger, alice):
    food = Category.objects.get(ledger=ledger, name="Food")
    Category.objects.create(
        ledger=ledger, name="Bakery", parent=food, position=0, aliases=["baker", "bread shop"]
    )
    make_expense(ledger, category="Bakery")
    bakery = {"name": "Bakery", "colour": "#64748b", "position": 0, "archived": False}
    bakery |= {"parent": "Food", "aliases": ["baker", "bread shop"]}
    said = exported(ledger)
    assert sorted(said["categories"], key=lambda each: each["name"])[0] == bakery
    assert exported(imported(said, alice).ledger) == said
    [plain, part] = sorted(exported(ledger, whole=False)["categories"], key=lambda each: "parent" in each)
    assert (plain["name"], part) == ("Food", bakery)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"parent": "Rent"},
            "parent: Choose a main category of this ledger: a subcategory has none of its own.",
        ),
        (
            {"parent": "Part"},
            "parent: Choose a main category of this ledger: a subcategory has none of its own.",
        ),
        (
            {"aliases": ["a,b"]},
            "aliases: “a,b” cannot be another name. Write up to 50 characters, no comma and no “#”.",
        ),
    ],
)
def test_a_file_with_a_third_level_or_a_wrong_name_is_refused(db, said, problem):
    part = FOOD | {"name": "Part", "parent": "Food"}
    file = file_of(categories=[FOOD, part, FOOD | {"name": "New"} | said])
    assert problems(file) == [f"categories[2].{problem}"]


def test_the_file_has_everything_of_the_ledger(ledger, alice, bob):
    share(ledger, bob, "viewer")
    make_account(ledger, **SAVINGS)
    make_rule(ledger, "café", field="payee")
    category = Category.objects.get(ledger=ledger, name="Rent")
    Category.objects.filter(pk=category.pk).update(archived=True)
    expense = make_expense(ledger, "-12.5", payee="Café Blau", notes="“Back”", created_by=bob)
    Expense.objects.filter(pk=expense.pk).update(created_at=datetime(2024, 8, 1, 11, 30, tzinfo=UTC))
    said = exported(ledger)
    assert said == {
        "format": "expense-tracker-ledger",
        "version": 2,
        "ledger": {"name": "Household", "currency": "EUR", "month_start_day": 1},
        "members": [{"username": "alice", "role": "owner"}, {"username": "bob", "role": "viewer"}],
        "categories": [
            {"name": "Rent", "colour": "#4f6bed", "position": 0, "archived": True},
            {"name": "Food", "colour": "#2f9e6e", "position": 1, "archived": False},
            {"name": "Shopping", "colour": "#d9822b", "position": 2, "archived": False},
            {"name": "Entertainment", "colour": "#a855c7", "position": 3, "archived": False},
            {"name": "Other", "colour": "#64748b", "position": 4, "archived": False},
        ],
        "accounts": [SAVINGS],
        "rules": [ALWAYS],
        "expenses": [
            {
                "date": "2024-08-01",
                "amount": "-12.50",
                "category": "Food",
                "payee": "Café Blau",
                "notes": "“Back”",
                "external_id": "",
                "created_at": "2024-08-01T11:30:00+00:00",
                "created_by": "bob",
            }
        ],
    }


def test_the_file_has_one_line_for_each_row_and_text_as_people_read_it(ledger):
    for notes in ("日本", "zwei\nZeilen"):
        make_expense(ledger, "1", notes=notes)
    lines = content_of(ledger).decode().splitlines()
    assert len(lines) == 24
    assert next(line for line in lines if "日本" in line).startswith(
        '{"date": "2024-08-01", "amount": "1.00"'
    )


def test_a_ledger_with_nothing_in_it(alice):
    empty = Ledger.objects.create(name="Empty", currency="EUR")
    said = exported(empty)
    assert [said["members"], said["categories"], said["expenses"]] == [[], [], []]
    assert exported(imported(said, alice).ledger)["members"] == [{"username": "alice", "role": "owner"}]


@pytest.mark.parametrize(("currency", "text"), [("JPY", "1200"), ("EUR", "1200.00"), ("TND", "1200.000")])
def test_amounts_have_the_decimals_of_the_currency(alice, currency, text):
    ledger = make_ledger(alice, currency=currency)
    make_expense(ledger, "1200")
    assert exported(ledger)["expenses"][0]["amount"] == text


def test_an_amount_stored_by_hand_with_more_decimals_is_not_rounded(ledger):
    make_expense(ledger, "0.005")
    assert exported(ledger)["expenses"][0]["amount"] == "0.005"


def test_a_filtered_file_has_what_its_expenses_use_and_nothing_else(ledger, alice):
    make_account(ledger)
    make_rule(ledger)
    make_favourite(ledger)
    make_expense(ledger, "3", "Food", "2024-08-01")
    make_expense(ledger, "4", "Rent", "2024-08-02")
    said = exported(ledger, whole=False, date="2024-08-01")
    assert [said["members"], said["accounts"], said["rules"], said.get("favourites")] == [[], [], [], None]
    assert [category["name"] for category in said["categories"]] == ["Food"]
    assert [row["amount"] for row in said["expenses"]] == ["3.00"]
    assert exported(imported(said, alice).ledger)["expenses"] == said["expenses"]


def test_a_category_made_while_the_file_is_written_is_no_hole_in_it(ledger, monkeypatch):
    make_expense(ledger, "3")
    rows = Selection.rows

    def rows_after_somebody_wrote(selection, *columns):
        Category.objects.create(ledger=ledger, name="New")
        make_expense(ledger, "4", "New")
        return rows(selection, *columns)

    monkeypatch.setattr(Selection, "rows", rows_after_somebody_wrote)
    with pytest.raises(TryAgain, match="Somebody changed the categories meanwhile"):
        content_of(ledger)


def test_a_file_of_version_1_is_read(alice):
    said = file_of({name: value for name, value in LUNCH.items() if name != "external_id"}, version=1)
    del said["accounts"], said["rules"]
    now = exported(imported(said, alice).ledger)
    assert [now["version"], now["accounts"], now["rules"]] == [2, [], []]
    assert [row["external_id"] for row in now["expenses"]] == [""]


def test_what_is_imported_is_what_was_exported(alice, bob):
    said = file_of(
        LUNCH | {"spread_months": 12, "tags": ["größe", "work"], "receipt": RECEIPT},
        LUNCH | {"created_by": None, "notes": "  ", "external_id": ""},
        members=[{"username": "bob", "role": "editor"}],
        accounts=[SAVINGS],
        rules=[ALWAYS, ALWAYS | {"position": 1, "category": None, "payee": "Café Blau"}],
        favourites=[COFFEE, untagged(COFFEE) | {"position": 1, "amount": None, "category": "Rent"}],
        categories=[FOOD, FOOD | {"name": "Rent", "position": 1}],
    )
    made = imported(said, alice)
    assert (made.expenses, made.strangers) == (2, [])
    del said["exported_at"]
    said["members"] = [{"username": "alice", "role": "owner"}, {"username": "bob", "role": "editor"}]
    assert exported(made.ledger) == said


def test_people_who_are_not_here_are_named_and_not_made(alice, bob):
    members = [{"username": name, "role": "editor"} for name in ("bob", "dora")]
    made = imported(file_of(LUNCH | {"created_by": "dora"}, members=members), alice)
    assert made.strangers == ["dora"]
    assert exported(made.ledger)["expenses"][0]["created_by"] is None
    roles = Membership.objects.filter(ledger=made.ledger).values_list("user__username", "role")
    assert sorted(roles) == [("alice", "owner"), ("bob", "editor")]


def test_whoever_imports_owns_the_ledger_whatever_the_file_says(alice):
    made = imported(file_of(members=[{"username": "alice", "role": "viewer"}]), alice, name="Mine")
    assert Membership.objects.get(ledger=made.ledger).role == "owner"
    assert made.ledger.name == "Mine"


def test_costs_the_same_statements_for_any_number_of_rows(alice, django_assert_num_queries):
    plain = LUNCH | {"external_id": ""}
    more = {"accounts": [SAVINGS], "rules": [ALWAYS], "favourites": [COFFEE]}
    few, many = (read_ledger(json.dumps(file_of(*[plain] * count, **more)).encode()) for count in (2, 1_500))
    with django_assert_num_queries(10):
        import_ledger(few, alice)
    with django_assert_num_queries(10):
        import_ledger(many, alice)


WRONG = {
    "unknown key": (file_of(LUNCH | {"mood": []}), ["expenses[0].mood: Unknown field."]),
    "no tag": (file_of(LUNCH | {"tags": ["work", "5"]}), ["expenses[0].tags: “5” cannot be a tag."]),
    "tags as text": (
        file_of(LUNCH | {"tags": "work"}),
        ['expenses[0].tags: Expected a list of items but got type "str".'],
    ),
    "no receipt": (file_of(LUNCH | {"receipt": "7"}), ["expenses[0].receipt: Must be a valid UUID."]),
    "category of a favourite": (
        file_of(favourites=[COFFEE | {"category": "food"}]),
        ["favourites[0].category: The file has no category “food”."],
    ),
    "favourite of nothing": (
        file_of(favourites=[COFFEE | {"amount": "0"}]),
        ["favourites[0].amount: An amount cannot be zero."],
    ),
    "favourite without a name": (
        file_of(favourites=[COFFEE | {"name": ""}]),
        ["favourites[0].name: This field may not be blank."],
    ),
    "unknown key above": (file_of(colour="red"), ["colour: Unknown field."]),
    "missing": (
        file_of({k: v for k, v in LUNCH.items() if k != "date"}),
        ["expenses[0].date: This field is required."],
    ),
    "decimals": (
        file_of(LUNCH, LUNCH | {"amount": "1.005"}),
        ["expenses[1].amount: An amount in this currency has at most 2 decimals."],
    ),
    "decimals of another currency": (
        file_of(LUNCH, ledger={"name": "Yen", "currency": "JPY", "month_start_day": 1}),
        ["expenses[0].amount: An amount in this currency has no decimals."],
    ),
    "zero": (file_of(LUNCH | {"amount": "0.00"}), ["expenses[0].amount: An amount cannot be zero."]),
    "number": (
        file_of(LUNCH | {"amount": 12}),
        ["expenses[0].amount: Write an amount as a string such as “1234.50”."],
    ),
    "no date": (
        file_of(LUNCH | {"date": "2024-02-30"}),
        ["expenses[0].date: Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],
    ),
    "far date": (
        file_of(LUNCH | {"date": "1899-12-31"}),
        ["expenses[0].date: The date must lie between 1900 and 2200."],
    ),
    "category": (
        file_of(LUNCH | {"category": "food"}),
        ["expenses[0].category: The file has no category “food”."],
    ),
    "category twice": (
        file_of(categories=[FOOD, FOOD | {"name": "FOOD"}]),
        ["categories[1].name: This ledger has a category of that name already."],
    ),
    "colour": (
        file_of(categories=[FOOD | {"colour": "green"}]),
        ["categories[0].colour: Write a colour as # and six hexadecimal digits."],
    ),
    "long": (
        file_of(LUNCH | {"notes": "x" * 1_001}),
        ["expenses[0].notes: Ensure this field has no more than 1000 characters."],
    ),
    "not text": (file_of(LUNCH | {"payee": 5}), ["expenses[0].payee: Not a valid string."]),
    "NUL": (file_of(LUNCH | {"notes": "\0"}), ["expenses[0].notes: Null characters are not allowed."]),
    "currency": (
        file_of(ledger={"name": "Old", "currency": "DEM", "month_start_day": 1}),
        ['ledger.currency: "DEM" is not a valid choice.'],
    ),
    "month": (
        file_of(ledger={"name": "Late", "currency": "EUR", "month_start_day": 29}),
        ["ledger.month_start_day: Ensure this value is less than or equal to 28."],
    ),
    "role": (
        file_of(members=[{"username": "bob", "role": "king"}]),
        ['members[0].role: "king" is not a valid choice.'],
    ),
    "member twice": (
        file_of(members=[{"username": "bob", "role": "owner"}] * 2),
        ["members[1].username: This is given twice."],
    ),
    "no list": (file_of(expenses={}), ['expenses: Expected a list of items but got type "dict".']),
    "no object": (file_of("lunch"), ["expenses[0]: Invalid data. Expected a dictionary, but got str."]),
    "external id twice": (file_of(LUNCH, LUNCH), ["expenses[1].external_id: This is given twice."]),
    "account's key": (
        file_of(accounts=[SAVINGS | {"key": "DE89"}]),
        ["accounts[0].key: This value does not match the required pattern."],
    ),
    "account twice": (
        file_of(accounts=[SAVINGS, SAVINGS | {"key": "0" * 16, "name": "SAVINGS"}]),
        ["accounts[1].name: This ledger has an account of that name already."],
    ),
    "account's key twice": (
        file_of(accounts=[SAVINGS, SAVINGS | {"name": "Card"}]),
        ["accounts[1].key: This is given twice."],
    ),
    "account's currency": (
        file_of(accounts=[SAVINGS | {"currency": "euro"}]),
        ["accounts[0].currency: This value does not match the required pattern."],
    ),
    "empty rule": (file_of(rules=[ALWAYS | {"pattern": " "}]), [f"rules[0].pattern: {NO_CONDITION}"]),
    "idle rule": (file_of(rules=[ALWAYS | {"category": None}]), [f"rules[0].category: {NO_EFFECT}"]),
    "pattern of a rule": (
        file_of(rules=[ALWAYS | {"operator": "matches", "pattern": "("}]),
        ["rules[0].pattern: This pattern cannot be used: missing ): ("],
    ),
    "category of a rule": (
        file_of(rules=[ALWAYS | {"category": "food"}]),
        ["rules[0].category: The file has no category “food”."],
    ),
    "far rule": (
        file_of(rules=[ALWAYS | {"position": 1_000_001}]),
        ["rules[0].position: Ensure this value is less than or equal to 1000000."],
    ),
    "newer": (file_of(version=3), ["The file was exported by a newer version of this application."]),
    "other format": (
        file_of(format="holiday"),
        ["This is not a ledger that was exported from this application."],
    ),
    "list": ([], ["This is not a ledger that was exported from this application."]),
    "no JSON": (b"date,amount\n", ["This is not JSON: Expecting value: line 1 column 1 (char 0)"]),
    "Latin-1": ("é".encode("latin-1"), ["The text is not valid Unicode."]),
    "half a letter": (file_of(LUNCH | {"notes": "\ud800"}), ["The text is not valid Unicode."]),
    "repeated key": (b'{"format": 1, "format": 2}', ["This is not JSON: “format” is given twice"]),
}


@pytest.mark.parametrize(("said", "expected"), WRONG.values(), ids=WRONG)
def test_says_where_the_file_is_wrong(db, said, expected):
    assert problems(said) == expected


def test_names_every_problem_up_to_twenty(db):
    lunch = LUNCH | {"external_id": ""}
    found = problems(file_of(*[lunch | {"amount": "0"}] * 17, *[lunch | {"amount": "x", "date": "x"}] * 5))
    assert found[16:18] == [
        "expenses[16].amount: An amount cannot be zero.",
        "expenses[17].date: Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
    ]
    assert (len(found), found[20]) == (21, "And 7 more.")


def test_upper_and_lower_case_are_what_the_database_takes_them_for(alice):
    """It keeps these two apart, though Python's capitals would not: such a ledger can exist, so it can move."""
    said = file_of(categories=[FOOD | {"name": name} for name in ("ΟΔΟΣ", "οδος")])
    assert len(exported(imported(said, alice).ledger)["categories"]) == 2


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@st.composite
def files(draw):
    """A file of a ledger as it could be exported here."""
    currency = draw(st.sampled_from(CODES))
    cents = int(LARGEST.scaleb(decimals(currency)))
    amounts = st.integers(-cents, cents).filter(bool)
    numbers = range(draw(st.integers(0, 4)))
    categories = [
        {
            "name": f"{number}{draw(texts)}",
            "colour": draw(st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True)),
            "position": number,
            "archived": draw(st.booleans()),
        }
        for number in numbers
    ]
    days = draw(st.lists(st.dates(FIRST_DATE, LAST_DATE), max_size=5 if categories else 0))
    moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    expenses = [
        {
            "date": day.isoformat(),
            "amount": f"{Decimal(draw(amounts)).scaleb(-decimals(currency)):.{decimals(currency)}f}",
            "category": draw(st.sampled_from(categories))["name"],
            "payee": draw(texts),
            "notes": draw(texts),
            "external_id": "" if draw(st.booleans()) else f"{number}{draw(texts)}",
            "created_at": draw(moments).isoformat(),
            "created_by": draw(st.sampled_from(["alice", "bob", None])),
        }
        | draw(st.sampled_from([{}, {"tags": ["größe", "work"]}, {"receipt": RECEIPT}]))
        for number, day in enumerate(sorted(days))
    ]
    header = {"name": f"L{draw(texts)}", "currency": currency, "month_start_day": draw(st.integers(1, 28))}
    members = [
        {"username": "alice", "role": "owner"},
        {"username": "bob", "role": draw(st.sampled_from(Membership.Role.values))},
    ]
    accounts = [
        SAVINGS | {"name": f"A{draw(texts)}", "key": f"{number:016x}"}
        for number in range(draw(st.integers(0, 1)))
    ]
    rules = [
        ALWAYS
        | {
            "position": number,
            "pattern": f"{draw(texts)}x",
            "category": category["name"],
            "payee": draw(texts),
        }
        for number, category in enumerate(categories)
    ]
    things = {"categories": categories, "members": members, "accounts": accounts, "rules": rules}
    return file_of(*expenses, **things, ledger=header)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=files())
def test_any_ledger_comes_back_as_it_went(alice, bob, said):
    with transaction.atomic():
        made = imported(said, alice)
        del said["exported_at"]
        assert exported(made.ledger) == said
        transaction.set_rollback(True)


def test_dates_and_amounts_are_real_values(db):
    said = read_ledger(json.dumps(file_of(LUNCH)).encode())
    assert said["expenses"][0]["date"] == date(2024, 8, 1)
    assert said["expenses"][0]["amount"] == Decimal("12.50")
