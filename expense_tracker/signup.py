"""What signing up asks beyond allauth's own questions: the first ledger, and the clock."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from expenses.opening import open_ledger
from ledgers import currencies
from ledgers.models import Ledger
from users.models import User


class SignupDetailsForm(forms.Form):
    """Mixed into allauth's sign-up form; ``signup`` runs once the account exists, in the same transaction."""

    ledger_name = forms.CharField(
        label=_("Name of your first ledger"),
        max_length=Ledger._meta.get_field("name").max_length,
        initial=_("Household"),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies.choices, initial="EUR")
    time_zone = forms.CharField(
        required=False,
        max_length=64,
        validators=User._meta.get_field("time_zone").validators,
        widget=forms.HiddenInput(attrs={"data-time-zone": ""}),
    )

    def signup(self, request, user):
        user.time_zone = self.cleaned_data["time_zone"] or settings.TIME_ZONE
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["time_zone", "language"])
        open_ledger(self.cleaned_data["ledger_name"], self.cleaned_data["currency"], user)
