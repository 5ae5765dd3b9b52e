"""What signing up asks beyond allauth's own questions: the first ledger, and the clock."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from expenses.opening import open_ledger
from ledgers import currencies
from ledgers.models import Ledger


class SignupDetailsForm(forms.Form):
    """Mixed into allauth's sign-up form; ``signup`` runs once the account exists, in the same transaction."""

    ledger_name = forms.CharField(
        label=_("Name of your first ledger"),
        max_length=Ledger._meta.get_field("name").max_length,
        initial=_("Household"),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies.choices, initial="EUR")
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    def clean_time_zone(self):
        """The browser's zone, or ours where its name is unknown here: nobody typed it, so nobody can mend it."""
        name = self.cleaned_data["time_zone"]
        return name if name in available_timezones() else settings.TIME_ZONE

    def signup(self, request, user):
        user.time_zone = self.cleaned_data["time_zone"]
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["time_zone", "language"])
        open_ledger(self.cleaned_data["ledger_name"], self.cleaned_data["currency"], user)
