"""`manage.py read_statement FILE`: what is in a statement file, without writing or asking any database."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from statements.summary import Summary, said, summarise


class Command(BaseCommand):
    help = _(
        "Read a statement file (CSV, OFX, QIF, CAMT, MT940, XLSX, or a ZIP of these) and say what is in it."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar=_("FILE"))
        parser.add_argument("--json", action="store_true", help=_("Everything as JSON."))
        help_text = _("Answer a question of an earlier reading; may be repeated.")
        parser.add_argument("--answer", action="append", default=[], metavar=_("KEY=VALUE"), help=help_text)

    def handle(self, *args, file, json: bool, answer: list[str], **options):
        summary = self._summary(file, _answers(answer))
        for line in [_as_json(summary)] if json else _as_text(summary):
            self.stdout.write(line)
        if summary.outcome == "reject":
            sys.exit(1)

    def _summary(self, path: str, answers: dict[str, str]) -> Summary:
        try:
            with open(path, "rb") as file:
                return summarise(file, path, answers)
        except OSError as error:
            raise CommandError(_("The file cannot be opened: %(why)s") % {"why": error}) from error


def _answers(given: list[str]) -> dict[str, str]:
    for answer in given:
        if "=" not in answer:
            raise CommandError(_("“%(answer)s” is not of the form KEY=VALUE.") % {"answer": answer})
    return dict(answer.split("=", 1) for answer in given)


def _as_json(summary: Summary) -> str:
    return json.dumps(summary.as_json(), ensure_ascii=False, indent=2)


def _as_text(summary: Summary):
    """A few lines for a person."""
    found = summary.as_json()
    yield f"{found['outcome']}  {found['format'] or ''}".rstrip()
    for kind, figures in summary.groups.items():
        row = "%(kind)-12s %(count)7d  -%(outflow)s  +%(inflow)s"
        yield row % {"kind": kind.value, **figures.as_json()} + f"  {summary.currency or ''}".rstrip()
    for row in filter(None, (found["first_row"], found["last_row"])):
        yield f"{row['date']}  {row['amount']:>12} {row['currency'] or ''}  {row['text']}"
    for row in found["rejected"]:
        yield _("line %(line)s: %(reason)s") % row
    for question in summary.questions.values():
        yield f"{said(question.text)} --answer {question.key}=…"
        yield from (
            f"  {choice.value:<12} {choice.example}  ({said(choice.label)})" for choice in question.choices
        )
    if found["message"]:
        yield found["message"]
