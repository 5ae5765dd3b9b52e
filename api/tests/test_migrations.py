from datetime import timedelta
from importlib import import_module

from django.db import connection
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.test import APIClient

from api.models import Token
from expenses.tests.factories import make_token

tokens = import_module("api.migrations.0002_tokens")
SECRET = "0123456789abcdef" * 4


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def old_token(user, secret, expiry=None):
    run(
        "INSERT INTO knox_authtoken (digest, token_key, user_id, created, expiry) VALUES (%s, %s, %s, %s, %s)",
        *(hash_token(secret), secret[:15], user.pk, timezone.now(), expiry),
    )


def test_a_token_made_before_tokens_had_names_goes_on_working(alice, ledger):
    old_token(alice, SECRET)
    run(tokens.MOVE)
    token = Token.objects.get()
    assert (token.name, token.can_write, token.only_ledger) == ("made before tokens had names", True, None)
    client = APIClient(headers={"Authorization": f"Token {SECRET}"})
    assert client.post(f"/api/v1/ledgers/{ledger.pk}/categories/", {"name": "New"}).status_code == 201


def test_its_expiry_is_kept_and_one_that_never_worked_stays_behind(alice):
    expiry = timezone.now() + timedelta(days=3)
    old_token(alice, SECRET, expiry)
    old_token(alice, "f" * 64, timezone.now() - timedelta(days=1))
    run(tokens.MOVE)
    assert list(Token.objects.values_list("expiry")) == [(expiry,)]


def test_nothing_of_it_keeps_its_person_from_being_deleted(alice):
    old_token(alice, SECRET)
    run(tokens.MOVE)
    alice.delete()
    assert run("SELECT count(*) FROM knox_authtoken") == [(0,)]


def test_on_the_way_back_no_token_can_do_more_than_before(alice, ledger):
    make_token(alice, "all")
    make_token(alice, "one ledger", only_ledger=ledger)
    make_token(alice, "reads", can_write=False)
    run(tokens.MOVE_BACK)
    all_of_it = Token.objects.get(name="all")
    assert run("SELECT digest, token_key FROM knox_authtoken") == [(all_of_it.digest, all_of_it.token_key)]
