import re
from io import StringIO

import pytest
from django.core.management import call_command

from expenses.tests.factories import make_ledger


def test_the_schema_is_valid_and_generates_without_a_warning(tmp_path):
    out, err = StringIO(), StringIO()
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", file, stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("", "")
    assert file.read_text().startswith("openapi: 3")


def test_the_schema_names_every_address_and_how_to_sign_in(client, db):
    answer = client.get("/api/v1/schema/", {"format": "json"})
    schema, base = answer.json(), "/api/v1/ledgers/{ledger_id}/"
    assert sorted(schema["paths"]) == [
        "/api/v1/ledgers/",
        "/api/v1/ledgers/{id}/",
        *(
            base + path
            for path in [
                "analytics/",
                "analytics/categories/",
                "categories/",
                "categories/{id}/",
                "days/{date}/",
                "expenses/",
                "expenses/{date}",
                "expenses/{id}/",
            ]
        ),
    ]
    assert sorted(schema["components"]["securitySchemes"]) == ["cookieAuth", "knoxApiToken"]
    amount = schema["components"]["schemas"]["Expense"]["properties"]["amount"]
    assert (amount["type"], amount["pattern"]) == ("string", r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$")
    parameters = schema["paths"][base + "expenses/{id}/"]["delete"]["parameters"]
    assert sorted(parameter["name"] for parameter in parameters) == ["id", "ledger_id", "version"]


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
