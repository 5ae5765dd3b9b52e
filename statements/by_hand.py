"""Which category and which payee of an expense a person set by hand, so that no rule ever overwrites it."""

from collections.abc import Sequence

from django.db import connection

from ledgers.models import Ledger

# The acts that change expenses because a rule says so: names of the views that save rules.
ACTS_OF_RULES = ("rule_new", "rule", "rule-list", "rule-detail")

FIND = """
WITH asked AS (
    SELECT id, external_id FROM expenses_expense
    WHERE ledger_id = %(ledger)s AND id = ANY (%(ids)s::bigint[])
), written AS (
    SELECT id, external_id, change_set_id, row_number() OVER earlier AS n,
           category_id IS DISTINCT FROM lag(category_id) OVER earlier AS category,
           payee IS DISTINCT FROM lag(payee) OVER earlier AS payee
    FROM history_expenseevent
    WHERE ledger_id = %(ledger)s AND id = ANY (%(ids)s::bigint[])
    WINDOW earlier AS (PARTITION BY id ORDER BY pgh_id)
), person AS (
    SELECT written.id,
           bool_or(n = 1 AND external_id = '') AS typed,
           bool_or(n > 1 AND category) AS category,
           bool_or(n > 1 AND payee) AS payee
    FROM written JOIN history_changeset AS made ON made.ledger_id = %(ledger)s AND made.id = change_set_id
    WHERE n = 1 OR made.undoes_id IS NULL AND made.act <> ALL (%(acts)s)
    GROUP BY written.id
), line AS (
    SELECT line.external_id, bool_or(suggested_by = 'hand') AS category, bool_or(payee_by_hand) AS payee
    FROM statements_statementline AS line JOIN asked USING (external_id)
    WHERE line.ledger_id = %(ledger)s AND line.plan = 'add' AND line.external_id <> ''
    GROUP BY line.external_id
), found AS (
    SELECT asked.id,
           coalesce(person.typed OR person.category OR line.category, true) AS category,
           coalesce(person.typed OR person.payee OR line.payee, true) AS payee
    FROM asked LEFT JOIN person USING (id) LEFT JOIN line USING (external_id)
)
SELECT id, category, payee FROM found WHERE category OR payee
"""


def set_by_hand(ledger: Ledger, expenses: Sequence[int]) -> dict[int, frozenset[str]]:
    """By the id of each of these expenses that has any: the fields, ``category`` or ``payee``, set by hand.

    Only what an import wrote and nobody changed since was not set by hand. So it was, if

    * the expense came into the ledger without being a line of a statement, whatever it was linked to later;
    * its line is not there, or in its import somebody chose the category, or wrote the payee, of that line;
    * any change set but those that save rules gave it another value. What was undone still counts: somebody had an
      opinion. Undoing itself does not: it brings back what was there.

    One query.
    """
    if not expenses:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"ledger": ledger.pk, "ids": list(expenses), "acts": list(ACTS_OF_RULES)})
        return {
            pk: frozenset(name for name, is_so in (("category", category), ("payee", payee)) if is_so)
            for pk, category, payee in cursor.fetchall()
        }
