from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from users.management.commands import create_user
from users.models import User

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("PASSWORD", PASSWORD)


def run(*words):
    out = StringIO()
    call_command("create_user", *words, stdout=out)
    return out.getvalue()


def answers(monkeypatch, *passwords):
    monkeypatch.delenv("PASSWORD")
    given = iter(passwords)
    monkeypatch.setattr(create_user, "getpass", lambda prompt: next(given))


def test_first_account_is_the_administrator_and_is_told_so(settings):
    settings.SIGNUP = "first"
    assert "administrator because it is the first" in run("alice")
    alice = User.objects.get()
    assert (alice.is_staff, alice.is_superuser) == (True, True)
    assert alice.check_password(PASSWORD)


def test_second_account_is_an_ordinary_one(settings, alice):
    settings.SIGNUP = "first"
    assert run("bob") == "Made the account “bob”.\n"
    bob = User.objects.get(username="bob")
    assert (bob.is_staff, bob.is_superuser) == (False, False)


def test_first_account_is_an_ordinary_one_where_anybody_may_sign_up(settings):
    settings.SIGNUP = "open"
    run("alice")
    assert not User.objects.get().is_superuser


def test_administrator_on_request(alice):
    assert "an administrator.\n" in run("bob", "--admin")
    assert User.objects.get(username="bob").is_superuser


def test_signs_in_by_name_and_by_email(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    run("alice", "--email", "Alice@Example.org")
    assert EmailAddress.objects.get().primary
    for login in ["alice", "alice@example.org", "ALICE@example.org"]:
        client.logout()
        client.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert "_auth_user_id" in client.session, login


@pytest.mark.parametrize("name", ["alice", "Alice"])
def test_taken_name_is_refused(alice, name):
    with pytest.raises(CommandError, match="already exists"):
        run(name)
    assert User.objects.get() == alice


def test_taken_email_is_refused(alice):
    with pytest.raises(CommandError, match="has an account already"):
        run("bob", "--email", "ALICE@example.org")
    assert User.objects.get() == alice


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["bo b"], "valid username"),
        ([""], "blank"),
        (["b" * 151], "150 characters"),
        (["bob@example.org"], "A username has no @"),
        (["bob", "--email", "bob"], "valid email"),
    ],
)
def test_impossible_account_is_refused(words, reason):
    with pytest.raises(CommandError, match=reason):
        run(*words)
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "password123", "alexandria1"])
def test_weak_password_is_refused(monkeypatch, password):
    monkeypatch.setenv("PASSWORD", password)
    with pytest.raises(CommandError, match=r"too short|too common|too similar"):
        run("alexandria")
    assert not User.objects.exists()


def test_password_is_asked_twice(monkeypatch):
    answers(monkeypatch, PASSWORD, PASSWORD)
    run("alice")
    assert User.objects.get().check_password(PASSWORD)


def test_two_different_answers_make_nothing(monkeypatch):
    answers(monkeypatch, PASSWORD, PASSWORD + "!")
    with pytest.raises(CommandError, match="differ"):
        run("alice")
    assert not User.objects.exists()


def test_nobody_to_ask(monkeypatch):
    monkeypatch.delenv("PASSWORD")

    def closed(prompt):
        raise EOFError

    monkeypatch.setattr(create_user, "getpass", closed)
    with pytest.raises(CommandError, match="PASSWORD"):
        run("alice")
