"""What a form of the preview says about the lines of an import, carried out."""

import re
from collections.abc import Iterable

from expenses.models import Category
from statements import deciding
from statements.changing import Change, change
from statements.forms import LineForm, ManyLinesForm, by_id, lines_sent
from statements.models import Import, LineQuerySet, StatementLine
from statements.review import DECIDED_ABOUT, Row, mark, of_payee

Plan = StatementLine.Plan
MAPPED = re.compile("map-([0-9]{1,3})-name")


class SentPlan:
    """What came back from the preview: the rows that were touched, the ticked ones, the categories of the file."""

    def __init__(self, of_import: Import, data, categories: list[Category]):
        self.of_import, self.data, self.categories = of_import, data, by_id(categories)
        lines = StatementLine.objects.of(of_import).filter(pk__in=lines_sent(data), state__in=DECIDED_ABOUT)
        self.forms = [LineForm(data, Row.of(line), self.categories) for line in lines]
        self.touched = [form for form in self.forms if form.is_touched]
        self.many = ManyLinesForm(data, self.categories)

    def is_valid(self) -> bool:
        return all([self.many.is_valid(), *(form.is_valid() for form in self.touched)])

    @property
    def version(self) -> int | None:
        """The version of the import that was looked at."""
        return self.many.cleaned_data["version"]

    def save(self):
        """In one go: a row's own words first, then what was said about many. Raises NotChanged."""
        if self.touched:
            change(self.of_import, [_change(form) for form in self.touched])
        self._map()
        wanted, lines = self.many.cleaned_data, self._many()
        if wanted["do"] == "categorise" and lines.exists():
            deciding.categorise(self.of_import, lines, wanted["many_category"])
        elif wanted["do"] in (Plan.ADD, Plan.SKIP, Plan.SAME) and lines.exists():
            deciding.plan(self.of_import, lines, wanted["do"])
        elif wanted["do"] == "refresh":
            deciding.refresh(self.of_import)
        if wanted["like"]:
            self._like(wanted["like"])

    def restore(self, rows: Iterable[Row]):
        """Put into these rows what was typed, with what is wrong with it."""
        sent = {form.row.line.pk: form for form in self.touched}
        for row in rows:
            if form := sent.get(row.line.pk):
                typed = form.typed
                row.category, row.payee, row.notes = typed["category"], typed["payee"], typed["notes"]
                row.plan, row.errors = typed["plan"], form.errors
                row.mark = self.data.get(form.add_prefix("shown"), "")

    def _many(self) -> LineQuerySet:
        wanted = self.many.cleaned_data
        lines = StatementLine.objects.of(self.of_import)
        if wanted["all"] and wanted["state"]:
            return lines.filter(state=wanted["state"])
        return lines.filter(pk__in=wanted["line"])

    def _like(self, pk: int):
        """All lines of the payee of this one get its category."""
        line = StatementLine.objects.of(self.of_import).filter(pk=pk).first()
        if line and line.category_id:
            deciding.categorise(self.of_import, of_payee(self.of_import, line), line.category)

    def _map(self):
        for number in (match[1] for match in map(MAPPED.fullmatch, self.data) if match):
            name, category, before = (
                self.data.get(f"map-{number}-{part}", "") for part in ("name", "category", "shown")
            )
            if category != before and (not category or category in self.categories):
                deciding.map_category(self.of_import, name, self.categories.get(category))


def _change(form: LineForm) -> Change:
    """What differs from what the line has now."""
    row, values = form.row, form.cleaned_data
    category = values["category"]
    wanted = {
        "plan": (row.plan, values["plan"], values["plan"]),
        "category": (row.category, str(category.pk) if category else "", category),
        "payee_name": (row.payee, values["payee"], values["payee"]),
    }
    changed = {field: value for field, (before, now, value) in wanted.items() if now != before}
    if mark(form.typed["notes"]) != mark(row.notes):
        notes, tags = values["notes"]
        changed |= {"notes": notes, "tags": tuple(tags)}
    return Change([row.line.pk], changed)
