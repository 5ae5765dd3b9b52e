"""Text that cannot be stored is refused; text that only looks dangerous is stored as it is, and stays text."""

import pytest

from expense_tracker.tests.hostile.doors import refused
from expenses.models import Category, Expense
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db

CONTROL = ["\0", "NUL\0inside", "\0" * 300]
TEXTS = ("payee", "notes")
WITH_PAYEE = ("create", "create_many", "change", "save_day", "grid", "admin_form")
DIRECTIONS = ["\u202eevil\u202c", "zero\u200bwidth", "a\u0301\u0301\u0301", "\ufeffx", "🏳️‍🌈", "ﷺ"]
MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "<svg onload=alert(1)>",
    "{{ 7*7 }}",
    "%s %(x)s {x}",
    "</title><script>",
]
FORMULAS = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1)", "\u2003=1", "＝1"]
STATEMENTS = [
    "'; DROP TABLE expenses_expense; --",
    "'); SELECT set_config('expense_tracker.operator', 'x', true); --",
    "\\'; DELETE FROM expenses_expense; --",
]
inert = pytest.mark.parametrize("text", [*DIRECTIONS, *MARKUP, *FORMULAS, *STATEMENTS])


@pytest.mark.catalogue(12)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("text", CONTROL, ids=ascii)
def test_a_nul_is_refused_at_its_field(doors, field, text):
    assert doors.each(WITH_PAYEE, field, text) == refused(WITH_PAYEE, field)


@pytest.mark.catalogue(12)
@pytest.mark.usefixtures("unchanged")
def test_a_nul_is_refused_where_there_is_no_payee(doors):
    names = ("original", "admin_list")
    assert doors.each(names, "notes", "NUL\0inside") == refused(names, "notes")
    assert doors["original"]("category", "\0") == (400, {"category": ["Null characters are not allowed."]})


@pytest.mark.catalogue(12, 13)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["expenses/", "categories/", "expenses/2024-08-01", "analytics"])
@pytest.mark.parametrize("body", [r'{"notes": "\ud800"}', r'[{"\udfff": 1}]', r'"\ud800\ud800"'])
def test_half_a_surrogate_pair_is_refused_before_anything_is_read(api, base, path, body):
    answer = api.post(base + path, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"detail": "The text is not valid Unicode."})


@pytest.mark.catalogue(16)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("field", "longest"), [("payee", 200), ("notes", 1000)])
def test_one_character_too_many_is_refused_at_its_field(doors, field, longest):
    assert doors.each(WITH_PAYEE, field, "é" * (longest + 1)) == refused(WITH_PAYEE, field)


@pytest.mark.catalogue(16)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("text", ["x" * 101, "\0", "", " \t\u3000 ", 5.5, [], None])
def test_a_name_that_no_category_can_have_is_refused(api, base, text):
    answer = api.post(f"{base}categories/", {"name": text}, format="json")
    assert (answer.status_code, list(answer.json())) == (400, ["name"])


@pytest.mark.catalogue(16, 17, 18, 56)
@inert
def test_text_is_stored_as_it_was_written(doors, expense, text):
    taken = doors.each(["create", "save_day", "grid"], "payee", text)
    assert taken == {"create": (201, []), "save_day": (200, []), "grid": (302, [])}
    payees = Expense.objects.exclude(pk=expense.pk).values_list("payee", flat=True)
    assert list(payees) == [text.strip()] * 3


@pytest.mark.catalogue(16, 17, 18, 56)
@inert
def test_text_stays_text_on_every_page(browser, root, ledger, food, expense, text):
    Expense.objects.update(payee=text, notes=text)
    Category.objects.filter(pk=food.pk).update(name=text)
    type(ledger).objects.update(name=text)
    pages = ["expenses/2024-08-01/", "expenses/", "analytics/?range=all", "categories/", "settings/"]
    for client, url in [
        *((browser, f"/ledgers/{ledger.pk}/{page}") for page in pages),
        (root, "/admin/expenses/expense/"),
    ]:
        response = client.get(url)
        assert response.status_code == 200
        for tag in ("<script>alert", "<img src=x", "<svg onload", "</title><script"):
            assert tag not in response.content.decode()


@pytest.mark.catalogue(16)
def test_text_that_turns_the_line_round_is_kept_apart_from_the_rest_of_the_line(browser, ledger, expense):
    Expense.objects.update(payee="\u202epayee", notes="\u202enotes")
    Category.objects.filter(name="Food").update(name="\u202ename")
    html = browser.get(f"/ledgers/{ledger.pk}/expenses/").content.decode()
    for text in ("\u202epayee", "\u202enotes", "\u202ename"):
        assert f"<bdi>{text}</bdi>" in html


@pytest.mark.catalogue(56)
@pytest.mark.usefixtures("unchanged")
def test_a_search_for_what_a_pattern_would_mean_finds_only_that_text(browser, ledger):
    for text in (
        "%",
        "_",
        "\\",
        ".*",
        "(a+)+$",
        "' OR 1=1 --",
        "x' UNION SELECT password FROM users_user --",
    ):
        page = Page(browser.get(f"/ledgers/{ledger.pk}/expenses/", {"text": text}))
        assert page.text("empty") == "No expense matches this filter."
