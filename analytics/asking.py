"""What an address may ask for beyond a selection: what to compare with, which two breakdowns at once, which view."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics import queries
from analytics.dimensions import DIMENSIONS
from analytics.figures import Matrix
from analytics.ranges import COMPARISONS, PREVIOUS, DateOrWordField, Range, RangeForm, earlier
from analytics.selection import Selection

VIEWS = {
    "breakdown": gettext_lazy("Breakdown"),
    "table": gettext_lazy("Table"),
    "comparison": gettext_lazy("Comparison"),
}
STANDARD_LEVELS = {"rows": "category", "columns": "month"}
CHARTS = {"donut": gettext_lazy("Donut"), "treemap": gettext_lazy("Treemap")}
MOST_COLUMNS = 400
MOST_DAYS = 3_700  # ten years, and what they are compared with


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

    def before(self, selection: Selection) -> Selection:
        """The same in the earlier range, once the form is valid."""
        values = self.cleaned_data
        if values.get("start"):
            return selection.during(Range(values["start"], values["end"]))
        return selection.during(earlier(selection.range, selection.ledger, values["with"] or PREVIOUS))

    def compared(self, selection: Selection) -> tuple[Selection, Selection]:
        """What is compared with what, once the form is valid.

        A time that is still running is compared as far as it has come, unless the earlier range was named.
        """
        today = self.fields["start"].calendar.today
        if not self.cleaned_data.get("start") and selection.start <= today < selection.end:
            selection = selection.during(Range(selection.start, today))
        return selection, self.before(selection)


def too_many_days(selection: Selection, before: Selection) -> dict[str, list[str]]:
    """What is wrong, by the names that the address has for it, where ranges are too long to follow day by day."""
    message = _("That is %(count)d days, and %(most)d are the most.")
    days = {"end": selection.days, "with_end": before.days}
    return {
        name: [message % {"count": count, "most": MOST_DAYS}]
        for name, count in days.items()
        if count > MOST_DAYS
    }


class MatrixForm(forms.Form):
    """Two different dimensions; categories by month unless said otherwise."""

    rows = forms.ChoiceField(choices=DIMENSIONS.items(), required=False, label=gettext_lazy("Rows"))
    columns = forms.ChoiceField(choices=DIMENSIONS.items(), required=False, label=gettext_lazy("Columns"))

    def clean_rows(self):
        return self.cleaned_data["rows"] or STANDARD_LEVELS["rows"]

    def clean_columns(self):
        return self.cleaned_data["columns"] or STANDARD_LEVELS["columns"]

    def clean(self):
        values = super().clean()
        if values.get("rows") and values.get("rows") == values.get("columns"):
            self.add_error("columns", _("Choose something else than the rows."))
        return values

    def matrix(self, selection: Selection) -> Matrix | None:
        """The figures, once the form is valid; None, and an error at ``columns``, where they are too many to read."""
        try:
            found = queries.matrix(selection, self.cleaned_data["rows"], self.cleaned_data["columns"])
        except queries.TooManyCells:
            message = _("That makes more than %(most)d figures. Choose a longer unit, less time or a filter.")
            self.add_error("columns", message % {"most": queries.MOST_CELLS})
            return None
        if len(found.columns) <= MOST_COLUMNS:
            return found
        message = _(
            "That makes %(count)d columns, and %(most)d are the most. Choose a longer unit or less time."
        )
        self.add_error("columns", message % {"count": len(found.columns), "most": MOST_COLUMNS})
        return None


class ViewForm(forms.Form):
    """What the page shows, and how. ``sort`` is ``name``, ``total`` or a column's key; after ``-`` from the largest."""

    view = forms.ChoiceField(choices=VIEWS.items(), required=False, label=gettext_lazy("View"))
    by = forms.ChoiceField(choices=DIMENSIONS.items(), required=False, label=gettext_lazy("By"))
    chart = forms.ChoiceField(choices=CHARTS.items(), required=False, label=gettext_lazy("Chart"))
    sort = forms.CharField(max_length=250, required=False, label=gettext_lazy("Sorted by"))

    def clean_view(self):
        return self.cleaned_data["view"] or "breakdown"

    def clean_by(self):
        return self.cleaned_data["by"] or "category"

    def clean_chart(self):
        return self.cleaned_data["chart"] or "donut"
