"""Which change sets: one FilterSet for the page and the API."""

from datetime import datetime, time, timedelta

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy

from expenses.filters import ISODateFilter, RangeForm
from history.models import TRACKED, ChangeSet, Event

KINDS = {
    "expenses": gettext_lazy("Expenses"),
    "deleted": gettext_lazy("Deleted expenses"),
    "categories": gettext_lazy("Categories"),
    "accounts": gettext_lazy("Accounts"),
    "rules": gettext_lazy("Rules"),
    "favourites": gettext_lazy("Favourites"),
    "members": gettext_lazy("Members"),
    "settings": gettext_lazy("Settings"),
}
LEDGER, MEMBERSHIP, CATEGORY, ACCOUNT, RULE, FAVOURITE, EXPENSE = TRACKED
TOUCHES = {
    "expenses": EXPENSE.of_change_set(),
    "deleted": EXPENSE.of_change_set(pgh_label=Event.DELETE),
    "categories": CATEGORY.of_change_set(),
    "accounts": ACCOUNT.of_change_set(),
    "rules": RULE.of_change_set(),
    "favourites": FAVOURITE.of_change_set(),
    "members": MEMBERSHIP.of_change_set(),
    "settings": LEDGER.of_change_set(),
}


class ChangeSetFilter(django_filters.FilterSet):
    """``date_after`` and ``date_before`` are days of the reader's time zone, both included."""

    who = django_filters.CharFilter("who", label=gettext_lazy("Person"), max_length=150)
    kind = django_filters.ChoiceFilter(
        method="touching",
        choices=list(KINDS.items()),
        label=gettext_lazy("What"),
        empty_label=gettext_lazy("All"),
    )
    via = django_filters.ChoiceFilter(
        choices=ChangeSet.Via.choices, label=gettext_lazy("How"), empty_label=gettext_lazy("All")
    )
    date_after = ISODateFilter(method="since", label=gettext_lazy("From"))
    date_before = ISODateFilter(method="until", label=gettext_lazy("To"))

    class Meta:
        model = ChangeSet
        form = RangeForm
        fields = []

    def touching(self, queryset, name, kind):
        return queryset.filter(TOUCHES[kind])

    def since(self, queryset, name, day):
        return queryset.filter(at__gte=_midnight(day))

    def until(self, queryset, name, day):
        return queryset.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
