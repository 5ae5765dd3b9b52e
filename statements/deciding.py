"""What a person decides about the lines of an import before they are added."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from expenses.models import Category, Expense, Rule
from statements.models import Import, LineQuerySet, Statement, StatementLine
from statements.own import in_ledger
from statements.planning import IN_OTHER_FILE, LEFT_OUT, first_plan, first_state
from statements.rules import RuleBook
from statements.staging import read
from statements.twins import find_twins

Plan, State, Suggested = StatementLine.Plan, StatementLine.State, StatementLine.Suggested


@transaction.atomic
def categorise(of_import: Import, lines: LineQuerySet, category: Category | None) -> int:
    """Give all these lines one category, by hand; or none. Returns how many have another than before."""
    _note(of_import)
    changed = lines.exclude(category=category, suggested_by=Suggested.HAND)
    return changed.update(category=category, suggested_by=Suggested.HAND, why=None)


@transaction.atomic
def plan(of_import: Import, lines: LineQuerySet, wanted: str) -> int:
    """Add all these lines, leave them out, or take them as their twins; those that cannot are left as they are."""
    _note(of_import)
    if wanted == Plan.SAME:
        lines = lines.filter(twin__isnull=False)
    elif wanted != Plan.SKIP:
        lines = lines.exclude(state=State.REJECTED).exclude(amount=0)
    return lines.exclude(state=State.KNOWN).update(plan=wanted, plan_by_hand=True)


@transaction.atomic
def reword(of_import: Import, lines: LineQuerySet, **words: str | tuple[str, ...] | None) -> int:
    """Set ``payee_name``, ``notes`` or ``tags`` of all these lines by hand. Returns how many.

    None, which tags cannot be, is as in the file.
    """
    _note(of_import)
    by_hand = {"payee_by_hand": True} if "payee_name" in words else {}
    return lines.update(**words, **by_hand)


@transaction.atomic
def map_category(of_import: Import, name: str, category: Category | None) -> int:
    """Lines that the file puts in a category of this name get one of the ledger, or, with None, one of that name."""
    _note(of_import)
    lines = StatementLine.objects.of(of_import).filter(file_category=name)
    return lines.exclude(suggested_by=Suggested.HAND).update(
        category=category, suggested_by=Suggested.FILE, why=None
    )


@transaction.atomic
def answer(statement: Statement, answers: dict[str, str]) -> Statement:
    """Read the statement once more, with these answers beside those given before."""
    _note(statement.of_import)
    _release(statement)
    statement.answers = statement.answers | answers
    return read(statement)


@transaction.atomic
def set_account(statement: Statement, key: str, name: str = "") -> Statement:
    """Say which account a statement is of that does not say so itself, and stage its lines once more."""
    _note(statement.of_import)
    _release(statement)
    statement.account_key, statement.account_name = key, name
    return read(statement)


@transaction.atomic
def remove(statement: Statement):
    """Take a file out of its import. Lines that another file of it has too are offered from there."""
    _note(statement.of_import)
    _release(statement)
    statement.delete()


def _release(statement: Statement):
    """What other files have too is offered from the first of them: the lines of this one are about to go."""
    lines = StatementLine.objects.of(statement.of_import)
    mine = lines.filter(statement=statement).order_by().values("external_id")
    others = lines.exclude(statement=statement).filter(
        state=State.KNOWN, reason__template=IN_OTHER_FILE, external_id__in=mine
    )
    found = others.order_by("statement", "id").values_list("external_id", "pk")
    first: dict[str, int] = {}
    for external_id, pk in found:
        first.setdefault(external_id, pk)
    _offer(lines, lines.filter(pk__in=list(first.values())))


def _offer(lines: LineQuerySet, known: LineQuerySet):
    """Those of the lines of an import that were there already are not any more: they are as if they were read now."""
    found: dict[str, list[int]] = defaultdict(list)
    for pk, *facts in known.values_list("pk", "kind", "amount", "statement__is_ours"):
        found[first_state(*facts)].append(pk)
    for state, pks in found.items():
        lines.filter(pk__in=pks).update(state=state, plan=first_plan(state), plan_by_hand=False, reason=None)


def _know(lines: QuerySet):
    """Lines are in the ledger by now: nobody left them out."""
    lines.update(state=State.KNOWN, plan=Plan.SKIP, plan_by_hand=False, reason=None)


@transaction.atomic
def use_rules(of_import: Import) -> int:
    """Try the ledger's rules on the lines again. Nothing set by hand is changed. Returns how many lines changed.

    Costs one statement for each rule that fits any line.
    """
    _note(of_import)
    book = RuleBook(Rule.objects.in_ledger(of_import.ledger_id).select_related("category"))
    lines = StatementLine.objects.of(of_import).exclude(state__in=[State.KNOWN, State.REJECTED])
    fitting: dict[Rule, list[int]] = defaultdict(list)
    for pk, payee, text in lines.values_list("pk", "payee", "text").iterator():
        if rule := book.first(payee, text):
            fitting[rule].append(pk)
    return sum(_use(rule, lines.filter(pk__in=pks)) for rule, pks in fitting.items())


def _use(rule: Rule, lines: LineQuerySet) -> int:
    changed = 0
    if rule.category_id:
        changed = (
            lines.exclude(suggested_by=Suggested.HAND)
            .exclude(category=rule.category_id, suggested_by=Suggested.RULE)
            .update(category=rule.category_id, suggested_by=Suggested.RULE, why={"rule": rule.pattern})
        )
    if rule.payee:
        named = lines.filter(payee_by_hand=False).exclude(payee_name=rule.payee)
        changed = max(changed, named.update(payee_name=rule.payee))
    return changed


@transaction.atomic
def refresh(of_import: Import):
    """See anew which lines are in the ledger: what came since is not added, what went is offered again."""
    _note(of_import)
    lines = StatementLine.objects.of(of_import)
    expenses = Expense.objects.filter(ledger=OuterRef("ledger"))
    known = Exists(expenses.filter(external_id=OuterRef("external_id")).exclude(external_id=""))
    _know(lines.exclude(state__in=[State.KNOWN, State.REJECTED]).filter(known))
    could_go = Q(reason__isnull=True) | Q(reason__template=LEFT_OUT)
    were_there = lines.filter(could_go, state=State.KNOWN).exclude(is_decided())
    for statement in of_import.statements.filter(is_ours=True).defer("content"):
        there = in_ledger(statement)
        _know(lines.filter(pk__in=there, plan=Plan.ADD))
        _offer(lines, were_there.filter(statement=statement).exclude(pk__in=there))
    _offer(lines, were_there.filter(statement__is_ours=False).exclude(external_id="").exclude(known))
    gone = lines.filter(state=State.LIKELY).exclude(twin_is_there())
    gone.filter(plan=Plan.SKIP).update(state=State.NEW, twin=None)
    gone.update(state=State.NEW, plan=Plan.ADD, plan_by_hand=False, twin=None)
    for statement in of_import.statements.defer("content"):
        find_twins(statement)


def is_decided() -> Exists:
    """Whether an import that was added says of this very line that it is an expense which is still there."""
    same = StatementLine.objects.filter(
        ledger=OuterRef("ledger"),
        external_id=OuterRef("external_id"),
        plan=Plan.SAME,
        plan_by_hand=True,
        statement__of_import__change_set__isnull=False,
    )
    return Exists(same.filter(twin_is_there()))


def twin_is_there() -> Exists:
    return Exists(Expense.objects.filter(ledger=OuterRef("ledger"), pk=OuterRef("twin")))


def _note(of_import: Import):
    """The plan is another one from here on; two who decide about one import do so one after the other."""
    Import.objects.filter(ledger=of_import.ledger_id, pk=of_import.pk).update(decisions=F("decisions") + 1)
