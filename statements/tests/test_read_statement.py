"""No test here may open a connection: none is marked to need a database."""

import json

import pytest
from django.core.management import CommandError, call_command

QIF = "!Type:Bank\nD01/02/2024\nT-1.50\nPShop\n^\nD31/02/2024\nT-1\n^\n"
ASKING = "!Type:Bank\nD01/02/2024\nT-1.50\nPShop\n^\n"


@pytest.fixture
def run(tmp_path, capsys):
    def command(content: str | bytes, *options: str) -> str:
        path = tmp_path / "statement.qif"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        call_command("read_statement", str(path), *options)
        return capsys.readouterr().out

    return command


def test_everything_is_printed_as_json(run):
    found = json.loads(run(QIF, "--json"))
    assert (found["outcome"], found["count"], found["rejected"][0]["line"]) == ("partial", 1, 6)


def test_a_person_reads_a_few_lines(run):
    printed = run(QIF)
    assert printed.startswith("partial  qif\n")
    assert "line 6: The date “31/02/2024” does not exist." in printed


def test_a_question_is_shown_and_answered(run):
    assert "--answer date_order=…" in run(ASKING)
    assert "2024-01-02         -1.50   Shop" in run(ASKING, "--answer", "date_order=mdy")


def test_a_refused_file_ends_with_status_1_and_still_says_why(run, capsys):
    with pytest.raises(SystemExit) as end:
        run(b"%PDF-1.4", "--json")
    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "reject"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no such file"], "The file cannot be opened"),
        ([__file__, "--answer", "x"], "“x” is not of the form KEY=VALUE."),
    ],
)
def test_what_cannot_be_done_is_said(arguments, says):
    with pytest.raises(CommandError, match=says):
        call_command("read_statement", *arguments)
