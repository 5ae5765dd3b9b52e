"""What is sent to the admin twice: one row, one move, and nothing that looks like somebody else's change."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry

from api.models import Submission
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_user, share
from expenses.tests.test_admin import EXPENSE_PERMISSIONS, LIST, inputs, make_staff, row_of, texts
from expenses.tests.test_admin_actions import ask, category_of, confirm
from expenses.tests.threads import at_once
from history.models import ChangeSet
from ledgers.models import Membership

ADD = {
    "expense": {"date": "2024-08-01", "amount": "12.50", "notes": "bread"},
    "category": {"name": "Pets"},
}
EACH_FORM = pytest.mark.parametrize("kind", ADD)

pytestmark = [pytest.mark.django_db, pytest.mark.catalogue(42)]


@pytest.fixture
def roots(db, as_user):
    """Ten browsers of one superuser, who is a member of no ledger."""
    user = make_user("root", is_staff=True, is_superuser=True)
    return [as_user(user) for _ in range(10)]


@pytest.fixture
def root(roots):
    return roots[0]


def filled(client, ledger, kind) -> tuple[str, dict]:
    """The add form, filled in: where it is sent, and what with."""
    url = f"/admin/expenses/{kind}/add/"
    fields = inputs(client.get(url)) | ADD[kind] | {"ledger": ledger.pk}
    if kind == "expense":
        fields["category"] = category_of(ledger, "Food").pk
    return url, fields


def added(kind) -> int:
    rows = {"expense": Expense.objects.all(), "category": Category.objects.filter(name="Pets")}
    return rows[kind].count()


@EACH_FORM
@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_an_add_form_sent_twice_adds_one_row_and_leads_to_the_same_place(root, ledger, kind, button):
    url, fields = filled(root, ledger, kind)
    first, second = (root.post(url, fields | {button: "1"}) for _ in range(2))
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert (added(kind), LogEntry.objects.count()) == (1, 1)
    assert "Saved already." in texts(root.get(second["Location"]))


@EACH_FORM
@pytest.mark.django_db(transaction=True)
def test_an_add_form_sent_ten_times_at_once_adds_one_row(roots, ledger, kind):
    url, fields = filled(roots[0], ledger, kind)
    answers = at_once(*(lambda c=client: c.post(url, fields | {"_continue": "1"}) for client in roots))
    assert [answer.status_code for answer in answers] == [302] * 10
    assert (len({answer["Location"] for answer in answers}), added(kind)) == (1, 1)


def test_something_else_in_the_same_add_form_is_one_more_row(root, ledger):
    url, fields = filled(root, ledger, "expense")
    for amount in ("12.50", "13"):
        root.post(url, fields | {"amount": amount})
    amounts = Expense.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("12.50"), Decimal(13)]


def test_a_refused_add_form_is_not_remembered(root, ledger):
    url, fields = filled(root, ledger, "expense")
    assert root.post(url, fields | {"amount": "0"}).status_code == 200
    assert (Submission.objects.count(), added("expense")) == (0, 0)


def test_staff_add_once_in_their_own_ledgers_and_nothing_in_others(alice, bob, ledger, as_user):
    staff, stranger = (as_user(make_staff(person, *EXPENSE_PERMISSIONS)) for person in (alice, bob))
    url, fields = filled(staff, ledger, "expense")
    answers = [client.post(url, fields).status_code for client in (staff, staff, stranger)]
    assert (answers, added("expense"), Submission.objects.count()) == ([302, 302, 403], 1, 1)


def membership_form(client, ledger, person) -> dict:
    page = client.get("/admin/ledgers/membership/add/")
    return inputs(page) | {"ledger": ledger.pk, "user": person.pk, "role": "editor"}


def test_a_membership_added_twice_is_there_once_and_the_form_says_so(root, ledger, bob):
    fields = membership_form(root, ledger, bob)
    first, second = (root.post("/admin/ledgers/membership/add/", fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 200)
    assert "This person is a member of the ledger already." in texts(second)
    assert Membership.objects.filter(user=bob).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_membership_added_ten_times_at_once_is_there_once(roots, ledger, bob):
    fields = membership_form(roots[0], ledger, bob)
    url = "/admin/ledgers/membership/add/"
    answers = at_once(*(lambda c=client: c.post(url, fields).status_code for client in roots))
    assert (sorted(answers), Membership.objects.filter(user=bob).count()) == ([200] * 9 + [302], 1)


def changed_list(client, *expenses) -> dict:
    """The editable list with another amount in each row."""
    fields = inputs(client.get(LIST)) | {"_save": "Save"}
    return fields | {
        f"{row_of(fields, each)}-amount": f"{number}.25" for number, each in enumerate(expenses, 1)
    }


def test_a_list_sent_twice_changes_nothing_the_second_time_and_is_no_conflict(root, ledger):
    fields = changed_list(root, make_expense(ledger), make_expense(ledger), make_expense(ledger))
    before = ChangeSet.objects.count()
    first, second = (root.post(LIST, fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    saved = Expense.objects.order_by("pk").values_list("amount", "version")
    assert list(saved) == [(Decimal("1.25"), 2), (Decimal("2.25"), 2), (Decimal("3.25"), 2)]
    assert ChangeSet.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_list_sent_ten_times_at_once_is_saved_once(roots, ledger):
    fields = changed_list(roots[0], make_expense(ledger), make_expense(ledger))
    answers = at_once(*(lambda c=client: c.post(LIST, fields).status_code for client in roots))
    assert answers == [302] * 10
    assert set(Expense.objects.values_list("version", flat=True)) == {2}


ACTIONS = pytest.mark.parametrize(
    ("action", "typed", "after"),
    [
        ("set_category", {"category": "Rent"}, [("Rent", "2024-08-01", 2)] * 2),
        ("change_date", {"days": "3"}, [("Food", "2024-08-04", 2)] * 2),
        ("delete_selected", {}, []),
    ],
)


def rows() -> list[tuple[str, str, int]]:
    found = Expense.objects.order_by("pk").values_list("category__name", "date", "version")
    return [(category, str(day), version) for category, day, version in found]


def typed_in(ledger, typed) -> dict:
    return {
        name: category_of(ledger, text).pk if name == "category" else text for name, text in typed.items()
    }


@ACTIONS
def test_an_action_confirmed_twice_is_carried_out_once(root, ledger, action, typed, after):
    page = ask(root, action, [make_expense(ledger), make_expense(ledger)])
    for _ in range(2):
        confirm(root, page, **typed_in(ledger, typed))
    assert (rows(), LogEntry.objects.count()) == (after, 1)


@ACTIONS
@pytest.mark.django_db(transaction=True)
def test_an_action_confirmed_ten_times_at_once_is_carried_out_once(roots, ledger, action, typed, after):
    page = ask(roots[0], action, [make_expense(ledger), make_expense(ledger)])
    sent = typed_in(ledger, typed)
    answers = at_once(*(lambda c=client: confirm(c, page, **sent).status_code for client in roots))
    assert (max(answers), rows(), LogEntry.objects.count()) == (302, after, 1)


def test_a_viewers_add_form_is_refused_also_after_it_was_saved_once(bob, ledger, as_user):
    share(ledger, bob, "editor")
    client = as_user(make_staff(bob, *EXPENSE_PERMISSIONS))
    url, fields = filled(client, ledger, "expense")
    client.post(url, fields)
    Membership.objects.filter(user=bob).update(role="viewer")
    assert (client.post(url, fields).status_code, added("expense")) == (403, 1)
