"""People and invitations in the admin."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Permission

from expenses.tests.factories import PASSWORD, make_ledger, make_user, share
from ledgers.admin import LedgerScopedAdmin
from ledgers.models import Ledger
from users.admin import SuperusersOnly
from users.models import Invitation, User


@pytest.fixture
def root(db, as_user):
    return as_user(make_user("root", is_staff=True, is_superuser=True))


@pytest.fixture
def staff(bob, as_user):
    """A browser of Bob, staff who may manage people without being a superuser."""
    bob.is_staff = True
    bob.save()
    names = [f"{verb}_user" for verb in ("view", "add", "change", "delete")]
    bob.user_permissions.set(Permission.objects.filter(codename__in=names))
    return as_user(bob)


def test_person_is_added_with_clock_and_language(root):
    data = {"username": "dora", "email": "d@example.org", "time_zone": "Europe/Berlin", "language": "de"}
    password = {"usable_password": "true", "password1": "correct horse", "password2": "correct horse"}
    assert root.post("/admin/users/user/add/", data | password).status_code == 302
    dora = User.objects.get(username="dora")
    assert (dora.email, dora.time_zone, dora.language) == ("d@example.org", "Europe/Berlin", "de")
    assert dora.check_password("correct horse")


def test_unknown_time_zone_is_refused(root):
    data = {"username": "dora", "time_zone": "Mars/Olympus", "language": "de", "usable_password": "false"}
    page = root.post("/admin/users/user/add/", data)
    assert "“Mars/Olympus” is not a time zone." in page.content.decode()


def test_only_a_superuser_gives_powers(staff, alice):
    data = {"username": "alice", "is_active": "on", "time_zone": "UTC", "language": "en"}
    powers = {"is_superuser": "on", "is_staff": "on"}
    url = f"/admin/users/user/{alice.pk}/change/"
    assert staff.post(url, data | powers | {"first_name": "Alice"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.first_name, alice.is_staff, alice.is_superuser) == ("Alice", False, False)


def test_only_a_superuser_touches_a_superuser(staff):
    root = make_user("root", is_superuser=True)
    password = {"password1": "taken over", "password2": "taken over", "usable_password": "true"}
    assert staff.post(f"/admin/users/user/{root.pk}/password/", password).status_code == 403
    assert staff.post(f"/admin/users/user/{root.pk}/change/", {"username": "x"}).status_code == 403
    assert staff.post(f"/admin/users/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(
        "/admin/users/user/", {"action": "delete_selected", "_selected_action": root.pk, "post": "yes"}
    )
    assert User.objects.filter(username="root").exists()


def test_invitation_shows_the_link_to_send_until_it_is_used(root, client):
    assert root.post("/admin/users/invitation/add/", {"note": "Dora"}).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.created_by.username, invitation.note) == ("root", "Dora")
    html = root.get("/admin/users/invitation/").content.decode()
    link = re.search(r"http://testserver(/accounts/invitations/[^<]+)", html)[1]
    assert client.get(link).url == "/accounts/signup/"
    Invitation.objects.update(accepted_by=make_user("dora"), accepted_at=invitation.created_at)
    html = root.get("/admin/users/invitation/").content.decode()
    assert "/accounts/invitations/" not in html
    assert 'field-accepted_by nowrap">dora' in html


def test_invitations_need_the_permission(staff):
    assert staff.get("/admin/users/invitation/").status_code == 403
    assert staff.post("/admin/users/invitation/add/", {"note": "x"}).status_code == 403
    assert not Invitation.objects.exists()


def test_the_dates_of_a_person_are_not_written_by_hand(root, alice):
    page = root.get(f"/admin/users/user/{alice.pk}/change/").content.decode()
    assert "field-date_joined" in page
    assert 'name="date_joined' not in page
    assert 'name="last_login' not in page


@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_only_owner_of_a_ledger_is_not_deleted(root, alice, bob, charlie, one_by_one):
    make_ledger(alice, "Savings")
    shared = make_ledger(alice, "Household")
    share(shared, bob, "owner")
    share(shared, charlie, "editor")

    def delete(*people):
        if one_by_one and len(people) == 1:
            return root.post(f"/admin/users/user/{people[0].pk}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [person.pk for person in people]}
        return root.post("/admin/users/user/", chosen | {"post": "yes"})

    refused = delete(alice)
    assert refused.context["protected"][0] == "Ledger: Savings"
    assert "<li>Ledger: Savings</li>" in refused.content.decode()
    assert "Household" not in str(refused.context["protected"])
    Ledger.objects.get(name="Savings").delete()
    assert delete(alice, bob).context["protected"][0] == "Ledger: Household"
    assert User.objects.filter(pk__in=[alice.pk, bob.pk]).count() == 2
    assert delete(alice).status_code == delete(charlie).status_code == 302
    assert "Ledger: Household" in delete(bob).context["protected"]
    assert list(shared.memberships.values_list("user", "role")) == [(bob.pk, "owner")]


def test_the_last_administrator_is_not_deleted(db, as_user):
    root, other = (make_user(name, is_staff=True, is_superuser=True) for name in ("root", "other"))
    url = "/admin/users/user/{}/delete/"
    assert as_user(root).post(url.format(other.pk), {"post": "yes"}).status_code == 302
    response = as_user(root).post(url.format(root.pk), {"post": "yes"})
    assert "There has to be an administrator. Make somebody else one first." in response.content.decode()
    assert [user.username for user in User.objects.all()] == ["root"]


@pytest.fixture
def all_powerful_staff(bob, as_user):
    """A browser of Bob, staff with every permission there is who is no superuser."""
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.all())
    return as_user(bob)


def test_only_a_superuser_sets_somebody_s_password(all_powerful_staff, alice):
    new = {"password1": "taken over by bob", "password2": "taken over by bob", "usable_password": "true"}
    assert all_powerful_staff.post(f"/admin/users/user/{alice.pk}/password/", new).status_code == 403
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_only_a_superuser_changes_what_somebody_signs_in_with(all_powerful_staff, alice):
    data = {"is_active": "on", "time_zone": "UTC", "language": "en", "first_name": "Alice"}
    data |= {"username": "bobs", "email": "bob@example.org"}
    assert all_powerful_staff.post(f"/admin/users/user/{alice.pk}/change/", data).status_code == 302
    alice.refresh_from_db()
    assert (alice.first_name, alice.username, alice.email) == ("Alice", "alice", "alice@example.org")


def test_only_a_superuser_gives_somebody_an_address(all_powerful_staff, root, alice):
    data = {"user": alice.pk, "email": "bob@example.org"}
    for path in ("", "add/", f"{alice.pk}/change/"):
        assert all_powerful_staff.get(f"/admin/account/emailaddress/{path}").status_code in (302, 403)
    assert all_powerful_staff.post("/admin/account/emailaddress/add/", data).status_code == 403
    assert not EmailAddress.objects.exists()
    assert root.post("/admin/account/emailaddress/add/", data).status_code == 302
    assert EmailAddress.objects.get().user == alice


@pytest.mark.parametrize(
    "model",
    [
        model
        for model in admin.site._registry
        if any(field.related_model is User and field.name == "user" for field in model._meta.fields)
    ],
    ids=lambda model: model._meta.label,
)
def test_what_belongs_to_a_person_is_for_superusers_or_scoped_by_ledger(model):
    assert isinstance(admin.site._registry[model], SuperusersOnly | LedgerScopedAdmin)
