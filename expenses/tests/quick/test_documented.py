"""The tables of docs/quick-add.md say what is so."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from expenses.models import Category
from expenses.quick.grammar import LineError
from expenses.tests.quick.reading import a_reader
from ledgers.money import plain

DOCUMENT = (Path(__file__).parents[3] / "docs" / "quick-add.md").read_text()
RENT = Category(pk=1, name="Rent")
FOOD = Category(pk=2, name="Food", aliases=["groceries"])
OUT = Category(pk=3, name="Eating out")
HISTORY = [("Aldi", "", FOOD.pk), ("7 Eleven", "", FOOD.pk), ("", "lunch", OUT.pk)]


def table(columns: int) -> list[tuple[str, ...]]:
    """The rows of the document that begin with a language and have so many cells."""
    rows = re.findall(r"^\| ((?:en|en-gb|de) \|.*) \|$", DOCUMENT, re.M)
    cells = [tuple(cell.strip().strip("`") for cell in row.split("|")) for row in rows]
    return [row for row in cells if len(row) == columns]


def read(language: str, line: str):
    with override(language):
        return a_reader(history=HISTORY, categories=[RENT, FOOD, OUT]).row(line)


@pytest.mark.parametrize("row", table(8), ids=lambda row: row[1])
def test_an_example_is_understood_as_documented(row):
    language, line, *told = row
    found = read(language, line)
    category = found.category.name if found.category else ""
    amount = plain(found.amount, 2)
    assert told == [str(found.date), amount, category, found.payee, found.notes, " ".join(found.tags)]


@pytest.mark.parametrize("row", table(4), ids=lambda row: row[1])
def test_an_example_is_refused_as_documented(row):
    language, line, field, because = row
    with pytest.raises(LineError) as refused:
        read(language, line)
    assert (refused.value.field, because in refused.value.message) == (field, True)


def test_there_are_examples():
    assert (len(table(8)), len(table(4))) == (19, 9)
