import re
from io import StringIO

import pytest
from django.core.management import call_command

from analytics.answers import LISTS
from expenses.tests.factories import make_ledger


def test_the_schema_is_valid_and_generates_without_a_warning(tmp_path):
    out, err = StringIO(), StringIO()
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", file, stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("", "")
    assert file.read_text().startswith("openapi: 3")


FIGURES = sorted([*LISTS.values(), "compare", "cumulative", "matrix", "summary"])


def test_the_schema_names_every_address_and_how_to_sign_in(client, db):
    answer = client.get("/api/v1/schema/", {"format": "json"})
    schema, base = answer.json(), "/api/v1/ledgers/{ledger_id}/"
    assert sorted(schema["paths"]) == [
        "/api/v1/ledgers/",
        "/api/v1/ledgers/{id}/",
        *(
            base + path
            for path in [
                "accounts/",
                "accounts/{id}/",
                "analytics/",
                *(f"analytics/{name}/" for name in FIGURES),
                "categories/",
                "categories/{id}/",
                "categories/{id}/merge/",
                "categories/{id}/split/",
                "completions/",
                "days/{date}/",
                "expenses/",
                "expenses/bulk/",
                "expenses/export.{extension}",
                "expenses/quick/",
                "expenses/{date}",
                "expenses/{id}/",
                "favourites/",
                "favourites/{id}/",
                "history/",
                "history/{id}/",
                "history/{id}/undo/",
                "imports/",
                "imports/{id}/",
                *(
                    f"imports/{{id}}/{act}/"
                    for act in ("account", "answers", "apply", "lines", "read", "refresh")
                ),
                "rules/",
                "rules/try/",
                "rules/{id}/",
                "rules/{id}/try/",
                "tags/",
                "tags/{tag}/rename/",
            ]
        ),
    ]
    assert sorted(schema["components"]["securitySchemes"]) == ["cookieAuth", "knoxApiToken"]
    amount = schema["components"]["schemas"]["Expense"]["properties"]["amount"]
    assert (amount["type"], amount["pattern"]) == ("string", r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$")
    parameters = schema["paths"][base + "expenses/{id}/"]["delete"]["parameters"]
    names = sorted(parameter["name"] for parameter in parameters)
    assert names == ["Idempotency-Key", "If-Match", "id", "ledger_id", "version"]


@pytest.fixture
def operations(client, db):
    """Every operation of the schema by method and path."""
    paths = client.get("/api/v1/schema/", {"format": "json"}).json()["paths"]
    return {(method, path): one for path, methods in paths.items() for method, one in methods.items()}


def with_parameter(operations, name):
    return {
        key
        for key, operation in operations.items()
        if any(each["name"] == name for each in operation.get("parameters", ()))
    }


def with_answer(operations, status):
    return {key for key, operation in operations.items() if status in operation["responses"]}


BASE = "/api/v1/ledgers/{ledger_id}/"
ROWS = [f"{BASE}{kind}/{{id}}/" for kind in ("categories", "expenses", "accounts", "favourites", "rules")]
DAY = f"{BASE}days/{{date}}/"
IMPORT = f"{BASE}imports/{{id}}/"
STATES = {(method, path) for path in ROWS for method in ("put", "patch", "delete")}
STATES |= {("post", f"{BASE}categories/{{id}}/{act}/") for act in ("merge", "split")}
STATES |= {("put", DAY), ("delete", IMPORT), ("post", f"{IMPORT}apply/")}


def test_the_schema_says_where_a_state_has_to_be_named(operations):
    for found in (
        with_parameter(operations, "If-Match"),
        with_answer(operations, "412"),
        with_answer(operations, "428"),
    ):
        assert found == STATES
    known = {("get", path) for path in [*ROWS, DAY, IMPORT, f"{BASE}completions/", "/api/v1/ledgers/{id}/"]}
    assert known == with_parameter(operations, "If-None-Match") == with_answer(operations, "304")


def test_the_schema_says_that_every_write_beneath_a_ledger_takes_a_key(operations):
    asks = {("post", f"{BASE}analytics/")}
    writes = {key for key in operations if key[0] != "get" and key[1].startswith(BASE)} - asks
    assert with_parameter(operations, "Idempotency-Key") == with_answer(operations, "422") == writes
    assert len(writes) >= 10


def test_the_schema_says_what_files_an_export_can_be_and_takes_the_filters_of_the_list(operations):
    export, listing = (operations["get", f"{BASE}expenses/{end}"] for end in ("export.{extension}", ""))
    assert sorted(export["responses"]["200"]["content"]) == [
        "application/json",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/x-ofx",
        "text/csv",
        "text/plain",
    ]
    names, listed = ({each["name"] for each in one["parameters"]} for one in (export, listing))
    assert names - {"extension"} == listed - {"cursor", "page_size"}
    [extension] = [each["schema"] for each in export["parameters"] if each["name"] == "extension"]
    assert sorted(extension["enum"]) == ["beancount", "csv", "journal", "json", "ofx", "xlsx"]


def test_the_schema_names_the_headers_of_answers(operations):
    headers = {key: one["responses"] for key, one in operations.items()}
    assert sorted(headers["patch", ROWS[1]]["200"]["headers"]) == [
        "Change-Set",
        "ETag",
        "Idempotency-Replayed",
    ]
    assert sorted(headers["delete", ROWS[1]]["204"]["headers"]) == ["Change-Set", "Idempotency-Replayed"]
    assert sorted(headers["get", DAY]["200"]["headers"]) == ["ETag"]
    assert "headers" not in headers["get", f"{BASE}expenses/"]["200"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_swagger_page_works_and_loads_nothing_from_elsewhere(client, alice, signed_in):
    if signed_in:
        make_ledger(alice)
        client.force_login(alice)
    answer = client.get("/api/v1/docs/")
    html = answer.content.decode()
    assert (answer.status_code, html.count('id="swagger-ui"')) == (200, 1)
    sources = re.findall(r'<(?:script|link)[^>]*?(?:src|href)="([^"]*)"', html)
    assert [source for source in sources if not source.startswith("/")] == []
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", html)
    assert client.get("/api/v1/docs/?script").status_code == 200
