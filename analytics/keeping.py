"""How the database keeps the totals of ``Rollup``: triggers for every way of writing expenses.

They fire once for a statement and add what it changed. A total that somebody else is just writing to is not waited
for: another row is begun beside it (``SKIP LOCKED``), so that writers never stand in each other's way and cannot
deadlock. Whoever changes the first day of the ledger's month has its totals made anew; the lock, which writers share
among each other, keeps both apart. Ledgers share a thousand locks, because PostgreSQL has no room for any number
of them in one transaction.
"""

import pgtrigger

from database.triggers import ByIndex, Trigger

# The plan of the first execution stays that of the connection. With "=" between keys it could read all totals into a
# hash table, and would go on to do so for each save after an import; with ANY only the index is left.
KEEP = """
PERFORM pg_advisory_xact_lock_shared(hashtext('rollups'), number)
FROM (SELECT DISTINCT (ledger_id % 1000)::integer FROM {any_rows} ORDER BY 1) AS lock (number);
WITH changed AS ({changed}),
delta AS (
    SELECT changed.ledger_id, unit, slot.date, category_id, basis,
        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount > 0), 0) AS gross,
        coalesce(sum(sign * slot.amount) FILTER (WHERE slot.amount < 0), 0) AS refunds,
        sum(sign) AS count
    FROM changed
    JOIN ledgers_ledger ON ledgers_ledger.id = changed.ledger_id
    CROSS JOIN LATERAL rollup_slots(
        changed.date, changed.amount, spread_months, currency_decimals(currency), month_start_day
    ) AS slot
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(sign) <> 0 OR sum(sign * slot.amount) <> 0 OR sum(sign * abs(slot.amount)) <> 0
),
place AS MATERIALIZED (
    SELECT delta.*, free.id
    FROM delta LEFT JOIN LATERAL (
        SELECT id FROM analytics_rollup
        WHERE ledger_id = delta.ledger_id AND unit = delta.unit AND date = delta.date
            AND category_id = delta.category_id AND basis = delta.basis
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS free ON true
),
added AS (
    UPDATE analytics_rollup AS kept
    SET gross = kept.gross + place.gross, refunds = kept.refunds + place.refunds, count = kept.count + place.count
    FROM place WHERE kept.ledger_id = ANY (ARRAY[place.ledger_id]) AND kept.id = ANY (ARRAY[place.id])
)
INSERT INTO analytics_rollup (ledger_id, unit, date, category_id, basis, gross, refunds, count)
SELECT ledger_id, unit, date, category_id, basis, gross, refunds, count FROM place WHERE id IS NULL;
RETURN NULL;
"""
CHANGED = {
    "old_rows": "SELECT ledger_id, category_id, date, amount, spread_months, -1 AS sign FROM old_rows",
    "new_rows": "SELECT ledger_id, category_id, date, amount, spread_months, 1 AS sign FROM new_rows",
}
OTHER_UNIT = "currency_decimals(OLD.currency) <> currency_decimals(NEW.currency)"
OTHER_MONTHS = f"OLD.month_start_day <> NEW.month_start_day AND NOT ({OTHER_UNIT})"


def triggers_of_expenses() -> list[Trigger]:
    """One for each kind of statement, because only so a trigger sees all rows that it wrote."""
    return [
        _keeps("insert", pgtrigger.Insert, "new_rows"),
        _keeps("update", pgtrigger.Update, "old_rows", "new_rows"),
        _keeps("delete", pgtrigger.Delete, "old_rows"),
        Trigger(
            name="empty_rollups",
            operation=pgtrigger.Truncate,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            func="DELETE FROM analytics_rollup; RETURN NULL;",
        ),
    ]


def triggers_of_ledgers() -> list[Trigger]:
    """A ledger's totals are made anew when its months or the smallest unit of its currency change, and go with it."""
    return [
        _after("make_rollups", pgtrigger.Update, "PERFORM make_rollups(NEW.id);", OTHER_UNIT),
        _after("make_months", pgtrigger.Update, "PERFORM make_rollups_of_months(NEW.id);", OTHER_MONTHS),
        _after("drop_rollups", pgtrigger.Delete, "DELETE FROM analytics_rollup WHERE ledger_id = OLD.id;"),
    ]


def _after(name: str, operation, act: str, condition: str = "") -> Trigger:
    return Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        condition=pgtrigger.Condition(condition) if condition else None,
        func=f"{act} RETURN NULL;",
    )


def _keeps(name: str, operation, *tables: str) -> ByIndex:
    changed = " UNION ALL ".join(CHANGED[table] for table in tables)
    return ByIndex(
        name=f"keep_rollups_on_{name}",
        operation=operation,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(**{table.removesuffix("_rows"): table for table in tables}),
        func=KEEP.format(any_rows=tables[-1], changed=changed),
    )
