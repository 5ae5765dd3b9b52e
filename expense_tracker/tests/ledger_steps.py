"""What can be done to a ledger, through its pages, its API and the admin's querysets, as steps of a state machine."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from database.acting import Actor, acting_as
from expense_tracker.tests.ledger_machine import (
    DAYS,
    ComparedLedger,
    has_active,
    has_categories,
    has_expenses,
)
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
EDIT = st.sampled_from(["keep", "change", "zero", "drop"])
CATEGORY_FIELD = st.sampled_from(["name", "position", "archived", "colour"])


class Steps(ComparedLedger):
    """Everything that is done as it is meant to be done."""

    # Expenses one by one, and in lists

    @has_active
    @rule(drawn=EXPENSE)
    def create(self, drawn):
        row = self.real(drawn)
        self.wrote(self.send("post", "expenses/", self.body(row)), {}, [row])

    @has_active
    @rule(drawn=st.lists(EXPENSE, min_size=1, max_size=4))
    def create_list(self, drawn):
        rows = [self.real(each) for each in drawn]
        self.wrote(self.send("post", "expenses/", [self.body(row) for row in rows]), {}, rows)

    @has_active
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

    @has_active
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

    @has_active
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

    @has_active
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

    @has_active
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
        last = max((category.position for category in self.model.categories.values()), default=-1)
        return self.wrote(answer, {}, [Category(name, position=last + 1)])

    @has_categories
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

    @has_categories
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
