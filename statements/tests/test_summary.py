from io import BytesIO

import pytest

from statements.summary import Summary, summarise
from statements.tests.formats.test_archive import packed

HEAD = "!Type:Bank\n"
OUT, IN = "D13/01/2024\nT-1.50\nPShop\nMcoffee\n^\n", "D14/01/2024\nT2.5\nPJob\n^\n"
BAD, TRANSFER = "D31/02/2024\nT-1\n^\n", "D15/01/2024\nT-9\nL[Savings]\n^\n"


def summary(*parts: str, **answers: str) -> Summary:
    return summarise(BytesIO("".join(parts).encode()), "statement.qif", answers)


def test_the_figures_of_a_file():
    assert summary(HEAD, OUT, TRANSFER, IN).as_json() == {
        "outcome": "ok",
        "format": "qif",
        "count": 2,
        "outflow": "1.50",
        "inflow": "2.5",
        "currency": None,
        "date_min": "2024-01-13",
        "date_max": "2024-01-14",
        "first_row": {"date": "2024-01-13", "amount": "-1.50", "currency": None, "text": "Shop coffee"},
        "last_row": {"date": "2024-01-14", "amount": "2.5", "currency": None, "text": "Job"},
        "rejected": [],
        "questions": [],
        "message": None,
        "transfer": {"count": 1, "outflow": "9", "inflow": "0"},
    }


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((HEAD, OUT, BAD), "partial"),
        ((HEAD, BAD), "reject_rows"),
        ((HEAD, TRANSFER), "nothing_to_import"),
        ((HEAD, OUT, IN.removesuffix("^\n")), "ok_with_warnings"),
        ((HEAD, OUT.replace("13/01", "01/02")), "ask_user"),
        ((HEAD,), "reject"),
        ((), "reject"),
    ],
)
def test_the_outcome_in_a_word(parts, outcome):
    assert summary(*parts).outcome == outcome


def test_a_rejected_line_and_a_question_are_told():
    assert summary(HEAD, BAD).as_json()["rejected"] == [
        {"line": 2, "reason": "The date “31/02/2024” does not exist."}
    ]
    asking = OUT.replace("13/01", "01/02")
    (question,) = summary(HEAD, asking).as_json()["questions"]
    assert question["key"] == "date_order"
    assert question["choices"][1] == {"value": "mdy", "example": "2024-01-02 -1.50 Shop coffee"}
    assert summary(HEAD, asking, date_order="mdy").as_json()["date_min"] == "2024-01-02"


def test_several_currencies_are_kept_apart():
    def account(currency: str) -> str:
        entry = "<STMTTRN><DTPOSTED>20240113<TRNAMT>-1<FITID>1</STMTTRN>"
        return f"<STMTRS><CURDEF>{currency}<BANKTRANLIST>{entry}</BANKTRANLIST></STMTRS>"

    found = summary("<OFX>", account("EUR"), account("USD"), "</OFX>").as_json()
    one = {"count": 1, "outflow": "1", "inflow": "0"}
    assert (found["currency"], found["by_currency"]) == (None, {"EUR": one, "USD": one})


def test_the_files_of_an_archive_are_added_up():
    data = packed(("a.qif", (HEAD + OUT).encode()), ("b.qif", (HEAD + IN).encode()), ("readme.pdf", b"%PDF"))
    found = summarise(BytesIO(data), "all.zip", {}).as_json()
    assert (found["outcome"], found["count"], found["files"]) == (
        "partial",
        2,
        ["a.qif", "b.qif", "readme.pdf"],
    )
    assert found["message"].startswith("This is a PDF")


def test_a_file_that_breaks_on_the_way_adds_nothing(monkeypatch):
    monkeypatch.setattr("statements.formats.limits.ROWS", 2)
    found = summary(HEAD, OUT, OUT, OUT).as_json()
    assert (found["outcome"], found["count"], found["outflow"]) == ("reject", 0, "0")
