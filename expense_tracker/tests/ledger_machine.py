"""A real ledger beside the model of it: what the steps of ``ledger_steps.py`` are made of."""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition

from expense_tracker.tests.ledger_model import Category, Expense, LedgerModel, Rows

DAYS = [date(2024, 2, 29), date(2024, 8, 1), date(2024, 8, 2)]
ALL = "1900-01-01", "2200-12-31"
EXPENSES = (
    "SELECT id, version, date, amount, category_id, payee, notes FROM expenses_expense WHERE ledger_id = %s"
)
CATEGORIES = (
    "SELECT id, version, name, colour, position, archived FROM expenses_category WHERE ledger_id = %s"
)
CHANGE_SETS = "SELECT id FROM history_changeset WHERE ledger_id = %s AND id > %s ORDER BY id"


class World:
    """Whom the machine acts as, and what it counts."""

    def __init__(self, ledger, user, api, browser, look_every):
        self.ledger, self.user, self.api, self.browser = ledger, user, api, browser
        self.look_every, self.steps = look_every, 0

    def select(self, statement, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.ledger.pk, *parameters])
            return cursor.fetchall()

    def rows(self) -> dict[int, tuple]:
        """Version and content of every expense and, under negative ids, category, by plain SQL."""
        expenses = {pk: (version, Expense(*row)) for pk, version, *row in self.select(EXPENSES)}
        categories = {-pk: (version, Category(*row)) for pk, version, *row in self.select(CATEGORIES)}
        return expenses | categories


class ComparedLedger(RuleBasedStateMachine):
    """The ledger and its model. What a step has to change is said with ``wrote``; all else has to stay."""

    def __init__(self, world: World):
        super().__init__()
        self.world, self.model, self.keys = world, LedgerModel(), 0
        self.before = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self.before)

    @initialize()
    def open(self):
        for pk, (version, row) in self.world.rows().items():
            self.model.rows[pk], self.model.versions[pk] = row, version
        self.model.last_change_set = self.world.select(CHANGE_SETS, 0)[-1][0]

    # What steps are made of

    def send(self, method: str, path: str, body=None, **headers):
        url = f"/api/v1/ledgers/{self.world.ledger.pk}/{path}"
        return getattr(self.world.api, method)(url, body, headers=headers)

    def wrote(self, answer, wanted: Rows, added=()):
        """The answer is a success, these rows were made what was wanted, and these were added: one change set."""
        assert answer is None or answer.status_code in (200, 201, 204, 302), answer.content
        new = sorted((pk for pk in self.world.rows() if pk not in self.model.versions), key=abs)
        changes = self.model.differing(wanted | dict(zip(new, added, strict=True)))
        made = [pk for (pk,) in self.world.select(CHANGE_SETS, self.model.last_change_set)]
        assert len(made) == bool(changes)
        if changes:
            self.model.write(made[0], changes)

    @staticmethod
    def refused(answer, *statuses: int):
        assert answer.status_code in statuses, answer.content

    def pick(self, which: int) -> int:
        ids = list(self.model.expenses)
        return ids[which % len(ids)]

    def some(self, which: int) -> dict[int, Expense]:
        rows = list(self.model.expenses.items())
        first = which % (len(rows) or 1)
        return dict(rows[first : first + 3])

    def real(self, drawn: Expense) -> Expense:
        """The expense with a category that is offered, instead of a number to choose one by."""
        return replace(drawn, category=self.model.active[drawn.category % len(self.model.active)])

    @staticmethod
    def body(row: Expense, *without: str) -> dict:
        body = asdict(row) | {"date": str(row.date), "amount": f"{row.amount:.2f}"}
        return {name: value for name, value in body.items() if name not in without}

    def guarded(self, pk: int, guard: str, off: int = 0) -> tuple[dict, dict]:
        """What to send in the body and in the headers to name the row's version, or one that is ``off``."""
        version = (self.model.versions[pk] + off) or 2  # there is no version 0
        body = {} if guard == "If-Match" else {"version": version}
        return body, {} if guard == "version" else {"If-Match": f'"v{version}"'}

    @invariant()
    def is_what_the_model_says(self):
        self.world.steps += 1
        versions = self.model.versions
        assert self.world.rows() == {pk: (versions[pk], row) for pk, row in self.model.rows.items()}
        assert self.world.select(CHANGE_SETS, self.model.last_change_set) == []
        if self.world.steps % self.world.look_every == 0:
            self.look()

    def look(self):
        """The list, the days and the figures of the API are those of the model."""
        listed = self.send("get", "expenses/?page_size=500").data["results"]
        newest_first = sorted(self.model.expenses.items(), key=lambda item: (item[1].date, item[0]))[::-1]
        assert [self.shown(each) for each in listed] == newest_first
        for day in DAYS:
            answer = self.send("get", f"days/{day}/").data
            rows = self.model.on(day)
            assert [(each["id"], each["version"]) for each in answer["expenses"]] == [
                (pk, self.model.versions[pk]) for pk in rows
            ]
            assert Decimal(answer["total"]) == self.model.total(rows.values())
        self._look_at_figures()

    def _look_at_figures(self):
        figures = self.send("get", f"analytics/categories/?start_date={ALL[0]}&end_date={ALL[1]}").data
        found = {each["id"]: (Decimal(each["total"]), each["count"]) for each in figures["categories"]}
        assert found == self.model.totals()
        assert Decimal(figures["total"]) == self.model.total(self.model.expenses.values())

    @staticmethod
    def shown(values: dict) -> tuple[int, Expense]:
        day, amount = date.fromisoformat(values["date"]), Decimal(values["amount"])
        return values["id"], Expense(day, amount, values["category"], values["payee"], values["notes"])


has_expenses = precondition(lambda machine: machine.model.expenses)
has_categories = precondition(lambda machine: machine.model.categories)
has_active = precondition(lambda machine: machine.model.active)
