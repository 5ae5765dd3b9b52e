"""A request that comes twice with one ``Idempotency-Key`` is carried out once and answered alike both times.

The key is claimed in the request's own transaction, where a twin waits for it, and kept with the answer beside the
rows: both are there or neither is. A refused request gives its key back.
"""

import json
import re
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("ETag", "Location", "Change-Set")
KEY = re.compile(r"[!-~]{1,255}")


class KeyOfAnother(APIException):
    """422: the key belongs to a request that was another one."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = gettext_lazy("This Idempotency-Key was used for another request. Nothing was written.")
    default_code = "key_of_another"


class AnsweredBefore(Exception):
    """The request was carried out before. ``response`` is what it was answered."""

    def __init__(self, response: Response):
        super().__init__("answered before")
        self.response = response


def claim(request, ledger) -> IdempotencyKey | None:
    """The request's key, held until its transaction ends; None if it has none.

    A request of which no answer could be kept is carried out if it comes again from somebody who may write again.
    Raises ``AnsweredBefore`` for a request that was carried out, ``KeyOfAnother`` if that was another one, and
    ValidationError for a key that is none. Where the outcome of COMMIT stays unknown, ``is_repeatable`` on Django's
    request tells that it can be sent again.
    """
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    fingerprint = _fingerprint(request)
    key = IdempotencyKey.claim(ledger, request.user, _key(sent), fingerprint)
    if key.fingerprint != fingerprint:
        raise KeyOfAnother
    if key.status is not None:
        raise AnsweredBefore(_answer(key))
    request._request.is_repeatable = True
    return key


def remember(key: IdempotencyKey, response: Response) -> None:
    """Keep what the request was answered, for when it comes again.

    Whoever took away their own right to write with it cannot keep that: row security hides the key from them.
    """
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = JSONRenderer().render(response.data).decode()
    IdempotencyKey.objects.filter(pk=key.pk).update(status=response.status_code, headers=headers, body=body)


def _key(sent: str) -> str:
    """The key without the quotes that it has as a string of a structured field."""
    quoted = len(sent) > 1 and sent.startswith('"') and sent.endswith('"')
    key = sent[1:-1] if quoted else sent
    if not KEY.fullmatch(key):
        raise ValidationError({HEADER: [_("A key has 1 to 255 visible ASCII characters.")]})
    return key


def _fingerprint(request) -> str:
    sent = dict(request.data.lists()) if isinstance(request.data, QueryDict) else request.data
    body = json.dumps(sent, sort_keys=True, default=_told)
    return sha256("\n".join([request.method, request.get_full_path(), body]).encode()).hexdigest()


def _told(value) -> str:
    """What JSON has no word for. A file is told by its content; a number from a text, and 1.0 from 1.00."""
    if not isinstance(value, UploadedFile):
        return f"number {value!s}"
    digest = sha256(b"".join(value.chunks())).hexdigest()
    value.seek(0)
    return f"file {value.name} {digest}"


def _answer(key: IdempotencyKey) -> Response:
    data = json.loads(key.body) if key.body else None
    return Response(data, key.status, headers=key.headers | {REPLAYED: "true"})
