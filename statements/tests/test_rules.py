import pytest

from expenses.models import Rule
from statements.rules import RuleBook


def fits(pattern, payee="", text="", **values):
    return RuleBook([Rule(pattern=pattern, **values)]).first(payee, text) is not None


@pytest.mark.parametrize(
    ("field", "found"), [("any", (True, True)), ("payee", (True, False)), ("text", (False, True))]
)
def test_a_rule_looks_where_it_says(field, found):
    assert (fits("bakery", "Corner Bakery", field=field), fits("bakery", text="bakery", field=field)) == found


@pytest.mark.parametrize(
    ("operator", "pattern", "found"),
    [
        ("contains", "SHELL", True),
        ("contains", " shell ", True),
        ("contains", "sh.ll", False),
        ("is", "shell station 7", True),
        ("is", "shell", False),
        ("matches", "^shell.*[0-9]$", True),
        ("matches", "^station", False),
    ],
)
def test_how_a_text_is_compared(operator, pattern, found):
    assert fits(pattern, "Shell Station 7", operator=operator) is found


@pytest.mark.parametrize("operator", ["contains", "is", "matches"])
@pytest.mark.parametrize(("pattern", "payee"), [("Straße", "STRAßE"), ("ÉCOLE", "école"), ("a", "A")])
def test_case_does_not_matter_in_any_script(operator, pattern, payee):
    assert fits(pattern, payee, operator=operator)


def test_the_first_rule_that_fits_decides():
    rules = [Rule(pattern=pattern) for pattern in ("nothing", "bak", "bakery")]
    assert RuleBook(rules).first("Bakery", "") is rules[1]
    assert RuleBook(rules).first("Pharmacy", "") is None


def test_a_pattern_that_cannot_be_used_fits_nothing_and_hinders_no_other():
    broken, good = Rule(pattern="(", operator="matches"), Rule(pattern="(")
    assert RuleBook([broken, good]).first("a (b)", "") is good


@pytest.mark.catalogue(41)
def test_no_pattern_takes_more_than_time_in_proportion_to_the_text():
    # A backtracking matcher needs 2 ** 100,000 steps for this one.
    assert not fits("(a+)+$", "a" * 100_000 + "b", operator="matches")
    assert fits("(a+)+$", "a" * 100_000, operator="matches")
