"""What the address of the analytics page asks for, and the addresses that ask for something else."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone

from analytics.asking import ComparisonForm, MatrixForm, ViewForm
from analytics.naming import Naming
from analytics.ranges import Calendar, preset_range
from analytics.selection import FILTERS, ONCE_CALLED, Question, Selection, SelectionForm, read
from expenses.models import Basis
from ledgers.dates import parse_iso_date
from ledgers.models import Ledger
from ledgers.money import reader_locale

RANGE = {"start", "end", "range", *ONCE_CALLED.values()}
COMPARED = {"with", "with_start", "with_end"}
KNOWN = {*SelectionForm.base_fields, *RANGE, *FILTERS, *ViewForm.base_fields, *COMPARED, "rows", "columns"}
# What the form of filters shows; the categories that are left out have links of their own, and a receipt is a number
# that nobody types.
SHOWN_FILTERS = set(FILTERS) - {"without", "receipt"}
THIS_MONTH = "this-month"


@dataclass
class Asked:
    """The forms of the page, bound to its address. ``query`` is what they were given, without what is empty."""

    ledger: Ledger
    query: QueryDict
    question: Question
    view: ViewForm
    matrix: MatrixForm
    comparison: ComparisonForm
    calendar: Calendar

    @property
    def selection(self) -> Selection | None:
        """What the figures are about; None where something of what is asked makes no sense."""
        return None if self.errors else self.question.selection

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by the names that the address has for it."""
        errors = self.question.errors | self.view.errors
        if self.shows == "table":
            errors |= self.matrix.errors
        if self.shows == "comparison":
            errors |= self.comparison.named_errors
        return errors

    @property
    def shows(self) -> str:
        """One of ``VIEWS``."""
        return self.view.cleaned_data.get("view", "breakdown")

    @property
    def sort(self) -> str:
        return self.view.cleaned_data.get("sort", "")

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.ledger)

    @cached_property
    def compared(self) -> tuple[Selection, Selection]:
        """What is compared with what."""
        return self.comparison.compared(self.selection)

    @property
    def dates(self) -> list[tuple[BoundField, str, str]]:
        """The fields of the range, with the dates that words stand for today."""
        form = self.question.form
        chosen = self.question.selection and self.question.selection.range
        if not chosen and form.cleaned_data.get("range"):
            chosen = preset_range(
                form.cleaned_data["range"], self.calendar, form.cleaned_data.get("basis") or Basis.PAID
            )
        return [_as_date(form[name], chosen and getattr(chosen, name)) for name in ("start", "end")]

    @property
    def earlier_dates(self) -> list[tuple[BoundField, str, str]]:
        """The fields of the range to compare with."""
        form, chosen = self.comparison, self.shows == "comparison" and self.selection and self.compared[1]
        return [_as_date(form[name], chosen and getattr(chosen, name)) for name in ("start", "end")]

    def all_but(self, *names: str) -> list[tuple[str, str]]:
        """What a form has to send along besides the fields of these names that it shows."""
        return [(name, each) for name, values in self.query.lists() if name not in names for each in values]


def ask(request, ledger: Ledger) -> Asked:
    """What a request to the page asks for; without dates, for this month."""
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name in KNOWN and any(values):
            query.setlist(name, [value for value in values if value])
    given = query.copy()
    if not RANGE & query.keys():
        given["range"] = THIS_MONTH
    view = ViewForm(query)
    view.full_clean()
    calendar = Calendar(ledger, timezone.localdate(), reader_locale().first_week_day)
    return Asked(
        ledger,
        query,
        read(given, request, calendar, on_page=True),
        view,
        MatrixForm(query),
        ComparisonForm(query, calendar=calendar),
        calendar,
    )


def _as_date(field: BoundField, day: date | None) -> tuple[BoundField, str, str]:
    """A field with its value and type; what is no date is shown in a field for text, because one for dates hides it."""
    value = day.isoformat() if day else field.value() or ""
    return field, value, "text" if value and field.errors and not _is_date(value) else "date"


def _is_date(text: str) -> bool:
    try:
        return bool(parse_iso_date(text))
    except ValidationError:
        return False
