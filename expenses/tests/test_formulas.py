import csv
import io
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expenses.formulas import guard, unguard

SIGNS = "=+-@⁺⁼₊₌﬩﹢﹣﹦﹫＝＋－＠"
SEPARATORS = ";|\t"
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}  # categories of Unicode
# What forms and the API let in: no NUL, no lone surrogate, no blanks at the ends.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60).map(str.strip)
TRICKY = st.text(st.sampled_from(f"{SIGNS}{SEPARATORS}\r\n,\"' \ufeff\u200b\xadab1"), max_size=12).map(
    str.strip
)
EVERY_CHARACTER = [chr(code) for code in range(1, sys.maxunicode + 1)]


def formulas(content: str) -> list[str]:
    """What a program that splits the file at any of the separators, with or without quotes, could calculate."""
    cells = [cell for separator in f",{SEPARATORS}" for cell in cells_at(separator, content)]
    return [
        cell for cell in cells if first_visible(cell) in set(SIGNS) and not re.fullmatch(r"-\d+\.\d\d", cell)
    ]


def cells_at(separator: str, content: str) -> list[str]:
    """The cells as the csv module has them, and but for the comma as a program that knows no quotes has them."""
    records = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    cells = [cell for record in records for cell in record]
    naive = [] if separator == "," else re.split(rf"[{re.escape(separator)}\r\n]", content)
    return cells + [cell.lstrip('"') for cell in naive]


def first_visible(cell: str) -> str:
    return next((character for character in cell if unicodedata.category(character) not in INVISIBLE), "")


def file_of(*texts: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["2024-08-01", "-5.00", *map(guard, texts)])
    return file.getvalue()


@pytest.mark.catalogue(18)
@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("'=1", "''=1"),
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("x\t@y", "x\t'@y"),
        ("two\r\n- lines", "two\r\n'- lines"),
        (';"=1', ";\"'=1"),
        ("\ufeff=1", "\ufeff'=1"),
        ("\u200b﹦1", "\u200b'﹦1"),
        ("\t=1", "\t'=1"),
        ("5 - 3 = 2; me@example.org, o'Neill", "5 - 3 = 2; me@example.org, o'Neill"),
        ("two\r\nlines;", "two\r\nlines;"),
    ],
)
def test_an_apostrophe_stands_before_each_sign_that_a_cell_could_begin_with(text, guarded):
    assert (guard(text), unguard(guarded)) == (guarded, text)


def test_every_character_that_unicode_calls_the_same_is_a_sign():
    signs = {sign for sign in EVERY_CHARACTER if unicodedata.normalize("NFKC", sign) in set("=+-@")}
    assert signs == set(SIGNS)
    assert [sign for sign in signs if guard(f"a;{sign}1") != f"a;'{sign}1"] == []


def test_every_invisible_character_is_passed_over():
    invisible = [mark for mark in EVERY_CHARACTER if unicodedata.category(mark) in INVISIBLE]
    assert [mark for mark in invisible if guard(f"{mark}=1") != f"{mark}'=1"] == []


@example(["a;", '"=1', ""])
@example([';"=1', ';""=1', ';"\n=1'])
@example(["a;'=1", "''=1", "'"])
@given(st.lists(TRICKY | TEXTS, min_size=3, max_size=3))
@pytest.mark.catalogue(18)
def test_no_guarded_text_is_a_formula_wherever_a_file_is_split_and_each_can_be_read_again(texts):
    assert [unguard(guard(text)) for text in texts] == texts
    assert formulas(file_of(*texts)) == []


def test_the_longest_line_takes_no_time():
    """Every character a possible begin: looked at again from each, this would take minutes."""
    text = "\t;" * 65_536
    assert (guard(text), unguard(text)) == (text, text)
