from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.models import Submission
from expenses.models import Category, Expense
from expenses.row_form import ExpenseRowForm
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page, in_production
from ledgers.dates import week_of

DAY = "2024-08-01"

pytestmark = pytest.mark.django_db


def url(ledger, day=DAY):
    return reverse("day", args=[ledger.pk, date.fromisoformat(day)])


def opened(browser, ledger, day=DAY):
    """The day's form as a browser gets it."""
    response = browser.get(url(ledger, day))
    assert response.status_code == 200
    return Page(response).form("day-form")


def saved(browser, ledger, form, day=DAY, press="save"):
    return browser.post(url(ledger, day), form.data | {press: "1"})


def said(browser, ledger, form, day=DAY):
    """The message after a save that succeeded."""
    response = saved(browser, ledger, form, day)
    assert (response.status_code, response["Location"]) == (302, url(ledger, day))
    return Page(browser.get(url(ledger, day))).said


def category(ledger, name="Food"):
    return Category.objects.get(ledger=ledger, name=name)


def stored(ledger):
    rows = Expense.objects.in_ledger(ledger).order_by("id").values_list("amount", "category__name", "notes")
    return [(f"{amount.normalize():f}", name, notes) for amount, name, notes in rows]


def keys(ledger):
    return list(Expense.objects.in_ledger(ledger).order_by("id").values_list("pk", "version"))


def sql(queries, verb):
    return [query["sql"] for query in queries if query["sql"].startswith(verb)]


# What is shown


@pytest.mark.parametrize(("expenses", "rows"), [(0, 5), (1, 5), (4, 5), (5, 6), (6, 7), (40, 41)])
def test_at_least_five_rows_are_shown_and_always_one_blank_one_more(browser, ledger, expenses, rows):
    for number in range(expenses):
        make_expense(ledger, str(number + 1))
    form = opened(browser, ledger)
    amounts = [form.data[f"row-{index}-amount"] for index in range(form.rows)]
    assert amounts == [f"{number + 1}.00" for number in range(expenses)] + [""] * (rows - expenses)


@pytest.mark.parametrize("expenses", [1, 3, 40])
def test_the_page_costs_the_same_queries_whatever_the_number_of_rows(browser, ledger, expenses):
    for _ in range(expenses):
        make_expense(ledger)
    with CaptureQueriesContext(connection) as queries:
        opened(browser, ledger)
    assert len(in_production(queries)) == 7


@pytest.mark.parametrize("expenses", [1, 3, 40])
def test_a_save_costs_the_same_queries_whatever_the_number_of_rows(browser, ledger, expenses):
    for _ in range(expenses):
        make_expense(ledger)
    form = opened(browser, ledger)
    for index in range(expenses):
        form.write(index, amount="99")
    with CaptureQueriesContext(connection) as queries:
        saved(browser, ledger, form)
    assert len(in_production(queries)) == 10


def test_only_expenses_of_that_day_and_ledger_are_shown(browser, ledger, charlie):
    make_expense(ledger, "1", notes="mine")
    make_expense(ledger, "2", notes="tomorrow", day="2024-08-02")
    make_expense(make_ledger(charlie), "3", notes="foreign")
    form = opened(browser, ledger)
    assert [form.row(index) for index in range(2)] == [("1.00", "", "mine"), ("", "", "")]


def test_month_to_date_counts_from_the_ledgers_first_day_of_the_month(browser, alice):
    ledger = make_ledger(alice, month_start_day=25)
    for amount, day in [("1", "2024-07-24"), ("2", "2024-07-25"), ("4", "2024-08-01"), ("8", "2024-08-02")]:
        make_expense(ledger, amount, day=day)
    assert Page(browser.get(url(ledger))).text("month-to-date") == "Month to date €6.00"


def test_the_week_strip_shows_seven_days_with_their_totals(browser, ledger):
    for amount, day in [("5", "2024-07-28"), ("1.5", "2024-08-01"), ("2", "2024-08-01"), ("7", "2024-08-04")]:
        make_expense(ledger, amount, day=day)
    assert Page(browser.get(url(ledger))).text("week") == (
        "Mon 29 – nothing Tue 30 – nothing Wed 31 – nothing Thu 1 3.50 4 Fri 2 – nothing Sat 3 – nothing"
        " Sun 4 7.00 7"
    )


@pytest.mark.parametrize(
    ("first_weekday", "start"), [(0, date(2024, 7, 29)), (5, date(2024, 7, 27)), (6, date(2024, 7, 28))]
)
def test_a_week_starts_on_the_readers_first_weekday(first_weekday, start):
    week = week_of(date(2024, 8, 1), first_weekday)
    assert week == [start + timedelta(days=offset) for offset in range(7)]


@pytest.mark.parametrize(
    ("day", "before", "after"), [("1900-01-01", None, "1900-01-02"), ("2200-12-31", "2200-12-30", None)]
)
def test_the_first_and_the_last_day_open_and_save_and_lead_no_further(browser, ledger, day, before, after):
    form = opened(browser, ledger, day).write(0, amount="1", category=category(ledger).pk)
    assert said(browser, ledger, form, day) == "Saved: 1 added."
    context = browser.get(url(ledger, day)).context
    assert [str(context[name] or "") for name in ("previous_day", "next_day")] == [before or "", after or ""]


@pytest.mark.parametrize("day", ["2201-01-01", "1899-12-31", "2024-02-30", "2024-8-1", "yesterday"])
def test_other_dates_are_pages_that_do_not_exist(browser, ledger, day):
    response = browser.get(f"/ledgers/{ledger.pk}/expenses/{day}/")
    assert (response.status_code, Page(response).text("h1")) == (404, "There is nothing here")


def test_the_date_picker_leads_to_the_date(browser, ledger):
    response = browser.get(reverse("choose_day", args=[ledger.pk]), {"date": "2024-02-29"})
    assert response["Location"] == url(ledger, "2024-02-29")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "Write a date as YYYY-MM-DD."),
        ("2023-02-29", "Write a date as YYYY-MM-DD."),
        ("2024-2-9", "Write a date as YYYY-MM-DD."),
        ("２０２４-02-09", "Write a date as YYYY-MM-DD."),
        ("2201-01-01", "The date must lie between 1900 and 2200."),
        ("", "This field is required."),
    ],
)
def test_the_date_picker_refuses_nonsense_and_says_why(browser, ledger, text, message):
    response = browser.get(reverse("choose_day", args=[ledger.pk]), {"date": text}, follow=True)
    assert Page(response).text("messages") == message
    assert response.context["day"] == response.context["today"]


def test_what_people_wrote_is_escaped(browser, ledger):
    text = """"><script>alert(1)</script><img src=x onerror='alert(2)'>"""
    make_expense(ledger, payee=text, notes=text)
    response = browser.get(url(ledger))
    assert Page(response).form("day-form").row(0) == ("10.00", text, text)
    assert b"<script>alert" not in response.content
    assert b"<img src=x" not in response.content


# What is saved


def test_a_day_of_forty_expenses_opened_and_saved_is_not_written_at_all(browser, ledger):
    for number in range(40):
        make_expense(ledger, f"{number}.5", payee=f"Shop {number}", notes=f" note {number}")
    before = keys(ledger)
    form = opened(browser, ledger)
    with CaptureQueriesContext(connection) as queries:
        saved(browser, ledger, form)
    assert sql(queries, "UPDATE") + sql(queries, 'INSERT INTO "expenses') + sql(queries, "DELETE") == []
    assert (len(before), keys(ledger)) == (40, before)


def test_one_changed_row_of_forty_is_one_update_of_one_row(browser, ledger):
    before = [(make_expense(ledger).pk, 1) for _ in range(40)]
    form = opened(browser, ledger).write(7, notes="changed")
    with CaptureQueriesContext(connection) as queries:
        saved(browser, ledger, form)
    assert len(sql(queries, 'UPDATE "expenses')) == 1
    before[7] = (before[7][0], 2)
    assert keys(ledger) == before


def test_a_line_break_that_a_program_wrote_is_no_change_of_the_row(browser, ledger):
    make_expense(ledger, notes="two\nlines", payee="also\r\ntwo")
    assert said(browser, ledger, opened(browser, ledger)) == "Nothing had changed."
    assert stored(ledger) == [("10", "Food", "two\nlines")]


def test_new_rows_are_added_and_blank_and_zero_ones_dropped(browser, ledger, alice):
    food = category(ledger).pk
    form = opened(browser, ledger)
    form.write(0, amount="12.5", category=food, payee="Baker", notes="bread")
    form.write(1, amount="0", category=food, notes="nothing")
    form.write(2, category=food)
    form.write(4, amount="-3", category=category(ledger, "Other").pk)
    assert said(browser, ledger, form) == "Saved: 2 added."
    assert stored(ledger) == [("12.5", "Food", "bread"), ("-3", "Other", "")]
    assert {expense.created_by for expense in Expense.objects.all()} == {alice}


@pytest.mark.parametrize("way", [{"amount": "0"}, {"amount": "0.00"}, {"DELETE": "on"}, {"amount": ""}])
def test_a_row_set_to_zero_or_emptied_or_ticked_is_deleted(browser, ledger, way):
    kept, _gone = make_expense(ledger, "1"), make_expense(ledger, "2")
    form = opened(browser, ledger).write(1, **way)
    assert said(browser, ledger, form) == "Saved: 1 deleted."
    assert keys(ledger) == [(kept.pk, 1)]


def test_a_ticked_row_goes_whatever_nonsense_stands_in_it(browser, ledger):
    make_expense(ledger)
    form = opened(browser, ledger).write(0, amount="nonsense", category="x", DELETE="on")
    assert said(browser, ledger, form) == "Saved: 1 deleted."


def test_everything_at_once_is_counted(browser, ledger):
    for amount in ("1", "2", "3"):
        make_expense(ledger, amount)
    form = opened(browser, ledger).write(0, amount="9").write(1, amount="0")
    form.write(3, amount="4", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 1 added, 1 changed, 1 deleted."
    assert [row[0] for row in stored(ledger)] == ["9", "3", "4"]


# What is refused, and where it is said


def refused(browser, ledger, form, status=422):
    """The form as it comes back, with nothing written."""
    before = keys(ledger)
    response = saved(browser, ledger, form)
    assert (response.status_code, keys(ledger)) == (status, before)
    return Page(response).form("day-form")


def test_a_row_with_notes_and_no_amount_is_marked_and_everything_typed_survives(browser, ledger):
    make_expense(ledger, "1", notes="old")
    form = opened(browser, ledger).write(0, amount="77", notes="edited").write(1, notes="no amount")
    form.write(2, amount="5", category=category(ledger).pk, payee="Baker").write(4, DELETE="on")
    back = refused(browser, ledger, form)
    assert back.errors == {
        "row-1-amount": "Enter an amount, or clear the row.",
        "row-1-category": "Choose a category.",
    }
    assert {name: value for name, value in back.data.items() if name.startswith(("row", "initial"))} == {
        name: value for name, value in form.data.items() if name.startswith(("row", "initial"))
    }


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"amount": "12,50"}, {"row-0-amount": "Write an amount such as 1,234.50."}),
        ({"amount": "1e3"}, {"row-0-amount": "Write an amount such as 1,234.50."}),
        ({"amount": "sNaN"}, {"row-0-amount": "Write an amount such as 1,234.50."}),
        ({"amount": "1.555"}, {"row-0-amount": "An amount in this currency has at most 2 decimals."}),
        ({"amount": "1" * 13}, {"row-0-amount": "An amount has at most 12 digits before the decimals."}),
        ({"category": ""}, {"row-0-category": "Choose a category."}),
        ({"category": "0"}, {"row-0-category": "This ledger has no such category."}),
        ({"notes": "a\0b"}, {"row-0-notes": "Null characters are not allowed."}),
        (
            {"payee": "x" * 201},
            {"row-0-payee": "Ensure this value has at most 200 characters (it has 201)."},
        ),
    ],
)
def test_each_error_stands_at_its_cell(browser, ledger, cells, errors):
    form = opened(browser, ledger).write(0, amount="5", category=category(ledger).pk).write(0, **cells)
    assert refused(browser, ledger, form).errors == errors


@pytest.mark.catalogue(19)
def test_another_ledgers_category_does_not_exist_here(browser, ledger, charlie):
    foreign = category(make_ledger(charlie))
    back = refused(browser, ledger, opened(browser, ledger).write(0, amount="5", category=foreign.pk))
    assert back.errors == {"row-0-category": "This ledger has no such category."}


def test_a_german_writes_amounts_the_german_way_and_reads_them_so(browser, alice, ledger):
    alice.language = "de"
    alice.save()
    form = opened(browser, ledger).write(0, amount="1.234,50", category=category(ledger).pk)
    saved(browser, ledger, form)
    assert stored(ledger) == [("1234.5", "Food", "")]
    form = opened(browser, ledger)
    assert form.data["row-0-amount"] == "1234,50"
    with CaptureQueriesContext(connection) as queries:
        saved(browser, ledger, form)
    assert sql(queries, 'UPDATE "expenses') == []


def test_a_ledger_in_yen_has_no_decimals(browser, alice):
    ledger = make_ledger(alice, currency="JPY")
    form = opened(browser, ledger).write(0, amount="12.5", category=category(ledger).pk)
    assert refused(browser, ledger, form).errors == {
        "row-0-amount": "An amount in this currency has no decimals."
    }
    saved(browser, ledger, form.write(0, amount="1,200"))
    assert opened(browser, ledger).row(0, "amount") == ("1200",)


def test_an_archived_category_stays_on_its_row_and_is_not_offered_to_others(browser, ledger):
    expense = make_expense(ledger)
    Category.objects.filter(name="Food").update(archived=True)
    form, food = opened(browser, ledger), str(expense.category_id)
    assert [food in form.options[f"row-{index}-category"] for index in range(5)] == [True] + [False] * 4
    saved(browser, ledger, form.write(0, amount="11"))
    assert stored(ledger) == [("11", "Food", "")]


def test_an_archived_category_cannot_be_chosen_anew(browser, ledger):
    food = category(ledger)
    form = opened(browser, ledger).write(0, amount="1", category=food.pk)
    Category.objects.filter(pk=food.pk).update(archived=True)
    back = refused(browser, ledger, form)
    assert back.errors == {"row-0-category": "This category is archived. Choose another one."}
    assert back.row(0, "amount", "category") == ("1", str(food.pk))


def test_more_rows_without_javascript_keep_what_was_typed_and_write_nothing(browser, ledger):
    form = opened(browser, ledger).write(0, notes="half a row").write(4, amount="wrong")
    response = saved(browser, ledger, form, press="more")
    more = Page(response).form("day-form")
    assert (response.status_code, more.rows, more.errors) == (200, 10, {})
    assert (more.row(0), more.row(4)) == (("", "", "half a row"), ("wrong", "", ""))
    more.write(0, notes="").write(4, amount="").write(9, amount="3", category=category(ledger).pk)
    assert said(browser, ledger, more) == "Saved: 1 added."


# Hostile forms


@pytest.fixture
def built(monkeypatch):
    """The row forms that a request builds."""
    forms, init = [], ExpenseRowForm.__init__
    monkeypatch.setattr(
        ExpenseRowForm,
        "__init__",
        lambda form, *args, **kwargs: (forms.append(form), init(form, *args, **kwargs))[1],
    )
    return forms


@pytest.mark.parametrize("total", ["1000000000", "1006", "-1"])
@pytest.mark.catalogue(25, 26)
def test_an_impossible_number_of_rows_is_refused_without_building_them(browser, ledger, built, total):
    form = opened(browser, ledger).write(0, amount="1", category=category(ledger).pk)
    form.data["row-TOTAL_FORMS"] = total
    built.clear()
    with CaptureQueriesContext(connection) as queries:
        response = saved(browser, ledger, form)
    assert (response.status_code, stored(ledger)) == (422, [])
    assert Page(response).text("box").startswith("A day can be edited in at most 1005 rows.")
    assert (len(built), len(in_production(queries))) == (0, 8)


@pytest.mark.parametrize("data", [{}, {"row-TOTAL_FORMS": "x", "row-INITIAL_FORMS": "y"}])
@pytest.mark.catalogue(26)
def test_a_form_without_its_management_form_is_refused(browser, ledger, data):
    form = opened(browser, ledger).write(0, amount="1", category=category(ledger).pk)
    del form.data["row-TOTAL_FORMS"], form.data["row-INITIAL_FORMS"]
    form.data |= data
    response = saved(browser, ledger, form)
    assert (response.status_code, stored(ledger)) == (422, [])
    assert Page(response).text("box").startswith("This form arrived incomplete. Nothing was saved.")


@pytest.mark.catalogue(24)
def test_the_same_expense_in_two_rows_is_refused(browser, ledger):
    make_expense(ledger, "1")
    form = opened(browser, ledger)
    for name in ("id", "version", "amount", "category"):
        form.data[f"row-1-{name}"] = form.data[f"row-0-{name}"]
    response = saved(browser, ledger, form.write(0, amount="2").write(1, amount="3"))
    assert (response.status_code, stored(ledger)) == (422, [("1", "Food", "")])
    assert Page(response).text("box").startswith("The same expense stands in two rows.")


@pytest.mark.parametrize("whose", ["a stranger's", "nobody's"])
@pytest.mark.catalogue(22)
def test_a_strangers_expense_is_answered_like_one_that_is_gone(browser, ledger, charlie, whose):
    foreign = make_expense(make_ledger(charlie), "77", notes="secret")
    make_expense(ledger, "1")
    form = opened(browser, ledger).write(0, amount="2", id=foreign.pk if whose == "a stranger's" else 10**12)
    response = saved(browser, ledger, form)
    foreign.refresh_from_db()
    assert (response.status_code, stored(ledger)) == (409, [("1", "Food", "")])
    assert (foreign.amount, foreign.version) == (77, 1)
    assert b"secret" not in response.content
    assert Page(response).text("conflict-choice") == (
        "This expense is gone: somebody deleted it. Save again to add it anew, or remove the row."
    )


@pytest.mark.parametrize("way", [{"notes": "changed"}, {"DELETE": "on"}])
@pytest.mark.parametrize(
    ("cell", "value"), [*product(("id", "version"), ("x", "1.5", "9" * 30, "-1")), ("version", "")]
)
def test_a_tampered_id_or_version_writes_nothing(browser, ledger, way, cell, value):
    make_expense(ledger, "1")
    response = saved(browser, ledger, opened(browser, ledger).write(0, **way, **{cell: value}))
    assert stored(ledger) == [("1", "Food", "")]
    assert response.status_code in ((302, 409) if "DELETE" in way else (409, 422))


@pytest.mark.parametrize("key", ["", "x", "{not-a-uuid}", None])
def test_a_form_without_a_submission_key_is_saved_all_the_same(browser, ledger, key):
    form = opened(browser, ledger).write(0, amount="1", category=category(ledger).pk)
    del form.data["submission"]
    form.data |= {} if key is None else {"submission": key}
    assert said(browser, ledger, form) == "Saved: 1 added."


# Two people


@pytest.mark.catalogue(44)
def test_a_stale_row_is_shown_as_yours_and_theirs_and_nothing_is_written(browser, ledger):
    make_expense(ledger, "1", notes="one"), make_expense(ledger, "2", notes="two")
    form = opened(browser, ledger).write(0, amount="11").write(1, notes="mine")
    form.write(2, amount="5", category=category(ledger, "Rent").pk, notes="new")
    Expense.objects.filter(amount=1).update(amount=50, payee="Theirs", category=category(ledger, "Other"))
    response = saved(browser, ledger, form)
    assert response.status_code == 409
    assert stored(ledger) == [("50", "Other", "one"), ("2", "Food", "two")]
    page = Page(response)
    assert page.text("box").startswith("Somebody changed this day meanwhile. Nothing was saved yet")
    assert page.text("theirs").split() == ["50.00", "Other", "Theirs", "one"]
    back = page.form("day-form")
    assert [back.row(index) for index in range(3)] == [
        ("11", "", "one"),
        ("2.00", "", "mine"),
        ("5", "", "new"),
    ]


def conflict(browser, ledger, day=DAY, **mine):
    """The page shown after I changed a row that became 50 meanwhile, with a new row beside it."""
    make_expense(ledger, "1")
    form = opened(browser, ledger).write(0, **(mine or {"amount": "11"}))
    form.write(1, amount="5", category=category(ledger).pk, notes="new")
    Expense.objects.filter(amount=1).update(amount=50, date=day)
    response = saved(browser, ledger, form)
    assert response.status_code == 409
    return Page(response).form("day-form")


def test_saving_again_keeps_yours(browser, ledger):
    back = conflict(browser, ledger)
    assert said(browser, ledger, back) == "Saved: 1 added, 1 changed."
    assert stored(ledger) == [("11", "Food", ""), ("5", "Food", "new")]


def test_take_theirs_keeps_theirs(browser, ledger):
    back = conflict(browser, ledger).write(0, theirs="on")
    assert said(browser, ledger, back) == "Saved: 1 added."
    assert stored(ledger) == [("50", "Food", ""), ("5", "Food", "new")]


@pytest.mark.parametrize("mine", [{"amount": "0"}, {"DELETE": "on"}])
def test_take_theirs_keeps_theirs_even_where_mine_was_a_deletion(browser, ledger, mine):
    back = conflict(browser, ledger, **mine).write(0, theirs="on")
    saved(browser, ledger, back)
    assert stored(ledger) == [("50", "Food", ""), ("5", "Food", "new")]


def test_saving_a_deletion_again_deletes(browser, ledger):
    back = conflict(browser, ledger, DELETE="on")
    assert said(browser, ledger, back) == "Saved: 1 added, 1 deleted."
    assert stored(ledger) == [("5", "Food", "new")]


def test_a_third_change_meanwhile_is_a_conflict_again(browser, ledger):
    back = conflict(browser, ledger)
    Expense.objects.filter(amount=50).update(amount=60)
    assert saved(browser, ledger, back).status_code == 409
    assert stored(ledger) == [("60", "Food", "")]


def test_a_row_moved_to_another_day_comes_back_when_yours_is_kept(browser, ledger):
    back = conflict(browser, ledger, day="2024-08-02")
    assert said(browser, ledger, back) == "Saved: 1 added, 1 changed."
    assert opened(browser, ledger).row(0) == ("11.00", "", "")


def test_a_stale_row_that_was_not_touched_neither_conflicts_nor_reverts(browser, ledger):
    make_expense(ledger, "1"), make_expense(ledger, "2")
    form = opened(browser, ledger).write(1, notes="mine")
    Expense.objects.filter(amount=1).update(amount=50)
    assert said(browser, ledger, form) == "Saved: 1 changed."
    assert stored(ledger) == [("50", "Food", ""), ("2", "Food", "mine")]


@pytest.mark.catalogue(23)
def test_a_row_deleted_meanwhile_is_shown_as_gone_and_saved_anew_if_wanted(browser, ledger):
    gone = make_expense(ledger, "1", notes="mine")
    form = opened(browser, ledger).write(0, amount="11")
    Expense.objects.filter(pk=gone.pk).delete()
    response = saved(browser, ledger, form)
    assert (response.status_code, stored(ledger)) == (409, [])
    back = Page(response).form("day-form")
    assert back.row(0) == ("11", "", "mine")
    assert said(browser, ledger, back) == "Saved: 1 added."
    assert stored(ledger) == [("11", "Food", "mine")]


def test_a_row_deleted_meanwhile_that_was_not_touched_stays_gone(browser, ledger):
    make_expense(ledger, "1")
    form = opened(browser, ledger)
    Expense.objects.all().delete()
    assert said(browser, ledger, form) == "Nothing had changed."
    assert stored(ledger) == []


# The same form again


@pytest.mark.catalogue(42)
def test_the_same_form_sent_twice_writes_once(browser, ledger):
    make_expense(ledger, "1"), make_expense(ledger, "2")
    form = opened(browser, ledger).write(0, amount="11").write(1, amount="0")
    form.write(2, amount="5", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 1 added, 1 changed, 1 deleted."
    before = keys(ledger)
    assert said(browser, ledger, form) == "Saved already."
    assert keys(ledger) == before


def test_back_and_one_more_row_adds_only_that_row(browser, ledger):
    form = opened(browser, ledger).write(0, amount="5", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 1 added."
    form.write(1, amount="6", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 1 added."
    form.write(0, amount="7")
    assert said(browser, ledger, form) == "Saved: 1 changed."
    assert [row[0] for row in stored(ledger)] == ["7", "6"]


def test_back_after_somebody_elses_change_of_my_new_row_is_a_conflict(browser, ledger):
    form = opened(browser, ledger).write(0, amount="5", category=category(ledger).pk)
    saved(browser, ledger, form)
    Expense.objects.update(amount=50)
    assert saved(browser, ledger, form).status_code == 409
    assert stored(ledger) == [("50", "Food", "")]


def test_a_corrected_form_sent_twice_writes_once(browser, ledger):
    form = opened(browser, ledger).write(0, amount="5")
    back = refused(browser, ledger, form).write(0, category=category(ledger).pk)
    assert said(browser, ledger, back) == "Saved: 1 added."
    assert said(browser, ledger, back) == "Saved already."
    assert stored(ledger) == [("5", "Food", "")]


def test_back_and_the_old_value_again_is_a_change(browser, ledger):
    make_expense(ledger, "10")
    form = opened(browser, ledger).write(0, amount="12")
    assert said(browser, ledger, form) == "Saved: 1 changed."
    assert said(browser, ledger, form.write(0, amount="10")) == "Saved: 1 changed."
    assert [amount for amount, *_rest in stored(ledger)] == ["10"]


def test_back_and_clearing_the_row_just_added_deletes_it(browser, ledger):
    form = opened(browser, ledger).write(0, amount="5", category=category(ledger).pk)
    assert said(browser, ledger, form) == "Saved: 1 added."
    assert said(browser, ledger, form.write(0, amount="", category="")) == "Saved: 1 deleted."


def test_a_refused_form_leaves_no_trace(browser, ledger):
    refused(browser, ledger, opened(browser, ledger).write(0, amount="5"))
    assert Submission.objects.count() == 0


def test_a_day_of_more_rows_than_fit_says_so(browser, ledger, monkeypatch):
    monkeypatch.setattr("expenses.views.day.MAX_ROWS", 2)
    for _ in range(2):
        make_expense(ledger)
    assert (
        "more expenses than fit"
        not in browser.get(f"/ledgers/{ledger.pk}/expenses/2024-08-01/").content.decode()
    )
    make_expense(ledger)
    assert (
        "more expenses than fit" in browser.get(f"/ledgers/{ledger.pk}/expenses/2024-08-01/").content.decode()
    )


def test_two_forms_of_one_day_add_twice(browser, ledger):
    first, second = opened(browser, ledger), opened(browser, ledger)
    for form in (first, second):
        assert (
            said(browser, ledger, form.write(0, amount="5", category=category(ledger).pk))
            == "Saved: 1 added."
        )
    assert len(stored(ledger)) == 2


def test_somebody_elses_submission_key_is_not_theirs_to_use(browser, ledger, bob, as_user):
    share(ledger, bob, "editor")
    form = opened(browser, ledger).write(0, amount="5", category=category(ledger).pk)
    saved(browser, ledger, form)
    assert said(as_user(bob), ledger, form) == "Saved: 1 added."
    assert Submission.objects.count() == 2


# Who


def test_a_viewer_sees_the_day_and_has_nothing_to_write_with(ledger, bob, as_user):
    share(ledger, bob, "viewer")
    make_expense(ledger, "1", notes="seen")
    page = Page(as_user(bob).get(f"/ledgers/{ledger.pk}/expenses/2024-08-01/"))
    assert page.text("read") == "1.00 Food seen"
    assert [form for form in page.forms if "day-form" in form.attributes.get("class", "")] == []


def test_a_viewer_cannot_save(ledger, alice, bob, as_user):
    share(ledger, bob, "viewer")
    form = opened(as_user(alice), ledger).write(0, amount="5", category=category(ledger).pk)
    response = saved(as_user(bob), ledger, form)
    assert (response.status_code, stored(ledger)) == (403, [])
    assert Page(response).text("h1") == "You may not do that"
