"""Which rule fits a payee and a text."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError

from expenses.models import Rule
from expenses.patterns import compiled

Test = Callable[[str, str], object]  # of a text, as it is and in small letters


class RuleBook:
    """The rules of a ledger in their order, ready to be tried on many lines."""

    def __init__(self, rules: Iterable[Rule]):
        self.rules = [(rule, _test_of(rule)) for rule in rules]

    def first(self, payee: str, text: str) -> Rule | None:
        """The first rule that fits, whatever the case of the letters."""
        if not self.rules:
            return None
        both = {Rule.Field.PAYEE: ((payee, payee.casefold()),), Rule.Field.TEXT: ((text, text.casefold()),)}
        both[Rule.Field.ANY] = both[Rule.Field.PAYEE] + both[Rule.Field.TEXT]
        return next(
            (rule for rule, test in self.rules if any(test(*each) for each in both[rule.field])), None
        )


def _test_of(rule: Rule) -> Test:
    wanted = rule.pattern.strip().casefold()
    match rule.operator:
        case Rule.Operator.IS:
            return lambda text, small: small == wanted
        case Rule.Operator.MATCHES:
            return _search_of(rule.pattern)
    return lambda text, small: wanted in small


def _search_of(pattern: str) -> Test:
    """A pattern that cannot be used, which no form lets in, fits nothing."""
    try:
        search = compiled(pattern).search
    except ValidationError:
        return lambda text, small: False
    return lambda text, small: search(text)
