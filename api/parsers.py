"""JSON without guessing: exact decimals, no repeated keys, nothing that is not JSON."""

import json
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer


class PlainDecimal(Decimal):
    """A JSON number with a fraction, exact, that still knows how it was written."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self):
        return self.text


class StrictJSONParser(BaseParser):
    """Parses JSON; numbers with a fraction stay exact and never become floats.

    Answers 400 for repeated keys, ``NaN`` and ``Infinity``, text that is not Unicode, and nesting too deep.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = stream.read().decode(encoding)
            data = json.loads(
                text, parse_float=PlainDecimal, parse_constant=_refuse, object_pairs_hook=_without_repeats
            )
            json.dumps(data, ensure_ascii=False, default=str).encode()
        except UnicodeError:
            raise ParseError(_("The text is not valid Unicode.")) from None
        except (RecursionError, LookupError):
            raise ParseError(_("This JSON cannot be read.")) from None
        except ValueError as error:
            raise ParseError(_("This is not JSON: %(reason)s") % {"reason": error}) from None
        return data


def _refuse(constant: str):
    raise ValueError(_("%(constant)s is not a number") % {"constant": constant})


def _without_repeats(pairs: list[tuple]) -> dict:
    keys = [key for key, _value in pairs]
    if len(keys) != len(set(keys)):
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(_("“%(key)s” is given twice") % {"key": repeated})
    return dict(pairs)
