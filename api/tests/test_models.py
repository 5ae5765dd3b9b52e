from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from knox.crypto import hash_token

from api.models import MOST_TOKENS, Submission, Token
from expenses.tests.factories import make_token, make_user
from expenses.tests.threads import while_blocked


def test_old_submissions_are_forgotten_and_recent_ones_kept(ledger, alice):
    old = Submission.objects.create(ledger=ledger, user=alice, key=uuid4())
    Submission.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    recent = Submission.objects.create(ledger=ledger, user=alice, key=uuid4())
    Submission.forget_old()
    assert list(Submission.objects.all()) == [recent]


def test_a_submission_keeps_what_every_save_of_its_form_became(ledger, alice):
    key = uuid4()
    Submission.claim(ledger, alice, key).remember({0: (7, 1)})
    Submission.claim(ledger, alice, key).remember({3: (8, 2)})
    assert Submission.claim(ledger, alice, key).rows == {"0": [7, 1], "3": [8, 2]}


def test_only_the_digest_and_the_beginning_of_a_token_are_kept(alice):
    secret = make_token(alice)
    kept = str(Token.objects.values().get())
    assert secret[:15] in kept
    assert secret[:16] not in kept
    assert Token.objects.get().digest == hash_token(secret)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "token_name_given"),
        ({"expiry": timedelta(seconds=-1)}, "token_expiry_after_creation"),
        ({"name": "x" * 101}, "value too long"),
    ],
)
def test_the_database_refuses_a_token_that_makes_no_sense(alice, values, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        make_token(alice, **values)
    assert not Token.objects.exists()


def test_two_rows_never_have_the_same_digest(alice):
    make_token(alice)
    twin = Token.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError, match="api_token_digest"):
        twin.save()


def test_a_ledger_takes_its_tokens_along_and_leaves_the_others(alice, ledger):
    make_token(alice, "one ledger", only_ledger=ledger)
    make_token(alice, "all ledgers")
    ledger.delete()
    assert [token.name for token in Token.objects.all()] == ["all ledgers"]


def test_a_use_is_noted_once_a_minute(alice, django_assert_num_queries):
    make_token(alice)
    Token.objects.get().note_use()
    noted = Token.objects.get()
    with django_assert_num_queries(0):
        noted.note_use()
    long_ago = timezone.now() - timedelta(minutes=1)
    Token.objects.update(last_used_at=long_ago)
    with django_assert_num_queries(1):
        Token(pk=noted.pk, last_used_at=long_ago).note_use()
    assert Token.objects.get().last_used_at > long_ago


def test_a_person_has_room_for_fifty_tokens(alice, bob):
    for number in range(MOST_TOKENS):
        Token.make_room(alice)
        make_token(alice, f"token {number}")
    with pytest.raises(ValidationError, match="There are 50 tokens already"):
        Token.make_room(alice)
    Token.make_room(bob)


def test_whoever_makes_a_token_waits_for_the_one_being_made(transactional_db):
    alice = make_user("alice")
    for number in range(MOST_TOKENS - 1):
        make_token(alice, f"token {number}")

    def make_one():
        with transaction.atomic(), suppress(ValidationError):
            Token.make_room(alice)
            make_token(alice)

    with while_blocked(make_one):
        make_one()
    assert Token.objects.count() == MOST_TOKENS
