"""What an import adds, and what it never adds twice."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from database.acting import acting_as, operator
from expenses.models import Account, Category, Expense
from expenses.tests.factories import make_expense, make_ledger, make_user
from history.models import ChangeSet
from history.undoing import undo
from statements.applying import NotApplied, OutOfDate, apply, is_applied
from statements.deciding import plan, refresh, set_account
from statements.models import StatementLine
from statements.staging import read
from statements.tests.files import booked, csv, lines_of, ofx, staged

pytestmark = pytest.mark.django_db
COFFEE = booked("03-01", "-2.5")
MARKET = booked("03-02", "-30", "Market")
PENDING, BOOKED = (
    f"""<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>DE99</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">5</Amt>
    <CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2024-03-01</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>
    </Ntry></Stmt></BkToCstmrStmt></Document>""".encode()
    for status in ("PDNG", "BOOK")
)


def amounts(ledger) -> list[str]:
    found = Expense.objects.in_ledger(ledger).order_by("date", "amount")
    return [f"{expense.amount.normalize():f}" for expense in found]


def bring_in(ledger, *contents, decide: str = "") -> object:
    of_import = staged(ledger, *contents)
    if decide:
        plan(of_import, StatementLine.objects.of(of_import).filter(plan="open"), decide)
    return add(of_import)


def add(of_import):
    of_import.refresh_from_db()
    food = Category.objects.get(ledger=of_import.ledger, name="Food")
    with acting_as(operator("tests")):
        apply(of_import, of_import.version, otherwise=food)
    of_import.refresh_from_db()
    return of_import


def take_back(of_import):
    of_import.ledger.role = "owner"
    with acting_as(operator("tests")):
        undo(of_import.ledger, ChangeSet.objects.get(pk=of_import.change_set_id))


@pytest.mark.parametrize("format", [csv, ofx])
def test_two_equal_coffees_stay_two_and_a_repeated_file_adds_nothing(ledger, format):
    bring_in(ledger, format([COFFEE]))
    bring_in(ledger, format([COFFEE, COFFEE, MARKET]))
    again = staged(ledger, format([COFFEE, COFFEE, MARKET]))
    assert lines_of(again) == [("known", "skip", "-2.5")] * 2 + [("known", "skip", "-30")]
    assert amounts(ledger) == ["2.5", "2.5", "30"]


def test_one_id_of_the_bank_for_two_lines_is_two_lines(ledger):
    bring_in(ledger, ofx([booked("03-01", "-1", bank_id="7"), booked("03-02", "-1", bank_id="7")]))
    bring_in(ledger, ofx([booked("03-03", "-1", bank_id="7"), booked("03-01", "-4", bank_id="7")]))
    assert amounts(ledger) == ["1", "4", "1", "1"]


def test_a_line_deleted_later_is_offered_again_by_its_file_and_by_looking_again(ledger):
    waiting = None
    bring_in(ledger, csv([COFFEE, MARKET]))
    waiting = staged(ledger, csv([COFFEE, MARKET]))
    Expense.objects.get(ledger=ledger, amount=30).delete()
    assert lines_of(staged(ledger, csv([COFFEE, MARKET])))[1] == ("new", "add", "-30")
    refresh(waiting)
    assert lines_of(waiting) == [("known", "skip", "-2.5"), ("new", "add", "-30")]


def test_what_was_left_out_stays_out_in_the_next_file(ledger):
    of_import = staged(ledger, csv([COFFEE, MARKET]))
    plan(of_import, StatementLine.objects.of(of_import).filter(amount=-30), "skip")
    add(of_import)
    assert lines_of(staged(ledger, csv([COFFEE, MARKET]))) == [
        ("known", "skip", "-2.5"),
        ("new", "skip", "-30"),
    ]


def test_what_is_the_same_never_doubles_later(ledger):
    make_expense(ledger, "2.5", day="2024-03-01", payee="Coffee")
    first = bring_in(ledger, csv([COFFEE]), decide="same")
    take_back(first)
    later = staged(ledger, csv([COFFEE]))
    refresh(later)
    assert lines_of(later) == [("known", "skip", "-2.5")]
    with pytest.raises(NotApplied):
        add(later)
    assert amounts(ledger) == ["2.5"]


def test_an_expense_that_is_one_line_is_not_taken_for_another(ledger):
    make_expense(ledger, "2.5", day="2024-03-01", payee="Coffee")
    take_back(bring_in(ledger, csv([COFFEE]), decide="same"))
    assert lines_of(staged(ledger, csv([COFFEE, COFFEE]))) == [
        ("known", "skip", "-2.5"),
        ("new", "add", "-2.5"),
    ]


def test_a_line_of_two_files_is_added_from_either_when_the_other_changes(ledger):
    of_import = staged(ledger, csv([COFFEE]), csv([COFFEE, MARKET]))
    first, _second = of_import.statements.order_by("pk")
    set_account(first, "0" * 16, "Other")
    add(of_import)
    assert amounts(ledger) == ["2.5", "2.5", "30"]  # of two accounts now


def test_undoing_removes_what_was_made_along_and_applying_again_restores_it(ledger):
    content = b"Date;Payee;Debit;Credit;Category\n2024-03-01;Vet;9;;Pets\n"
    before = Category.objects.count(), Account.objects.count()
    of_import = bring_in(ledger, content)
    assert (Category.objects.count(), Account.objects.count()) == (before[0] + 1, before[1] + 1)
    take_back(of_import)
    assert (Category.objects.count(), Account.objects.count(), amounts(ledger)) == (*before, [])
    assert not is_applied(of_import)
    add(of_import)
    assert (Category.objects.count(), Account.objects.count()) == (before[0] + 1, before[1] + 1)
    assert list(Expense.objects.values_list("category__name", "payee")) == [("Pets", "Vet")]


def test_what_came_into_the_ledger_meanwhile_is_said_and_nothing_is_added(ledger):
    early, late = staged(ledger, csv([COFFEE])), staged(ledger, csv([COFFEE, MARKET]))
    add(early)
    with pytest.raises(OutOfDate) as refusal:
        add(late)
    assert len(refusal.value.lines) == 1
    assert amounts(ledger) == ["2.5"]
    refresh(late)
    add(late)
    assert amounts(ledger) == ["2.5", "30"]


def test_what_was_typed_meanwhile_is_asked_about(ledger):
    of_import = staged(ledger, csv([COFFEE, MARKET]))
    make_expense(ledger, "30", day="2024-03-01", payee="Market hall")
    with pytest.raises(OutOfDate):
        add(of_import)
    refresh(of_import)
    assert lines_of(of_import) == [("new", "add", "-2.5"), ("likely", "open", "-30")]


def test_what_another_kind_of_file_brought_between_undoing_and_adding_again_is_asked_about(ledger):
    of_import = bring_in(ledger, csv([COFFEE]))
    take_back(of_import)
    bring_in(ledger, ofx([COFFEE]))
    with pytest.raises(OutOfDate):
        add(of_import)
    refresh(of_import)
    assert lines_of(of_import) == [("likely", "open", "-2.5")]


def test_a_line_that_came_in_another_way_is_not_linked_twice(ledger):
    waiting_for = make_expense(ledger, "2.5", day="2024-03-01", payee="Coffee")
    early, late = staged(ledger, csv([COFFEE])), staged(ledger, csv([COFFEE]))
    plan(early, StatementLine.objects.of(early), "add")
    add(early)
    plan(late, StatementLine.objects.of(late), "same")
    with pytest.raises(OutOfDate):
        add(late)
    waiting_for.refresh_from_db()
    assert (amounts(ledger), waiting_for.external_id) == (["2.5", "2.5"], "")


def test_undone_redone_and_undone_again_is_not_applied(ledger):
    of_import = bring_in(ledger, csv([COFFEE]))
    states = []
    for _turn in range(3):
        with acting_as(operator("tests")):
            ledger.role = "owner"
            undo(ledger, ChangeSet.objects.latest("pk"))
        states.append((is_applied(of_import), amounts(ledger)))
    assert states == [(False, []), (True, ["2.5"]), (False, [])]


def test_a_file_of_ours_that_comes_twice_in_one_import_is_added_once(ledger):
    content = ours(("2024-03-01", "2.50"), ("2024-03-01", "2.50"), ("2024-03-02", "-9.00"))
    bring_in(ledger, content, content + b" ")
    assert amounts(ledger) == ["2.5", "2.5", "-9"]


def test_a_file_of_ours_adds_what_the_ledger_lacks_refunds_too(ledger):
    rows = ("2024-03-01", "2.50"), ("2024-03-01", "2.50"), ("2024-03-02", "-9.00")
    bring_in(ledger, ours(*rows[:1]))
    bring_in(ledger, ours(*rows))
    assert amounts(ledger) == ["2.5", "2.5", "-9"]


def ours(*rows) -> bytes:
    """Our own export of expenses by date and amount."""
    expenses = [
        {"date": day, "amount": amount, "category": "Food", "payee": "", "notes": ""} for day, amount in rows
    ]
    ledger = {"name": "Household", "currency": "EUR", "month_start_day": 1}
    return json.dumps(
        {"format": "expense-tracker-ledger", "version": 1, "ledger": ledger, "expenses": expenses}
    ).encode()


@pytest.mark.parametrize("act", ["read", "refresh", "apply"])
def test_it_costs_the_same_number_of_queries_for_any_number_of_lines(ledger, act):
    counts = {count_of(act, ledger, number) for number in (1, 3, 300)}
    assert len(counts) == 1


def count_of(act: str, ledger, number: int) -> int:
    with transaction.atomic():
        content = csv([booked(f"03-{1 + n % 28:02}", f"-{n + 1}", f"Shop {n}") for n in range(number)])
        of_import = staged(ledger, content)
        food = Category.objects.get(ledger=ledger, name="Food")
        acts = {
            "read": lambda: read(of_import.statements.get()),
            "refresh": lambda: refresh(of_import),
            "apply": lambda: apply(of_import, of_import.version, otherwise=food),
        }
        with CaptureQueriesContext(connection) as queries:
            acts[act]()
        transaction.set_rollback(True)
    return len(queries)


# Straight at the database: what no import may ever hold.
NEVER = {
    "a rejected line that is to be added": {"state": "rejected", "plan": "add"},
    "a rejected line that is the same": {"state": "rejected", "plan": "same", "twin": 1},
    "a line of zero that is to be added": {"amount": Decimal(0)},
    "a new line without a date": {"date": None},
    "a new line without an amount": {"amount": None},
    "the same as nothing": {"plan": "same"},
}


@pytest.mark.parametrize("values", NEVER.values(), ids=NEVER)
def test_the_database_refuses_a_line_that_can_never_be(ledger, values):
    lines = StatementLine.objects.of(staged(ledger, csv([COFFEE])))
    with pytest.raises(IntegrityError), transaction.atomic():
        lines.update(**values)
    assert list(lines.values_list("state", "plan", "amount")) == [("new", "add", Decimal("-2.5"))]


def test_the_database_refuses_a_line_of_a_statement_that_is_in_the_ledger(ledger):
    bring_in(ledger, csv([COFFEE]))
    expense = Expense.objects.get()
    with pytest.raises(IntegrityError, match="expense_external_id_once"), transaction.atomic():
        make_expense(ledger, external_id=expense.external_id)
    elsewhere = make_ledger(make_user("zoe"), "Elsewhere")
    assert make_expense(elsewhere, external_id=expense.external_id).pk


def test_a_category_of_another_ledger_is_impossible(ledger, charlie):
    lines = StatementLine.objects.of(staged(ledger, csv([COFFEE])))
    foreign = Category.objects.filter(ledger=make_ledger(charlie, "Elsewhere")).first()
    with pytest.raises(IntegrityError, match="statementline_category"), transaction.atomic():
        lines.update(category=foreign)
    assert list(lines.values_list("category", flat=True)) == [None]


lines_drawn = st.lists(
    st.tuples(st.integers(1, 28), st.integers(-5_000, 5_000), st.sampled_from(["add", "skip", None])),
    min_size=1,
    max_size=12,
)


@pytest.mark.torture
def test_what_is_added_is_exactly_the_plan(ledger, scale):
    @settings(max_examples=scale(15, 500), deadline=None, database=None, derandomize=True)
    @given(drawn=lines_drawn)
    def is_the_plan(drawn):
        with transaction.atomic():
            rows = [
                booked(f"03-{day:02}", f"{cents / 100:.2f}", f"{n}")
                for n, (day, cents, _p) in enumerate(drawn)
            ]
            of_import = staged(ledger, csv(rows))
            lines = StatementLine.objects.of(of_import)
            for n, (_day, _cents, wanted) in enumerate(drawn):
                if wanted:
                    plan(of_import, lines.filter(payee=str(n)), wanted)
            planned = Counter((line.date, -line.amount, line.payee) for line in lines.to_add())
            if planned:
                add(of_import)
            added = Expense.objects.in_ledger(ledger).values_list("date", "amount", "payee")
            assert Counter(added) == planned
            transaction.set_rollback(True)

    is_the_plan()


def test_no_more_of_an_accounts_number_is_kept_than_its_last_digits(ledger):
    add(staged(ledger, ofx([COFFEE], account="DE89370400440532013000")))
    account = Account.objects.get(ledger=ledger)
    assert (account.name, account.digits) == ("Account", "3000")


def test_the_category_of_lines_without_one_is_remembered(ledger):
    of_import = bring_in(ledger, csv([COFFEE]))
    assert of_import.otherwise.name == "Food"


def test_a_line_whose_expense_is_gone_since_it_was_looked_at_is_offered_again(ledger):
    bring_in(ledger, csv([COFFEE]))
    late = staged(ledger, csv([COFFEE, MARKET]))
    Expense.objects.all().delete()
    with pytest.raises(OutOfDate):
        add(late)
    refresh(late)
    add(late)
    assert amounts(ledger) == ["2.5", "30"]


def test_two_lines_of_two_imports_are_not_the_same_expense(ledger):
    make_expense(ledger, "2.5", day="2024-03-01", payee="Coffee")
    one, two = (staged(ledger, ofx([booked("03-01", "-2.5", bank_id=own_id)])) for own_id in ("id1", "id2"))
    for of_import in (one, two):
        plan(of_import, StatementLine.objects.of(of_import), "same")
    add(one)
    with pytest.raises(OutOfDate):
        add(two)


def test_what_was_pending_is_another_line_once_it_is_booked(ledger):
    of_import = staged(ledger, PENDING, BOOKED)
    assert sorted(state for state, _plan, _amount in lines_of(of_import)) == ["new", "pending"]
