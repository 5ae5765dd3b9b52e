from decimal import Decimal
from io import BytesIO
from time import perf_counter

import pytest
from rest_framework.exceptions import ParseError

from api.parsers import StrictJSONParser
from expenses.models import Expense


def parse(content: bytes, encoding="utf-8"):
    return StrictJSONParser().parse(BytesIO(content), parser_context={"encoding": encoding})


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b'{"a": [1, true, null, "x"]}', {"a": [1, True, None, "x"]}),
        ('{"name": "Café 🍰"}'.encode(), {"name": "Café 🍰"}),
        (b'"\\ud83c\\udf70"', "🍰"),
    ],
)
def test_json_is_read(content, data):
    assert parse(content) == data


def test_the_encoding_of_the_request_is_respected():
    assert parse('"Café"'.encode("latin-1"), encoding="latin-1") == "Café"


@pytest.mark.parametrize("text", ["0.1", "1.10", "123456789012.345", "1e3", "-0.0"])
def test_a_number_with_a_fraction_stays_exactly_as_it_was_written(text):
    number = parse(text.encode())
    assert (number, str(number), type(number).__mro__[1]) == (Decimal(text), text, Decimal)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"amount": 1, "amount": 2}', "This is not JSON: “amount” is given twice"),
        (b'[{"b": {"a": 1, "a": 1}}]', "This is not JSON: “a” is given twice"),
        (b"NaN", "This is not JSON: NaN is not a number"),
        (b"[Infinity]", "This is not JSON: Infinity is not a number"),
        (b'{"a": -Infinity}', "This is not JSON: -Infinity is not a number"),
        (b"\xff\xfe", "The text is not valid Unicode."),
        (b'"\\ud800"', "The text is not valid Unicode."),
        (b'{"\\udfff": 1}', "The text is not valid Unicode."),
        (b"[" * 100_000, "This JSON cannot be read."),
        (b'{"a":' * 100_000, "This JSON cannot be read."),
    ],
)
def test_what_is_not_plain_json_is_refused(content, message):
    with pytest.raises(ParseError) as refusal:
        parse(content)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"[1,]",
        b"1_000",
        b"0x10",
        b"01",
        b"1.",
        b".5",
        b"+1",
        b"1 2",
        b"\xef\xbb\xbf{}",
        b'"\x00"',
        "１".encode(),
        b"9" * 5000,
        b"1e9999999999999999999",
        b"-1e-9999999999999999999",
    ],
)
def test_what_is_no_json_is_refused(content):
    with pytest.raises(ParseError, match=r"^This is not JSON: "):
        parse(content)


@pytest.mark.parametrize("encoding", ["rot13", "zlib", "no-such-encoding"])
def test_an_encoding_that_is_none_of_text_is_refused(encoding):
    with pytest.raises(ParseError, match="This JSON cannot be read"):
        parse(b"{}", encoding)


def test_a_repeated_key_among_very_many_is_found_quickly():
    content = "{" + ",".join(f'"{n}": 1' for n in range(200_000)) + ', "last": 1, "last": 1}'
    started = perf_counter()
    with pytest.raises(ParseError, match="“last” is given twice"):
        parse(content.encode())
    assert perf_counter() - started < 5  # counting each key takes minutes


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_nothing_but_json_is_read(api, ledger, media_type):
    answer = api.post(f"/api/v1/ledgers/{ledger.pk}/expenses/", b"amount=1", content_type=media_type)
    assert answer.status_code == 415
    assert answer.json() == {"detail": f'Unsupported media type "{media_type}" in request.'}
    assert not Expense.objects.exists()


def test_a_body_larger_than_the_limit_is_refused_unread(api, ledger, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = b'{"notes": "' + b"x" * 2000 + b'"}'
    url = f"/api/v1/ledgers/{ledger.pk}/expenses/"
    answer = api.post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (413, {"detail": "The request is too large."})
    assert not Expense.objects.exists()


def test_a_body_of_exactly_the_limit_is_read(api, ledger, settings):
    body = b'{"name": "Travel"}'
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body)
    url = f"/api/v1/ledgers/{ledger.pk}/categories/"
    assert api.post(url, body, content_type="application/json").json()["name"] == "Travel"
