"""Categories have two levels, whoever writes them."""

import pytest
from django.db import IntegrityError, transaction

from expenses.models import Category
from expenses.tests.factories import make_ledger
from ledgers.models import Ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(ledger):
    return {category.name: category for category in Category.objects.in_ledger(ledger)}


def put(category, parent):
    with transaction.atomic():
        Category.objects.filter(pk=category.pk).update(parent=parent)


def test_a_subcategory_has_none_of_its_own(named):
    put(named["Rent"], named["Food"])
    for category, parent in (("Shopping", "Rent"), ("Food", "Shopping"), ("Other", "Other")):
        with pytest.raises(IntegrityError, match="two levels"):
            put(named[category], named[parent])


def test_a_main_category_is_of_the_same_ledger(named, charlie):
    theirs = Category.objects.filter(ledger=make_ledger(charlie)).first()
    with pytest.raises(IntegrityError):
        put(named["Rent"], theirs)


def test_a_main_category_goes_after_its_subcategories(named):
    put(named["Rent"], named["Food"])
    with pytest.raises(IntegrityError), transaction.atomic():
        named["Food"].delete()
    named["Rent"].delete()
    named["Food"].delete()


def test_a_ledger_goes_with_both_levels(ledger, named):
    Category.objects.bulk_create(
        Category(ledger=ledger, name=f"Part {n}", parent=named["Food"]) for n in range(150)
    )
    put(named["Rent"], named["Food"])
    with transaction.atomic():
        ledger.delete()
    assert not Ledger.objects.exists()
