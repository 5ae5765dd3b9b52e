"""The example in docs/formats.md works as it stands there."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from statements import formats
from statements.tests.formats.made import reading, rows

DOCS = Path(__file__).resolve().parents[3] / "docs" / "formats.md"
SAMPLE, EXAMPLE = re.search(
    r"```\n(#journal.*?)```\s+```python\n(.*?)```", DOCS.read_text(), re.DOTALL
).groups()


@pytest.fixture(autouse=True)
def _journal(monkeypatch):
    module = ModuleType("journal", EXAMPLE)
    exec(compile(EXAMPLE, str(DOCS), "exec"), module.__dict__)  # noqa: S102
    monkeypatch.setattr(formats, "FORMATS", (module, *formats.FORMATS))


def test_the_example_reads_its_sample():
    assert reading(SAMPLE).format == "journal"
    assert rows(SAMPLE) == [("2024-01-31", "-12.50", "Corner shop", ""), ("2024-02-01", "2500", "Salary", "")]


def test_the_example_names_a_bad_line():
    assert rows(SAMPLE + "2024-02-30 1 EUR\n")[-1] == ("4", "The date “2024-02-30” does not exist.")
