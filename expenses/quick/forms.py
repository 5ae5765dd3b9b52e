"""The rows that were understood, as a person may correct them before they are saved."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.errors import explain
from expenses.entry import EntryForm
from expenses.models import Category, Expense, validate_not_zero
from expenses.quick.adding import add_all
from expenses.quick.grammar import LONGEST_LINE
from expenses.quick.understanding import MOST_LINES, Problem, Reader, Row, understand
from ledgers.models import Ledger


class TextForm(forms.Form):
    """Lines to be understood."""

    text = forms.CharField(
        label=gettext_lazy("Lines"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )


class QuickRowForm(EntryForm):
    """One expense, with the ``line`` that it was understood from."""

    line = forms.CharField(required=False, max_length=LONGEST_LINE, widget=forms.HiddenInput)

    problem = ""  # why the line was not understood
    why = ""  # the category is this one

    @property
    def named(self) -> Category | None:
        """The category that stands here."""
        return self.fields["category"].categories.get(self["category"].value())

    def has_changed(self):
        return not {"line", "DELETE"}.issuperset(self.changed_data)

    def clean_amount(self):
        validate_not_zero(self.cleaned_data["amount"])
        return self.cleaned_data["amount"]

    @property
    def values(self) -> dict:
        """Those of an expense, by the names of its fields."""
        values = {name: self.cleaned_data[name] for name in ("date", "amount", "category", "payee")}
        values["notes"], values["tags"] = self.cleaned_data["notes"]
        return values


class BaseQuickFormSet(BaseFormSet):
    """Rows to be added to the ledger, all of them or none."""

    default_error_messages = BaseFormSet.default_error_messages | {
        "missing_management_form": gettext_lazy("This form arrived incomplete. Nothing was saved."),
        "too_many_forms": gettext_lazy("Write at most %(num)d lines at once."),
    }

    def __init__(self, *args, ledger: Ledger, categories: Iterable[Category], **kwargs):
        self.ledger = ledger
        super().__init__(*args, form_kwargs={"ledger": ledger, "categories": list(categories)}, **kwargs)

    def initial_form_count(self):
        """None: whatever stands here is new, and a row that is cleared is none."""
        return 0

    def total_form_count(self):
        return super().total_form_count() if self.is_bound else len(self.initial or ())

    @property
    def wanted(self) -> list[QuickRowForm]:
        """The rows that are neither removed nor blank."""
        removed = self.deleted_forms
        return [form for form in self.forms if form.has_changed() and form not in removed]

    def typed(self) -> list[dict[str, str]]:
        """What stands in each row that is not removed, as it was typed."""
        return [
            {name: form[name].data for name in form.fields}
            for form in self.forms
            if not form["DELETE"].data and any(form[name].data for name in form.fields if name != "line")
        ]

    def saved(self, user) -> list[Expense]:
        """The expenses written; none if something is wrong, which then stands at the rows."""
        if not self.is_valid() or not self.wanted:
            return []
        try:
            return add_all(self.ledger, (form.values for form in self.wanted), user)
        except IntegrityError as error:
            self.non_form_errors().extend(explain(error).messages)
            return []


QuickFormSet = formset_factory(
    QuickRowForm,
    formset=BaseQuickFormSet,
    extra=0,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


@dataclass(frozen=True)
class Shown:
    """A row to be shown: what its fields hold, why its category is this one, or what is wrong with its line."""

    values: dict
    why: str = ""
    problem: str = ""


def shown_rows(text: str, reader: Reader) -> list[Shown]:
    """A row for each line, in the order of the lines; one that was not understood has its text in the notes.

    Raises ValidationError for a text that is too long, or none.
    """
    rows, problems = understand(text, reader)
    found = [(each.line, _understood(each.row, each.text)) for each in rows]
    found += [(each.line, _refused(each, reader)) for each in problems]
    return [shown for _line, shown in sorted(found, key=lambda pair: pair[0])]


def with_rows(formset_of, rows: list[Shown]) -> BaseQuickFormSet:
    """An unbound formset of these rows. Raises ValidationError for too many."""
    if len(rows) > MOST_LINES:
        raise ValidationError({"text": _("Write at most %(most)d lines at once.") % {"most": MOST_LINES}})
    formset = formset_of(initial=[row.values for row in rows])
    for form, row in zip(formset, rows, strict=True):
        form.why, form.problem = row.why, row.problem
    return formset


def _understood(row: Row, line: str) -> Shown:
    tags = (f"#{tag}" for tag in row.tags)
    notes = " ".join(filter(None, [row.notes, *tags]))
    category = str(row.category.pk) if row.category else ""
    why = {"payee": _("usual for this payee"), "notes": _("usual for these notes")}.get(row.why, "")
    return Shown({**row.values, "category": category, "notes": notes, "line": line}, why)


def _refused(problem: Problem, reader: Reader) -> Shown:
    return Shown({"date": reader.today, "notes": problem.text, "line": problem.text}, problem=problem.message)
