"""Adding to the ledger exactly what an import says, in one transaction, which is one change set."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Left, Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.change_sets import written_in
from database.timeouts import take_longer_than_a_page
from expenses.loading import PALETTE, lowered
from expenses.models import Account, Category, Expense
from history.models import ChangeSet
from ledgers.models import Ledger
from statements.deciding import is_decided, twin_is_there
from statements.models import Import, Profile, Statement, StatementLine
from statements.own import present_again
from statements.twins import find_twins

Plan, State = StatementLine.Plan, StatementLine.State

ADD = """
INSERT INTO expenses_expense (
    ledger_id, date, amount, category_id, payee, notes, spread_months, tags, receipt, external_id,
    created_by_id
)
SELECT line.ledger_id, line.date, -line.amount, coalesce(line.category_id, named.id, %(otherwise)s),
       coalesce(line.payee_name, line.payee), coalesce(line.notes, line.text), line.spread_months, line.tags,
       line.receipt, line.external_id, %(user)s
FROM statements_statementline AS line
LEFT JOIN expenses_category AS named
    ON named.ledger_id = line.ledger_id AND line.category_id IS NULL
    AND lower(named.name) = lower(nullif(line.file_category, ''))
WHERE line.ledger_id = %(ledger)s AND line.statement_id = ANY (%(statements)s) AND line.plan = 'add'
ORDER BY line.statement_id, line.id
"""
LINK = """
UPDATE expenses_expense AS expense SET external_id = line.external_id
FROM statements_statementline AS line
WHERE line.ledger_id = %(ledger)s AND line.statement_id = ANY (%(statements)s) AND line.plan = 'same'
  AND expense.ledger_id = line.ledger_id AND expense.id = line.twin_id AND expense.external_id = ''
"""


# Lines that are to be the same as an expense which another line of the same account and kind of file is by now.
CLAIMED = """
SELECT line.id FROM statements_statementline AS line
JOIN expenses_expense AS expense ON expense.ledger_id = line.ledger_id AND expense.id = line.twin_id
CROSS JOIN LATERAL (SELECT regexp_replace(line.external_id, '[^:]*:[^:]*$', '') AS stem) AS kind
WHERE line.ledger_id = %(ledger)s AND line.statement_id = ANY (%(statements)s) AND line.plan = 'same' AND (
    expense.external_id <> line.external_id AND starts_with(expense.external_id, kind.stem)
    OR EXISTS (
        SELECT FROM statements_statementline AS other
        JOIN statements_statement AS statement ON statement.ledger_id = other.ledger_id
            AND statement.id = other.statement_id
        JOIN statements_import AS import ON import.ledger_id = statement.ledger_id
            AND import.id = statement.of_import_id
        WHERE other.ledger_id = line.ledger_id AND other.twin_id = line.twin_id AND other.plan = 'same'
          AND other.external_id <> line.external_id AND starts_with(other.external_id, kind.stem)
          AND (import.change_set_id IS NOT NULL OR other.statement_id = ANY (%(statements)s))
    )
)
LIMIT 100
"""


class NotApplied(Exception):
    """Nothing was added; the message says why. ``lines`` are the ids of some of the lines it is about."""

    def __init__(self, message: str, lines=()):
        super().__init__(message)
        self.lines = list(lines)


class OutOfDate(NotApplied):
    """The ledger changed since the lines were staged; ``deciding.refresh`` makes the plan go with it again."""


def is_applied(of_import: Import) -> bool:
    """Whether what it added is in the ledger: it was applied, and that was not undone, or the undoing was."""
    return of_import.pk in applied_among([of_import])


def applied_among(imports: Sequence[Import]) -> set[int]:
    """The ids of those of one ledger's imports that are in the ledger. One query for each undoing of an undoing."""
    done = {each.change_set_id for each in imports} - {None}
    undone_by: dict[int, list[int]] = defaultdict(list)
    latest = done
    while latest:
        found = ChangeSet.objects.in_ledger(imports[0].ledger_id).filter(undoes__in=latest)
        pairs = list(found.values_list("undoes", "pk"))
        for undone, by in pairs:
            undone_by[undone].append(by)
        latest = {by for _undone, by in pairs}

    def stands(change_set: int) -> bool:
        return not any(map(stands, undone_by[change_set]))

    return {each.pk for each in imports if each.change_set_id in done and stands(each.change_set_id)}


@transaction.atomic
def apply(of_import: Import, version: int, user=None, otherwise: Category | None = None) -> int:
    """Add what the import, as it was looked at in this ``version``, says. Returns the number of expenses added.

    ``otherwise`` is the category of lines that have none. Categories and accounts that the ledger lacks are made.
    Raises NotApplied, with nothing written, if the import was changed since, is in the ledger already, or has lines
    that nobody decided about or that have no category; and if a line came into the ledger since it was staged:
    then the line is marked so when the import is looked at again. Costs a constant number of queries.
    """
    take_longer_than_a_page()
    # In this order everywhere, so that nobody waits for each other.
    of_import = Import.objects.select_for_update().get(ledger=of_import.ledger_id, pk=of_import.pk)
    ledger = Ledger.objects.select_for_update(no_key=True).get(pk=of_import.ledger_id)
    if of_import.version != version:
        raise NotApplied(_("This import was changed since you looked at it. Look at it again."))
    if is_applied(of_import):
        raise NotApplied(_("This import is in the ledger already."))
    if of_import.statements.filter(state__in=[Statement.State.WAITING, Statement.State.ASKING]).exists():
        raise NotApplied(
            _("A file still has to be read, or has a question. Answer it, or take the file out.")
        )
    statements = list(of_import.statements.filter(state=Statement.State.READ).defer("content"))
    lines = StatementLine.objects.of(of_import)
    _check(ledger, lines, statements, otherwise)
    _make_categories(ledger, lines)
    _make_accounts(ledger, statements, lines)
    facts = {"ledger": ledger.pk, "statements": [statement.pk for statement in statements]}
    with connection.cursor() as cursor:
        cursor.execute(LINK, facts)
        cursor.execute(ADD, facts | {"user": user and user.pk, "otherwise": otherwise and otherwise.pk})
        added = cursor.rowcount
    _close(ledger, of_import, statements, otherwise)
    return added


def _check(ledger, lines, statements, otherwise):
    """Raises NotApplied unless the plan can be carried out as it stands."""
    to_add, open_ones = lines.to_add(), lines.filter(plan=Plan.OPEN)
    if undecided := open_ones.count():
        message = ngettext(
            "Decide about %(n)s line that is likely there already.",
            "Decide about %(n)s lines that are likely there already.",
            undecided,
        )
        raise NotApplied(message % {"n": undecided}, open_ones.values_list("pk", flat=True)[:100])
    without = to_add.filter(category=None, file_category="")
    if otherwise is None and (count := without.count()):
        message = ngettext("Choose a category for %(n)s line.", "Choose a category for %(n)s lines.", count)
        raise NotApplied(message % {"n": count}, without.values_list("pk", flat=True)[:100])
    if not lines.filter(plan__in=[Plan.ADD, Plan.SAME]).exists():
        raise NotApplied(_("There is nothing to add."))
    if stale := _came_since(ledger, lines) or present_again(ledger, statements) or _twins(statements):
        message = _("Some lines came into the ledger since you looked. Look at the import again.")
        raise OutOfDate(message, stale)
    if claimed := _claimed(ledger, statements):
        raise OutOfDate(_("An expense that a line is the same as is another line by now."), claimed)
    gone = lines.filter(plan=Plan.SAME).exclude(twin_is_there())
    if lost := list(gone.values_list("pk", flat=True)[:100]):
        raise OutOfDate(_("An expense that a line is the same as is gone. Look at the import again."), lost)


def _came_since(ledger, lines) -> list[int]:
    """Some of those that are not as they were: to be added or linked but in the ledger by now, or known but gone."""
    there = Expense.objects.filter(ledger=ledger, external_id=OuterRef("external_id")).exclude(external_id="")
    came = lines.to_add().filter(Exists(there))
    elsewhere = lines.filter(plan=Plan.SAME).filter(Exists(there.exclude(pk=OuterRef("twin"))))
    went = lines.filter(state=State.KNOWN, reason__isnull=True, statement__is_ours=False).exclude(
        external_id=""
    )
    went = went.exclude(Exists(there)).exclude(is_decided())
    return [pk for found in (came, elsewhere, went) for pk in found.values_list("pk", flat=True)[:100]]


def _claimed(ledger, statements) -> list[int]:
    with connection.cursor() as cursor:
        facts = {"ledger": ledger.pk, "statements": [statement.pk for statement in statements]}
        cursor.execute(CLAIMED, facts)
        return [pk for (pk,) in cursor.fetchall()]


def _twins(statements) -> list[int]:
    """Lines that are likely an expense which came into the ledger since they were looked at."""
    return [line for statement in statements for line in find_twins(statement)]


def _make_categories(ledger, lines):
    """Those that lines are to be added to by name and that the ledger lacks."""
    wanted = lines.to_add().filter(category=None).exclude(file_category="").order_by()
    small = lowered(list(wanted.values_list("file_category", flat=True).distinct()))
    names = {lower: name for name, lower in sorted(small.items(), reverse=True)}
    present = set(Category.objects.in_ledger(ledger).values_list(Lower("name"), flat=True))
    position = Category.objects.in_ledger(ledger).next_position()
    missing = [name for small, name in sorted(names.items()) if small not in present]
    Category.objects.bulk_create(
        Category(
            ledger=ledger, name=name, position=position + n, colour=PALETTE[(position + n) % len(PALETTE)]
        )
        for n, name in enumerate(missing)
    )


def _make_accounts(ledger, statements, lines):
    """Those of the lines that are added. Two of one name are told apart by a number behind it."""
    found = {account["key"]: account for statement in statements for account in statement.accounts}
    accounts = Account.objects.in_ledger(ledger).annotate(small=Lower("name"))
    for key in accounts.values_list("key", flat=True):
        found.pop(key, None)
    done = lines.filter(plan__in=[Plan.ADD, Plan.SAME]).order_by()
    used = set(done.values_list(Left("external_id", 16), flat=True).distinct())
    for key in sorted(found.keys() & used):
        name, n = found[key]["name"], 1
        while accounts.filter(small=Lower(Value(name))).exists():
            n += 1
            name = f"{found[key]['name'][:95]} {n}"
        Account.objects.create(
            ledger=ledger, key=key, name=name, digits=found[key]["digits"], currency=ledger.currency
        )


def _close(ledger, of_import, statements, otherwise):
    """The import is done; what was answered is known for the next file of the same columns."""
    of_import.change_set_id = written_in(ledger.pk)
    if of_import.change_set_id is None:
        raise NotApplied(_("There is nothing to add."))
    of_import.decisions = F("decisions") + 1
    of_import.otherwise = otherwise or of_import.otherwise
    of_import.save(update_fields=["change_set", "decisions", "otherwise"])
    profiles = {
        statement.signature: Profile(
            ledger=ledger,
            signature=statement.signature,
            answers=statement.answers,
            account_key=statement.account_key,
        )
        for statement in statements
        if statement.signature
    }
    Profile.objects.bulk_create(
        profiles.values(),
        update_conflicts=True,
        unique_fields=["ledger", "signature"],
        update_fields=["answers", "account_key"],
    )
    of_import.statements.filter(~Q(content=None)).update(content=None)
