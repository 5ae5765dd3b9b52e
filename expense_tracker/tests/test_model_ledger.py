"""Whatever is done to a ledger, through whichever door, it is what a plain model of it says, row by row.

Each step is a request, or an act of the admin's querysets, and after each all rows are read with plain SQL.
"""

import time
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from database.acting import Actor, acting_as
from expense_tracker.tests.ledger_machine import DAYS, ComparedLedger, World, has_expenses
from expense_tracker.tests.ledger_model import Category, Expense
from expenses import models
from expenses.tests.pages import Page

NAMES = ["Rent", "Pets", "PETS", "Travel"]

WHICH = st.integers(0, 99)
TEXT = st.text(alphabet="ab€ß<'\\ 😀", max_size=8).map(str.strip)
AMOUNT = st.integers(-99_999, 99_999).map(lambda cents: Decimal(cents or 1) / 100)
EXPENSE = st.builds(Expense, st.sampled_from(DAYS), AMOUNT, WHICH, TEXT, TEXT)
FIELDS = st.sets(st.sampled_from(["date", "amount", "category", "payee", "notes"]), min_size=1)
GUARD = st.sampled_from(["version", "If-Match", "both"])
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
EDIT = st.sampled_from(["keep", "change", "zero", "drop"])
CATEGORY_FIELD = st.sampled_from(["name", "position", "archived", "colour"])


class LedgerMachine(ComparedLedger):
    # Expenses one by one, and in lists

    @rule(drawn=EXPENSE)
    def create(self, drawn):
        row = self.real(drawn)
        self.wrote(self.send("post", "expenses/", self.body(row)), {}, [row])

    @rule(drawn=st.lists(EXPENSE, min_size=1, max_size=4))
    def create_list(self, drawn):
        rows = [self.real(each) for each in drawn]
        self.wrote(self.send("post", "expenses/", [self.body(row) for row in rows]), {}, rows)

    @has_expenses
    @rule(which=WHICH, drawn=EXPENSE, names=FIELDS, guard=GUARD, method=st.sampled_from(["put", "patch"]))
    def edit(self, which, drawn, names, guard, method):
        pk, row = self.pick(which), self.real(drawn)
        if method == "patch":
            row = replace(self.model.rows[pk], **{name: getattr(row, name) for name in names})
            names = {"amount"} | names
        else:
            names = set(asdict(row))
        body, headers = self.guarded(pk, guard)
        body |= {name: value for name, value in self.body(row).items() if name in names}
        self.wrote(self.send(method, f"expenses/{pk}/", body, **headers), {pk: row})

    @has_expenses
    @rule(which=WHICH, guard=GUARD)
    def delete(self, which, guard):
        pk = self.pick(which)
        body, headers = self.guarded(pk, guard)
        query = f"?version={body['version']}" if body else ""
        self.wrote(self.send("delete", f"expenses/{pk}/{query}", **headers), {pk: None})

    # Days

    @rule(data=st.data(), day=st.sampled_from(DAYS), new=st.lists(EXPENSE, max_size=2), come=st.booleans())
    def put_day(self, data, day, new, come):
        """A day of the API: rows stay, change, go, come from another day, or are new."""
        tag = self.send("get", f"days/{day}/").data["tag"]
        there = list(self.model.on(day).items())
        elsewhere = [item for item in self.model.expenses.items() if item[1].date != day]
        wanted, sent = {}, []
        for pk, row in there + elsewhere[:1] * come:
            act = data.draw(EDIT)
            row = replace(self.real(data.draw(EXPENSE)) if act == "change" else row, date=day)
            wanted[pk] = None if act in ("zero", "drop") else row
            if act != "drop" or (pk, row) not in there:
                body = self.body(row, "date") | ({"amount": "0"} if act in ("zero", "drop") else {})
                sent.append({"id": pk, "version": self.model.versions[pk], **body})
        added = [replace(self.real(each), date=day) for each in new]
        sent += [self.body(row, "date") for row in added]
        self.wrote(self.send("put", f"days/{day}/", {"tag": tag, "expenses": sent}), wanted, added)

    @rule(day=st.sampled_from(DAYS), keep=st.integers(0, 3), new=st.lists(EXPENSE, max_size=2))
    def replace_day(self, day, keep, new):
        """The contract of the original system."""
        rows = list(self.model.on(day).values())[keep:] + [replace(self.real(each), date=day) for each in new]
        gone, added = self.model.replaced(day, [replace(row, payee="") for row in rows])
        names = {pk: category.name for pk, category in self.model.categories.items()}
        sent = [
            {"amount": float(row.amount), "category": names[row.category], "notes": row.notes} for row in rows
        ]
        self.wrote(self.send("post", f"expenses/{day}", sent), gone, added)

    @rule(data=st.data(), day=st.sampled_from(DAYS), new=EXPENSE, twice=st.booleans())
    def save_page(self, data, day, new, twice):
        """The day's page as a browser sends it, perhaps twice."""
        form, there = self.page(day), self.model.on(day)
        wanted = {}
        for index, (pk, row) in enumerate(there.items()):
            act = data.draw(EDIT)
            if act == "change":
                row = replace(self.real(data.draw(EXPENSE)), date=day)
                self.type(form, index, row)
            elif act != "keep":
                form.write(index, **({"amount": 0} if act == "zero" else {"DELETE": "on"}))
            wanted[pk] = row if act in ("keep", "change") else None
        added = replace(self.real(new), date=day)
        self.type(form, len(there), added)
        self.wrote(self.post_page(day, form), wanted, [added])
        if twice:
            self.wrote(self.post_page(day, form), {})

    def page(self, day: date):
        url = f"/ledgers/{self.world.ledger.pk}/expenses/{day}/"
        return Page(self.world.browser.get(url)).form("day-form")

    def post_page(self, day: date, form):
        return self.world.browser.post(f"/ledgers/{self.world.ledger.pk}/expenses/{day}/", form.data)

    @staticmethod
    def type(form, index: int, row: Expense):
        form.write(index, amount=row.amount, category=row.category, payee=row.payee, notes=row.notes)

    # Many at once, as the admin's actions do

    @has_expenses
    @rule(which=WHICH, category=WHICH)
    def set_category(self, which, category):
        chosen = self.model.active[category % len(self.model.active)]
        wanted = {pk: replace(row, category=chosen) for pk, row in self.some(which).items()}
        self.act(wanted, lambda rows: rows.recategorise(models.Category.objects.get(pk=chosen)))

    @has_expenses
    @rule(which=WHICH, day=st.sampled_from(DAYS))
    def set_date(self, which, day):
        wanted = {pk: replace(row, date=day) for pk, row in self.some(which).items()}
        self.act(wanted, lambda rows: rows.set_date(day))

    @has_expenses
    @rule(which=WHICH, days=st.integers(-2, 2))
    def shift_date(self, which, days):
        shift = timedelta(days=days)
        wanted = {pk: replace(row, date=row.date + shift) for pk, row in self.some(which).items()}
        self.act(wanted, lambda rows: rows.shift_date(days))

    @has_expenses
    @rule(which=WHICH)
    def delete_many(self, which):
        self.act(dict.fromkeys(self.some(which)), lambda rows: rows.delete())

    def act(self, wanted, verb):
        with acting_as(Actor(user_id=self.world.user.pk, via="admin", act="bulk")):
            verb(models.Expense.objects.filter(pk__in=wanted))
        self.wrote(None, wanted)

    # Categories

    @rule(name=st.sampled_from(NAMES))
    def add_category(self, name):
        answer = self.send("post", "categories/", {"name": name})
        if self.model.is_taken(name):
            return self.refused(answer, 400)
        last = max(category.position for category in self.model.categories.values())
        return self.wrote(answer, {}, [Category(name, position=last + 1)])

    @rule(
        which=WHICH, name=st.sampled_from(NAMES), position=st.integers(0, 9), fields=st.sets(CATEGORY_FIELD)
    )
    def edit_category(self, which, name, position, fields):
        pk = list(self.model.categories)[which % len(self.model.categories)]
        archived = self.model.active != [pk] and which % 2 == 1
        values = {"name": name, "position": position, "archived": archived, "colour": f"#00000{position}"}
        values = {field: values[field] for field in sorted(fields)}
        body = {"version": self.model.versions[-pk], **values}
        answer = self.send("patch", f"categories/{pk}/", body)
        if "name" in fields and self.model.is_taken(name, besides=pk):
            return self.refused(answer, 400)
        return self.wrote(answer, {-pk: replace(self.model.rows[-pk], **values)})

    @rule(which=WHICH)
    def delete_category(self, which):
        pk = list(self.model.categories)[which % len(self.model.categories)]
        answer = self.send("delete", f"categories/{pk}/?version={self.model.versions[-pk]}")
        if pk in self.model.totals():
            return self.refused(answer, 400)
        return self.wrote(answer, {-pk: None})

    # Undo and redo

    @rule(which=WHICH)
    def undo_one(self, which):
        """Any change set, of which many cannot be undone any more."""
        if self.model.changes:
            self.undo(list(self.model.changes)[which % len(self.model.changes)])

    @rule(times=st.integers(1, 3))
    def undo_the_last(self, times):
        """The last one, then that undo, and so on."""
        for _time in range(times):
            if self.model.changes:
                self.undo(self.model.last_change_set)

    def undo(self, change_set: int):
        answer = self.send("post", f"history/{change_set}/undo/")
        wanted = self.model.before(change_set)
        if wanted is None:
            return self.refused(answer, 409)
        self.wrote(answer, wanted)
        assert answer.data["undoes"] == change_set
        return None

    # What comes twice, too late, or makes no sense

    @rule(drawn=EXPENSE, many=st.booleans())
    def create_twice(self, drawn, many):
        row = self.real(drawn)
        body = [self.body(row)] * 2 if many else self.body(row)
        first = self.twice("post", "expenses/", body)
        self.wrote(first, {}, [row] * (2 if many else 1))
        self.refused(self.send("post", "expenses/", self.body(row, "notes"), **self.key), 422)

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
        max_examples=scale(6, 420),
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
    assert world.steps >= scale(250, 20_000)
