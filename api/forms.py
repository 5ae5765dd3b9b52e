"""Making a token."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.models import Token
from ledgers.models import Ledger

NEVER = "never"
LIFETIMES = [
    (30, gettext_lazy("in 30 days")),
    (90, gettext_lazy("in 90 days")),
    (365, gettext_lazy("in one year")),
    (NEVER, gettext_lazy("never")),
]
ACCESS = [(False, gettext_lazy("Read only")), (True, gettext_lazy("Read and write"))]


def _lifetime(value: str) -> timedelta | None:
    return None if value == NEVER else timedelta(days=int(value))


class TokenForm(forms.ModelForm):
    """What the token is for, how long it works, and how far it reaches. ``save`` gives ``(token, secret)``."""

    can_write = forms.TypedChoiceField(
        label=gettext_lazy("Access"), choices=ACCESS, coerce=lambda value: value == "True"
    )
    lifetime = forms.TypedChoiceField(
        label=gettext_lazy("Expires"), choices=LIFETIMES, coerce=_lifetime, initial=90
    )

    class Meta:
        model = Token
        fields = ["name", "can_write", "only_ledger", "lifetime"]
        labels = {"name": gettext_lazy("What it is for")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        ledger = self.fields["only_ledger"]
        ledger.queryset, ledger.empty_label = Ledger.objects.for_user(user), _("All my ledgers")

    def clean(self):
        values = super().clean()
        Token.make_room(self.user)
        if self.user.auth_token_set.filter(name=values.get("name")).exists():
            # Also what a page that is loaded again sends: the first answer had the secret.
            self.add_error("name", ValidationError(_("You have a token of this name already.")))
        return values

    def save(self) -> tuple[Token, str]:
        values = self.cleaned_data
        fields = {name: values[name] for name in ("name", "can_write", "only_ledger")}
        return Token.objects.create(self.user, values["lifetime"], **fields)
