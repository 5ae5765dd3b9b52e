import csv
import io
import logging
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from database.acting import NOBODY, acting_as
from expenses.export import ROWS_AT_ONCE, file_name
from expenses.formulas import guard, unguard
from expenses.loading import load_expenses
from expenses.models import Category, Expense
from expenses.reading import FileRow, read_expenses
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production
from ledgers.models import Ledger

pytestmark = pytest.mark.django_db

HEADER = ["date", "amount", "category", "notes", "payee"]
SIGNS = "=+-@\t\r＝＋－＠"
# What forms and the API let in: no NUL, no lone surrogate, no blanks at the ends.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60).map(str.strip)


def export(browser, ledger, query=""):
    return browser.get(reverse("export_expenses", args=[ledger.pk]) + query)


def records(response) -> list[list[str]]:
    """What the file says, read as a server does: after the request, when nobody acts any more."""
    with acting_as(NOBODY):
        content = response.getvalue().decode()
    return list(csv.reader(io.StringIO(content, newline=""), strict=True))


def add_rows(ledger, count):
    food = Category.objects.get(ledger=ledger, name="Food")
    Expense.objects.bulk_create(
        Expense(ledger=ledger, category=food, date=date(2024, 8, 1), amount=number)
        for number in range(1, count + 1)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.catalogue(54)
def test_a_file_of_every_expense_newest_first_outside_any_other_transaction(browser, ledger):
    make_expense(ledger, "1227", "Rent", "2024-08-01", notes="Monthly, as agreed", payee='The "Landlord"')
    make_expense(ledger, "-20.5", "Food", "2024-08-02", notes="Größe 3 €")
    response = export(browser, ledger)
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert records(response) == [
        HEADER,
        ["2024-08-02", "-20.50", "Food", "Größe 3 €", ""],
        ["2024-08-01", "1227.00", "Rent", "Monthly, as agreed", 'The "Landlord"'],
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
    assert f'href="{reverse("export_expenses", args=[ledger.pk])}?date_after=2024-08-01&amp;text="' in page


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


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.catalogue(18)
def test_no_text_is_a_formula_and_no_number_is_a_text(browser, ledger, sign):
    Category.objects.create(ledger=ledger, name=f"{sign}C")
    make_expense(ledger, "-5", f"{sign}C", notes=f"{sign}1+1", payee=f"{sign}P")
    assert records(export(browser, ledger))[1] == [
        "2024-08-01",
        "-5.00",
        f"'{sign}C",
        f"'{sign}1+1",
        f"'{sign}P",
    ]


@example("'=1")
@example("''=1")
@example("'")
@given(TEXTS | st.builds("{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(SIGNS), TEXTS))
def test_a_guarded_text_is_no_formula_and_can_be_read_again(text):
    assert unguard(guard(text)) == text
    assert guard(text).strip()[:1] not in [*SIGNS, *"\n "]
    assert guard(f"plain {text}") == f"plain {text}"


EVERY_ROW = st.lists(
    st.tuples(
        st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        st.decimals("-999999999999.99", "999999999999.99", places=2).filter(bool),
        st.sampled_from(["Food", "Rent", "=Other", "'=Other", "Straße"]),
        TEXTS | st.sampled_from(["=1+1", "'=1", "two\r\nlines", "a\rb", '"quoted"', "semi;colon, comma"]),
        TEXTS,
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
    load_expenses(
        ledger, [FileRow(0, day, amount, name, payee, notes) for day, amount, name, notes, payee in rows]
    )
    content, other = export(browser, ledger).getvalue(), make_ledger(ledger.memberships.get().user, "Copy")
    reading = read_expenses(content, ledger.decimals)
    assert not rows or reading.problems == []
    load_expenses(other, reading.rows)
    assert stored(other) == stored(ledger) == sorted(rows)


def stored(ledger) -> list[tuple[date, Decimal, str, str, str]]:
    return sorted(
        Expense.objects.in_ledger(ledger).values_list("date", "amount", "category__name", "notes", "payee")
    )


def test_a_file_costs_the_same_statements_however_long_it_is(browser, ledger):
    counts = []
    for rows in (1, 100):
        add_rows(ledger, rows)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            export(browser, ledger).getvalue()
        counts.append(len(in_production(queries)))
    assert counts[0] == counts[1]


@pytest.mark.torture
@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_never_in_memory_as_a_whole(browser, ledger, scale):
    """PostgreSQL keeps the rows: the file comes in pieces, and each is fetched when it is asked for."""
    add_rows(ledger, rows := scale(3 * ROWS_AT_ONCE, 100_000))
    pieces = export(browser, ledger).streaming_content
    first = next(pieces)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (1,)
    lines = [piece.count(b"\r\n") for piece in [first, *pieces]]
    assert (sum(lines), max(lines)) == (rows + 1, ROWS_AT_ONCE)


def test_the_security_log_says_who_exported_how_much_and_nothing_of_it(browser, ledger, alice, caplog):
    make_expense(ledger, "7", notes="secret")
    with caplog.at_level(logging.INFO, "security"):
        export(browser, ledger, "?text=secret")
    (line,) = [record.message for record in caplog.records if "event=export" in record.message]
    assert line == f"event=export user={alice.pk} ip=127.0.0.1 ledger={ledger.pk} rows=1"


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
