"""Which expense, typed by hand or read from another kind of file, a new line is likely the same as."""

from django.db import connection
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from statements.models import Statement

MOST = 50_000  # pairs that are compared: thousands of equal amounts tell nothing
DAYS = 4  # between a purchase and its booking, mostly
SIMILAR = 60  # of 100, by rapidfuzz' token_set_ratio

# Pairs of a new line and an expense of the same amount; nothing that is another line of the same kind of file of the
# same account, be it only that somebody said so, nor one that a line of this import is already.
PAIRS = """
SELECT line.id, expense.id, abs(expense.date - line.date), line.payee || ' ' || line.text,
       expense.payee || ' ' || expense.notes
FROM statements_statementline AS line
JOIN expenses_expense AS expense
    ON expense.ledger_id = line.ledger_id AND expense.amount = -line.amount
    AND expense.date BETWEEN line.date - %(days)s AND line.date + %(days)s
WHERE line.ledger_id = %(ledger)s AND line.statement_id = %(statement)s AND line.state = 'new'
  AND line.external_id <> ''
  AND (
      expense.external_id = '' OR expense.date = line.date
      AND left(expense.external_id, length(regexp_replace(line.external_id, '[^:]*:[^:]*$', '')))
          <> regexp_replace(line.external_id, '[^:]*:[^:]*$', '')
  )
  AND NOT EXISTS (
      SELECT FROM statements_statementline AS other
      WHERE other.ledger_id = %(ledger)s AND other.twin_id = expense.id AND other.statement_id IN (
          SELECT id FROM statements_statement WHERE ledger_id = %(ledger)s AND of_import_id = %(import)s
      )
  )
  AND NOT EXISTS (
      SELECT FROM statements_statementline AS other
      WHERE other.ledger_id = %(ledger)s AND other.twin_id = expense.id AND other.plan = 'same' AND other.plan_by_hand
        AND other.external_id <> line.external_id
        AND regexp_replace(other.external_id, '[^:]*:[^:]*$', '')
            = regexp_replace(line.external_id, '[^:]*:[^:]*$', '')
  )
ORDER BY abs(expense.date - line.date), line.id, expense.id LIMIT %(most)s
"""
MARK = """
UPDATE statements_statementline AS line SET state = 'likely', plan = 'open', twin_id = pair.expense
FROM unnest(%(lines)s::bigint[], %(expenses)s::bigint[]) AS pair (line, expense)
WHERE line.ledger_id = %(ledger)s AND line.id = pair.line AND line.plan = 'add'
"""


def find_twins(statement: Statement) -> list[int]:
    """Mark the new lines of a statement that are likely an expense of the ledger; each expense is one line's twin.

    Gives the ids of the lines. Two queries. The most similar pairs find each other first, then those nearest in time.
    """
    facts = {"ledger": statement.ledger_id, "statement": statement.pk, "import": statement.of_import_id}
    with connection.cursor() as cursor:
        # Of rows written a moment ago PostgreSQL has no statistics, and would look for each in all the others.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(PAIRS, facts | {"days": DAYS, "most": MOST})
        pairs = _matched(cursor.fetchall())
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
        if pairs:
            cursor.execute(MARK, facts | {"lines": list(pairs), "expenses": list(pairs.values())})
    return list(pairs)


def _matched(pairs) -> dict[int, int]:
    """Expenses by the line that is likely the same."""
    scored = []
    for line, expense, days, said, typed in pairs:
        # What was typed without a word can only be known by its amount and its day.
        score = _similarity(said, typed) if typed.strip() else (SIMILAR if days <= 1 else 0)
        if score >= SIMILAR:
            scored.append((-score, days, line, expense))
    found, taken = {}, set()
    for _score, _days, line, expense in sorted(scored):
        if line not in found and expense not in taken:
            found[line] = expense
            taken.add(expense)
    return found


def _similarity(said: str, typed: str) -> float:
    return fuzz.token_set_ratio(said, typed, processor=default_process)
