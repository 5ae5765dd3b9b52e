import pytest
from django.core.exceptions import ValidationError

from expenses.models import Rule


def refusal(pattern, operator="matches"):
    try:
        Rule(pattern=pattern, operator=operator).clean()
    except ValidationError as error:
        return error.message_dict["pattern"]
    return None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing ): ("),
        ("[a", "missing ]: [a"),
        ("(?=a)b", "invalid perl operator: (?="),
        (r"(a)\1", r"invalid escape sequence: \1"),
        ("((a{100}){100}){100}", "invalid repetition size: {100}"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(pattern, reason):
    assert refusal(pattern) == [f"This pattern cannot be used: {reason}"]


@pytest.mark.parametrize("pattern", ["a*", "bakery|", "^", "()", "(?i)x?"])
def test_a_pattern_that_fits_an_empty_text_is_refused(pattern):
    assert refusal(pattern) == ["This pattern also fits an empty text, so it would fit everything."]


@pytest.mark.parametrize(
    ("pattern", "operator"), [("^SHELL|^ARAL", "matches"), ("(", "contains"), ("a*", "is")]
)
def test_a_pattern_is_taken(pattern, operator):
    assert refusal(pattern, operator) is None
