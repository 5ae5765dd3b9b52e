"""A new name is no e-mail address, whichever way it comes; old ones that are keep working."""

import pytest
from django.core.exceptions import ValidationError

from expenses.tests.factories import PASSWORD, make_user
from expenses.tests.pages import Page
from users.accounts import make_account
from users.models import User

OLD, MESSAGE = "bob@example.com", "A username has no @: it could be taken for somebody else’s e-mail address."
CLOCK = {"time_zone": "UTC", "language": "en"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    """An account from the time when a name could be an address."""
    return make_user(OLD)


@pytest.fixture
def root(as_user):
    return as_user(make_user("root", is_staff=True, is_superuser=True))


def saved(root, person, **values):
    """Change the person in the admin."""
    known = {"username": person.username, "is_active": "on", **CLOCK}
    return root.post(f"/admin/users/user/{person.pk}/change/", known | values)


def names() -> list[str]:
    return list(User.objects.values_list("username", flat=True))


@pytest.mark.parametrize("name", [OLD, "bob@", "@bob"])
def test_the_sign_up_page_refuses_it_at_the_field(client, settings, name):
    settings.SIGNUP = "open"
    page = Page(client.get("/accounts/signup/")).form("stack").data
    password = {"password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/accounts/signup/", page | {"username": name, "email": "b@example.org"} | password)
    assert answer.context["form"].errors == {"username": [MESSAGE]}
    assert names() == []


def test_an_account_made_by_the_command_refuses_it():
    with pytest.raises(ValidationError) as refusal:
        make_account(OLD, PASSWORD)
    assert refusal.value.messages == [MESSAGE]
    assert names() == []


def test_the_admin_refuses_it_for_a_new_person_and_for_a_new_name(root, bob):
    password = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    added = root.post("/admin/users/user/add/", {"username": OLD} | password | CLOCK)
    assert added.context["adminform"].form.errors == {"username": [MESSAGE]}
    assert saved(root, bob, username=OLD).context["adminform"].form.errors == {"username": [MESSAGE]}
    assert sorted(names()) == ["bob", "root"]


def test_an_old_one_signs_in_and_is_changed_without_another_name(client, root, old, as_user):
    client.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(old.pk)
    assert saved(root, old, first_name="Bob").status_code == 302
    preferences = {"first_name": "Robert", "last_name": "", **CLOCK}
    assert as_user(old).post("/accounts/preferences/", preferences).status_code == 302
    old.refresh_from_db()
    assert (old.username, old.first_name) == (OLD, "Robert")


def test_an_old_one_gets_no_new_one_of_the_kind(root, old):
    assert saved(root, old, username="rob@example.com").status_code == 200
    assert saved(root, old, username="rob").status_code == 302
    assert "rob" in names()
