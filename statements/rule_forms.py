"""What a person may write into a rule."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from expenses.models import Category, Rule
from expenses.models.rule import NO_CONDITION
from ledgers.forms import VersionedForm

TAG_LENGTH = 32


class RuleForm(VersionedForm):
    """A rule of the ledger of its instance. ``also_change`` is the tag of a trial: do what it has shown as well."""

    also_change = forms.CharField(required=False, max_length=TAG_LENGTH)

    class Meta:
        model = Rule
        fields = ["field", "operator", "pattern", "category", "payee"]
        error_messages = {
            "pattern": {"required": NO_CONDITION},
            "category": {"invalid_choice": _("This ledger has no such category, or it is archived.")},
        }
        widgets = dict.fromkeys(["pattern", "payee"], forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = Q(archived=False) | Q(pk=self.instance.category_id)
        self.fields["category"].queryset = Category.objects.filter(offered, ledger=self.instance.ledger_id)
        self.fields["category"].empty_label = _("leave as it is")

    def _get_validation_exclusions(self):
        # Categories are known in their ledger: without it Django would not ask.
        return super()._get_validation_exclusions() - {"ledger"}

    def now(self):
        return self.instance.in_words()
