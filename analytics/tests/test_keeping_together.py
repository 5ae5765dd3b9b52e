"""Real threads, real connections: nobody who writes expenses waits for another's totals, and none is lost."""

from datetime import date

import pytest
from django.db import connection, transaction

from analytics.models import Rollup
from analytics.tests import plain
from analytics.tests.test_keeping import fill, right
from database.acting import Actor, acting_as
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense, make_ledger
from expenses.tests.threads import at_once, in_own_connection, while_blocked
from history.models import ChangeSet
from history.undoing import undo
from ledgers.models import Ledger
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

DAY = "2024-01-31"


def impatiently(act):
    """Do it in a transaction of a connection of its own; an error if it waits for a lock."""

    def carry_out():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            return act()

    return at_once(lambda: in_own_connection(carry_out))[0]


def change_month(ledger, day):
    Ledger.objects.filter(pk=ledger.pk).update(month_start_day=day)


def test_writers_of_one_day_and_category_do_not_wait_for_each_other(ledger):
    fill(ledger)
    with transaction.atomic():
        make_expense(ledger, "1", day=DAY)
        impatiently(lambda: make_expense(ledger, "2", day=DAY))
        impatiently(lambda: Expense.objects.filter(amount=-3.5).delete())
        impatiently(lambda: Expense.objects.filter(amount=10).update(amount=11, spread_months=2))
        Expense.objects.filter(amount=1).update(amount=5)
    assert right(ledger)
    beside = Rollup.objects.filter(unit="day", date=DAY, category__name="Food", basis="always").count()
    assert beside > 1
    make_expense(ledger, "4", day=DAY)
    assert right(ledger)


def test_what_one_of_them_rolls_back_does_not_count(ledger):
    with transaction.atomic():
        make_expense(ledger, "1", day=DAY)
        impatiently(lambda: make_expense(ledger, "2", day=DAY))
        transaction.set_rollback(True)
    assert right(ledger)


def test_what_is_written_while_the_month_is_changed_is_in_the_new_months(ledger):
    fill(ledger)
    with while_blocked(lambda: make_expense(ledger, "7", day="2024-01-10")):
        change_month(ledger, 11)
    assert right(ledger)
    with while_blocked(lambda: change_month(ledger, 20)):
        make_expense(ledger, "8", day="2024-01-15", spread_months=3)
    assert right(ledger)


@pytest.mark.parametrize("url", ["/ledgers/{}/settings/", "/admin/ledgers/ledger/{}/change/"])
def test_who_writes_an_expense_can_commit_it_while_a_page_changes_the_month(alice, ledger, as_user, url):
    """The page has locked the ledger, and waits until the totals of what is not committed yet are there."""
    User.objects.update(is_staff=True, is_superuser=True)
    page, url = as_user(alice), url.format(ledger.pk)
    values = {"name": "Flat", "month_start_day": 11, "version": ledger.version}
    with while_blocked(lambda: page.post(url, values)) as answers:
        make_expense(ledger, "7", day="2024-01-10")
    ledger.refresh_from_db()
    assert (answers[0].status_code, ledger.month_start_day) == (302, 11)
    assert right(ledger)


def test_many_who_write_at_once_while_the_month_is_changed_lose_nothing(alice, ledger):
    other = make_ledger(alice, "Other")

    def write(book, number):
        for n in range(6):
            make_expense(book, f"{number}.{n + 1}", day=DAY, spread_months=n % 2 + 1)
        Expense.objects.in_ledger(book).filter(amount=f"{number}.1").update(date="2024-02-01", amount=-number)
        Expense.objects.in_ledger(book).filter(amount=f"{number}.2").delete()

    acts = [lambda b=b, n=n: write(b, n) for n in range(1, 4) for b in (ledger, other)]
    months = [lambda n=n: change_month(ledger, n) for n in (28, 9)]
    at_once(*acts, *months)
    assert right(ledger, other)
    assert Expense.objects.count() == 6 * 5


def test_copy_and_truncate_by_the_owner_of_the_tables(ledger):
    category = Category.objects.filter(ledger=ledger).first()
    with connection.owner(), connection.cursor() as cursor:
        with cursor.copy("COPY expenses_expense (ledger_id, date, amount, category_id) FROM STDIN") as rows:
            for n in range(1, 50):
                rows.write_row((ledger.pk, date(2024, n % 12 + 1, n % 28 + 1), n - 25 or 1, category.pk))
        assert right(ledger)
        assert Rollup.objects.exists()
        cursor.execute("TRUNCATE expenses_expense CASCADE")
        assert not Rollup.objects.exists()


def test_an_undo_and_its_undo_keep_them_right(alice, ledger):
    fill(ledger)

    def acts():
        return acting_as(Actor(user_id=alice.pk, via="page", act="test"))

    def changed(act):
        with acts(), transaction.atomic():
            act()
        assert right(ledger)

    def take_back():
        last = ChangeSet.objects.in_ledger(ledger).newest_first()[0]
        undo(Ledger.objects.for_user(alice).get(pk=ledger.pk), last)

    rows = Expense.objects.in_ledger(ledger)
    for act in (
        lambda: rows.recategorise(Category.objects.get(ledger=ledger, name="Rent")),
        lambda: rows.filter(amount__gt=1).delete(),
        lambda: change_month(ledger, 15),
        lambda: rows.update(spread_months=5, date="2024-02-29"),
    ):
        before = plain.kept()
        changed(act)
        assert plain.kept() != before
        changed(take_back)
        assert plain.kept() == before
        changed(take_back)


def test_after_an_import_into_a_new_ledger_a_save_still_finds_its_totals_by_index(ledger):
    """The plan of the triggers is made when there are next to no totals, for many rows at once."""
    make_expense(ledger)
    with connection.owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE analytics_rollup")
    category = Category.objects.filter(ledger=ledger).first()
    with transaction.atomic():
        before = looked_at()  # what PostgreSQL has not yet counted of earlier transactions
        Expense.objects.bulk_create(
            Expense(ledger=ledger, category=category, amount=1, date=date.fromordinal(735_000 + n))
            for n in range(3_000)
        )
        after_import = looked_at()
        make_expense(ledger)
        after_save = looked_at()
    assert before["seq_scan"] == after_import["seq_scan"] == after_save["seq_scan"]
    assert after_save["idx_tup_fetch"] - after_import["idx_tup_fetch"] < 10


def looked_at() -> dict[str, int]:
    """How the table of totals was read in this transaction so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'analytics_rollup'"
        )
        return dict(zip(("seq_scan", "idx_tup_fetch"), cursor.fetchone(), strict=True))


@pytest.mark.torture
def test_a_statement_over_very_many_ledgers_has_room_for_its_locks(alice, scale):
    """With a lock for each of 12,000, PostgreSQL's shared memory would be full."""
    ledgers = scale(1100, 12_000)
    with connection.owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO ledgers_ledger (name, currency, month_start_day)"
            " SELECT 'Many', 'EUR', 1 FROM generate_series(1, %s) RETURNING id),"
            " categories AS (INSERT INTO expenses_category (ledger_id, name, colour, position, archived)"
            " SELECT id, 'One', '#000000', 1, false FROM made RETURNING ledger_id, id)"
            " INSERT INTO expenses_expense (ledger_id, category_id, date, amount)"
            " SELECT ledger_id, id, '2024-01-31', 5 FROM categories",
            [ledgers],
        )
        cursor.execute("SELECT count(make_rollups(id)::text) FROM ledgers_ledger")
        cursor.execute(
            "SELECT mode, count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == {"ShareLock": 1000, "ExclusiveLock": 1000}
        assert Rollup.objects.filter(unit="month", gross=5, count=1).count() == ledgers
        transaction.set_rollback(True)
