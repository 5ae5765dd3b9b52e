import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from expenses.forms import DayFormSet
from expenses.models import Category, Expense
from expenses.tests.factories import make_expense

pytestmark = pytest.mark.django_db

HOSTILE = '<b>"100%"</b> __notes__ %(payee)s {{ x }} \' __prefix__'


@pytest.fixture
def expenses(ledger):
    """One expense of each kind of row."""
    kept = Category.objects.create(ledger=ledger, name=f"{HOSTILE} kept", position=90, archived=True)
    Category.objects.create(ledger=ledger, name=f"{HOSTILE} offered", position=91)
    make_expense(ledger, "1234.5")
    make_expense(ledger, "-3", payee=HOSTILE, notes=HOSTILE)
    make_expense(ledger, "7", notes=HOSTILE, spread_months=12)
    make_expense(ledger, "8", category=kept)
    return Expense.objects.in_ledger(ledger).order_by("id")


@pytest.mark.parametrize("language", ["en", "de"])
def test_rows_filled_in_are_what_the_template_makes_of_their_forms(ledger, expenses, language):
    categories = list(Category.objects.in_ledger(ledger))
    formset = DayFormSet(ledger=ledger, categories=categories, expenses=expenses, prefix="row")
    with override(language):
        rows = [rendered(form, number) for number, form in enumerate(formset, start=1)]
        assert formset.rows_as_opened() == "".join(rows)
        assert formset.blank_row() == rendered(formset.empty_form, "__number__")


def rendered(form, number):
    return render_to_string("expenses/includes/row.html", {"form": form, "number": number})
