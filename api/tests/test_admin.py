import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from api.models import Token
from expenses.tests.factories import make_token, make_user
from users.models import User

LIST = "/admin/api/token/"


@pytest.fixture
def root(db, as_user):
    return as_user(make_user("root", is_staff=True, is_superuser=True))


def test_tokens_are_listed_with_their_reach_and_without_the_name_of_a_ledger(root, alice, ledger):
    make_token(alice, "backup", only_ledger=ledger)
    page = root.get(LIST).content.decode()
    assert ("alice" in page, "backup" in page, f"#{ledger.pk}" in page, ledger.name in page) == (
        True,
    ) * 3 + (False,)


def test_tokens_are_neither_made_nor_changed(root, alice):
    make_token(alice)
    url = f"{LIST}{Token.objects.get().pk}/change/"
    assert root.get(f"{LIST}add/").status_code == 403
    assert root.post(f"{LIST}add/", {"user": alice.pk, "name": "x"}).status_code == 403
    assert root.post(url, {"name": "changed"}).status_code == 403
    assert Token.objects.get().name == "script"


@pytest.mark.parametrize("one_by_one", [True, False])
def test_deleting_a_token_revokes_it(root, alice, one_by_one, caplog):
    secret = make_token(alice)
    token = Token.objects.get()
    caplog.set_level("INFO", "security")
    if one_by_one:
        answer = root.post(f"{LIST}{token.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": token.pk, "post": "yes"}
        answer = root.post(LIST, chosen)
    assert (answer.status_code, Token.objects.count()) == (302, 0)
    assert APIClient(headers={"Authorization": f"Token {secret}"}).get("/api/v1/").status_code == 401
    root_pk = User.objects.get(username="root").pk
    line = f"event=token_revoked user={alice.pk} by={root_pk} ip=127.0.0.1 token={token.pk}"
    assert caplog.messages.count(line) == 1


def test_tokens_are_for_superusers(as_user, alice, bob):
    make_token(alice)
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.all())
    staff, pk = as_user(bob), Token.objects.get().pk
    addresses = [LIST, f"{LIST}{pk}/change/", f"{LIST}{pk}/delete/"]
    assert [staff.get(address).status_code for address in addresses] == [403] * 3
    assert staff.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert LIST not in staff.get("/admin/").content.decode()
    assert Token.objects.exists()
