"""What is to become of each line, with what was decided before and what a file may write."""

import pytest

from expenses.models import Category, Expense
from statements.deciding import plan, refresh
from statements.models import StatementLine
from statements.tests.files import booked, csv, lines_of, staged
from statements.tests.test_core import add
from statements.tests.test_own import COFFEE as OURS
from statements.tests.test_own import ours
from statements.wording import shown

pytestmark = pytest.mark.django_db
COFFEE, MARKET = booked("03-01", "-2.5"), booked("03-02", "-30", "Market")


def left_out(ledger) -> object:
    """An import of a coffee, which is left out."""
    of_import = staged(ledger, csv([COFFEE, MARKET]))
    plan(of_import, StatementLine.objects.of(of_import).filter(amount="-2.5"), "skip")
    return of_import


def coffee_of(of_import) -> tuple:
    return lines_of(of_import)[0]


def test_what_is_left_out_of_an_import_that_was_never_added_is_asked_again(ledger):
    left_out(ledger)
    assert coffee_of(staged(ledger, csv([COFFEE]))) == ("new", "add", "-2.5")


def test_a_line_that_came_another_way_was_not_left_out(ledger):
    waiting, again = staged(ledger, csv([COFFEE])), staged(ledger, csv([COFFEE, MARKET]))
    plan(again, StatementLine.objects.of(again), "add")
    add(waiting)
    refresh(again)
    add(again)
    Expense.objects.get(ledger=ledger, amount="2.5").delete()
    assert coffee_of(staged(ledger, csv([COFFEE]))) == ("new", "add", "-2.5")


@pytest.mark.parametrize("is_there_first", [True, False])
def test_what_was_left_out_once_and_added_later_is_offered_again_when_it_went(ledger, is_there_first):
    add(left_out(ledger))
    waiting = None if is_there_first else staged(ledger, csv([COFFEE]))
    adding = staged(ledger, csv([COFFEE]))
    plan(adding, StatementLine.objects.of(adding), "add")
    add(adding)
    waiting = waiting or staged(ledger, csv([COFFEE]))
    refresh(waiting)
    assert coffee_of(waiting) == ("known", "skip", "-2.5")
    Expense.objects.get(ledger=ledger, amount="2.5").delete()
    refresh(waiting)
    assert coffee_of(waiting) == ("new", "add", "-2.5")


def test_of_two_expenses_with_one_id_the_second_is_rejected(ledger):
    of_import = staged(ledger, ours(*[OURS | {"external_id": "a:1"}] * 2))
    assert [state for state, *_rest in lines_of(of_import)] == ["new", "rejected"]
    reason = StatementLine.objects.of(of_import).get(state="rejected").reason
    assert shown(reason) == "An expense before it in this file has the same “external_id”."
    add(of_import)
    assert Expense.objects.filter(ledger=ledger).count() == 1


def test_what_cannot_be_stored_is_left_out_of_the_reason(ledger):
    of_import = staged(ledger, ours(OURS, currency="E\0\ud800"), ours(OURS | {"date": "\0\ud800"}))
    reasons = [shown(line.reason) for line in StatementLine.objects.of(of_import).order_by("pk")]
    assert reasons == ["The amount is in E?, the ledger in EUR.", "“?” is not a date."]


def test_a_category_of_blanks_is_none(ledger):
    line = StatementLine.objects.of(staged(ledger, ours(OURS | {"category": "  "}))).get()
    assert (line.file_category, line.suggested_by) == ("", "")


def test_categories_that_the_database_keeps_apart_stay_apart(ledger):
    for position, name in enumerate(["Straße", "Strasse"], 50):
        Category.objects.create(ledger=ledger, name=name, colour="#0e8fa8", position=position)
    of_import = staged(ledger, ours(OURS | {"category": "STRASSE"}, OURS | {"category": "straße"}))
    lines = StatementLine.objects.of(of_import).order_by("pk")
    assert [line.category.name for line in lines] == ["Strasse", "Straße"]


def test_tags_of_another_application_are_tags_and_what_cannot_be_one_stays_in_the_notes(ledger):
    tags = ["Trip", "#home", "with Ann", "trip", *(f"t{n:02}" for n in range(19))]
    file = f'date,category,tags,expense amount,income amount,currency\n2024-08-01,Food,"{",".join(tags)}",3,,EUR\n'
    of_import = staged(ledger, file.encode())
    line = StatementLine.objects.of(of_import).get()
    expected = ["home", *(f"t{n:02}" for n in range(18)), "trip"]
    assert (line.tags, line.text) == (expected, "#with Ann #t18")
    add(of_import)
    assert Expense.objects.values_list("tags", "notes").get() == (expected, "#with Ann #t18")


def test_a_receipt_is_staged_however_python_reads_its_id(ledger):
    of_import = staged(ledger, ours(OURS | {"receipt": "urn:uuid:1234_678-1234-5678-1234-567812345678"}))
    assert str(StatementLine.objects.of(of_import).get().receipt) == "01234678-1234-5678-1234-567812345678"
