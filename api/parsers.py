"""JSON without guessing: exact decimals, no repeated keys, nothing that is not JSON."""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

MAX_DEPTH = 20


class TooLarge(APIException):
    """413: the body is larger than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The request is too large.")
    default_code = "too_large"


class PlainDecimal(Decimal):
    """A JSON number with a fraction, exact, that still knows how it was written."""

    def __new__(cls, text):
        try:
            number = super().__new__(cls, text)
        except InvalidOperation:
            raise ValueError(_("%(number)s is out of range") % {"number": text[:40]}) from None
        number.text = text
        return number

    def __str__(self):
        return self.text


class StrictJSONParser(BaseParser):
    """Parses JSON as ``strict_json`` does.

    Answers 400 for what that refuses; 413 for a body that is too large, without reading it to its end.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        return strict_json(_content(stream), encoding)


def strict_json(content: bytes, encoding: str = "utf-8"):
    """What this JSON says; numbers with a fraction stay exact and never become floats.

    Raises ParseError for repeated keys, ``NaN`` and ``Infinity``, text that is not Unicode, and nesting too deep.
    """
    try:
        text = content.decode(encoding)
        data = json.loads(
            text, parse_float=PlainDecimal, parse_constant=_refuse, object_pairs_hook=_without_repeats
        )
        _refuse_deep(data)
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except UnicodeError:
        raise ParseError(_("The text is not valid Unicode.")) from None
    except (RecursionError, LookupError):
        raise ParseError(_("This JSON cannot be read.")) from None
    except ValueError as error:
        raise ParseError(_("This is not JSON: %(reason)s") % {"reason": error}) from None
    return data


def _content(stream) -> bytes:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    # What is announced too large is not waited for.
    announced = getattr(stream, "META", {}).get("CONTENT_LENGTH") or 0
    if int(announced) > most or len(content := stream.read(most + 1)) > most:
        raise TooLarge
    return content


def _refuse(constant: str):
    raise ValueError(_("%(constant)s is not a number") % {"constant": constant})


def _refuse_deep(data):
    """What can just be read may still be nested too deep for whoever quotes it in a message."""
    level = [data]
    for _depth in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
    if level:
        raise RecursionError


def _children(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _without_repeats(pairs: list[tuple]) -> dict:
    data = dict(pairs)
    if len(data) != len(pairs):
        [(repeated, _count)] = Counter(key for key, _value in pairs).most_common(1)
        raise ValueError(_("“%(key)s” is given twice") % {"key": repeated})
    return data
