"""After any order of imports the ledger is what happened: each line once, and none left out.

What happened is made up: a few days of an account, with the same coffee twice, one id of the bank for several lines,
and money that comes in. Exports of it overlap, are repeated, turned around and cut in the middle of a day. Several
come in one import. Imports are undone and applied again, or wait while others are applied; expenses are typed by hand
before their statement comes, and deleted after it.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.acting import acting_as, operator
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from history.models import ChangeSet
from history.undoing import NotUndone, undo
from statements.applying import NotApplied, OutOfDate, apply, is_applied
from statements.deciding import plan, refresh
from statements.models import StatementLine
from statements.tests.files import Booked, csv, ofx, staged

FIRST, DAYS, STEPS = date(2024, 3, 1), 3, 8
FORMATS = (csv, ofx)
number = st.integers(0, 7)
# An id may be used again, but for the same payee: two lines of one id, day and amount are the same line twice.
PAYEES = {"A1": "Coffee", "B2": "Market hall", "C3": "Coffee"}
line = st.builds(
    lambda days, amount, bank_id: Booked(FIRST + timedelta(days), Decimal(amount), PAYEES[bank_id], bank_id),
    st.integers(0, DAYS - 1),
    st.sampled_from(["-2.5", "-3", "40"]),
    st.sampled_from(["A1", "A1", "B2", "C3"]),
)
truths = st.lists(line, min_size=2, max_size=8).map(lambda lines: sorted(lines, key=lambda each: each.day))
export = st.tuples(number, number, st.booleans())
exports = st.lists(export, min_size=1, max_size=2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("bring_in"), exports),
        st.tuples(st.just("bring_in"), exports),
        st.tuples(st.just("stage"), exports),
        st.tuples(st.sampled_from(["add_staged", "take_back", "add_again", "type", "delete"]), number),
    ),
    min_size=1,
    max_size=STEPS,
)


class Book:
    """A ledger, and what happened, as files of one format say it."""

    def __init__(self, ledger, truth: list[Booked], format):
        self.ledger, self.truth, self.format = ledger, truth, format
        self.food = Category.objects.get(ledger=ledger, name="Food")
        self.staged, self.imports = [], []

    def spent(self, lines=None) -> Counter:
        return Counter(
            (each.day, -each.amount, each.payee) for each in lines or self.truth if each.amount < 0
        )

    def stored(self) -> Counter:
        return Counter(Expense.objects.in_ledger(self.ledger).values_list("date", "amount", "payee"))

    # What can happen

    def bring_in(self, wanted):
        files = self._exported(wanted)
        self.imports.append(of_import := staged(self.ledger, *(content for _lines, content in files)))
        self._add(of_import)
        for lines, _content in files:
            assert self.spent(lines) <= self.stored()

    def stage(self, wanted):
        self.staged.append(staged(self.ledger, *(content for _lines, content in self._exported(wanted))))

    def add_staged(self, which):
        if self.staged:
            self.imports.append(of_import := self.staged.pop(which % len(self.staged)))
            self._add(of_import)

    def take_back(self, which):
        applied = [each for each in self.imports if is_applied(each)]
        if applied:
            of_import = applied[which % len(applied)]
            try:
                with acting_as(operator("tests")), transaction.atomic():
                    undo(self.ledger, ChangeSet.objects.get(pk=of_import.change_set_id))
            except NotUndone:  # one of its expenses was changed since
                pass

    def add_again(self, which):
        if undone := [each for each in self.imports if each.change_set_id and not is_applied(each)]:
            self._add(undone[which % len(undone)])

    def type(self, which):
        """By hand, what happened and is not in the ledger yet."""
        missing = sorted((self.spent() - self.stored()).elements())
        if missing:
            day, amount, payee = missing[which % len(missing)]
            make_expense(self.ledger, amount, day=str(day), payee=payee)

    def delete(self, which):
        expenses = Expense.objects.in_ledger(self.ledger).order_by("pk")
        if count := expenses.count():
            with acting_as(operator("tests")):
                expenses[which % count].delete()

    def _exported(self, wanted) -> list[tuple[list[Booked], bytes]]:
        """Files, each with the lines it has."""
        return [self._file(*each) for each in wanted]

    def _file(self, first, last, backwards) -> tuple[list[Booked], bytes]:
        """The lines from the begin of a day on, up to a moment that may lie within one."""
        last = 1 + last % len(self.truth)
        first = min(first % len(self.truth), last - 1)
        lines = [each for each in self.truth[:last] if each.day >= self.truth[first].day]
        return lines, self.format(lines[::-1] if backwards else lines)

    def _add(self, of_import):
        """As somebody does who looks at it first, and once more where the ledger changed meanwhile."""
        for _attempt in range(2):
            self._decide(of_import)
            of_import.refresh_from_db()
            try:
                with acting_as(operator("tests")):
                    apply(of_import, of_import.version, otherwise=self.food)
            except OutOfDate:
                refresh(of_import)
                continue
            except NotApplied as refusal:
                assert str(refusal) == "There is nothing to add."  # noqa: PT017
            of_import.refresh_from_db()
            return
        raise AssertionError("out of date twice")

    def _decide(self, of_import):
        """Equal to the day is the same; what is gone by now is nothing to be the same as."""
        for each in StatementLine.objects.of(of_import).filter(plan="open").select_related("twin"):
            twin = each.twin
            there = twin and (twin.date, twin.amount, twin.payee)
            same = there == (each.date, -each.amount, each.payee)
            plan(of_import, StatementLine.objects.filter(pk=each.pk), "same" if same else "add")


@pytest.mark.torture
@pytest.mark.parametrize("format", FORMATS)
def test_after_any_order_of_imports_the_ledger_is_what_happened(ledger, scale, format):
    ledger.role = "owner"

    @settings(
        max_examples=scale(6, 1_600),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(truth=truths, history=steps)
    def goes_through(truth, history):
        before = transaction.savepoint()
        try:
            book = Book(ledger, truth, format)
            for name, how in history:
                getattr(book, name)(how)
                assert book.stored() <= book.spent()
            book.bring_in([(0, len(truth) - 1, False)])
            assert book.stored() == book.spent()
        finally:
            transaction.savepoint_rollback(before)

    goes_through()
