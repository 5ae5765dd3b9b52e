import io
import json
from datetime import date
from decimal import Decimal

import pytest

from expenses import exchange
from statements.formats import limits, own
from statements.formats.lines import Line, Rejected, Unreadable

LUNCH = {
    "date": "2026-03-01",
    "amount": "12.50",
    "category": "Food",
    "payee": " Café  Zoë ",
    "notes": "two\n lines ",
    "external_id": "ab12:csv:cd34:1",
}
REFUND = {"date": "2026-03-02", "amount": "-3.00", "category": "Food", "payee": "", "notes": ""}


def document(items=(), **more):
    ledger = {"name": "Home", "currency": "EUR", "month_start_day": 1}
    return {"format": own.FORMAT, "version": own.NEWEST, "ledger": ledger, "expenses": list(items)} | more


def read(said):
    return own.read(io.BytesIO(json.dumps(said).encode()), "ledger.json", {})


def refused(said):
    with pytest.raises(Unreadable) as caught:
        read(said)
    return str(caught.value)


def test_what_was_spent_is_money_out_and_every_text_is_kept_as_it_was():
    assert list(read(document([LUNCH, REFUND])).lines) == [
        Line(
            number=1,
            source=json.dumps(LUNCH, ensure_ascii=False),
            date=date(2026, 3, 1),
            amount=Decimal("-12.50"),
            currency="EUR",
            payee=" Café  Zoë ",
            text="two\n lines ",
            bank_id="ab12:csv:cd34:1",
            category="Food",
        ),
        Line(
            number=2,
            source=json.dumps(REFUND),
            date=date(2026, 3, 2),
            amount=Decimal("3.00"),
            currency="EUR",
            category="Food",
        ),
    ]


@pytest.mark.parametrize(("said", "months"), [(12, 12), ("12", 0), (True, 0), (None, 0)])
def test_over_how_many_months_is_a_whole_number(said, months):
    (line,) = read(document([LUNCH | {"spread_months": said}])).lines
    assert line.spread_months == months


def test_tags_and_the_receipt_are_those_of_the_expense():
    (line,) = read(document([LUNCH | {"tags": ["größe", "work"], "receipt": "r"}])).lines
    assert (line.tags, line.receipt) == (("größe", "work"), "r")


def test_it_is_known_as_ours_and_asks_nothing():
    reading = read(document())
    assert (reading.is_ours, reading.format, reading.questions, list(reading.lines)) == (True, "json", (), [])


def test_what_the_database_cannot_store_is_left_out():
    (line,) = read(document([LUNCH | {"payee": "A\0B", "notes": "C\ud800D"}])).lines
    assert (line.payee, line.text) == ("AB", "C?D")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount": 12.5}, "“amount” is not a text."),
        ({"amount": "much"}, "“much” is not an amount."),
        ({"date": "2026-02-30"}, "The date “2026-02-30” does not exist."),
        ({"payee": None}, "“payee” is not a text."),
        ({"tags": "work"}, "“tags” is not a list of texts."),
        ({"tags": [1]}, "“tags” is not a list of texts."),
        ({"receipt": None}, "“receipt” is not a text."),
        ({"external_id": "x" * 81}, "“external_id” is too long."),
    ],
)
def test_an_expense_that_cannot_be_read_is_named_and_the_others_are_offered(change, reason):
    bad, good = read(document([LUNCH | change, REFUND])).lines
    assert (type(bad), bad.number, str(bad.reason), good.number) == (Rejected, 1, reason, 2)


def test_what_is_no_expense_at_all_is_rejected():
    (bad,) = read(document([7])).lines
    assert (bad.source, str(bad.reason)) == ("7", "This is not an expense.")


def test_every_version_that_is_written_can_be_read():
    assert (own.FORMAT, own.NEWEST) == (exchange.FORMAT, exchange.VERSION)


def test_a_file_of_a_newer_version_is_refused():
    newer = document(version=own.NEWEST + 1)
    assert refused(newer) == "The file was exported by a newer version of this application."


@pytest.mark.parametrize("part", ["version", "ledger", "expenses"])
def test_a_file_without_one_of_its_parts_is_refused(part):
    message = "The file has no version, ledger or expenses: it was changed after it was exported."
    assert refused(document(**{part: None})) == message


@pytest.mark.parametrize(
    "raw", [b'{"format": "expense-tracker-ledger", "ver', b"[" * 100_000, b'{"a": NaN}', b"\xff"]
)
def test_a_file_that_is_not_json_is_refused_in_one_sentence(raw):
    with pytest.raises(Unreadable, match=r"^The file is not complete JSON"):
        own.read(io.BytesIO(raw), "ledger.json", {})


def test_another_document_is_refused():
    message = "This is not a ledger that was exported from this application."
    assert [refused([]), refused({"format": "other"})] == [message, message]


def test_a_file_beyond_the_limits_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 1)
    assert refused(document([LUNCH, REFUND])) == "The file has more than 1 expenses."
    monkeypatch.setattr(limits, "BYTES", 20)
    assert refused(document()) == "The file is larger than 0 MB."


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (b'{\n"format": "expense-tracker-ledger",', True),
        (b'\xef\xbb\xbf {"version": 1, "format":"expense-tracker-ledger"', True),
        (b'{"format": "other"', False),
        (b'Date,Text\n2026-01-01,"expense-tracker-ledger"', False),
    ],
)
def test_recognised_by_its_content(head, ours):
    assert own.recognise(head, "anything.txt") is ours
