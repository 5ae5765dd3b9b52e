import csv
import io
import itertools
import logging
import tracemalloc
from datetime import date
from errno import ENOSPC

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.acting import NOBODY, acting_as
from expenses.exports import EXTENSIONS, ExportFile, Selection, file_name, seats, selection
from expenses.exports import csv as csv_module
from expenses.exports import export as export_file
from expenses.exports.seats import IN_MEMORY, SEATS
from expenses.exports.selection import TryAgain
from expenses.loading import load_expenses
from expenses.models import Category, Expense
from expenses.reading import FileRow, read_expenses
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production
from expenses.tests.test_formulas import TEXTS, TRICKY, formulas
from ledgers.models import Ledger

pytestmark = pytest.mark.django_db

HEADER = ["date", "amount", "category", "notes", "payee", "spread_months", "tags", "receipt"]
RECEIPT = "12345678-1234-5678-1234-567812345678"


def export(browser, ledger, query=""):
    return browser.get(reverse("export_expenses", args=[ledger.pk, "csv"]) + query)


def records(response) -> list[list[str]]:
    """What the file says, read as a server does: after the request, when nobody acts any more."""
    with acting_as(NOBODY):
        content = response.getvalue().decode()
    return list(csv.reader(io.StringIO(content, newline=""), strict=True))


def add_rows(ledger, count, notes=""):
    food = Category.objects.get(ledger=ledger, name="Food")
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=food, date=date(2024, 8, 1), amount=number, notes=notes)
        for number in range(1, count + 1)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.catalogue(54)
def test_a_file_of_every_expense_oldest_first_outside_any_other_transaction(browser, ledger):
    make_expense(
        ledger,
        "1227",
        "Rent",
        "2024-08-01",
        notes="Monthly, as agreed",
        payee='The "Landlord"',
        spread_months=3,
        tags=["größe", "home"],
        receipt=RECEIPT,
    )
    make_expense(ledger, "-20.5", "Food", "2024-08-02", notes="Größe 3 €")
    response = export(browser, ledger)
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert records(response) == [
        HEADER,
        ["2024-08-01", "1227.00", "Rent", "Monthly, as agreed", 'The "Landlord"', "3", "größe home", RECEIPT],
        ["2024-08-02", "-20.50", "Food", "Größe 3 €", "", "1", "", ""],
    ]


def test_what_the_filter_of_the_list_lets_through(browser, ledger):
    make_expense(ledger, "3", day="2024-08-01")
    make_expense(ledger, "4", day="2024-08-02", notes="bread")
    make_expense(ledger, "5", "Rent", "2024-08-02", notes="bread")
    food = Category.objects.get(ledger=ledger, name="Food").pk
    response = export(browser, ledger, f"?date_after=2024-08-02&text=BREAD&category={food}&amount_max=4,5")
    assert response.status_code == 400
    response = export(browser, ledger, f"?date_after=2024-08-02&text=BREAD&category={food}&amount_max=4.5")
    assert [record[1] for record in records(response)] == ["amount", "4.00"]


def test_the_list_links_to_the_file_of_its_filter(browser, ledger):
    make_expense(ledger, "3", day="2024-08-01")
    query = "?date_after=2024-08-01&text="
    page = browser.get(reverse("expenses", args=[ledger.pk]) + query).content.decode()
    assert (
        f'href="{reverse("export_expenses", args=[ledger.pk, "csv"])}?date_after=2024-08-01&amp;text="'
        in page
    )


def test_a_filter_that_makes_no_sense_is_answered_as_by_the_list(browser, ledger):
    response = export(browser, ledger, "?date_after=2024-02-30")
    assert response.status_code == 400
    listed = browser.get(reverse("expenses", args=[ledger.pk]) + "?date_after=2024-02-30")
    assert Page(response).text("error") == Page(listed).text("error") != ""


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_whoever_sees_the_ledger_may_export_it(ledger, bob, as_user, role):
    share(ledger, bob, role)
    make_expense(ledger, "7")
    assert [record[1] for record in records(export(as_user(bob), ledger))] == ["amount", "7.00"]


def test_a_stranger_gets_404_and_a_visitor_the_sign_in(client, ledger, charlie, as_user):
    assert export(as_user(charlie), ledger).status_code == 404
    assert export(client, ledger).status_code == 302


@pytest.mark.parametrize("sign", ["=", "-", "＝", "﹢"])
@pytest.mark.catalogue(18)
def test_no_text_is_a_formula_and_no_number_is_a_text(browser, ledger, sign):
    Category.objects.create(ledger=ledger, name=f"{sign}C")
    make_expense(ledger, "-5", f"{sign}C", notes=f"{sign}1+1", payee=f"{sign}P", tags=["＝1"])
    assert records(export(browser, ledger))[1] == [
        "2024-08-01",
        "-5.00",
        f"'{sign}C",
        f"'{sign}1+1",
        f"'{sign}P",
        "1",
        "'＝1",
        "",
    ]


EVERY_ROW = st.lists(
    st.builds(
        FileRow,
        st.just(0),
        st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        st.decimals("-999999999999.99", "999999999999.99", places=2).filter(bool),
        st.sampled_from(["Food", "Rent", "=Other", "'=Other", "Straße"]),
        TEXTS | TRICKY,
        TEXTS | st.sampled_from(["=1+1", "'=1", "two\r\nlines", "a\rb", '"quoted"', "semi;colon, comma"]),
        st.integers(1, 120),
        st.lists(st.sampled_from(["work", "＝1", "größe", "日本"]), unique=True).map(sorted),
        st.none() | st.uuids(),
    ),
    max_size=8,
)


# Each example empties the ledger itself.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(EVERY_ROW)
@pytest.mark.catalogue(18)
def test_what_is_exported_and_loaded_into_an_empty_ledger_is_equal(browser, ledger, rows):
    Ledger.objects.exclude(pk=ledger.pk).delete()
    Expense.objects.filter(ledger=ledger).delete()
    load_expenses(ledger, rows)
    content, other = export(browser, ledger).getvalue(), make_ledger(ledger.memberships.get().user, "Copy")
    assert formulas(content.decode()) == []
    reading = read_expenses(content, ledger.decimals)
    assert not rows or reading.problems == []
    load_expenses(other, reading.rows)
    assert stored(other) == stored(ledger) == sorted(said(row.category, row) for row in rows)
    assert export(browser, other).getvalue() == content


def stored(ledger) -> list[list]:
    expenses = Expense.objects.in_ledger(ledger).select_related("category")
    return sorted(said(expense.category.name, expense) for expense in expenses)


def said(category: str, row: Expense | FileRow) -> list:
    facts = [row.date, row.amount, category, row.payee, row.notes, row.spread_months]
    return [*facts, row.tags, str(row.receipt)]


def test_what_a_file_needs_of_the_database_is_over_before_it_is_read(browser, ledger):
    add_rows(ledger, 3)
    response = export(browser, ledger)
    with CaptureQueriesContext(connection) as queries:
        assert len(response.getvalue()) == int(response["Content-Length"])
    assert in_production(queries) == []


@pytest.mark.torture
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_long_list_is_never_in_memory_as_a_whole(ledger, scale, monkeypatch, extension):
    """PostgreSQL keeps the rows and the disk the file: many times as many need no more memory."""
    monkeypatch.setattr(selection, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(seats, "IN_MEMORY", 50_000)
    peaks = []
    for rows in (scale(200, 10_000), scale(1_300, 90_000)):
        add_rows(ledger, rows, notes="x" * 500)
        tracemalloc.start()
        everything = Selection(ledger, Expense.objects.in_ledger(ledger), whole=True)
        with export_file(EXTENSIONS[extension], everything)[0]:
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("gone"), 503), (OSError(ENOSPC, "No space left on device"), 507)]
)
def test_what_goes_wrong_in_the_middle_is_said_instead_of_a_part(browser, ledger, monkeypatch, error, status):
    """The file is long by then: its seat is free again."""
    add_rows(ledger, 300, notes="x" * 1000)
    monkeypatch.setattr(csv_module, "exact", once_long(csv_module.exact, error))
    browser.raise_request_exception = False
    response = export(browser, ledger)
    assert (response.status_code, "Nothing was saved" in response.content.decode()) == (status, True)
    assert free_seats() == 2


def once_long(line, error):
    """Raises the error for the 290th line, when the file has left the memory."""
    numbers = itertools.count(1)

    def failing(*row):
        if next(numbers) == 290:
            raise error
        return line(*row)

    return failing


def free_seats() -> int:
    """How many long files could be made now."""
    taken = list(itertools.takewhile(lambda _: SEATS.acquire(blocking=False), range(10)))
    for _seat in taken:
        SEATS.release()
    return len(taken)


def test_long_files_are_made_two_at_a_time_and_short_ones_always(browser, ledger):
    add_rows(ledger, 300, notes="x" * 1000)
    unread = [export(browser, ledger), export(browser, ledger)]
    refused = export(browser, ledger)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "Others are exporting at the moment. Try again in a few seconds." in refused.content.decode()
    assert len(records(export(browser, ledger, "?amount_max=3"))) == 1 + 3
    assert len(records(unread.pop())) == len(records(export(browser, ledger))) == 1 + 300
    records(unread.pop())
    assert free_seats() == 2


def test_a_long_file_that_is_forgotten_leaves_its_seat():
    file = ExportFile()
    file.write(b"x" * (IN_MEMORY + 1))
    assert free_seats() == 1
    del file
    assert free_seats() == 2


def test_a_file_that_found_no_seat_takes_none():
    with ExportFile() as first, ExportFile() as second, ExportFile() as third:
        for file in (first, second):
            file.write(b"x" * (IN_MEMORY + 1))
        with pytest.raises(TryAgain):
            third.write(b"x" * (IN_MEMORY + 1))
        assert free_seats() == 0
    assert free_seats() == 2


def test_the_security_log_says_who_exported_how_much_and_nothing_of_it(browser, ledger, alice, caplog):
    for amount, notes in (("7", "secret"), ("8", "secret"), ("9", "")):
        make_expense(ledger, amount, notes=notes)
    with caplog.at_level(logging.INFO, "security"):
        export(browser, ledger, "?text=secret")
    (line,) = [record.message for record in caplog.records if "event=export" in record.message]
    assert line == f"event=export user={alice.pk} ip=127.0.0.1 ledger={ledger.pk} rows=2"


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        ("Household", None, None, "expenses-Household.csv"),
        ('A/B\\..\r\n"x"', date(2024, 8, 1), None, "expenses-A-B-x-from-2024-08-01.csv"),
        ("Größe", date(2024, 8, 1), date(2024, 8, 31), "expenses-Größe-from-2024-08-01-to-2024-08-31.csv"),
        ("€", None, None, "expenses.csv"),
    ],
)
@pytest.mark.catalogue(39)
def test_the_file_is_named_after_ledger_and_range_in_harmless_characters(name, start, end, expected):
    assert file_name(Ledger(name=name), start, end) == expected


def test_a_name_beyond_ascii_is_told_as_the_standard_wants(browser, ledger):
    Ledger.objects.filter(pk=ledger.pk).update(name="Größe")
    assert (
        export(browser, ledger)["Content-Disposition"]
        == "attachment; filename*=utf-8''expenses-Gr%C3%B6%C3%9Fe.csv"
    )
