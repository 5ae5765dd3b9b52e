"""Which rule fits a payee and a text. By RE2: matching takes time in proportion to the text, whatever the pattern."""

from collections.abc import Callable, Iterable

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from expenses.models import Rule

BAD_PATTERN = _("This pattern cannot be used: %(reason)s")
Test = Callable[[str], bool]


class RuleBook:
    """The rules of a ledger in their order, ready to be tried on many lines."""

    def __init__(self, rules: Iterable[Rule]):
        self.rules = [(rule, _test_of(rule)) for rule in rules]

    def first(self, payee: str, text: str) -> Rule | None:
        """The first rule that fits, whatever the case of the letters."""
        if not self.rules:
            return None
        payee, text = payee.casefold(), text.casefold()
        return next(
            (rule for rule, test in self.rules if any(map(test, _looked_at(rule, payee, text)))), None
        )


def _looked_at(rule: Rule, payee: str, text: str) -> tuple[str, ...]:
    match rule.field:
        case Rule.Field.PAYEE:
            return (payee,)
        case Rule.Field.TEXT:
            return (text,)
    return payee, text


def _test_of(rule: Rule) -> Test:
    wanted = rule.pattern.strip().casefold()
    match rule.operator:
        case Rule.Operator.IS:
            return wanted.__eq__
        case Rule.Operator.MATCHES:
            return compiled(rule.pattern).search
    return lambda text: wanted in text


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
