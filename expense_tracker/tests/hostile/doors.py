"""Every door through which an expense comes in, so that each input is tried at all of them.

A door takes one value for one field of an expense. It returns the status and what the answer says was wrong, as
``{field: messages}``, whatever shape that has there.
"""

from collections.abc import Callable

from expenses.tests.pages import Page
from expenses.tests.test_admin import LIST, inputs, row_of

DAY = "2024-08-01"


class Doors:
    """``doors["create"]("amount", "NaN")`` sends it to that door."""

    def __init__(self, api, browser, root, ledger, expense):
        self.api, self.browser, self.root, self.ledger, self.expense = api, browser, root, ledger, expense
        self.base = f"/api/v1/ledgers/{ledger.pk}/"

    def __getitem__(self, name: str) -> Callable:
        return getattr(self, name)

    def each(self, names, field, value) -> dict:
        """The status and the fields found wrong at each of these doors, by the door's name."""
        answers = {name: self[name](field, value) for name in names}
        return {name: (status, list(errors)) for name, (status, errors) in answers.items()}

    @property
    def row(self) -> dict:
        return {"amount": "5", "category": self.expense.category_id, "payee": "", "notes": ""}

    def create(self, field, value):
        return self._json(
            self.api.post(f"{self.base}expenses/", {"date": DAY} | self.row | {field: value}, format="json")
        )

    def create_many(self, field, value):
        rows = [{"date": DAY} | self.row, {"date": DAY} | self.row | {field: value}]
        status, errors = self._json(self.api.post(f"{self.base}expenses/", rows, format="json"))
        return status, errors.get("1", errors)

    def change(self, field, value):
        url = f"{self.base}expenses/{self.expense.pk}/"
        return self._json(self.api.patch(url, {field: value}, format="json", headers={"If-Match": "*"}))

    def save_day(self, field, value):
        body = {"expenses": [self.row | {field: value}], "tag": "*"}
        status, errors = self._json(self.api.put(f"{self.base}days/2024-09-09/", body, format="json"))
        return status, errors.get("expenses", {}).get("0", errors)

    def original(self, field, value):
        row = {"amount": 5, "category": "Food", "notes": ""} | {field: value}
        status, errors = self._json(self.api.post(f"{self.base}expenses/{DAY}", [row], format="json"))
        return status, errors.get("0", errors)

    def grid(self, field, value):
        url = f"/ledgers/{self.ledger.pk}/expenses/{DAY}/"
        form = Page(self.browser.get(url)).form("day-form")
        blank = form.rows - 1
        response = self.browser.post(url, form.write(blank, **self.row | {field: value}).data)
        if response.status_code == 302:
            return 302, {}
        errors = Page(response).form("day-form").errors
        return response.status_code, {
            name.removeprefix(f"row-{blank}-"): [text] for name, text in errors.items()
        }

    def admin_form(self, field, value):
        url = f"{LIST}{self.expense.pk}/change/"
        response = self.root.post(url, inputs(self.root.get(url)) | {field: value})
        form = response.context["adminform"].form if response.context else None
        return response.status_code, dict(form.errors) if form else {}

    def admin_list(self, field, value):
        fields = inputs(self.root.get(LIST))
        fields[f"{row_of(fields, self.expense)}-{field}"] = value
        response = self.root.post(LIST, fields | {"_save": "Save"})
        found = response.context["cl"].formset.errors if response.context else []
        return response.status_code, {name: texts for errors in found for name, texts in errors.items()}

    @staticmethod
    def _json(response):
        return response.status_code, {} if response.status_code < 300 else response.json()


PROGRAMS = ("create", "create_many", "change", "save_day", "original")
REFUSED = dict.fromkeys(PROGRAMS, 400) | {"grid": 422, "admin_form": 200, "admin_list": 200}


def refused(names, field) -> dict:
    """What ``Doors.each`` finds where all of them refuse the value at its field."""
    return {name: (REFUSED[name], [field]) for name in names}
