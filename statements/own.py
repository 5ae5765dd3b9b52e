"""Lines of this application's own export: an expense that says all the same is there already."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count
from django.db.models.functions import Lower

from expenses.models import Expense
from ledgers.models import Ledger
from statements.formats.lines import Line
from statements.models import Statement, StatementLine


def present(ledger: Ledger, lines: Sequence[Line], staged: Iterable[tuple] = ()) -> set[int]:
    """The positions of the lines that the ledger has; two equal lines need two equal expenses. Costs one query.

    ``staged`` are ``(date, amount, category, payee, text)`` of lines that are to be added already.
    """
    dates = [line.date for line in lines]
    if not dates:
        return set()
    same = Expense.objects.in_ledger(ledger).between(min(dates), max(dates)).order_by()
    columns = ("date", "amount", Lower("category__name"), "payee", "notes")
    counts = Counter({tuple(key): count for *key, count in same.values_list(*columns).annotate(Count("pk"))})
    counts.update(_key(*each) for each in staged)
    found = set()
    for position, line in enumerate(lines):
        key = _key(line.date, line.amount, line.category, line.payee, line.text)
        if counts[key]:
            counts[key] -= 1
            found.add(position)
    return found


def _key(date, amount, category: str, payee: str, text: str) -> tuple:
    return date, -amount, category.lower(), payee, text


def staged_beside(statement: Statement):
    """What other files of ours in its import are to add, as ``present`` takes it."""
    others = StatementLine.objects.of(statement.of_import).exclude(statement=statement).to_add()
    ours = others.filter(statement__is_ours=True, external_id="").order_by()
    return ours.values_list("date", "amount", "file_category", "payee", "text")


def present_again(ledger: Ledger, statements: Iterable[Statement]) -> list[int]:
    """The ids of lines that are to be added although the ledger has them by now."""
    found = []
    for statement in statements:
        if statement.is_ours:
            staged = statement.lines.filter(ledger=ledger, external_id="").exclude(
                state=StatementLine.State.REJECTED
            )
            rows = list(staged.select_related("category").order_by("id"))
            there = present(ledger, [_as_read(row) for row in rows])
            found += [rows[n].pk for n in sorted(there) if rows[n].plan == StatementLine.Plan.ADD]
    return found


def _as_read(row: StatementLine) -> Line:
    return Line(
        row.number, "", row.date, row.amount, payee=row.payee, text=row.text, category=row.file_category
    )
