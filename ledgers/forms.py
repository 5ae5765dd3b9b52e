"""What an owner may say about a ledger and its members."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.errors import explain
from ledgers.models import Ledger, Membership


class VersionedForm(forms.ModelForm):
    """Changes a row only if it is still the version that was shown; else says what stands there now, once."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def now(self) -> str:
        """The row as it is in the database, in words."""
        return str(self.instance)

    def clean(self):
        values = super().clean()
        if self.instance.pk and values.get("version") != self.instance.version:
            # Whoever sends the form again has seen what stands there now.
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self.instance.version
            message = _("Somebody changed this meanwhile. It is now: %(now)s. Save again to overwrite that.")
            self.add_error(None, ValidationError(message, "conflict", {"now": self.now()}))
        return values

    def is_saved(self, **values) -> bool:
        """Whether it was valid and its row, with these values too, is written; what PostgreSQL refuses is an error."""
        if not self.is_valid():
            return False
        for name, value in values.items():
            setattr(self.instance, name, value)
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            self.add_error(None, explain(error))
            return False
        return True


class LedgerForm(VersionedForm):
    """Name and month; the currency is fixed, since the amounts in the ledger are amounts of it."""

    class Meta:
        model = Ledger
        fields = ["name", "month_start_day"]

    def now(self):
        return _("%(name)s, months from day %(day)d") % {
            "name": self.instance.name,
            "day": self.instance.month_start_day,
        }


class NewLedgerForm(forms.ModelForm):
    class Meta:
        model = Ledger
        fields = ["name", "currency", "month_start_day"]


class MemberForm(forms.Form):
    """Somebody to share the ledger with, by name or e-mail address."""

    person = forms.CharField(label=gettext_lazy("Name or e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Membership.Role, initial=Membership.Role.EDITOR
    )

    def __init__(self, *args, ledger: Ledger, **kwargs):
        super().__init__(*args, **kwargs)
        self.ledger = ledger

    def clean_person(self):
        text = self.cleaned_data["person"]
        people = _who_go_by(text)
        if len(people) > 1:  # one's address is the other's, or the other's name
            raise ValidationError(_("Two people here go by that. Write the name of the one you mean."))
        if not people or not people[0].is_active:
            raise ValidationError(_("Nobody here has that name or address. They need an account first."))
        person = people[0]
        if Membership.objects.filter(ledger=self.ledger, user=person).exists():
            raise ValidationError(_("This person is a member of the ledger already."))
        return person

    def save(self) -> Membership:
        return Membership.objects.create(
            ledger=self.ledger, user=self.cleaned_data["person"], role=self.cleaned_data["role"]
        )


def _who_go_by(text: str) -> list:
    """The people who may be meant, two at most.

    Anybody may give an address as theirs without proof, so a name written as an address, in whatever case, and a
    proved address of somebody else count as well.
    """
    who = Q(username=text) | Q(email__iexact=text)
    if "@" in text:
        who |= Q(username__iexact=text) | Q(emailaddress__email__iexact=text, emailaddress__verified=True)
    return list(get_user_model().objects.filter(who).distinct()[:2])
