"""Ledgers and memberships in the admin: members look, owners change, strangers see nothing."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from expenses.tests.factories import make_expense, make_ledger, make_user, share
from history.models import ChangeSet
from ledgers.models import Ledger, Membership

PERMISSIONS = [
    f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("ledger", "membership")
]
LEDGERS, MEMBERSHIPS = "/admin/ledgers/ledger/", "/admin/ledgers/membership/"


@pytest.fixture
def staff(bob, as_user):
    """A browser of Bob, staff with all permissions for ledgers and memberships."""
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.filter(codename__in=PERMISSIONS))
    return as_user(bob)


@pytest.fixture
def root(db, as_user):
    return as_user(make_user("root", is_staff=True, is_superuser=True))


@pytest.mark.parametrize(
    ("role", "seen", "change"),
    [("owner", 200, 302), ("editor", 200, 403), ("viewer", 200, 403), (None, 302, 302)],
)
def test_ledger_is_changed_by_its_owners_only(staff, bob, ledger, role, seen, change):
    if role:
        share(ledger, bob, role)
    url = f"{LEDGERS}{ledger.pk}/change/"
    assert staff.get(url).status_code == seen
    assert (b"Household" in staff.get(LEDGERS).content) == bool(role)
    data = {"name": "Renamed", "month_start_day": "5", "currency": "JPY", "version": 1}
    assert staff.post(url, data).status_code == change
    ledger.refresh_from_db()
    expected = ("Renamed", 5, "EUR") if role == "owner" else ("Household", 1, "EUR")
    assert (ledger.name, ledger.month_start_day, ledger.currency) == expected


@pytest.mark.parametrize("how", ["form", "action"])
def test_a_deleted_ledger_says_how_it_comes_back(root, ledger, how):
    if how == "form":
        page = root.post(f"{LEDGERS}{ledger.pk}/delete/", {"post": "yes"}, follow=True)
    else:
        ticked = {"action": "delete_selected", "_selected_action": [ledger.pk], "post": "yes"}
        page = root.post(LEDGERS, ticked, follow=True)
    number = ChangeSet.objects.newest_first()[0].pk
    assert f"To bring it back: manage.py undo {number}" in page.content.decode()
    call_command("undo", str(number))
    assert Ledger.objects.get().name == "Household"


def test_adding_a_ledger_leads_to_its_page(staff):
    assert staff.get(f"{LEDGERS}add/").url == "/ledgers/new/"


def test_deleting_a_ledger_counts_what_goes_and_asks_for_each_permission(staff, root, bob, ledger):
    share(ledger, bob, "owner")
    make_expense(ledger)
    make_expense(ledger)
    url = f"{LEDGERS}{ledger.pk}/delete/"
    page = root.get(url)
    assert dict(page.context["model_count"]) == {
        "ledgers": 1,
        "memberships": 2,
        "categories": 5,
        "expenses": 2,
    }
    assert staff.post(url, {"post": "yes"}).status_code == 403
    assert Ledger.objects.filter(pk=ledger.pk).exists()
    assert root.post(url, {"post": "yes"}).status_code == 302
    assert not Ledger.objects.filter(pk=ledger.pk).exists()


@pytest.mark.parametrize(("role", "rows"), [("owner", 2), ("editor", 0), ("viewer", 0)])
def test_memberships_are_those_of_ones_own_ledgers(staff, bob, charlie, ledger, role, rows):
    share(ledger, bob, role)
    make_ledger(charlie, "Hidden")
    page = staff.get(MEMBERSHIPS)
    assert page.context["cl"].result_count == rows
    assert b"Hidden" not in page.content
    theirs = Membership.objects.get(user=charlie)
    assert staff.get(f"{MEMBERSHIPS}{theirs.pk}/change/").status_code == 302


def test_owner_adds_people_to_their_own_ledgers_only(staff, bob, alice, charlie, ledger):
    mine, hidden = make_ledger(bob, "Mine"), make_ledger(charlie, "Hidden")
    share(ledger, bob, "editor")
    page = staff.get(f"{MEMBERSHIPS}add/").content
    assert b"Hidden" not in page
    assert b"charlie" not in page
    for chosen in (hidden, ledger):
        staff.post(f"{MEMBERSHIPS}add/", {"ledger": chosen.pk, "user": alice.pk, "role": "viewer"})
    staff.post(f"{MEMBERSHIPS}add/", {"ledger": mine.pk, "user": alice.pk, "role": "viewer"})
    added = Membership.objects.filter(user=alice).exclude(role="owner")
    assert list(added.values_list("ledger", "role")) == [(mine.pk, "viewer")]


def test_person_added_twice_is_refused(root, alice, ledger):
    page = root.post(f"{MEMBERSHIPS}add/", {"ledger": ledger.pk, "user": alice.pk, "role": "viewer"})
    assert b"This person is a member of the ledger already." in page.content


def test_ledger_keeps_its_last_owner(root, alice, bob, ledger):
    owner = Membership.objects.get(user=alice)
    other = share(ledger, bob, "editor")
    refused = root.post(f"{MEMBERSHIPS}{owner.pk}/change/", {"role": "viewer", "version": 1})
    assert b"A ledger needs an owner." in refused.content
    root.post(f"{MEMBERSHIPS}{owner.pk}/delete/", {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": [owner.pk, other.pk], "post": "yes"}
    root.post(MEMBERSHIPS, both)
    assert list(Membership.objects.order_by("pk").values_list("role", flat=True)) == ["owner", "editor"]
    root.post(f"{MEMBERSHIPS}{other.pk}/change/", {"role": "owner", "version": 1})
    root.post(f"{MEMBERSHIPS}{owner.pk}/delete/", {"post": "yes"})
    assert list(Membership.objects.values_list("user", "role")) == [(bob.pk, "owner")]


@pytest.mark.parametrize("kind", ["ledger", "membership"])
def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(root, bob, ledger, kind):
    row = {"ledger": ledger, "membership": share(ledger, bob, "viewer")}[kind]
    url = f"/admin/ledgers/{kind}/{row.pk}/change/"
    version = root.get(url).context["adminform"].form["version"].value()
    type(row).objects.filter(pk=row.pk).update(
        **{"ledger": {"name": "Flat"}, "membership": {"role": "editor"}}[kind]
    )
    data = {"name": "Mine", "month_start_day": "2", "role": "owner", "version": version}
    response = root.post(url, data)
    assert "Somebody changed this meanwhile." in response.content.decode()
    row.refresh_from_db()
    assert (row.version, getattr(row, "name", "Flat"), getattr(row, "role", "editor")) == (
        2,
        "Flat",
        "editor",
    )
    again = response.context["adminform"].form["version"].value()
    assert root.post(url, data | {"version": again}).status_code == 302
    row.refresh_from_db()
    assert row.version == 3


def test_people_are_deleted_by_those_who_see_every_ledger(staff, bob, alice, ledger):
    bob.user_permissions.set(Permission.objects.all())
    url = f"/admin/users/user/{alice.pk}/delete/"
    assert staff.get(url).status_code == staff.post(url, {"post": "yes"}).status_code == 403
    assert list(ledger.members.all()) == [alice]
