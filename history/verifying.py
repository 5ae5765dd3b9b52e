"""Whether the data is what it should be: what guards it is there, no row is broken, and history has no gap.

Only reads. Each check looks at all rows of a table in one statement, so that people can write meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database import blueprint, integrity
from database.integrity import Finding, wrong_rows
from database.roles import RoleError, refuse_unsafe, web_role
from history import continuity
from ledgers import currencies

# Those that are kept beside those that the expenses say; there may be several rows of one, or one that says nothing.
TOTALS = """
(
    SELECT ledger_id, unit, date, category_id, basis, sum(gross) AS gross, sum(refunds) AS refunds, sum(count) AS count
    FROM analytics_rollup GROUP BY 1, 2, 3, 4, 5
) AS kept FULL JOIN (
    SELECT ledger_id, unit, slot.date, category_id, basis, sum(greatest(slot.amount, 0)) AS gross,
        sum(least(slot.amount, 0)) AS refunds, count(*) AS count
    FROM expenses_expense AS expense JOIN ledgers_ledger ON ledgers_ledger.id = ledger_id
    CROSS JOIN LATERAL rollup_slots(
        expense.date, expense.amount, spread_months, currency_decimals(currency), month_start_day
    ) AS slot
    GROUP BY 1, 2, 3, 4, 5
) AS due USING (ledger_id, unit, date, category_id, basis)
"""


@dataclass(frozen=True)
class Check:
    """``find`` gives what speaks against ``promise``."""

    promise: Promise
    find: Callable[[], Iterator[Finding]]

    def findings(self) -> list[Finding]:
        """What is wrong. That it cannot be looked at, because a table is not what it should be, is wrong too."""
        try:
            with transaction.atomic():
                return list(self.find())
        except DatabaseError as error:
            return [Finding(_("this cannot be looked at: %(why)s") % {"why": str(error).splitlines()[0]})]


def migrations() -> Iterator[Finding]:
    loader = MigrationLoader(connection)
    for app, name in sorted(loader.graph.nodes.keys() - loader.applied_migrations.keys()):
        yield Finding(_("is not applied"), part=f"{app}.{name}")


def guards() -> Iterator[Finding]:
    missing, more = blueprint.differences()
    for part in missing:
        yield Finding(_("is missing, or not as it should be"), part.table, f"{part.kind} {part.name}")
    for part in more:
        yield Finding(_("should not be there"), part.table, f"{part.kind} {part.name}")


def roles() -> Iterator[Finding]:
    try:
        refuse_unsafe(connection.connection, web_role(connection.settings_dict))
    except RoleError as error:
        yield Finding(str(error))


def owners() -> Iterator[Finding]:
    owned = "EXISTS (SELECT FROM ledgers_membership WHERE ledger_id = ledgers_ledger.id AND role = 'owner')"
    yield from wrong_rows("ledgers_ledger", "ledgers_ledger", {_("has no owner"): f"NOT {owned}"})


def decimals() -> Iterator[Finding]:
    of_currency = ", ".join(f"('{code}', {currencies.decimals(code)})" for code in currencies.CODES)
    source = (
        "expenses_expense JOIN ledgers_ledger ON ledgers_ledger.id = ledger_id"
        f" JOIN (VALUES {of_currency}) AS known (code, decimals) ON code = currency"
    )
    problem = _("has more decimals than the currency of its ledger")
    yield from wrong_rows("expenses_expense", source, {problem: "amount <> round(amount, decimals)"})


def totals() -> Iterator[Finding]:
    problem = _("is not what the expenses add up to; “manage.py make_totals” helps")
    differs = " OR ".join(
        f"coalesce(kept.{column}, 0) <> coalesce(due.{column}, 0)" for column in ("gross", "refunds", "count")
    )
    yield from wrong_rows(
        "analytics_rollup",
        TOTALS,
        {problem: differs},
        id="concat_ws(' ', unit, date, 'category', category_id, basis)",
        ledger="ledger_id",
    )


CHECKS = (
    Check(gettext_lazy("All migrations are applied"), migrations),
    Check(gettext_lazy("Tables are guarded as the models say"), guards),
    Check(gettext_lazy("Row security holds for the web"), roles),
    Check(gettext_lazy("Rows keep to their constraints"), integrity.constraints),
    Check(gettext_lazy("Nothing is there twice"), integrity.twins),
    Check(gettext_lazy("What rows refer to is there"), integrity.references),
    Check(gettext_lazy("New rows get new numbers"), integrity.numbers),
    Check(gettext_lazy("Every ledger has an owner"), owners),
    Check(gettext_lazy("Amounts have the decimals of their currency"), decimals),
    Check(gettext_lazy("Kept totals are what the expenses add up to"), totals),
    Check(gettext_lazy("Rows are what their history says"), continuity.rows),
    Check(gettext_lazy("History goes step by step"), continuity.steps),
    Check(gettext_lazy("Events and change sets belong together"), continuity.change_sets),
)
