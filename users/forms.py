"""What people say about themselves."""

from django import forms

from users.models import User


class PreferencesForm(forms.ModelForm):
    """Clock and language: they decide what "today" is and how figures are written."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone", "language"]
        widgets = {"time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})}
