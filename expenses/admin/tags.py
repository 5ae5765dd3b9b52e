"""Tags in the admin: how they are written, and the filter by one."""

from django import forms
from django.contrib import admin
from django.db.models import Count, F, Func, TextField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from expenses.models import Expense
from expenses.row_form import LONGEST_TAGS
from expenses.tags import normal_tag, parse_tags
from ledgers.admin import LedgersOfReaderFilter


class TagsField(forms.Field):
    """Tags in one line, with blanks or commas between them."""

    def __init__(self, **kwargs):
        texts = {
            "label": capfirst(Expense._meta.get_field("tags").verbose_name),
            "help_text": gettext_lazy("Words with blanks between them."),
            "widget": forms.TextInput(attrs={"size": 60, "maxlength": LONGEST_TAGS, "autocomplete": "off"}),
        }
        super().__init__(required=False, **texts | kwargs)

    def prepare_value(self, value):
        return " ".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        return value if isinstance(value, list) else parse_tags((value or "").replace("\0", ""))


class TagOfReaderFilter(admin.SimpleListFilter):
    """Offers the tags that expenses which this person sees have most often."""

    title, parameter_name = Expense._meta.get_field("tags").verbose_name, "tag"

    def lookups(self, request, model_admin):
        tagged = model_admin.get_queryset(request).exclude(tags=[]).order_by()
        each = tagged.annotate(tag=Func(F("tags"), function="unnest", output_field=TextField()))
        counts = each.values_list("tag").annotate(uses=Count("pk")).order_by("-uses", "tag")
        return [(tag, f"#{tag}") for tag, _uses in counts[: LedgersOfReaderFilter.MOST]]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(tags__contains=[normal_tag(self.value()) or ""])
