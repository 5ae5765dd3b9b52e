"""Which lines of an import."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from expenses.filters import validate_few_words
from statements.models import Statement, StatementLine


def statements_of_import(request):
    if request is None:
        return Statement.objects.none()
    return Statement.objects.filter(ledger=request.ledger, of_import=request.of_import)


class LineFilter(django_filters.FilterSet):
    """``payee`` finds a part of who was paid, as the file or as somebody named them."""

    state = django_filters.ChoiceFilter(choices=StatementLine.State, label=_("State"))
    plan = django_filters.ChoiceFilter(choices=StatementLine.Plan, label=_("Plan"))
    statement = django_filters.ModelChoiceFilter(queryset=statements_of_import, label=_("Statement"))
    payee = django_filters.CharFilter(
        method="paid_to", label=_("Paid to"), max_length=200, validators=[validate_few_words]
    )

    class Meta:
        model = StatementLine
        fields = []

    def paid_to(self, queryset, name, text):
        return queryset.filter(Q(payee__icontains=text) | Q(payee_name__icontains=text))
