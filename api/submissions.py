"""A form that comes twice is carried out once, and what it saved can be undone.

A double click, the back button and a lost answer all send the same rendering again. It is known by the key that
``{% submission_key %}`` put into it, together with what was filled in: the same key with something else typed is
something new. What was done is remembered in the transaction that did it. The decorators stand around
``ledger_page``, so every answer but the repeated one is the view's own.
"""

import json
from functools import wraps
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from api.models import Submission
from database.change_sets import written_in

FIELD = "submission"


def ledger_led_to(request, response) -> int | None:
    """The ledger of the page that the answer leads to; None for one of no ledger, such as the first page."""
    return resolve(urlsplit(response.url).path).kwargs.get("ledger_id")


def once(view, ledger_of=ledger_led_to):
    """Carry out a form once; sent again, it is answered with the redirect it got.

    Remembered in the ledger that ``ledger_of(request, response)`` names. A refusal is not remembered, and neither
    is an answer of no ledger. Such a form took away one's own right to send it (ended a membership, lowered a
    role), so sent again it is refused like anybody's who never had that right: with 403 or 404.
    """

    @wraps(view)
    def page(request, **kwargs):
        key = _key(request)
        if key is None:
            return view(request, **kwargs)
        if earlier := Submission.answered(request.user, key):
            messages.success(request, _("Saved already."))
            return redirect(earlier.answer)
        # An error of another page may still wait to be shown.
        waiting = len(messages.get_messages(request))
        response = view(request, **kwargs)
        if _is_done(request, response, waiting) and (ledger_id := ledger_of(request, response)):
            Submission.objects.create(ledger_id=ledger_id, user=request.user, key=key, answer=response.url)
        return response

    return page


def saves(view):
    """Around a page of a ledger: its forms are carried out ``once`` and it ``offers_undo``."""
    return once(offers_undo(view))


def offers_undo(view):
    """Around a page of a ledger: what it wrote there can be undone from the page it leads to."""

    @wraps(view)
    def page(request, ledger_id, **kwargs):
        response = view(request, ledger_id=ledger_id, **kwargs)
        led_back = response.status_code == 302 and ledger_led_to(request, response) == ledger_id
        if request.method == "POST" and led_back:
            offer_undo(request, ledger_id)
        return response

    return page


def offer_undo(request, ledger_id: int):
    """Offer, beside the message before, to undo what this request has written in the ledger, if it has."""
    if change_set := written_in(ledger_id):
        messages.add_message(request, settings.UNDO, reverse("change_set", args=[ledger_id, change_set]))


def _key(request) -> UUID | None:
    """Known by rendering, address and content. None for what is no form of a signed-in person, or has no key."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    try:
        rendering = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, files in request.FILES.lists() for file in files)
    return uuid5(rendering, json.dumps([request.path, fields, files]))


def _is_done(request, response, waiting: int) -> bool:
    """Whether the view did what it was asked to: some refuse with a redirect and an error to show there.

    The first ``waiting`` messages were there before the view.
    """
    if response.status_code != 302:
        return False
    said = messages.get_messages(request)
    refused = any(message.level >= messages.ERROR for message in list(said)[waiting:])
    said.used = False  # they are still to be shown
    return not refused
