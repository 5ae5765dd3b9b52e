"""`manage.py import_statement`: statements into a ledger, planned first and added on demand."""

import sys
from io import BytesIO
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.change_sets import written_in
from database.commands import DatabaseCommand
from expenses.accounts import random_key
from expenses.models import Account, Category
from ledgers.models import Ledger
from statements import deciding
from statements.applying import NotApplied, apply
from statements.formats.limits import BYTES
from statements.models import Import, Statement, StatementLine
from statements.staging import read
from statements.uploading import NotTaken, begin_import
from statements.wording import shown, shown_question

MOST_REJECTED = 50  # that are listed of a file
Plan, State = StatementLine.Plan, StatementLine.State


class Command(DatabaseCommand):
    help = _(
        "Read statements (CSV, OFX, QIF, CAMT, MT940, XLSX, or a ZIP of these) and print what would be added."
        " With --apply it is added; otherwise the import stays open, to be looked at on its page."
    )

    def add_arguments(self, parser):
        parser.add_argument("ledger", type=int, metavar=_("LEDGER"), help=_("The number of the ledger."))
        parser.add_argument("files", type=Path, nargs="+", metavar=_("FILE"))
        parser.add_argument(
            "--account", metavar=_("NAME"), help=_("Which account they are of, where they do not say.")
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            type=_answer,
            metavar=_("KEY=VALUE"),
            help=_("Answer a question of an earlier run; may be repeated."),
        )
        parser.add_argument(
            "--otherwise", metavar=_("CATEGORY"), help=_("The category of lines that have none.")
        )
        parser.add_argument(
            "--take-likely",
            choices=["same", "new"],
            help=_("Lines that are likely in the ledger: are the same, or are new."),
        )
        parser.add_argument("--apply", action="store_true", help=_("Add what is planned."))

    def execute(self, *args, **options):
        """The exit status is 1 where a file could not be read or asks something; what was staged is kept."""
        self.is_open_question = False
        super().execute(*args, **options)
        if self.is_open_question:
            sys.exit(1)

    def handle(self, *args, ledger, files, account, answer, otherwise, take_likely, apply, **options):
        book = _ledger(ledger)
        category = _category(book, otherwise)
        of_import = _begin(book, files)
        for statement in of_import.statements.order_by("pk"):
            self._read(statement, dict(answer), account)
        if take_likely:
            wanted = Plan.SAME if take_likely == "same" else Plan.ADD
            deciding.plan(of_import, StatementLine.objects.of(of_import).filter(plan=Plan.OPEN), wanted)
        self._print(of_import)
        if apply:
            self._apply(of_import, category)
        else:
            self.stdout.write(
                _("Import %(number)d stays open; nothing was added.") % {"number": of_import.pk}
            )

    def _read(self, statement: Statement, answers: dict[str, str], account: str | None):
        if statement.state == Statement.State.WAITING:
            self.stderr.write(_("Reading %(file)s …") % {"file": statement.name})
            statement.answers = answers
            if account:
                _set_account(statement, account)
            read(statement)
        self.is_open_question |= statement.state != Statement.State.READ

    def _print(self, of_import: Import):
        for statement in of_import.statements.defer("content").order_by("pk"):
            self.stdout.write(f"{statement.name}: {statement.get_state_display()} {statement.format}".strip())
            for sentence in _said(statement):
                self.stdout.write(f"  {sentence}")
            for sentence in _rejected(statement):
                self.stdout.write(f"  {sentence}")
        for each in StatementLine.objects.of(of_import).figures():
            label, wanted = State(each["state"]).label, Plan(each["plan"]).label
            self.stdout.write(f"{label} – {wanted}: {each['count']}, {each['sum'].normalize():f}")

    def _apply(self, of_import: Import, otherwise: Category | None):
        of_import.refresh_from_db()
        self.stderr.write(_("Adding …"))
        try:
            count = apply(of_import, of_import.version, otherwise=otherwise)
        except NotApplied as refusal:
            where = StatementLine.objects.filter(ledger=of_import.ledger_id, pk__in=refusal.lines)
            lines = [
                _("%(file)s, line %(line)d: %(text)s")
                % {"file": name, "line": number, "text": f"{payee} {text}".strip()}
                for name, number, payee, text in where.order_by("pk").values_list(
                    "statement__name", "number", "payee", "text"
                )
            ]
            raise CommandError("\n".join([str(refusal), *lines])) from refusal
        text = ngettext("Added %(count)d expense.", "Added %(count)d expenses.", count) % {"count": count}
        self.stdout.write(text)
        if change_set := written_in(of_import.ledger_id):
            self.stdout.write(_("To take it back: manage.py undo %(number)d") % {"number": change_set})


def _answer(given: str) -> tuple[str, str]:
    key, found, value = given.partition("=")
    if not found:
        raise CommandError(_("“%(answer)s” is not of the form KEY=VALUE.") % {"answer": given})
    return key, value


def _ledger(number: int) -> Ledger:
    found = Ledger.objects.filter(pk=number).first()
    if found is None:
        raise CommandError(_("There is no ledger %(number)d.") % {"number": number})
    return found


def _category(ledger: Ledger, name: str | None) -> Category | None:
    if name is None:
        return None
    found = Category.objects.in_ledger(ledger).filter(name__iexact=name).first()
    if found is None:
        raise CommandError(_("The ledger has no category “%(name)s”.") % {"name": name})
    return found


def _begin(ledger: Ledger, files: list[Path]) -> Import:
    try:
        return begin_import(ledger, None, [(file.name, BytesIO(_content(file))) for file in files])
    except NotTaken as refusal:
        raise CommandError("\n".join(refusal.messages)) from refusal


def _content(file: Path) -> bytes:
    """Of a file that is too large only as much as shows that it is."""
    try:
        with file.open("rb") as opened:
            return opened.read(BYTES + 1)
    except OSError as error:
        message = _("%(file)s cannot be read: %(why)s")
        raise CommandError(message % {"file": file, "why": error.strerror}) from error


def _set_account(statement: Statement, name: str):
    known = Account.objects.in_ledger(statement.ledger_id).filter(name__iexact=name).first()
    statement.account_key, statement.account_name = known.key if known else random_key(), name[:100]


def _said(statement: Statement):
    """What reading it said: why not, what is asked with the answers there are, and what to know."""
    if statement.problem:
        yield shown(statement.problem)
    for question in map(shown_question, statement.questions):
        yield f"{question['text']} --answer {question['key']}=…"
        for choice in question["choices"]:
            yield f"  {choice['value']:<12} {choice['label']}  {choice['example']}".rstrip()
    yield from map(shown, statement.warnings)


def _rejected(statement: Statement):
    lines = StatementLine.objects.filter(
        ledger=statement.ledger_id, statement=statement, state=State.REJECTED
    )
    for number, reason in lines.order_by("pk").values_list("number", "reason")[:MOST_REJECTED]:
        yield _("line %(line)s: %(reason)s") % {"line": number, "reason": shown(reason)}
