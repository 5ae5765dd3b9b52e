"""The forms of a ledger's pages, filled in as a browser would send them."""

import pytest
from django.urls import reverse

from expenses.models import Category
from expenses.tests.pages import Page
from ledgers.models import Ledger, Membership

# Form: the page it stands on, where it is sent, what is typed, and what the rows are afterwards.
FORMS = {
    "add": ("categories", "categories", {"new-name": "Pets"}, "Rent Food Shopping Entertainment Other Pets"),
    "edit": (
        "categories",
        "category_edit",
        {"category-{pk}-name": "Meals"},
        "Rent Meals Shopping Entertainment Other",
    ),
    "move": (
        "categories",
        "category_move",
        {"direction": "down"},
        "Rent Shopping Food Entertainment Other",
    ),
    "archive": (
        "categories",
        "category_archive",
        {"archived": "yes"},
        "Rent (Food) Shopping Entertainment Other",
    ),
    "delete": ("categories", "category_delete", {}, "Rent Shopping Entertainment Other"),
    "settings": ("ledger_settings", "ledger_settings", {"name": "Flat"}, "Flat"),
    "share": ("ledger_settings", "member_add", {"person": "dora"}, "alice bob dora"),
    "remove": ("ledger_settings", "member_change", {"remove": "1"}, "alice"),
}
EACH_FORM = pytest.mark.parametrize("act", FORMS)


def filled(client, ledger, act) -> tuple[str, dict]:
    """Where a fresh rendering of the form is sent, and what with."""
    page, action, typed, _after = FORMS[act]
    pk = {
        "category": Category.objects.filter(ledger=ledger, name="Food"),
        "member_change": Membership.objects.filter(ledger=ledger, user__username="bob"),
    }.get(action if action == "member_change" else action.partition("_")[0])
    numbers = [row.pk for row in pk or ()]
    address = reverse(action, args=[ledger.pk, *numbers])
    forms = Page(client.get(reverse(page, args=[ledger.pk]))).forms
    form = next(
        each for each in forms if each.attributes.get("action") == address and "submission" in each.data
    )
    return address, form.data | {name.format(pk=(numbers or [0])[0]): text for name, text in typed.items()}


def rows(ledger, act) -> str:
    """What the form is about, as it is now."""
    page = FORMS[act][0]
    if page == "categories":
        found = Category.objects.in_ledger(ledger)
        return " ".join(f"({each.name})" if each.archived else each.name for each in found)
    if act == "settings":
        return Ledger.objects.get(pk=ledger.pk).name
    people = Membership.objects.filter(ledger=ledger).order_by("pk")
    return " ".join(people.values_list("user__username", flat=True))
