"""Whatever is done to a ledger, through whichever door, it is what a plain model of it says, row by row.

Each step is a request, or an act of the admin's querysets, and after each all rows are read with plain SQL.
"""

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from expense_tracker.tests.ledger_machine import World, has_active, has_expenses
from expense_tracker.tests.ledger_steps import EXPENSE, GUARD, WHICH, Steps

INVALID = st.sampled_from(
    [
        {"amount": "0"},
        {"amount": "1e3"},
        {"amount": "NaN"},
        {"amount": "1.234"},
        {"amount": 1.5e300},
        {"category": 999_999_999},
        {"date": "2024-02-30"},
        {"date": "1899-12-31"},
        {"payee": "x" * 201},
        {"notes": "a\0b"},
        {"colour": "#000000"},
    ]
)


class LedgerMachine(Steps):
    """What comes twice, too late, or makes no sense, among all that is done."""

    @has_active
    @rule(drawn=EXPENSE, many=st.booleans())
    def create_twice(self, drawn, many):
        row = self.real(drawn)
        body = [self.body(row)] * 2 if many else self.body(row)
        first = self.twice("post", "expenses/", body)
        self.wrote(first, {}, [row] * (2 if many else 1))
        self.refused(self.send("post", "expenses/", self.body(row, "notes"), **self.key), 422)

    @has_active
    @has_expenses
    @rule(which=WHICH, drawn=EXPENSE, method=st.sampled_from(["patch", "delete"]))
    def change_twice(self, which, drawn, method):
        pk, row = self.pick(which), self.real(drawn)
        headers = {"If-Match": f'"v{self.model.versions[pk]}"'}
        body = self.body(row) if method == "patch" else None
        answer = self.twice(method, f"expenses/{pk}/", body, **headers)
        self.wrote(answer, {pk: row if body else None})

    def twice(self, method, path, body, **headers):
        """The answer to a request that was sent twice with one key; the second answer is the same."""
        self.keys += 1
        self.key = {"Idempotency-Key": f"key-{self.keys}"}
        first, second = (self.send(method, path, body, **headers, **self.key) for _time in range(2))
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second["Idempotency-Replayed"] == "true"
        return first

    @has_active
    @has_expenses
    @rule(which=WHICH, drawn=EXPENSE, guard=GUARD, off=st.sampled_from([-1, 1]))
    def write_late(self, which, drawn, guard, off):
        pk, row = self.pick(which), self.real(drawn)
        body, headers = self.guarded(pk, guard, off)
        status = 409 if guard == "version" else 412
        if body and body["version"] < 1:
            status = 400 if guard == "version" else 412
        path = f"expenses/{pk}/"
        self.refused(self.send("patch", path, body | self.body(row), **headers), status)
        query = f"?version={body['version']}" if body else ""
        self.refused(self.send("delete", path + query, **headers), 412 if headers else 409)
        self.refused(self.send("put", path, self.body(row)), 428)
        self.refused(self.send("delete", path), 428)

    @has_expenses
    @rule(which=WHICH, guard=st.sampled_from(["tag", "version", "none"]))
    def put_day_late(self, which, guard):
        pk = self.pick(which)
        row = self.model.rows[pk]
        changed = replace(row, amount=row.amount + 1 or Decimal(2))
        one = {"id": pk, "version": self.model.versions[pk], **self.body(changed, "date")}
        body = {
            "tag": {"tag": "0" * 32, "expenses": [one]},
            "version": {"tag": "*", "expenses": [one | {"version": one["version"] + 1}]},
            "none": {"expenses": []},
        }[guard]
        status = {"tag": 412, "version": 409, "none": 428}[guard]
        self.refused(self.send("put", f"days/{row.date}/", body), status)

    @has_expenses
    @rule(which=WHICH)
    def save_page_late(self, which):
        """Somebody changes a row after the page was opened, on which it is changed as well."""
        pk = self.pick(which)
        row = self.model.rows[pk]
        form = self.page(row.date)
        theirs = replace(row, amount=row.amount + 1 or Decimal(2))
        body = {"version": self.model.versions[pk], "amount": f"{theirs.amount:.2f}"}
        self.wrote(self.send("patch", f"expenses/{pk}/", body), {pk: theirs})
        form.write(list(self.model.on(row.date)).index(pk), amount=row.amount + 2 or Decimal(3))
        self.refused(self.post_page(row.date, form), 409)

    @has_active
    @rule(drawn=EXPENSE, wrong=INVALID, door=st.sampled_from(["one", "list", "day", "row"]), which=WHICH)
    def write_nonsense(self, drawn, wrong, door, which):
        row = self.real(drawn)
        bad = self.body(row) | wrong
        if door == "one":
            answer = self.send("post", "expenses/", bad)
        elif door == "list":
            answer = self.send("post", "expenses/", [self.body(row), bad])
        elif door == "day":
            day = {name: value for name, value in bad.items() if name != "date" or "date" in wrong}
            day |= {"amount": "1e3"} if wrong == {"amount": "0"} else {}  # which is a row to leave out
            answer = self.send("put", f"days/{row.date}/", {"tag": "*", "expenses": [day]})
        elif self.model.expenses:
            pk = self.pick(which)
            answer = self.send("patch", f"expenses/{pk}/", {"version": self.model.versions[pk], **wrong})
        else:
            return
        self.refused(answer, 400)


@pytest.mark.torture
def test_a_ledger_is_what_its_model_says(ledger, alice, api, browser, scale):
    world = World(ledger, alice, api, browser, look_every=scale(10, 50))
    plan = settings(
        max_examples=scale(6, 500),
        stateful_step_count=50,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    began = time.monotonic()
    run_state_machine_as_test(lambda: LedgerMachine(world), settings=plan)
    pace = world.steps / (time.monotonic() - began)
    print(f"{world.steps} steps, {pace:.0f} a second, 0 differences")  # noqa: T201
    assert world.steps >= scale(240, 20_000)
