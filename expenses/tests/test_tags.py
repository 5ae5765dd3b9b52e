"""Tags among the notes: what is one, and that both ways of writing them say the same."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.models import Expense
from expenses.models.words import TAG_SHAPE
from expenses.tags import clean_tags, normal_tag, take_tags

letters = st.characters(categories=["Ll", "Lo", "Lm", "Nd", "Mn", "So"])
words = st.text(letters, max_size=12).map(lambda text: normal_tag(f"a{text}")).filter(bool)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("lunch #Work", ("lunch", ["work"])),
        ("#work lunch", ("lunch", ["work"])),
        ("paid #work, then #home.", ("paid, then.", ["home", "work"])),
        ("#Büro #büro", ("", ["büro"])),
        ("invoice #5 for 2#3", ("invoice #5 for 2#3", [])),
        ("a#b # c", ("a#b # c", [])),
        (" kept as it is ", (" kept as it is ", [])),
    ],
)
def test_words_after_a_number_sign_are_taken(text, taken):
    assert take_tags(text) == taken


@pytest.mark.parametrize("word", ["", "5th", "-x", "_x", "two words", "a.b", "x" * 51, "a\u200db", "a\x00"])
def test_what_cannot_be_a_tag(word):
    assert normal_tag(word) is None


def test_too_many_are_refused():
    with pytest.raises(ValidationError, match="at most 20"):
        clean_tags(f"t{number}" for number in range(21))


@given(st.lists(words, max_size=5))
def test_what_is_written_with_the_notes_is_read_back(tags):
    expense = Expense(notes="lunch with Ada", tags=clean_tags(tags))
    assert take_tags(expense.notes_with_tags) == ("lunch with Ada", expense.tags)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for_its_tags(text):
    rest, tags = take_tags(text)
    assert take_tags(" ".join([rest, *(f"#{tag}" for tag in tags)]))[1] == tags or not tags


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tags=st.lists(words, max_size=4))
def test_the_database_takes_what_is_a_tag(db, tags):
    with connection.cursor() as cursor:
        cursor.execute("SELECT are_words(%s::text[], %s)", [clean_tags(tags), TAG_SHAPE])
        assert cursor.fetchone() == (True,)
