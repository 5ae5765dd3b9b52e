"""Over how many months an expense is spread, as people and files write it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from expenses.models import MOST_SPREAD_MONTHS
from expenses.models.expense import SPREAD_MESSAGE


def parse_months(text: str) -> int:
    """``"12"`` as 12 and, since most are not spread, nothing as 1. Raises ValidationError."""
    text = text.strip() or "1"
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_SPREAD_MONTHS:
        raise ValidationError(SPREAD_MESSAGE, "months")
    return int(text)


def written_months(months: int) -> str:
    """``12 months``."""
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


class MonthsField(forms.Field):
    """A number of months as a person writes it; 1 is shown as nothing."""

    def to_python(self, value) -> int:
        return parse_months("" if value is None else str(value))

    def prepare_value(self, value):
        return "" if value == 1 else value
