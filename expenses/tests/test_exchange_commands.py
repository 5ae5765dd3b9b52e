import json
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from expenses.exports import json as json_module
from expenses.models import Expense
from expenses.tests.factories import make_expense, make_ledger
from expenses.tests.test_exchange import LUNCH, file_of
from ledgers.models import Ledger, Membership


def run(*words, **options) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ledger.json"


def without_time(text) -> dict:
    return {name: value for name, value in json.loads(text).items() if name != "exported_at"}


@pytest.mark.parametrize("by", [lambda ledger: str(ledger.pk), lambda ledger: ledger.name])
def test_a_ledger_is_found_by_number_or_name(ledger, by):
    make_expense(ledger, "12.5")
    assert json.loads(run("export_ledger", by(ledger)))["expenses"][0]["amount"] == "12.50"


def test_one_of_several_ledgers_has_to_be_chosen_by_number(ledger, bob):
    other = make_ledger(bob)
    with pytest.raises(CommandError, match=f"the number of one: {ledger.pk}, {other.pk}"):
        run("export_ledger", ledger.name)


@pytest.mark.parametrize("words", ["Nobody’s", "0", "9" * 30, "٣"])
def test_no_such_ledger(ledger, words):
    with pytest.raises(CommandError, match="There is no ledger"):
        run("export_ledger", words)


def test_into_a_file_that_others_cannot_read(ledger, file):
    assert run("export_ledger", str(ledger.pk), file) == f"The ledger is saved in {file}.\n"
    assert without_time(file.read_text()) == without_time(run("export_ledger", str(ledger.pk)))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_unless_told(ledger, file):
    file.write_text("precious")
    with pytest.raises(CommandError, match=r"there already.*--force"):
        run("export_ledger", str(ledger.pk), file)
    assert file.read_text() == "precious"
    run("export_ledger", str(ledger.pk), file, force=True)
    assert json.loads(file.read_text())["version"] == 2


def test_a_file_that_cannot_be_written(ledger, tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        run("export_ledger", str(ledger.pk), tmp_path / "none" / "ledger.json")


WRITTEN_MEANWHILE = """
UPDATE ledgers_ledger SET currency = 'JPY';
UPDATE expenses_category SET name = 'Meals' WHERE name = 'Food';
UPDATE expenses_expense SET category_id = (SELECT max(id) FROM expenses_category), amount = amount + 1
"""


@pytest.mark.django_db(transaction=True)
def test_a_file_is_of_one_moment_whoever_writes_meanwhile(ledger, file, monkeypatch):
    make_expense(ledger, "12.5")
    before = without_time(run("export_ledger", str(ledger.pk)))
    list_of, other = json_module._list, connections["default"].copy()

    def write_meanwhile(name, rows, last=False):
        if name == "expenses":
            with other.owner():
                other.cursor().execute(WRITTEN_MEANWHILE)
        return list_of(name, rows, last)

    monkeypatch.setattr(json_module, "_list", write_meanwhile)
    run("export_ledger", str(ledger.pk), file)
    assert without_time(file.read_text()) == before
    assert "with 1 expense." in run("import_ledger", file, owner="alice")
    ledger.refresh_from_db()
    assert ledger.currency == "JPY"


def test_import_makes_a_ledger_beside_those_that_are_there(ledger, alice, file):
    make_expense(ledger, "12.5")
    run("export_ledger", str(ledger.pk), file)
    said = run("import_ledger", file, owner="alice")
    copy = Ledger.objects.exclude(pk=ledger.pk).get()
    assert said == f"Made the ledger “Household” ({copy.pk}) with 1 expense.\n"
    assert without_time(run("export_ledger", str(copy.pk))) == without_time(file.read_text())
    assert Expense.objects.in_ledger(ledger).count() == 1


def test_import_names_who_is_not_here(alice, file):
    file.write_text(json.dumps(file_of(LUNCH, members=[{"username": "dora", "role": "owner"}])))
    said = run("import_ledger", file, owner="alice", name="Mine")
    assert "Made the ledger “Mine”" in said
    assert said.endswith("Not members, because nobody here is called that: dora.\n")


def test_import_names_who_can_see_the_ledger_now_and_how(alice, bob, charlie, file):
    members = [("alice", "viewer"), ("charlie", "viewer"), ("dora", "editor"), ("bob", "owner")]
    entries = [{"username": name, "role": role} for name, role in members]
    file.write_text(json.dumps(file_of(members=entries)))
    _made, *lines = run("import_ledger", file, owner="alice").splitlines()
    assert lines == [
        "People here who are members of it now: charlie (viewer), bob (owner).",
        "Not members, because nobody here is called that: dora.",
    ]
    assert set(Membership.objects.values_list("user__username", "role")) == {
        ("alice", "owner"),
        ("bob", "owner"),
        ("charlie", "viewer"),
    }


def test_a_bad_file_writes_nothing_and_says_where(alice, file):
    file.write_text(json.dumps(file_of(LUNCH, LUNCH | {"amount": "0"}, LUNCH | {"date": "x"})))
    with pytest.raises(CommandError) as refusal:
        run("import_ledger", file, owner="alice")
    heading, *lines = str(refusal.value).splitlines()
    assert "Nothing was imported" in heading
    assert [line.split(":")[0] for line in lines] == ["expenses[1].amount", "expenses[2].date"]
    assert not Ledger.objects.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"owner": "dora"}, "There is no user “dora”"),
        ({"owner": "alice", "name": "x" * 101}, "--name: .*at most 100 characters"),
        ({"owner": "alice", "name": ""}, "--name: This field cannot be blank"),
        ({"owner": "alice", "name": " "}, "--name: This field cannot be blank"),
    ],
)
def test_what_is_said_on_the_command_line_is_checked(alice, file, options, message):
    file.write_text(json.dumps(file_of()))
    with pytest.raises(CommandError, match=message):
        run("import_ledger", file, **options)
    assert not Ledger.objects.exists()


def test_a_file_that_is_not_there(alice, file):
    with pytest.raises(CommandError, match=r"ledger\.json cannot be read: No such file"):
        run("import_ledger", file, owner="alice")
