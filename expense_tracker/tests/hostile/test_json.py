"""Bodies that are JSON in name only, too deep, too large, or something else altogether."""

import json

import pytest
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

WRITES = [
    ("post", "expenses/"),
    ("patch", "expenses/{expense}/"),
    ("put", "days/2024-08-01/"),
    ("post", "expenses/2024-08-01"),
    ("post", "categories/"),
    ("post", "analytics"),
]


@pytest.fixture
def send(api, base, expense):
    def send(method, path, body, content_type="application/json", **more):
        url, headers = base + path.format(expense=expense.pk), {"If-Match": "*"} if method == "patch" else {}
        return getattr(api, method)(url, body, content_type=content_type, headers=headers, **more)

    return send


@pytest.fixture
def send_everywhere(send):
    """Sends one body to every address that takes one; what each answered."""
    return lambda body, *more: [send(method, path, body, *more) for method, path in WRITES]


@pytest.mark.catalogue(14)
@pytest.mark.parametrize("depth", [21, 900, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"amount":', "}")])
def test_nesting_that_is_too_deep_is_refused(send_everywhere, depth, opening, closing):
    for answer in send_everywhere(opening * depth + "1" + closing * depth):
        assert (answer.status_code, answer.json()) == (400, {"detail": "This JSON cannot be read."})


@pytest.mark.catalogue(14)
@pytest.mark.parametrize("field", ["category", "amount", "date", "notes", "version", "id"])
def test_nesting_that_can_be_read_is_refused_at_its_field(send, field):
    answer = send("post", "expenses/", json.dumps({field: json.loads("[" * 18 + "]" * 18)}))
    assert (answer.status_code, field in answer.json()) == (400, field != "id")


@pytest.mark.catalogue(15)
@pytest.mark.parametrize("body", ['{"amount": 1, "amount": 999}', '[{"a": {"b": 1, "b": 1}}]'])
def test_a_key_given_twice_is_refused(send_everywhere, body):
    for answer in send_everywhere(body):
        assert (answer.status_code, list(answer.json())) == (400, ["detail"])
        assert answer.json()["detail"].endswith("is given twice")


@pytest.mark.parametrize(
    "body", [b"", b"null", b"5", b'"x"', b"true", b"{", b"\xff\xfe{\x00}\x00", b"amount=5"]
)
def test_a_body_of_another_shape_is_refused(send_everywhere, body):
    refused = [400] * len(WRITES)
    # To change nothing, an empty body is enough.
    expected = refused if body else [400, 200, *refused[2:]]
    answers = send_everywhere(body)
    assert [answer.status_code for answer in answers] == expected
    assert {answer["Content-Type"] for answer in answers} == {"application/json"}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "a/b; ;=;",
        ";",
    ],
)
def test_another_type_of_body_is_415(send_everywhere, content_type):
    for answer in send_everywhere(b"<amount>5</amount>", content_type):
        assert (answer.status_code, list(answer.json())) == (415, ["detail"])


def test_a_body_larger_than_the_limit_is_413(send_everywhere, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for answer in send_everywhere(b"[" + b" " * 1000 + b"]"):
        assert (answer.status_code, answer.json()) == (413, {"detail": "The request is too large."})


@pytest.mark.parametrize(
    ("length", "status"), [("9" * 30, 413), ("-5", 400), ("x", 400), ("1e3", 400), ("", 400)]
)
def test_a_length_that_is_not_that_of_the_body_is_refused_without_waiting_for_more(send, length, status):
    assert send("post", "expenses/", b'{"amount": "5"}', CONTENT_LENGTH=length).status_code == status


def test_a_body_in_pieces_without_a_length_is_no_body(send):
    answer = send("post", "expenses/", b"5\r\n", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert (answer.status_code, "amount" in answer.json()) == (400, True)


@pytest.mark.parametrize("number", ["1_0", "１", "1.0", "0x1", "true", "-1", "[]"])
@pytest.mark.parametrize("field", ["position", "version"])
def test_a_whole_number_written_otherwise_is_refused(send, field, number):
    value = json.loads(number) if number in ("true", "[]") else number
    answer = send("post", "categories/", json.dumps({"name": "New", field: value}))
    assert (answer.status_code, list(answer.json())) == (400, [field])


@pytest.mark.catalogue(4)
@pytest.mark.parametrize("number", ["1_0", "１", "1.0", "true", "0", "-1", "[]"])
@pytest.mark.parametrize("field", ["id", "version"])
def test_the_id_and_version_of_a_days_row_are_plain_numbers(send, food, field, number):
    value = json.loads(number) if number in ("true", "[]", "0", "-1") else number
    row = {"id": 1, "version": 1, "amount": "5", "category": food.pk} | {field: value}
    answer = send("put", "days/2024-08-01/", json.dumps({"expenses": [row]}))
    assert (answer.status_code, answer.json()["expenses"]["0"].keys()) == (400, {field})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_method_is_that_of_the_request_whatever_a_header_or_field_says(api, base, expense, method):
    url = f"{base}expenses/{expense.pk}/"
    answer = api.get(url, HTTP_X_HTTP_METHOD_OVERRIDE=method.upper())
    assert (answer.status_code, answer.json()["id"]) == (200, expense.pk)
    answer = APIClient().post(url, {"_method": method}, HTTP_X_HTTP_METHOD_OVERRIDE=method.upper())
    assert answer.status_code == 401
