"""Merging, splitting and archiving categories, as the acts do it and as it is undone."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from database.acting import Actor, acting_as
from expenses.models import Category, Expense, Favourite, Rule
from expenses.reorganising import Archive, Merge, Split, expenses_of, locked_categories, new_category
from expenses.tests.factories import make_expense, make_ledger, make_rule
from expenses.tests.pages import in_production
from history.models import ChangeSet
from history.undoing import undo
from ledgers.models import Ledger
from statements.models import Import, Statement, StatementLine

pytestmark = pytest.mark.django_db


def named(ledger, name) -> Category:
    return Category.objects.get(ledger=ledger, name=name)


def add(ledger, name, parent=None, **values) -> Category:
    parent = parent and named(ledger, parent)
    return Category.objects.create(ledger=ledger, name=name, parent=parent, position=9, **values)


def make_favourite(ledger, category) -> Favourite:
    return Favourite.objects.create(ledger=ledger, name="usual", category=named(ledger, category))


def tree(ledger) -> dict[str, str | None]:
    return dict(Category.objects.in_ledger(ledger).values_list("name", "parent__name"))


def state(ledger) -> list:
    """Every row that history knows, but for versions and times."""
    skipped = {"version", "updated_at"}
    return [
        list(model.objects.filter(ledger=ledger).order_by("pk").values(*names))
        for model in (Category, Expense, Rule, Favourite)
        if (names := [f.attname for f in model._meta.concrete_fields if f.attname not in skipped])
    ]


@pytest.fixture
def undone(alice, ledger):
    """``undone(act)`` does it as Alice, undoes it, and returns what there was before and what there is after."""

    def do_and_undo(act):
        before = state(ledger)
        with acting_as(Actor(user_id=alice.pk, via="page", act="test")):
            act()
        assert state(ledger) != before
        done = ChangeSet.objects.in_ledger(ledger).newest_first()[0]
        with acting_as(Actor(user_id=alice.pk, via="page", act="undo")):
            undo(Ledger.objects.for_user(alice).get(pk=ledger.pk), done)
        return before, state(ledger)

    return do_and_undo


@pytest.fixture
def book(ledger):
    """Food with a subcategory, an expense in each, a rule and a favourite; and one expense in Shopping."""
    add(ledger, "Bakery", "Food")
    add(ledger, "Clothes", "Shopping")
    Category.objects.filter(name="Food").update(aliases=["groceries"])
    make_expense(ledger, "10", "Food", payee="Corner shop")
    make_expense(ledger, "-3", "Food", payee="Market", tags=["work"])
    make_expense(ledger, "4", "Bakery")
    make_expense(ledger, "7", "Shopping")
    make_rule(ledger, category="Food")
    make_favourite(ledger, "Food")
    return ledger


def test_a_merge_moves_all_that_refers_to_the_category_and_deletes_it(book):
    food, shopping = named(book, "Food"), named(book, "Shopping")
    Merge(food, shopping).apply()
    assert sorted(expenses_of(shopping).values_list("amount", flat=True)) == [-3, 7, 10]
    assert (Rule.objects.get().category, Favourite.objects.get().category) == (shopping, shopping)
    assert tree(book) == {
        "Rent": None,
        "Shopping": None,
        "Entertainment": None,
        "Other": None,
        "Bakery": "Shopping",
        "Clothes": "Shopping",
    }
    shopping.refresh_from_db()
    assert shopping.aliases == ["food", "groceries"]


def test_a_merge_without_its_name_leaves_the_other_names_of_the_target(book):
    Merge(named(book, "Food"), named(book, "Shopping"), keep_name=False).apply()
    assert named(book, "Shopping").aliases == []


def test_subcategories_become_part_of_what_the_target_is_part_of(book):
    Merge(named(book, "Food"), named(book, "Clothes")).apply()
    assert (tree(book)["Bakery"], tree(book)["Clothes"]) == ("Shopping", "Shopping")


def test_a_subcategory_is_merged_into_its_own_main_category(book):
    Merge(named(book, "Bakery"), named(book, "Food")).apply()
    assert named(book, "Food").aliases == ["bakery", "groceries"]
    assert sorted(expenses_of(named(book, "Food")).values_list("amount", flat=True)) == [-3, 4, 10]


def test_a_line_of_a_statement_that_waits_keeps_its_choice(book):
    food, rent = named(book, "Food"), named(book, "Rent")
    of_import = Import.objects.create(ledger=book)
    statement = Statement.objects.create(ledger=book, of_import=of_import, name="file")
    facts = {"number": 1, "kind": "booked", "state": "new", "plan": "add", "date": "2024-08-01", "amount": -7}
    StatementLine.objects.create(ledger=book, statement=statement, category=food, **facts)
    Merge(food, rent).apply()
    assert StatementLine.objects.get().category == rent


@pytest.mark.parametrize(
    ("name", "into", "field", "message"),
    [
        ("Food", "Food", "into", "Choose another category."),
        ("Food", "Old", "into", "This category is archived. Choose another one."),
        ("Food", "Bakery", "into", "“Bakery” is part of “Food”. Merge it the other way round."),
        (
            "A, b",
            "Food",
            "keep_name",
            "“A, b” cannot be another name: it is too long, or has a comma or a “#”.",
        ),
        ("Food", "Full", "keep_name", "Write up to 20 other names, each with at most 50 characters."),
    ],
)
def test_a_merge_that_cannot_be_says_why(book, name, into, field, message):
    add(book, "Old", archived=True)
    add(book, "A, b")
    add(book, "Full", aliases=[f"a{number:02}" for number in range(20)])
    with pytest.raises(ValidationError) as refused:
        Merge(named(book, name), named(book, into))
    assert refused.value.message_dict == {field: [message]}


def test_a_merge_is_undone_to_the_last_row(book, undone):
    before, after = undone(lambda: Merge(named(book, "Food"), named(book, "Shopping")).apply())
    assert after == before


def test_a_split_into_a_new_category_is_undone(book, undone):
    food = named(book, "Food")

    def split():
        Split(food, expenses_of(food).filter(amount__gt=0), new_category(book, "Snacks", food)).apply()

    before, after = undone(split)
    assert after == before


def test_archiving_is_undone(book, undone):
    before, after = undone(lambda: Archive(named(book, "Food")).apply())
    assert after == before


def test_a_split_moves_those_expenses_and_nothing_else(book):
    food, snacks = named(book, "Food"), new_category(book, " Snacks  and such ", named(book, "Food"))
    Split(food, expenses_of(food).filter(amount__gt=0), snacks).apply()
    assert (snacks.name, snacks.parent, snacks.position) == ("Snacks and such", food, 10)
    assert snacks.colour not in set(Category.objects.exclude(pk=snacks.pk).values_list("colour", flat=True))
    assert list(expenses_of(snacks).values_list("amount", flat=True)) == [10]
    assert (Rule.objects.get().category, Favourite.objects.get().category) == (food, food)


def test_a_split_that_finds_nothing_or_makes_a_third_level_is_refused(book):
    food, bakery = named(book, "Food"), named(book, "Bakery")
    with pytest.raises(ValidationError, match="“Food” has no such expense"):
        Split(food, expenses_of(food).filter(payee="nobody"), named(book, "Rent"))
    with pytest.raises(ValidationError, match="Choose a main category of this ledger"):
        Split(food, expenses_of(food), new_category(book, "Snacks", bakery))


def test_archiving_takes_the_subcategories_along(book):
    act = Archive(named(book, "Food"))
    assert (act.outlook.count, act.outlook.total) == (3, Decimal(11))
    act.apply()
    assert set(Category.objects.filter(archived=True).values_list("name", flat=True)) == {"Food", "Bakery"}


def test_an_outlook_says_what_goes_along(book):
    outlook = Merge(named(book, "Food"), named(book, "Shopping")).outlook
    assert (outlook.count, outlook.total, outlook.rules, outlook.favourites) == (2, Decimal(7), 1, 1)
    assert [each.name for each in outlook.subcategories] == ["Bakery"]
    assert [expense.amount for expense in outlook.samples] == [-3, 10]


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda book: make_expense(book, "1", "Food"),
        lambda book: Expense.objects.filter(amount=10).update(notes="x"),
        lambda book: Expense.objects.filter(amount=10).update(category=named(book, "Rent")),
        lambda book: Category.objects.filter(name="Shopping").update(name="Errands"),
        lambda book: Category.objects.filter(name="Bakery").update(parent=None),
        lambda book: Rule.objects.all().delete(),
    ],
)
def test_whatever_changes_meanwhile_changes_the_mark(book, meanwhile):
    food, shopping = named(book, "Food").pk, named(book, "Shopping").pk

    def mark():
        found = Category.objects.in_bulk()
        return Merge(found[food], found[shopping]).outlook.mark

    before = mark()
    assert mark() == before
    meanwhile(book)
    assert mark() != before


def test_acts_cost_the_same_queries_whatever_the_number_of_rows(ledger):
    def cost(act):
        with CaptureQueriesContext(connection) as queries:
            locked_categories(ledger)
            act().apply()
        return len(in_production(queries))

    def costs(number):
        for _row in range(number):
            make_expense(ledger, "1", "Food")
            make_rule(ledger, category="Food")
            make_favourite(ledger, "Food")
            add(ledger, f"Part {Category.objects.count()}", "Food")
        found = {each.name: each for each in Category.objects.in_ledger(ledger)}
        food, rent, other = found["Food"], found["Rent"], found["Other"]
        split = cost(lambda: Split(food, expenses_of(food), rent))
        archive = cost(lambda: Archive(rent))
        merge = cost(lambda: Merge(food, other))
        Category.objects.create(ledger=ledger, name="Food")
        Category.objects.update(archived=False, aliases=[])
        return split, archive, merge

    assert costs(1) == costs(3)


@pytest.mark.parametrize("name", ["Bakery", "Food"])
def test_the_database_refuses_a_third_level(book, name):
    below = {"Bakery": ("Rent", "Bakery"), "Food": ("Food", "Rent")}[name]
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Category.objects.filter(pk=named(book, below[0]).pk).update(parent=named(book, below[1]))
    assert refused.value.__cause__.diag.constraint_name == "category_parent_of_ledger"


def test_the_database_refuses_a_main_category_of_another_ledger(book, alice):
    foreign = named(make_ledger(alice, "Other"), "Food")
    with pytest.raises(IntegrityError):
        Category.objects.filter(name="Bakery").update(parent=foreign)


@pytest.mark.parametrize("aliases", [["Food"], ["b", "a"], ["a", "a"], ["a,b"], ["#a"], [" a"]])
def test_the_database_refuses_other_names_that_are_not_as_they_are_kept(book, aliases):
    with pytest.raises(IntegrityError):
        Category.objects.filter(name="Bakery").update(aliases=aliases)
