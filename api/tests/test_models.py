from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from api.models import Submission


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
