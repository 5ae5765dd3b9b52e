"""What an import comes to as it stands, and a page of its lines: what the preview shows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from expenses.models import Category, Expense
from expenses.row_form import LONGEST_NOTES, LONGEST_TAGS
from statements.models import Import, LineQuerySet, Statement, StatementLine
from statements.wording import shown

PAGE_SIZE = 100
State, Plan, Suggested = StatementLine.State, StatementLine.Plan, StatementLine.Suggested
DECIDED_ABOUT = (State.NEW, State.LIKELY, State.PENDING, State.ASIDE)
MAPPED = 100  # categories of another application that are listed
PAID_TO = Coalesce(NullIf("payee", Value("")), "text")


@dataclass
class Part:
    """The lines of one state: how many, and what they would add to what was spent."""

    state: str
    count: int = 0
    spent: Decimal = Decimal(0)
    undecided: int = 0

    @property
    def label(self) -> str:
        return State(self.state).label


@dataclass
class Comes:
    """What adding it comes to: ``count`` expenses of together ``spent``, of which ``bare`` have no category yet."""

    parts: list[Part]
    count: int = 0
    same: int = 0
    spent: Decimal = Decimal(0)
    bare: int = 0
    undecided: int = 0
    lines: Counter = field(default_factory=Counter)  # by the id of their statement

    @property
    def first(self) -> str:
        """The state to look at first."""
        return next((part.state for part in self.parts if part.count), State.NEW)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to add, to link, or to decide about first."""
        return not (self.count or self.same or self.undecided)

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)


def comes_to(of_import: Import) -> Comes:
    """One query, whatever the number of lines."""
    groups = (
        StatementLine.objects.of(of_import)
        .order_by()
        .values_list("statement", "state", "plan")
        .annotate(
            lines=Count("pk"),
            together=Coalesce(Sum("amount"), Value(Decimal(0))),
            bare=Count("pk", filter=Q(category=None, file_category="")),
        )
    )
    parts = {state: Part(state) for state in State.values}
    all_of_it = Comes(list(parts.values()))
    for statement, state, plan, count, amount, bare in groups:
        part = parts[state]
        part.count += count
        part.spent -= amount
        all_of_it.lines[statement] += count
        if plan == Plan.ADD:
            all_of_it.count += count
            all_of_it.spent -= amount
            all_of_it.bare += bare
        elif plan == Plan.SAME:
            all_of_it.same += count
        elif plan == Plan.OPEN:
            part.undecided += count
            all_of_it.undecided += count
    return all_of_it


def came_since(of_import: Import) -> bool:
    """Whether a line that is to be added is in the ledger by now. One query."""
    there = Expense.objects.filter(ledger=of_import.ledger_id, external_id=OuterRef("external_id"))
    lines = StatementLine.objects.of(of_import).to_add()
    return lines.filter(Exists(there.exclude(external_id=""))).exists()


def with_file_category(lines: LineQuerySet) -> LineQuerySet:
    """These lines; ``has_file_category`` says whether the ledger has the category that the file says."""
    categories = Category.objects.filter(ledger=OuterRef("ledger")).annotate(small=Lower("name"))
    return lines.annotate(has_file_category=Exists(categories.filter(small=Lower(OuterRef("file_category")))))


def files_of(of_import: Import) -> list[Statement]:
    """Its statements without their content; ``is_there`` says whether they can be read once more."""
    statements = of_import.statements.filter(ledger=of_import.ledger_id).defer("content").order_by("pk")
    return list(statements.annotate(is_there=Q(content__isnull=False)))


@dataclass
class Row:
    """A line as the page shows it. ``payee``, ``notes``, ``category`` and ``plan`` are what can be changed.

    In ``notes`` the tags are written too, as in ``Expense.notes_with_tags``.
    """

    longest_notes = LONGEST_NOTES + LONGEST_TAGS

    line: StatementLine
    payee: str
    notes: str
    category: str
    plan: str
    mark: str  # a row that comes back with the values it stands for was not touched
    twin: Expense | None = None
    alike: int = 0  # other lines of the payee with another category
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, line: StatementLine) -> "Row":
        payee = line.payee if line.payee_name is None else line.payee_name
        notes = " ".join(filter(None, [plain_notes(line), *(f"#{tag}" for tag in line.tags)]))
        category = str(line.category_id or "")
        return cls(line, payee, notes, category, line.plan, mark(category, payee, notes, line.plan))

    @property
    def plain_notes(self) -> str:
        return plain_notes(self.line)

    @property
    def prefix(self) -> str:
        return f"line-{self.line.pk}"

    @property
    def amount(self) -> Decimal | None:
        """As an expense of the ledger: what was spent is positive."""
        return None if self.line.amount is None else -self.line.amount

    @property
    def can_change(self) -> bool:
        return self.line.state in DECIDED_ABOUT

    @property
    def why(self) -> str:
        """Where the category comes from."""
        why, by = self.line.why or {}, self.line.suggested_by
        if by == Suggested.RULE:
            return _("rule: %(rule)s") % why
        if by == Suggested.HISTORY:
            return _("%(count)s of %(of)s at %(payee)s") % why
        if by == Suggested.FILE:
            return _("from the file")
        return ""

    @property
    def said(self) -> str:
        """Who was paid, or what else is said, as in the file."""
        return self.line.payee or self.line.text

    @property
    def reason(self) -> str:
        return shown(self.line.reason)

    @property
    def by_hand(self) -> bool:
        return self.line.suggested_by == Suggested.HAND and self.line.category_id is not None


def plain_notes(line: StatementLine) -> str:
    """The notes that the line gets, without its tags."""
    return line.text if line.notes is None else line.notes


def mark(*values: str) -> str:
    """A few letters that stand for these values, as a browser sends them: without the ends of lines."""
    sent = "\0".join(values).replace("\r", "").replace("\n", "")
    return blake2b(sent.encode("utf-8", "replace"), digest_size=8).hexdigest()


def rows_of(of_import: Import, lines: list[StatementLine]) -> list[Row]:
    """These lines as rows. Two queries at most, whatever their number."""
    rows = [Row.of(line) for line in lines]
    twins = {row.line.twin_id for row in rows if row.line.state == State.LIKELY}
    if twins:
        found = Expense.objects.in_ledger(of_import.ledger_id).select_related("category").in_bulk(twins)
        for row in rows:
            row.twin = found.get(row.line.twin_id)
    if by_hand := [row for row in rows if row.by_hand]:
        counts = _by_payee(of_import, {row.said for row in by_hand})
        for row in by_hand:
            categories = counts[row.said]
            row.alike = categories.total() - categories[row.line.category_id]
    return rows


def of_payee(of_import: Import, line: StatementLine) -> LineQuerySet:
    """The lines that can be changed and were paid to whom this one was, or say the same where nobody is named."""
    lines = StatementLine.objects.of(of_import).filter(state__in=DECIDED_ABOUT).alias(said=PAID_TO)
    return lines.filter(said=line.payee or line.text)


def _by_payee(of_import: Import, payees: set[str]) -> dict[str, Counter]:
    """How many lines of each payee have which category."""
    lines = StatementLine.objects.of(of_import).filter(state__in=DECIDED_ABOUT).order_by()
    counts = lines.annotate(said=PAID_TO).filter(said__in=payees).values_list("said", "category")
    found = defaultdict(Counter)
    for payee, category, count in counts.annotate(Count("pk")):
        found[payee][category] += count
    return found


@dataclass
class Unknown:
    """A category of another application's file that the ledger lacks or does not offer, and what becomes of it."""

    name: str
    count: int
    category: str = ""  # the id of the one it is mapped to; "" where one of that name is made
    is_archived: bool = False


def unknown_categories(of_import: Import) -> list[Unknown]:
    """In the order of their names. One query."""
    unlike = Q(category=None) | Q(category__archived=True) | ~Q(category__name__iexact=F("file_category"))
    from_file = StatementLine.objects.of(of_import).filter(
        unlike,
        state__in=DECIDED_ABOUT,
        plan__in=[Plan.ADD, Plan.OPEN],
        suggested_by=Suggested.FILE,
    )
    wanted = from_file.exclude(file_category="").order_by("file_category")
    counts = wanted.values_list("file_category", "category", "category__archived").annotate(Count("pk"))
    return [
        Unknown(name, count, str(category or ""), bool(archived))
        for name, category, archived, count in counts[:MAPPED]
    ]


def choices(ledger) -> list[Category]:
    """The categories of the ledger, those that are not offered any more last."""
    return sorted(Category.objects.in_ledger(ledger), key=lambda category: category.archived)
