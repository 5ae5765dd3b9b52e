"""Sums and their refusals are the same in Python and in the browser: ``sums.json`` has the cases for both."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from ledgers.money import parse_sum
from ledgers.refusals import refusals

SUMS = json.loads(Path(__file__).with_name("sums.json").read_text())


def answered(case):
    with override(case["language"]):
        try:
            return parse_sum(case["text"], case["decimals"])
        except ValidationError as error:
            return error.messages[0]


def expected(case):
    with override(case["language"]):
        return Decimal(case["amount"]) if "amount" in case else refusals(case["decimals"])[case["refused"]]


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_case_comes_to_its_amount_or_is_refused_with_its_sentence(language):
    cases = [case for case in SUMS if case["language"] == language]
    assert [answered(case) for case in cases] == [expected(case) for case in cases]


def test_each_reason_has_a_sentence_of_its_own():
    assert len(set(refusals(2).values())) == len(refusals(2)) == 7
