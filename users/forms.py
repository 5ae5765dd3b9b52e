"""What people say about themselves."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from users.models import User


class LoginForm(AllauthLoginForm):
    """Signs in by either name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")


class PreferencesForm(forms.ModelForm):
    """Clock and language: they decide what "today" is and how figures are written."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone", "language"]
        widgets = {"time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})}
