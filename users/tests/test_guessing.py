"""How often a password or a code can be guessed, counted where it is really checked, with the real cache."""

from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

from expense_tracker import settings as production
from expenses.tests.factories import PASSWORD, make_user
from expenses.tests.threads import at_once

LOGIN, REAUTHENTICATE = "/accounts/login/", "/accounts/reauthenticate/"
CHANGE, SECOND_STEP = "/accounts/password/change/", "/accounts/2fa/authenticate/"
NEW = "a new long password"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_in_production(settings, monkeypatch, transactional_db):
    settings.CACHES = production.CACHES
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    # How often a password is hashed is counted here, not how long that takes.
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 1024)
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that are really hashed, each once: for an address allauth looks at the account twice."""
    seen, verify, encode = set(), Argon2PasswordHasher.verify, Argon2PasswordHasher.encode

    def seeing(function):
        def run(self, password, *args):
            seen.add(password)
            return function(self, password, *args)

        return run

    monkeypatch.setattr(Argon2PasswordHasher, "verify", seeing(verify))
    monkeypatch.setattr(Argon2PasswordHasher, "encode", seeing(encode))
    return seen


def send(url, client=None, address="203.0.113.7", host="testserver", **data):
    return (client or Client()).post(url, data, REMOTE_ADDR=address, headers={"host": host})


def guess(url, number, login="alice", **where):
    return send(url, login=login, username=login, password=f"wrong {number}", **where)


@pytest.fixture
def mallory(db):
    """Has the name of another account as an address that nobody proved."""
    make_user("bob@example.com")
    mallory = make_user("mallory")
    for address in ("bob@example.com", mallory.email):
        EmailAddress.objects.create(user=mallory, email=address)
    return mallory


def named(login, *numbers):
    """Guesses at an account by this name, each from elsewhere."""
    for number in numbers:
        guess(LOGIN, number, login=login, address=f"203.0.113.{number}")


def resets(person, mailoutbox):
    client = Client()
    client.post("/accounts/password/reset/", {"email": person.email})
    form = client.get(mailoutbox[-1].body.split("http://testserver")[1].split()[0])["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def serially(*acts):
    return [act() for act in acts]


BOTH_WAYS = pytest.mark.parametrize("way", [serially, at_once])


@BOTH_WAYS
@pytest.mark.catalogue(58)
def test_of_25_guesses_at_the_page_5_are_checked_and_then_not_even_the_right_password(
    alice, bob, hashed, way
):
    hashed.clear()
    way(*(partial(guess, LOGIN, number) for number in range(25)))
    assert len(hashed) == 5
    right = Client()
    answer = send(LOGIN, right, login="alice", password=PASSWORD)
    assert "Too many wrong tries" in answer.content.decode()
    assert (len(hashed), is_signed_in(right)) == (5, False)
    other = Client()
    send(LOGIN, other, address="198.51.100.9", login="bob", password=PASSWORD)
    assert is_signed_in(other)


@BOTH_WAYS
@pytest.mark.catalogue(60)
def test_guesses_at_the_door_of_the_admin_are_led_to_the_page_and_check_nothing(hashed, way):
    make_user("alice", is_staff=True, is_superuser=True)
    hashed.clear()
    answers = way(*(partial(guess, "/admin/login/", number) for number in range(25)))
    assert {answer["Location"].split("?")[0] for answer in answers} == {LOGIN}
    assert hashed == set()


def test_somebody_signed_in_guesses_no_passwords_through_the_admin(hashed):
    bob, _root = make_user("bob", is_staff=True), make_user("root", is_superuser=True)
    client = Client()
    client.force_login(bob)
    hashed.clear()
    assert guess("/admin/login/", 1, login="root", client=client).status_code == 405
    assert send("/admin/password_change/", client, old_password="wrong")["Location"] == CHANGE
    assert hashed == set()


def test_other_names_of_account_and_host_and_other_addresses_are_no_further_guesses(alice, hashed):
    hashed.clear()
    for number in range(25):
        login = ["alice", "ALICE", "alice@example.org", "Alice@Example.org"][number % 4]
        host = f"{['testserver', 'localhost'][number % 2]}:{8000 + number}"
        guess(LOGIN, number, login=login, host=host, address=f"203.0.113.{number}")
    assert len(hashed) == 5


def test_many_made_up_names_do_not_push_out_the_counter_of_a_real_one(alice, hashed):
    for number in range(5):
        guess(LOGIN, number)
    for number in range(400):
        cache.set(f"~{number}", "made up", 300)
        cache.set(f"!{number}", "made up", 300)
    hashed.clear()
    guess(LOGIN, 6)
    assert hashed == set()


def test_one_address_guesses_10_times_a_minute_at_all_names_together(db, hashed):
    for number in range(25):
        guess(LOGIN, number, login=f"nobody{number}")
    assert len(hashed) == 10


@pytest.mark.catalogue(58)
def test_whoever_is_locked_out_by_a_stranger_gets_in_with_a_new_password(alice, mailoutbox):
    for number in range(6):
        guess(LOGIN, number, address="198.51.100.66")
    resets(alice, mailoutbox)
    client = Client()
    send(LOGIN, client, login="alice", password=NEW)
    assert is_signed_in(client)


@pytest.mark.parametrize("first", ["bob@example.com", "BOB@example.com", "bob@example.com@example.org"])
def test_a_name_that_is_anothers_address_brings_no_further_guesses(mallory, hashed, mailoutbox, first):
    hashed.clear()
    named(first, *range(5))
    named("bob@example.com", *range(5, 10))
    named("bob@example.com@example.org", *range(10, 15))
    assert hashed == {f"wrong {number}" for number in range(5)}
    resets(mallory, mailoutbox)
    hashed.clear()
    named("bob@example.com", *range(15, 20))
    assert hashed == set()


def test_an_address_of_two_brings_no_further_guesses(mallory, bob, hashed, mailoutbox):
    for person in (bob, mallory):
        EmailAddress.objects.create(user=person, email=bob.email)
    named(bob.email, *range(5))
    resets(mallory, mailoutbox)
    hashed.clear()
    named(bob.email, *range(5, 10))
    named("bob", *range(10, 15))
    assert hashed == set()


def test_once_an_address_is_proved_whoever_else_claims_it_is_not_meant(mallory, bob, hashed):
    EmailAddress.objects.create(user=mallory, email=bob.email)
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True)
    named("mallory", *range(6))
    client = Client()
    send(LOGIN, client, login=bob.email, password=PASSWORD)
    assert is_signed_in(client)


def test_signing_in_by_an_address_of_two_leaves_both_all_their_guesses(mallory):
    for number in range(6):
        client = Client()
        send(LOGIN, client, login="bob@example.com", password=PASSWORD, address=f"203.0.113.{number}")
        assert is_signed_in(client)


@BOTH_WAYS
@pytest.mark.parametrize(("url", "field"), [(REAUTHENTICATE, "password"), (CHANGE, "oldpassword")])
def test_of_25_guesses_by_somebody_signed_in_5_are_checked(alice, hashed, way, url, field):
    client = Client()
    client.force_login(alice)
    session = client.cookies["sessionid"].value
    new = {"password1": NEW, "password2": NEW}

    def act(number):
        thief = Client()
        thief.cookies["sessionid"] = session
        return send(url, thief, **{field: f"wrong {number}"}, **(new if url == CHANGE else {}))

    hashed.clear()
    way(*(partial(act, number) for number in range(25)))
    assert len(hashed) == 5
    send(url, client, **{field: PASSWORD}, **(new if url == CHANGE else {}))
    assert len(hashed) == 5


@BOTH_WAYS
def test_of_25_guesses_at_the_second_step_5_are_checked(alice, monkeypatch, way):
    TOTP.activate(alice, TOTP_SECRET)
    checked, validate = [], TOTP.validate_code
    monkeypatch.setattr(
        TOTP, "validate_code", lambda self, code: checked.append(code) or validate(self, code)
    )
    client = Client()
    assert send(LOGIN, client, login="alice", password=PASSWORD)["Location"] == SECOND_STEP
    session = client.cookies["sessionid"].value

    def act(number):
        thief = Client()
        thief.cookies["sessionid"] = session
        return send(SECOND_STEP, thief, code=f"{number:06}")

    way(*(partial(act, number) for number in range(25)))
    assert len(checked) == 5


def test_of_two_that_use_one_code_at_once_one_gets_in(alice, monkeypatch):
    TOTP.activate(alice, TOTP_SECRET)
    codes = RecoveryCodes.activate(alice).get_unused_codes()
    browsers = [Client(), Client()]
    for browser in browsers:
        send(LOGIN, browser, login="alice", password=PASSWORD)
    at_once(*(partial(send, SECOND_STEP, browser, code=codes[0]) for browser in browsers))
    assert sorted(map(is_signed_in, browsers)) == [False, True]
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes[1:]
