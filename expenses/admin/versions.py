"""Forms that know which version of a row the person saw, so that nobody's change is overwritten unseen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.models import Category
from ledgers.models import Ledger


class CarriedField(forms.IntegerField):
    """A number that travels along hidden, and is never itself a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class FetchedChoiceField(forms.ChoiceField):
    """A choice among rows that were fetched already, instead of a query for every form of a page."""

    rows: dict[str, Category | Ledger] = {}
    default_error_messages = {"invalid_choice": gettext_lazy("Choose one of those offered.")}

    def offer(self, rows, choices=None):
        """Offer these rows, by their names unless ``choices`` arranges them otherwise."""
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [("", "---------"), *(choices or [(key, str(row)) for key, row in self.rows.items()])]

    def prepare_value(self, value):
        return str(value.pk) if isinstance(value, Category | Ledger) else value

    def clean(self, value):
        return self.rows.get(super().clean(value))


class VersionedForm(forms.ModelForm):
    """Changes a row only if it is still the version that was shown.

    The values as they were shown travel along, so that what this person changed is told from what somebody
    else changed. Raises no error for a row that this person left alone.
    """

    # Not an editable field of the model: named in the admin's `exclude` too, else Django refuses the name.
    version = CarriedField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields.pop("version", None)
            return
        self.initial["version"] = self.instance.version
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    def now(self) -> list[str]:
        """The row as it is in the database, in words."""
        raise NotImplementedError

    def clean(self):
        values = super().clean()
        if self.instance.pk and self.changed_data and self._is_stale():
            message = _("Somebody changed this meanwhile. It is now: %(now)s. Save again to overwrite that.")
            self.add_error(None, ValidationError(message, "conflict", {"now": " · ".join(self.now())}))
            self._accept_current()
        return values

    def _is_stale(self) -> bool:
        values = self.cleaned_data
        if values.get("version") == self.instance.version:
            return False
        names = [name for name in self.fields if name not in ("id", "version")]
        return any(name not in values or values[name] != getattr(self.instance, name) for name in names)

    def _accept_current(self):
        """Send the current version and values along with what was typed: the next save knows them."""
        if not getattr(self.data, "_mutable", True):
            self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.instance.version)
        for name, field in self.fields.items():
            if field.show_hidden_initial:
                current = field.prepare_value(getattr(self.instance, name))
                self.data[self.add_initial_prefix(name)] = "" if current is None else str(current)

    def _get_validation_exclusions(self):
        # Names are unique, and categories known, in their ledger: without it Django would not ask.
        return super()._get_validation_exclusions() - {"ledger"}


class VersionedAdmin:
    """Beside a ``ModelAdmin`` whose form is a ``VersionedForm``: writes only what was changed."""

    exclude = ["ledger", "version"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.save()
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)
