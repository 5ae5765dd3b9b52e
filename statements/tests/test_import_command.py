from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from expenses.models import Account, Category, Expense
from expenses.tests.factories import make_expense
from statements.models import Import
from statements.tests.files import booked, csv

pytestmark = pytest.mark.django_db
LINES = [booked("03-01", "-2.5"), booked("03-02", "-30", "Market"), booked("03-03", "1000", "Salary")]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "march.csv"
    path.write_bytes(csv(LINES))
    return path


def run(ledger, *arguments) -> tuple[str, str]:
    """What it prints, and its progress."""
    out, err = StringIO(), StringIO()
    number = getattr(ledger, "pk", ledger)
    call_command("import_statement", str(number), *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def amounts(ledger) -> list[str]:
    found = Expense.objects.in_ledger(ledger).order_by("amount").values_list("amount", flat=True)
    return [f"{amount.normalize():f}" for amount in found]


def test_without_apply_the_plan_is_printed_and_the_import_stays_open(ledger, file):
    out, progress = run(ledger, file)
    number = Import.objects.get().pk
    assert out.splitlines() == [
        "march.csv: read csv",
        "Not spending – leave out: 1, 1000",
        "New – add: 2, -32.5",
        f"Import {number} stays open; nothing was added.",
    ]
    assert (progress.strip(), amounts(ledger)) == ("Reading march.csv …", [])


def test_with_apply_it_is_added_once_however_often_it_is_run(ledger, file):
    out, _progress = run(ledger, file, "--otherwise", "food", "--account", "Wallet", "--apply")
    assert "Added 2 expenses.\n" in out
    assert list(Account.objects.values_list("name", flat=True)) == ["Wallet"]
    with pytest.raises(CommandError, match=r"There is nothing to add\."):
        run(ledger, file, "--account", "Wallet", "--apply")
    assert amounts(ledger) == ["2.5", "30"]


@pytest.mark.parametrize(("take", "stored"), [("same", ["2.5", "30"]), ("new", ["2.5", "2.5", "30"])])
def test_what_is_likely_there_is_taken_as_told(ledger, file, take, stored):
    make_expense(ledger, "2.5", day="2024-03-01", payee="Coffee")
    with pytest.raises(CommandError, match=r"Decide about 1 line.*\nmarch\.csv, line 2: Coffee"):
        run(ledger, file, "--otherwise", "Food", "--apply")
    run(ledger, file, "--otherwise", "Food", "--take-likely", take, "--apply")
    assert amounts(ledger) == stored


def test_a_question_is_printed_with_its_answers_and_answered(ledger, tmp_path):
    path = tmp_path / "dates.csv"
    path.write_bytes(b"Date;Payee;Amount\n01/02/2024;Coffee;-2.50\n03/02/2024;Tea;-3.00\n")
    out = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("import_statement", str(ledger.pk), str(path), stdout=out, stderr=StringIO())
    assert (ending.value.code, Import.objects.count()) == (1, 1)
    [question] = [line for line in out.getvalue().splitlines() if "--answer" in line]
    key = question.rpartition("--answer ")[2].removesuffix("=…")
    value = out.getvalue().splitlines()[2].split()[0]
    run(ledger, path, "--answer", f"{key}={value}", "--otherwise", "Food", "--apply")
    assert amounts(ledger) == ["2.5", "3"]


def test_lines_that_cannot_be_read_are_named_and_the_others_added(ledger, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(csv(LINES) + b"2024-13-77;Nobody;5;\n")
    out, _progress = run(ledger, path, "--otherwise", "Food", "--apply")
    assert out.splitlines()[1].startswith("  line 5: ")
    assert amounts(ledger) == ["2.5", "30"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--otherwise", "Nothing"], "The ledger has no category “Nothing”."),
        (["missing.csv"], "missing.csv cannot be read: No such file or directory"),
        (["--answer", "key"], "“key” is not of the form KEY=VALUE."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(ledger, file, arguments, message):
    with pytest.raises(CommandError, match=message.replace(".", r"\.")):
        run(ledger, file, *arguments, "--apply")
    assert (Import.objects.count(), amounts(ledger)) == (0, [])


def test_a_ledger_that_is_not_there_is_said(db, file):
    with pytest.raises(CommandError, match=r"There is no ledger 77\."):
        run(77, file)


def test_a_category_of_the_file_is_made(ledger, tmp_path):
    path = tmp_path / "named.csv"
    path.write_bytes(b"Date;Payee;Debit;Credit;Category\n2024-03-01;Vet;9;;Pets\n")
    run(ledger, path, "--apply")
    assert list(Expense.objects.values_list("category__name", flat=True)) == ["Pets"]
    assert Category.objects.in_ledger(ledger).filter(name="Pets").count() == 1
