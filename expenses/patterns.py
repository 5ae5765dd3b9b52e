"""Patterns that people write, compiled by RE2: matching takes time in proportion to the text, whatever the pattern."""

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BAD_PATTERN = _("This pattern cannot be used: %(reason)s")
FITS_NOTHING_WRITTEN = _("This pattern also fits an empty text, so it would fit everything.")


def compiled(pattern: str):
    """The pattern, ready to search without regard to case. Raises ValidationError."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else error.args[0]
        raise ValidationError(BAD_PATTERN, "pattern", {"reason": reason}) from None


def check_pattern(pattern: str):
    """Raises ValidationError for the field ``pattern`` unless it can be used and fits some texts, but not any."""
    try:
        fits_any = compiled(pattern).search("")
    except ValidationError as error:
        raise ValidationError({"pattern": error}) from None
    if fits_any:
        raise ValidationError({"pattern": FITS_NOTHING_WRITTEN})
