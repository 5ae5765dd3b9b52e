import csv
import json
import logging
import re

import pytest
from django.core.management import CommandError, call_command

from expenses.exports import EXTENSIONS
from expenses.tests.exports.reading import READERS
from expenses.tests.factories import make_expense
from expenses.tests.test_exchange_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ledger):
    make_expense(ledger, "3", "Food", "2024-08-01", notes="bread")
    make_expense(ledger, "4", "Rent", "2024-08-02")
    make_expense(ledger, "5", "Food", "2024-08-03", payee="Bakery")
    return ledger


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_name_of_the_file_says_which_format(shop, tmp_path, extension):
    file = tmp_path / f"all.{extension.upper()}"
    assert run("export_expenses", str(shop.pk), file) == f"Saved 3 expenses in {file}.\n"
    assert [row[1] for row in READERS[extension](file.read_bytes())] == [3, 4, 5]


@pytest.mark.parametrize(
    ("options", "amounts"),
    [
        ({"start": "2024-08-02"}, [4, 5]),
        ({"end": "2024-08-02"}, [3, 4]),
        ({"category": ["food"]}, [3, 5]),
        ({"category": ["food", "Rent"], "amount_max": "4"}, [3, 4]),
        ({"text": "bread"}, [3]),
        ({"amount_min": "5.00"}, [5]),
    ],
)
def test_what_a_filter_lets_through(shop, tmp_path, options, amounts):
    run("export_expenses", shop.name, tmp_path / "some.json", **options)
    content = (tmp_path / "some.json").read_bytes()
    assert [row[1] for row in READERS["json"](content)] == amounts
    assert json.loads(content)["members"] == []


def test_without_a_filter_it_is_the_whole_ledger(shop, tmp_path):
    run("export_expenses", shop.name, tmp_path / "all.json")
    assert json.loads((tmp_path / "all.json").read_text())["members"] != []


def test_to_the_screen(shop):
    lines = run("export_expenses", shop.name, format="csv", end="2024-08-01").splitlines()
    assert list(csv.reader(lines))[1] == ["2024-08-01", "3.00", "Food", "bread", "", "1", "", ""]


@pytest.mark.parametrize(
    ("file", "options", "message"),
    [
        ("all.txt", {}, "Say with --format what .*all.txt shall be."),
        (None, {"format": "xlsx"}, "XLSX is not for the screen. Name a FILE."),
        ("all.csv", {"category": ["Travel"]}, "The ledger has no category “Travel”."),
        ("all.csv", {"start": "1.8.2024"}, "--start: .*"),
        ("all.csv", {"amount_min": "5,0"}, "--amount-min: Write an amount such as 1234.50."),
        ("all.csv", {"start": "2024-08-02", "end": "2024-08-01"}, "--end: The last date lies before"),
    ],
)
def test_what_is_said_wrongly_is_explained_and_nothing_written(shop, tmp_path, file, options, message):
    with pytest.raises(CommandError) as refusal:
        call_command("export_expenses", shop.name, *([tmp_path / file] if file else []), **options)
    assert re.match(message, str(refusal.value).replace(f"{tmp_path}/", ""))
    assert list(tmp_path.iterdir()) == []


def test_the_security_log_has_a_line_without_a_person(shop, tmp_path, caplog):
    with caplog.at_level(logging.INFO, "security"):
        run("export_expenses", shop.name, tmp_path / "all.ofx")
    assert [record.message for record in caplog.records if record.name == "security"] == [
        f"event=export user=- ledger={shop.pk} rows=3"
    ]
