"""Real threads, real connections: what happens when imports meet in the database, or it dies in the middle."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from expenses.day import Row, save_day
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.threads import at_once, in_own_connection, while_blocked
from history.models import ChangeSet
from statements import applying, deciding
from statements.applying import NotApplied, apply
from statements.models import StatementLine
from statements.tests.files import booked, csv, staged

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [booked("03-01", f"-{n}", f"Shop {n}") for n in range(1, 30)]
FILE = csv(LINES)


@pytest.fixture
def food(ledger) -> Category:
    return Category.objects.get(ledger=ledger, name="Food")


def tried(of_import, otherwise) -> int | str:
    """How many were added, or why none."""
    try:
        return apply(of_import, of_import.version, otherwise=otherwise)
    except NotApplied as refusal:
        return str(refusal)


def payees(ledger) -> list[str]:
    return sorted(Expense.objects.in_ledger(ledger).values_list("payee", flat=True))


ALL = sorted(line.payee for line in LINES)


def test_two_who_apply_one_import_at_once_add_it_once(ledger, food):
    of_import = staged(ledger, FILE)
    answers = at_once(*[lambda: tried(of_import, food)] * 2)
    assert sorted(answers, key=str) == [
        29,
        "This import was changed since you looked at it. Look at it again.",
    ]
    assert payees(ledger) == ALL


def test_two_imports_of_one_file_applied_at_once_add_each_line_once(ledger, food):
    imports = [staged(ledger, FILE), staged(ledger, FILE)]
    answers = at_once(*(lambda each=each: tried(each, food) for each in imports))
    assert sorted(answers, key=str) == [
        29,
        "Some lines came into the ledger since you looked. Look at the import again.",
    ]
    assert payees(ledger) == ALL


def test_a_decision_made_while_it_is_applied_changes_nothing_of_it(ledger, food):
    of_import = staged(ledger, FILE)
    lines = StatementLine.objects.of(of_import)
    with while_blocked(lambda: deciding.plan(of_import, lines, "skip")):
        apply(of_import, of_import.version, otherwise=food)
    assert payees(ledger) == ALL


def test_a_decision_made_before_stops_who_did_not_see_it(ledger, food):
    of_import = staged(ledger, FILE)
    with while_blocked(lambda: tried(of_import, food)) as answers:
        deciding.plan(of_import, StatementLine.objects.of(of_import), "skip")
    assert answers == ["This import was changed since you looked at it. Look at it again."]
    assert payees(ledger) == []


def test_a_day_saved_meanwhile_keeps_both(ledger, food, alice):
    day = date(2024, 3, 1)
    mine, of_import = make_expense(ledger, "1", day=str(day), payee="Mine"), staged(ledger, FILE)
    wanted = {"amount": Decimal(2), "category": food, "payee": "Mine", "notes": ""}
    at_once(
        lambda: tried(of_import, food),
        lambda: save_day(ledger, day, [Row(wanted, mine.pk, mine.version)], alice),
    )
    assert payees(ledger) == ["Mine", *ALL]
    mine.refresh_from_db()
    assert mine.amount == 2


@pytest.mark.catalogue(48)
@pytest.mark.parametrize("moment", ["_make_accounts", "_close"])
def test_killed_in_the_middle_nothing_is_added_and_it_goes_on_afterwards(ledger, food, monkeypatch, moment):
    of_import, before = staged(ledger, FILE), ChangeSet.objects.count()

    def dies(*_args):
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def killed():
        with pytest.raises(DatabaseError):
            tried(of_import, food)

    with monkeypatch.context() as patch:
        patch.setattr(applying, moment, dies)
        at_once(killed)
    assert (payees(ledger), ChangeSet.objects.count()) == ([], before)
    assert in_own_connection(lambda: tried(of_import, food)) == 29
    assert payees(ledger) == ALL


@pytest.mark.catalogue(48)
def test_killed_while_it_is_read_it_still_waits_to_be_read(ledger, monkeypatch):
    of_import = staged(ledger, FILE)
    statement = of_import.statements.get()

    def dies(*_args):
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def killed():
        with pytest.raises(DatabaseError):
            deciding.answer(statement, {})

    with monkeypatch.context() as patch:
        patch.setattr("statements.staging.find_twins", dies)
        at_once(killed)
    assert StatementLine.objects.of(of_import).count() == 29
    deciding.answer(statement, {})
    assert StatementLine.objects.of(of_import).count() == 29
