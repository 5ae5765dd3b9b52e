"""What an address may ask for beyond a selection: what to compare with, and which two breakdowns at once."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.dimensions import DIMENSIONS
from analytics.ranges import COMPARISONS, PREVIOUS, DateOrWordField, Range, RangeForm, earlier
from ledgers.models import Ledger


class ComparisonForm(RangeForm):
    """``with=previous`` (unless said otherwise), ``with=last-year``, or the earlier range itself."""

    start = DateOrWordField(end=False, required=False, label=gettext_lazy("Compared with: from"))
    end = DateOrWordField(end=True, required=False, label=gettext_lazy("Compared with: to"))

    def __init__(self, data, **kwargs):
        names = {"start": "with_start", "end": "with_end", "with": "with"}
        super().__init__({name: data.get(asked, "") for name, asked in names.items()}, **kwargs)
        self.fields["with"] = forms.ChoiceField(
            choices=COMPARISONS.items(), required=False, label=gettext_lazy("Compare with")
        )

    def clean(self):
        values = super().clean()
        if bool(self.data["start"]) != bool(self.data["end"]):
            missing = "end" if self.data["start"] else "start"
            self.add_error(missing, _("A range has two ends."))
        return values

    @property
    def named_errors(self) -> dict[str, list[str]]:
        """What is wrong, by the names that the address has for it."""
        return {name if name == "with" else f"with_{name}": found for name, found in self.errors.items()}

    def earlier(self, chosen: Range, ledger: Ledger) -> Range:
        """The range to compare with, once the form is valid."""
        values = self.cleaned_data
        if values.get("start"):
            return Range(values["start"], values["end"])
        return earlier(chosen, ledger, values["with"] or PREVIOUS)


class MatrixForm(forms.Form):
    """Two different dimensions; categories by month unless said otherwise."""

    rows = forms.ChoiceField(choices=DIMENSIONS.items(), required=False, label=gettext_lazy("Rows"))
    columns = forms.ChoiceField(choices=DIMENSIONS.items(), required=False, label=gettext_lazy("Columns"))

    def clean_rows(self):
        return self.cleaned_data["rows"] or "category"

    def clean_columns(self):
        return self.cleaned_data["columns"] or "month"

    def clean(self):
        values = super().clean()
        if values.get("rows") and values.get("rows") == values.get("columns"):
            self.add_error("columns", _("Choose something else than the rows."))
        return values
