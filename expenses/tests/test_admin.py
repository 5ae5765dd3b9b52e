"""The admin's list and forms of expenses: nobody's change is lost, and nobody sees a stranger's ledger."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_user, share

LIST = "/admin/expenses/expense/"


class _Inputs(HTMLParser):
    """What a browser would send for the inputs of a page, without its buttons and tick boxes."""

    def __init__(self):
        super().__init__()
        self.values, self.open = {}, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        kind = attributes.get("type")
        name = attributes.get("name")
        if tag == "input" and name and kind not in ("submit", "search") and "action" not in name:
            if kind != "checkbox" or "checked" in attributes:
                self.values[name] = attributes.get("value") or ""
        elif tag in ("select", "textarea"):
            self.open = name
            self.values[name] = ""
        elif tag == "option" and "selected" in attributes:
            self.values[self.open] = attributes["value"]

    def handle_data(self, data):
        if self.open and self.lasttag == "textarea":
            self.values[self.open] += data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.open = None


def inputs(response) -> dict:
    """The fields of the page's form, ready to be changed and sent back."""
    parser = _Inputs()
    parser.feed(response.content.decode())
    return parser.values


def texts(response) -> str:
    """The page as a reader sees it, roughly."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def row_of(fields, expense) -> str:
    """The prefix of the expense's row in the list."""
    return next(
        k.removesuffix("-id") for k, v in fields.items() if k.endswith("-id") and v == str(expense.pk)
    )


def make_staff(user, *permissions):
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


EXPENSE_PERMISSIONS = [f"{verb}_expense" for verb in ("view", "add", "change", "delete")]


@pytest.fixture
def root(db, as_user):
    """A browser in which a superuser is signed in, who is a member of no ledger."""
    return as_user(make_user("root", is_staff=True, is_superuser=True))


@pytest.fixture
def staff(alice, as_user):
    """A browser of Alice, now staff with all permissions for expenses and categories."""
    categories = [f"{verb}_category" for verb in ("view", "add", "change", "delete")]
    return as_user(make_staff(alice, *EXPENSE_PERMISSIONS, *categories))


def save(client, fields, url=LIST):
    return client.post(url, fields | {"_save": "Save"})


def test_list_saves_what_was_changed_and_nothing_else(root, ledger):
    first = make_expense(ledger, "10", notes="a")
    second = make_expense(ledger, "20", notes="b\nc")
    fields = inputs(root.get(LIST))
    shopping = Category.objects.get(name="Shopping")
    row = row_of(fields, first)
    fields |= {f"{row}-amount": "12.34", f"{row}-date": "2024-08-02", f"{row}-category": str(shopping.pk)}
    assert save(root, fields).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (str(first.date), first.amount, first.category, first.notes) == (
        "2024-08-02",
        Decimal("12.34"),
        shopping,
        "a",
    )
    assert (first.version, second.version, second.notes) == (2, 1, "b\nc")


def test_line_breaks_as_browsers_send_them_are_no_change(root, ledger):
    expense = make_expense(ledger, "10", notes="b\nc")
    fields = inputs(root.get(LIST)) | {"form-0-amount": "11"}
    save(root, {name: value.replace("\n", "\r\n") for name, value in fields.items()})
    expense.refresh_from_db()
    assert (expense.amount, expense.notes) == (11, "b\nc")


def test_two_tabs_changing_different_rows_both_win(root, ledger):
    first, second = make_expense(ledger, "10"), make_expense(ledger, "20")
    one, other = inputs(root.get(LIST)), inputs(root.get(LIST))
    one[f"{row_of(one, first)}-amount"] = "11"
    other[f"{row_of(other, second)}-notes"] = "mine"
    assert save(root, one).status_code == save(root, other).status_code == 302
    assert list(Expense.objects.order_by("pk").values_list("amount", "notes", "version")) == [
        (Decimal(11), "", 2),
        (Decimal(20), "mine", 2),
    ]


@pytest.mark.catalogue(44)
def test_two_tabs_changing_the_same_row_show_it_and_save_on_purpose(root, ledger):
    stale, fresh = make_expense(ledger, "10"), make_expense(ledger, "20")
    one, other = inputs(root.get(LIST)), inputs(root.get(LIST))
    one |= {f"{row_of(one, stale)}-amount": "11.50", f"{row_of(one, stale)}-notes": "theirs"}
    save(root, one)
    other |= {f"{row_of(other, stale)}-notes": "mine", f"{row_of(other, fresh)}-amount": "21"}
    refused = save(root, other)
    assert refused.status_code == 200
    assert "It is now: 08/01/2024 · €11.50 · Food · theirs." in texts(refused)
    assert list(Expense.objects.order_by("pk").values_list("amount", "notes")) == [
        (Decimal("11.5"), "theirs"),
        (Decimal(20), ""),
    ]
    again = inputs(refused)
    assert again[f"{row_of(again, stale)}-notes"] == "mine"
    assert again[f"{row_of(again, fresh)}-amount"] == "21"
    assert save(root, again).status_code == 302
    assert list(Expense.objects.order_by("pk").values_list("amount", "notes")) == [
        (Decimal(10), "mine"),
        (Decimal(21), ""),
    ]


def test_row_changed_elsewhere_and_not_touched_here_is_left_alone(root, ledger):
    touched, stale = make_expense(ledger, "10"), make_expense(ledger, "20", category="Rent")
    fields = inputs(root.get(LIST))
    Expense.objects.filter(pk=stale.pk).update(amount=25, category=Category.objects.get(name="Food"))
    Category.objects.get(name="Rent").delete()
    fields[f"{row_of(fields, touched)}-amount"] = "11"
    assert save(root, fields).status_code == 302
    assert list(Expense.objects.order_by("pk").values_list("amount", "version")) == [
        (Decimal(11), 2),
        (Decimal(25), 2),
    ]


@pytest.mark.catalogue(23)
def test_row_deleted_meanwhile_is_named_and_the_rest_can_be_saved(root, ledger):
    kept, gone, left = make_expense(ledger, "10"), make_expense(ledger, "20"), make_expense(ledger, "30")
    fields = inputs(root.get(LIST))
    Expense.objects.filter(pk__in=[gone.pk]).delete()
    fields |= {f"{row_of(fields, gone)}-amount": "21", f"{row_of(fields, kept)}-amount": "11"}
    refused = save(root, fields)
    assert "An expense was deleted meanwhile. You had written: 2024-08-01 · 21 · –" in texts(refused)
    assert list(Expense.objects.order_by("pk").values_list("amount", flat=True)) == [10, 30]
    again = inputs(refused)
    assert again[f"{row_of(again, kept)}-amount"] == "11"
    assert "form-1-id" not in again
    Expense.objects.filter(pk=left.pk).delete()
    assert save(root, again).status_code == 302
    assert list(Expense.objects.values_list("amount", flat=True)) == [11]


def test_errors_stand_in_their_cells_beside_the_right_expense(root, ledger):
    older, newer = make_expense(ledger, "10", payee="Older"), make_expense(ledger, "20", payee="Newer")
    fields = inputs(root.get(LIST))
    fields |= {f"{row_of(fields, older)}-amount": "1e3", f"{row_of(fields, older)}-date": "1899-12-31"}
    make_expense(ledger, "30", payee="Newest")
    html = save(root, fields).content.decode()
    cells = re.findall(r'field-(\w+)[^>]*><ul class="errorlist"[^>]*><li>([^<]+)', html)
    assert cells == [
        ("date", "The date must lie between 1900 and 2200."),
        ("amount", "Write an amount such as 1,234.50."),
    ]
    assert "Newest" not in html
    rows = re.findall(r'name="_selected_action" value="(\d+)".*?field-payee[^>]*>(\w+)', html, re.DOTALL)
    assert sorted(rows) == sorted([(str(older.pk), "Older"), (str(newer.pk), "Newer")])


@pytest.mark.parametrize(
    ("currency", "amount", "expected"),
    [
        ("JPY", "1.5", None),
        ("JPY", "1500", Decimal(1500)),
        ("BHD", "1.234", Decimal("1.234")),
        ("EUR", "0", None),
    ],
)
def test_amounts_follow_the_currency_of_their_row(root, alice, currency, amount, expected):
    expense = make_expense(make_ledger(alice, currency=currency), "10")
    fields = inputs(root.get(LIST))
    fields["form-0-amount"] = amount
    assert save(root, fields).status_code == (302 if expected else 200)
    expense.refresh_from_db()
    assert expense.amount == (expected or 10)


def test_categories_offered_and_accepted_are_those_of_the_rows_ledger(root, alice, ledger):
    other = make_ledger(alice, "Business")
    mine = make_expense(ledger)
    make_expense(other)
    Category.objects.filter(ledger=ledger, name="Rent").update(archived=True)
    page = root.get(LIST)
    fields = inputs(page)
    row = row_of(fields, mine)
    select = re.search(rf'name="{row}-category".*?</select>', page.content.decode(), re.DOTALL)[0]
    offered = {int(pk) for pk in re.findall(r'value="(\d+)"', select)}
    assert offered == set(Category.objects.filter(ledger=ledger, archived=False).values_list("pk", flat=True))
    fields[f"{row}-category"] = str(Category.objects.get(ledger=other, name="Rent").pk)
    refused = save(root, fields)
    assert "This ledger has no such category." in texts(refused)
    mine.refresh_from_db()
    assert mine.category.name == "Food"


def _queries(client, method, *args) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        getattr(client, method)(*args)
    return [query["sql"] for query in queries]


def test_queries_do_not_grow_with_the_rows(root, ledger):
    make_expense(ledger)
    # The first save of a process also asks for the content type of its log entry.
    save(root, inputs(root.get(LIST)) | {"form-0-amount": "3"})
    shown = len(_queries(root, "get", LIST))
    fields = inputs(root.get(LIST)) | {"_save": "Save", "form-0-amount": "5"}
    saved = _queries(root, "post", LIST, fields)
    make_expense(ledger)
    make_expense(ledger)
    assert len(_queries(root, "get", LIST)) == shown
    fields = inputs(root.get(LIST)) | {"_save": "Save", "form-0-amount": "7"}
    more = _queries(root, "post", LIST, fields)
    assert len(more) == len(saved)
    assert len([sql for sql in more if sql.startswith('UPDATE "expenses_expense"')]) == 1
    assert len([sql for sql in more if sql.endswith('FOR UPDATE OF "expenses_expense"')]) == 1


def test_what_only_the_database_refuses_is_an_error_of_the_list(root, ledger, monkeypatch):
    expense = make_expense(ledger)
    fields = inputs(root.get(LIST)) | {"form-0-notes": "typed"}

    def breaks(self, *args, **kwargs):
        Expense.objects.filter(pk=self.pk).update(amount=0)

    monkeypatch.setattr(Expense, "save", breaks)
    refused = save(root, fields)
    assert "An amount cannot be zero." in texts(refused)
    assert inputs(refused)["form-0-notes"] == "typed"
    expense.refresh_from_db()
    assert expense.amount == 10


def test_change_form_shows_the_conflict_then_saves_on_purpose(root, ledger):
    expense = make_expense(ledger)
    url = f"{LIST}{expense.pk}/change/"
    fields = inputs(root.get(url)) | {"notes": "mine"}
    Expense.objects.filter(pk=expense.pk).update(amount=11)
    refused = root.post(url, fields)
    assert "It is now: 08/01/2024 · €11.00 · Food · no notes." in texts(refused)
    expense.refresh_from_db()
    assert (expense.amount, expense.notes, expense.version) == (11, "", 2)
    again = inputs(refused)
    assert (again["amount"], again["notes"], again["version"]) == ("10.00", "mine", "2")
    assert root.post(url, again).status_code == 302
    expense.refresh_from_db()
    assert (expense.amount, expense.notes, expense.version) == (10, "mine", 3)


def test_change_form_left_alone_writes_nothing_back(root, ledger):
    expense = make_expense(ledger)
    url = f"{LIST}{expense.pk}/change/"
    fields = inputs(root.get(url))
    Expense.objects.filter(pk=expense.pk).update(amount=11)
    assert root.post(url, fields).status_code == 302
    expense.refresh_from_db()
    assert (expense.amount, expense.version) == (11, 2)


def test_change_form_of_a_deleted_expense_leads_back_with_a_message(root, ledger):
    expense = make_expense(ledger)
    expense_url = f"{LIST}{expense.pk}/change/"
    expense.delete()
    assert root.post(expense_url, {"amount": "5"}).status_code == 302
    assert "doesn’t exist. Perhaps it was deleted?" in texts(root.get("/admin/"))


def test_category_form_shows_the_conflict(root, ledger):
    category = Category.objects.get(name="Food")
    url = f"/admin/expenses/category/{category.pk}/change/"
    fields = inputs(root.get(url)) | {"name": "Meals"}
    Category.objects.filter(pk=category.pk).update(name="Groceries")
    refused = root.post(url, fields)
    assert "It is now: Groceries · #2f9e6e · 1." in texts(refused)
    assert root.post(url, inputs(refused)).status_code == 302
    category.refresh_from_db()
    assert category.name == "Meals"


def test_category_gets_a_main_category_and_other_names(root, alice, ledger):
    foreign = Category.objects.get(ledger=make_ledger(alice, "Other"), name="Rent")
    bakery = Category.objects.create(ledger=ledger, name="Bakery", position=9)
    food, url = (
        Category.objects.get(ledger=ledger, name="Food"),
        f"/admin/expenses/category/{bakery.pk}/change/",
    )
    fields = inputs(root.get(url))
    offered = re.search(r'name="parent".*?</select>', root.get(url).content.decode(), re.DOTALL)[0]
    assert f'value="{food.pk}"' in offered
    assert f'value="{foreign.pk}"' not in offered
    for parent, message in [
        (foreign, "Choose a main category of this ledger"),
        (bakery, "Choose a main category"),
    ]:
        assert message in texts(root.post(url, fields | {"parent": str(parent.pk)}))
    said = {"parent": str(food.pk), "aliases": "Baker, bread"}
    assert "“baker” means" not in texts(root.post(url, fields | said))
    bakery.refresh_from_db()
    assert (bakery.parent, bakery.aliases) == (food, ["baker", "bread"])
    refused = root.post(
        "/admin/expenses/category/add/",
        {"ledger": ledger.pk, "name": "Baker", "colour": "#112233", "position": "9", "parent": foreign.pk},
    )
    assert "Choose a main category of this ledger" in texts(refused)
    assert "“baker” means “Bakery” in this ledger already." in texts(refused)


def test_category_named_twice_is_refused(root, ledger):
    data = {"ledger": ledger.pk, "name": " food ", "colour": "#112233", "position": "9"}
    refused = root.post("/admin/expenses/category/add/", data)
    assert "This ledger has a category of that name already." in texts(refused)
    assert root.post("/admin/expenses/category/add/", data | {"name": "Pets"}).status_code == 302
    assert Category.objects.get(name="Pets").ledger == ledger


def test_category_in_use_is_not_deleted_and_its_expenses_are_counted(root, ledger):
    make_expense(ledger)
    make_expense(ledger)
    category = Category.objects.get(name="Food")
    url = f"/admin/expenses/category/{category.pk}/delete/"
    assert "expenses: 2" in texts(root.get(url))
    assert root.post(url, {"post": "yes"}).status_code == 200
    assert Category.objects.filter(pk=category.pk).exists()


def test_added_expense_knows_who_entered_it(staff, alice, ledger):
    food = Category.objects.get(name="Food")
    data = {"ledger": ledger.pk, "date": "2024-08-01", "amount": "3.20", "category": food.pk}
    assert staff.post(f"{LIST}add/", data).status_code == 302
    expense = Expense.objects.get()
    assert (expense.created_by, expense.ledger, expense.amount) == (alice, ledger, Decimal("3.2"))


def test_category_of_another_ledger_is_refused_when_adding(root, alice, ledger):
    other = Category.objects.get(ledger=make_ledger(alice, "Business"), name="Food")
    data = {"ledger": ledger.pk, "date": "2024-08-01", "amount": "3", "category": other.pk}
    assert "This ledger has no such category." in texts(root.post(f"{LIST}add/", data))
    assert not Expense.objects.exists()


def test_ledger_of_an_expense_stays(root, alice, ledger):
    expense, other = make_expense(ledger), make_ledger(alice, "Business")
    url = f"{LIST}{expense.pk}/change/"
    root.post(url, inputs(root.get(url)) | {"ledger": other.pk, "notes": "x"})
    expense.refresh_from_db()
    assert (expense.ledger, expense.notes) == (ledger, "x")


@pytest.mark.parametrize("role", ["editor", "viewer", None])
def test_staff_reach_only_what_their_role_allows(bob, ledger, as_user, role):
    expense = make_expense(ledger, notes="secret")
    client = as_user(make_staff(bob, *EXPENSE_PERMISSIONS))
    if role:
        share(ledger, bob, role)
    food = expense.category
    page = client.get(LIST)
    assert ("secret" in page.content.decode()) == bool(role)
    assert ('name="form-0-amount"' in page.content.decode()) == (role == "editor")
    url = f"{LIST}{expense.pk}/change/"
    data = {"date": "2024-08-01", "amount": "9", "category": food.pk, "version": "1", "notes": ""}
    assert client.get(url).status_code == (200 if role else 302)
    assert client.post(url, data).status_code == {"editor": 302, "viewer": 403, None: 302}[role]
    add = {"ledger": ledger.pk, "date": "2024-08-01", "amount": "3", "category": food.pk}
    assert client.post(f"{LIST}add/", add).status_code == {"editor": 302, "viewer": 403, None: 403}[role]
    expense.refresh_from_db()
    assert expense.amount == (9 if role == "editor" else 10)
    assert Expense.objects.count() == (2 if role == "editor" else 1)


def test_foreign_and_missing_objects_are_answered_alike(staff, charlie):
    foreign = make_expense(make_ledger(charlie, "Secret"))
    for part in ("change", "delete", "history"):
        answers = []
        for pk in (foreign.pk, foreign.pk + 1000):
            response = staff.get(f"{LIST}{pk}/{part}/", follow=True)
            answers.append((response.redirect_chain, texts(response).replace(str(pk), "N")))
        assert answers[0] == answers[1]
        assert "Secret" not in answers[0][1]


def test_foreign_names_appear_nowhere(staff, ledger, charlie):
    secret = make_ledger(charlie, "Hidden ledger")
    Category.objects.create(ledger=secret, name="Hidden category")
    make_expense(ledger)
    make_expense(secret, notes="Hidden notes")
    lookups = "?app_label=expenses&model_name=expense&field_name=category&term=Hidden"
    urls = [LIST, f"{LIST}add/", "/admin/expenses/category/", "/admin/expenses/category/add/"]
    for url in [*urls, f"{LIST}?ledger__id__exact={secret.pk}"]:
        page = staff.get(url)
        assert page.status_code == 200
        assert "Hidden" not in page.content.decode()
    assert staff.get(f"{LIST}?q=Hidden").context["cl"].result_count == 0
    assert staff.get(f"/admin/autocomplete/{lookups}").json()["results"] == []
    spec = next(s for s in staff.get(LIST).context["cl"].filter_specs if s.title == "category")
    assert {name for _pk, name in spec.lookup_choices} == {
        "Rent",
        "Food",
        "Shopping",
        "Entertainment",
        "Other",
    }


def test_foreign_category_and_ledger_are_refused_from_staff(staff, ledger, charlie):
    foreign = make_ledger(charlie)
    category = Category.objects.get(ledger=foreign, name="Food")
    expense = make_expense(ledger)
    fields = inputs(staff.get(LIST)) | {"form-0-category": str(category.pk)}
    assert "This ledger has no such category." in texts(save(staff, fields))
    for chosen in (ledger, foreign):
        data = {"ledger": chosen.pk, "date": "2024-08-01", "amount": "3", "category": category.pk}
        assert "This ledger has no such category." in texts(staff.post(f"{LIST}add/", data))
    expense.refresh_from_db()
    assert expense.category.ledger == ledger
    assert Expense.objects.count() == 1


@pytest.mark.catalogue(22)
def test_posting_a_foreign_row_to_the_list_changes_nothing(staff, ledger, charlie):
    make_expense(ledger)
    foreign = make_expense(make_ledger(charlie))
    fields = inputs(staff.get(LIST)) | {"form-0-id": str(foreign.pk), "form-0-amount": "99"}
    assert "An expense was deleted meanwhile." in texts(save(staff, fields))
    foreign.refresh_from_db()
    assert foreign.amount == 10


def test_row_of_a_ledger_one_may_only_read_is_text_and_refuses_edits(staff, alice, ledger, charlie):
    shared = make_ledger(charlie, "Shared")
    membership = share(shared, alice, "editor")
    theirs, mine = make_expense(shared, "12.5"), make_expense(ledger)
    before = inputs(staff.get(LIST))
    membership.role = "viewer"
    membership.save()
    page = staff.get(LIST)
    fields = inputs(page)
    assert f"{row_of(fields, theirs)}-amount" not in fields
    assert "12.50" in texts(page)
    fields[f"{row_of(fields, mine)}-amount"] = "11"
    assert save(staff, fields).status_code == 302
    before[f"{row_of(before, theirs)}-amount"] = "99"
    refused = save(staff, before)
    assert "You may look at this ledger, but not change it." in texts(refused)
    assert sorted(Expense.objects.values_list("amount", flat=True)) == [Decimal(11), Decimal("12.5")]


def test_anonymous_visitors_are_led_to_the_guarded_sign_in(client, db):
    first = client.get("/admin/", follow=True)
    assert first.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert client.get("/admin/login/?next=/admin/").url.startswith("/accounts/login/")
    guess = {"username": "root", "password": "x", "next": "/admin/"}
    assert client.post("/admin/login/", guess).url.startswith("/accounts/login/")


def test_people_who_are_not_staff_are_refused(browser):
    assert browser.get("/admin/", follow=True).status_code == 403


def test_pages_need_no_inline_style_or_script(root, ledger):
    expense = make_expense(ledger)
    ticked = {"action": "change_date", "_selected_action": expense.pk, "index": "0"}
    pages = [root.get(f"/admin/{path}") for path in ("", "expenses/expense/", "expenses/category/add/")]
    pages += [root.get(f"{LIST}{expense.pk}/change/"), root.post(LIST, ticked)]
    for page in pages:
        html = page.content.decode()
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", html)
        assert 'href="/static/css/admin.css"' in html
        assert '<a href="/">Back to the site</a>' in html
