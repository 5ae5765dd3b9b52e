"""Statements that mean no good, sent to the door they come in by: an answer, and nothing in the ledger."""

import gzip
import json
import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from statements.models import Import, Statement
from statements.tests.files import booked, csv

ROWS = [booked("03-01", "-2.5", "Café"), booked("03-02", "-30", "Bäcker")]
XML = '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="220"?>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.fixture
def upload(api, base):
    """``upload(content, name)`` is the one statement it became, as it was answered."""

    def send(content: bytes, name: str = "statement.csv") -> dict:
        file = BytesIO(content)
        file.name = name
        answer = api.post(f"{base}imports/", {"files": [file]}, format="multipart")
        assert answer.status_code in (201, 400), answer.content
        if answer.status_code == 400:
            return {"state": "refused", "problem": " ".join(answer.json()["files"])}
        [statement] = answer.json()["statements"]
        return statement | {"lines": answer.json()["lines"]}

    return send


def packed(*members: tuple[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.catalogue(34)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252", "utf-8-sig"])
def test_any_encoding_is_read(upload, api, base, encoding):
    statement = upload(csv(ROWS).decode().encode(encoding))
    assert (statement["state"], [each["count"] for each in statement["lines"]]) == ("read", [2])
    url = f"{base}imports/{Import.objects.get().pk}/lines/"
    assert [line["payee"] for line in api.get(url).json()["results"]] == ["Café", "Bäcker"]


@pytest.mark.catalogue(35)
@pytest.mark.parametrize("bad", [b'2024-03-03;"' + b"x" * 200_000, b"2024-03-03;" + b"x" * 140_000 + b";5;"])
def test_an_endless_field_costs_its_own_line_at_most(upload, bad):
    statement = upload(csv(ROWS) + bad + b"\n")
    added = [each["count"] for each in statement.get("lines", []) if each["plan"] == "add"]
    assert statement["state"] == "read"
    assert added[0] in (2, 3)


@pytest.mark.catalogue(36)
def test_sixty_megabytes_are_refused_before_they_are_read(api, base, unchanged):
    file = BytesIO(b"x" * 60_000_000)
    file.name = "statement.csv"
    answer = api.post(f"{base}imports/", {"files": [file]}, format="multipart")
    assert (answer.status_code, Import.objects.count()) == (413, 0)


@pytest.mark.catalogue(37)
@pytest.mark.parametrize(
    "content",
    [
        packed(("bomb.csv", b"0" * 60_000_000)),
        packed(*((f"{n}.csv", b"0" * 900_000) for n in range(40))),
        packed(*((f"{n}.csv", csv(ROWS)) for n in range(60))),
        packed(("[Content_Types].xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"<" * 200_000_000)),
        gzip.compress(b"0" * 60_000_000),
    ],
    ids=["one member", "many members", "too many members", "a workbook", "gzip"],
)
def test_what_unpacks_to_too_much_is_refused_in_a_sentence(upload, content):
    assert len(content) < 500_000
    begin = time.process_time()
    statement = upload(content, "statement.zip")
    assert statement["state"] == "refused"
    assert statement["problem"].endswith((".", "refused."))
    assert time.process_time() - begin < 5


@pytest.mark.catalogue(38)
@pytest.mark.parametrize(
    "body", ["<OFX><STMTRS>&e11;</STMTRS></OFX>", "<Document><BkToCstmrStmt>&e11;</BkToCstmrStmt></Document>"]
)
def test_entities_of_its_own_are_refused(upload, body):
    statement = upload(f"{XML}<!DOCTYPE x [{BOMB}]>{body}".encode(), "statement.xml")
    assert statement["state"] == "refused"
    assert "haha" not in json.dumps(statement)


@pytest.mark.catalogue(39)
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\0b.csv", "x" * 300 + ".csv", "a\r\nSet-Cookie: b.csv"]
)
def test_a_name_is_only_shown(api, base, name):
    answer = api.post(f"{base}imports/", {"files": [{"name": name, "text": csv(ROWS).decode()}]})
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        [statement] = answer.json()["statements"]
        assert (statement["state"], len(statement["name"]) <= 200) == ("read", True)
        assert "Set-Cookie" not in answer.headers


@pytest.mark.catalogue(40)
@pytest.mark.parametrize(
    "page",
    [b"<!doctype html><html><script>alert(1)</script><table><tr><td>a</td></tr></table></html>",
     b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'],
)  # fmt: skip
def test_a_page_sent_as_a_statement_is_never_given_back_as_one(upload, api, browser, base, ledger, page):
    upload(page, "statement.html")
    for of_import in Import.objects.all():
        for path in ("", "lines/"):
            answer = api.get(f"{base}imports/{of_import.pk}/{path}", headers={"Accept": "application/json"})
            assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
                "application/json",
                "nosniff",
            )
        shown = browser.get(f"/ledgers/{ledger.pk}/statements/{of_import.pk}/")
        assert b"<script>alert" not in shown.content
        assert b"onload=" not in shown.content
    assert Statement.objects.exclude(state="refused").count() == 0
