"""Which expenses figures are about: a range of dates, a basis, and whatever the list can be filtered by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from analytics.dimensions import MAY_BE_MANY
from analytics.measures import HasOtherTag
from analytics.models import Rollup
from analytics.ranges import PRESETS, Calendar, Range, RangeForm, preset_range
from expenses.filters import ExpenseFilter
from expenses.models import FIRST_DATE, LAST_DATE, Basis, Expense, expenses_on
from ledgers.models import Ledger

# What the totals kept by the database know nothing of: with these, the rows themselves are added up.
OF_ROWS = (
    *("payee", "without_payee", "text", "amount_min", "amount_max"),
    *("tag", "without_tags", "receipt"),
)
FILTERS = ("category", "without", "weekday", *OF_ROWS)
# Addresses from before words were understood stay good.
ONCE_CALLED = {"start": "start_date", "end": "end_date"}
# Parts of these lie within one month of the ledger each, or have nothing to do with time.
MONTHLY = {"category", "main_category", "month", "year"}


class SelectionForm(RangeForm):
    """What an address may say beside the filters of the list. ``called`` has older names that it used."""

    called: Mapping[str, str]
    range = forms.ChoiceField(choices=PRESETS.items(), required=False)
    basis = forms.ChoiceField(
        choices=Basis.choices, required=False, label=gettext_lazy("Count expenses over several months")
    )

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        if data.get("range"):
            self.fields["start"].required = self.fields["end"].required = False

    def clean_basis(self):
        return self.cleaned_data["basis"] or Basis.PAID


@dataclass(frozen=True)
class Selection:
    """Expenses of a ledger from ``start`` to ``end``, both included, that the filters let through.

    ``filters`` is a bound and valid ``ExpenseFilter`` or None. Weeks begin on ``first_weekday`` (Monday is 0).
    """

    ledger: Ledger
    start: date
    end: date
    basis: str = Basis.PAID
    filters: ExpenseFilter | None = None
    first_weekday: int = 0
    preset: str = ""
    # The filters as the address has them.
    asked: Mapping[str, list[str]] = field(default_factory=dict)
    # Only what counts in any tag besides these: the rest of a long breakdown, which no filter can show.
    besides: tuple[str, ...] | None = None

    def during(self, chosen: Range) -> "Selection":
        """The same of another range."""
        return replace(self, start=chosen.start, end=chosen.end, preset=chosen.preset)

    @property
    def range(self) -> Range:
        return Range(self.start, self.end, self.preset)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def rows(self):
        """The expenses, or the parts of them that lie in the range where those over several months are spread."""
        rows = expenses_on(self.basis).in_ledger(self.ledger).between(self.start, self.end)
        if self.besides is not None:
            rows = rows.filter(HasOtherTag(self.besides))
        return self._filtered(rows)

    def source(self, *dimensions: str):
        """What is quickest to add up by these dimensions and gives the same sums as ``rows``: a QuerySet."""
        by_rows = not MAY_BE_MANY.isdisjoint(dimensions) or any(self._is_given(name) for name in OF_ROWS)
        if by_rows or self.besides is not None or not settings.ROLLUPS:
            return self.rows()
        kept = Rollup.objects.in_ledger(self.ledger).on_basis(self.basis)
        if MONTHLY.issuperset(dimensions) and not self._is_given("weekday"):
            return self._filtered(kept.months_and_days(self.ledger, self.start, self.end))
        return self._filtered(kept.days(self.start, self.end))

    def query(self, *narrowings: Mapping[str, object]) -> str:
        """The query string that opens the list of exactly these expenses, or of those that narrowings leave.

        A tag narrows besides those asked for, and ``family``, a main category and its subcategories, to those of
        them that are, where no single category narrows already.
        """
        asked, start, end, family = {}, self.start, self.end, ()
        for narrowing in narrowings:
            for name, value in narrowing.items():
                if name == "start":
                    start = max(start, value)
                elif name == "end":
                    end = min(end, value)
                elif name == "family":
                    family = value
                elif name == "tag":
                    asked[name] = " ".join([*self._cleaned("tag"), value])
                else:
                    asked[name] = value
        if family and "category" not in asked:
            asked["category"] = self._asked_for_of(family)
        days = f"date_after={max(start, FIRST_DATE)}&date_before={min(end, LAST_DATE)}"
        return days + self._query_after_days(tuple(asked.items()))

    def _query_after_days(self, narrowed: tuple[tuple[str, object], ...]) -> str:
        """The rest of a query string. Kept, because all cells of a row of a table have the same one."""
        if narrowed not in self._queries:
            basis = {} if self.basis == Basis.PAID else {"basis": [self.basis]}
            asked = {**self.asked, **basis, **dict(narrowed)}
            self._queries[narrowed] = f"&{urlencode(asked, doseq=True)}" if asked else ""
        return self._queries[narrowed]

    @cached_property
    def _queries(self) -> dict[tuple, str]:
        return {}

    def _asked_for_of(self, family: tuple[int, ...]) -> tuple[int, ...]:
        """By which categories the filter finds those of a family that are asked for: all by the main one, the first."""
        asked = {category.pk for category in self._cleaned("category")}
        return (
            tuple(key for key in family if key in asked) if asked and family[0] not in asked else family[:1]
        )

    def _cleaned(self, name: str) -> list:
        return (self.filters and self.filters.form.cleaned_data.get(name)) or []

    def _is_given(self, name: str) -> bool:
        return bool(self.filters) and self.filters.form.cleaned_data.get(name) not in (None, "", [])

    def _filtered(self, rows):
        return self.filters.filter_queryset(rows) if self.filters else rows


@dataclass(frozen=True)
class Question:
    """What an address asks for: its forms with their errors, and the ``selection`` if there are none."""

    form: SelectionForm
    filters: ExpenseFilter
    selection: Selection | None

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by the names that the address has for it."""
        errors = {**self.form.errors, **self.filters.form.errors}
        return {self.form.called.get(name, name): found for name, found in errors.items()}


def read(data: QueryDict, request, calendar: Calendar, *, on_page: bool = False) -> Question:
    """What is asked for by ``data``, a request's query. ``request.ledger`` has to be the ledger."""
    given = data.copy()
    called = {new: old for new, old in ONCE_CALLED.items() if new not in data and old in data}
    for new, old in called.items():
        given[new] = data[old]
    form = SelectionForm(given, calendar=calendar)
    form.called = called
    filters = ExpenseFilter(_only(given, FILTERS), Expense.objects.none(), request=request)
    if on_page:
        filters.on_page_of(calendar.ledger)
    if not (form.is_valid() and filters.form.is_valid()):
        return Question(form, filters, None)
    values = form.cleaned_data
    chosen = (
        preset_range(values["range"], calendar, values["basis"])
        if values["range"]
        else Range(values["start"], values["end"])
    )
    selection = Selection(
        calendar.ledger,
        chosen.start,
        chosen.end,
        values["basis"],
        filters,
        calendar.first_weekday,
        chosen.preset,
        {name: values for name, values in given.lists() if name in FILTERS and any(values)},
    )
    return Question(form, filters, selection)


def _only(given: QueryDict, names) -> QueryDict:
    data = QueryDict(mutable=True)
    for name in names:
        if name in given:
            data.setlist(name, given.getlist(name))
    return data
