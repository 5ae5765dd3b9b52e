"""Dates: as machines write them, ``2026-08-22`` and in no other way that Python would also read, and in weeks."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_iso_date(text: str) -> date:
    """The date written as ``2026-08-22``. Raises ValidationError for other spellings and for impossible dates."""
    try:
        if ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValidationError(_("Write a date as YYYY-MM-DD."), "invalid")


def week_of(day: date, first_weekday: int) -> list[date]:
    """The seven dates of the week around ``day``; ``first_weekday`` counts from Monday as 0."""
    start = day.toordinal() - (day.weekday() - first_weekday) % 7
    return [date.fromordinal(start + offset) for offset in range(7)]
