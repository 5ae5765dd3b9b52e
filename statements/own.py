"""Lines of this application's own export: an expense that says all the same is there already."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from expenses.loading import lowered
from expenses.models import Expense
from ledgers.models import Ledger
from statements.formats.lines import Line
from statements.formats.values import storable
from statements.models import Statement, StatementLine

State = StatementLine.State
SAID = ("date", "amount", "file_category", "payee", "text", "external_id")


def present(ledger: Ledger, lines: Sequence[Line], staged: Iterable[tuple] = ()) -> set[int]:
    """The positions of the lines that the ledger has; two equal lines need two equal expenses. Costs four queries.

    An expense with the ``external_id`` of a line is that line and no other. Of the rest, a line with such an id is no
    expense that has another one. ``staged`` are ``SAID`` of lines of other files.
    """
    if not lines:
        return set()
    ids = {line.bank_id for line in lines} - {""}
    found_by_id = Expense.objects.in_ledger(ledger).filter(external_id__in=ids).order_by()
    there = set(found_by_id.values_list("external_id", flat=True))
    plain, named = _counts(ledger, lines, staged, ids)
    found = set()
    for position, key in enumerate(_keys(_said(line) for line in lines)):
        own_id = lines[position].bank_id
        # A line without an id takes first what no other line could be.
        pools = [pool for pool in ([plain] if own_id else [named, plain]) if pool[key]]
        if own_id in there:
            found.add(position)
        elif pools:
            pools[0][key] -= 1
            found.add(position)
    return found


def _counts(
    ledger: Ledger, lines: Sequence[Line], staged: Iterable[tuple], ids: set
) -> tuple[Counter, Counter]:
    """How often each key is there, without an ``external_id`` and with one that is not among ``ids``."""
    days = [line.date for line in lines]
    near = Expense.objects.in_ledger(ledger).between(min(days), max(days)).order_by()
    rows = near.values_list("date", "amount", "category__name", "payee", "notes", "external_id")
    said = [(day, -amount, *rest) for day, amount, *rest in rows] + list(staged)
    plain, named = Counter(), Counter()
    for (*_said, own_id), key in zip(said, _keys(said), strict=True):
        if own_id not in ids:
            (named if own_id else plain)[key] += 1
    return plain, named


def _keys(said: Iterable[tuple]) -> list[tuple]:
    """What equal lines have in common; the database decides which categories are one."""
    said = list(said)
    small = lowered(list({storable(category) for _day, _amount, category, *_rest in said}))
    return [
        (day, amount, small[storable(category)], payee, text)
        for day, amount, category, payee, text, _own_id in said
    ]


def _said(line: Line) -> tuple:
    return line.date, line.amount, line.category, line.payee, line.text, line.bank_id


def staged_beside(statement: Statement) -> QuerySet:
    """What other files of ours in its import have first, as ``present`` takes it."""
    others = StatementLine.objects.of(statement.of_import).exclude(statement=statement)
    ours = others.filter(statement__is_ours=True).exclude(state__in=[State.KNOWN, State.REJECTED])
    return ours.order_by().values_list(*SAID)


def in_ledger(statement: Statement) -> list[int]:
    """The ids of lines of a file of ours that the ledger, or a file before it in the import, has by now."""
    before = staged_beside(statement).filter(statement__lt=statement.pk)
    return [row.pk for row in _there(statement, before)]


def present_again(ledger: Ledger, statements: Iterable[Statement]) -> list[int]:
    """The ids of lines that are to be added although the ledger has them by now."""
    ours = [statement for statement in statements if statement.is_ours]
    there = [row for statement in ours for row in _there(statement)]
    return [row.pk for row in there if row.plan == StatementLine.Plan.ADD]


def _there(statement: Statement, staged: Iterable[tuple] = ()) -> list[StatementLine]:
    rows = list(
        statement.lines.filter(ledger=statement.ledger_id).exclude(state=State.REJECTED).order_by("id")
    )
    found = present(statement.ledger, [_as_read(row) for row in rows], staged)
    return [rows[n] for n in sorted(found)]


def _as_read(row: StatementLine) -> Line:
    said = {"payee": row.payee, "text": row.text, "category": row.file_category, "bank_id": row.external_id}
    return Line(row.number, "", row.date, row.amount, **said)
