"""Every page, in light and dark, wide and narrow: nothing for axe to find, nothing for the CSP to refuse."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth.models import Group
from django.urls import reverse

from expense_tracker.tests.browser.conftest import (
    DESKTOP,
    PHONE,
    axe_violations,
    axe_violations_in_light_and_dark,
)
from expenses.models import Category
from expenses.tests.factories import (
    make_account,
    make_expense,
    make_favourite,
    make_ledger,
    make_rule,
    make_token,
    make_user,
    share,
)
from users.models import Invitation

pytestmark = pytest.mark.browser

LOOKS = pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)],
    ids=["light", "dark", "light-phone", "dark-phone"],
)
# For walks over many pages: each is loaded in one scheme, looked at, and looked at in the other.
WALKS = pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"]
)


# What scripts draw after the page has loaded.
DRAWN_LATE = {
    "range=all": "[data-chart] svg",
    "year=2024": "[data-chart] svg",
    "/docs/": "#swagger-ui .opblock",
}


def pages_of(ledger) -> list[str]:
    base = f"/ledgers/{ledger.pk}"
    return [
        f"{base}/",
        f"{base}/?year=2024",
        f"{base}/expenses/2024-08-01/",
        f"{base}/expenses/2024-08-09/",
        f"{base}/expenses/",
        f"{base}/expenses/?text=nothing-like-this",
        f"{base}/expenses/?date_after=2024-08-02&date_before=2024-08-01",
        f"{base}/analytics/?range=all",
        f"{base}/analytics/?view=table&rows=tag&range=all",
        f"{base}/analytics/?start_date=2020-01-01&end_date=2020-01-31",
        f"{base}/analytics/?start_date=2024-08-02&end_date=2024-08-01",
        f"{base}/categories/",
        f"{base}/quick/",
        f"{base}/quick/?text=5+rent%0A6+zebra%0Amilk",
        f"{base}/categories/{Category.objects.filter(ledger=ledger)[1].pk}/merge/",
        f"{base}/categories/{Category.objects.filter(ledger=ledger)[1].pk}/split/",
        f"{base}/accounts/",
        f"{base}/favourites/",
        f"{base}/tags/",
        f"{base}/tags/train/",
        f"{base}/rules/",
        f"{base}/rules/new/?pattern=landlord",
        f"{base}/settings/",
        f"{base}/nowhere/",
        "/ledgers/new/",
        "/accounts/preferences/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/sessions/",
        "/accounts/reauthenticate/",
        "/accounts/tokens/",
        "/accounts/logout/",
        f"/api/v1{base}/expenses/",
        f"/api/v1{base}/days/2024-08-01/",
        "/api/v1/docs/",
    ]


def overflows(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@WALKS
def test_no_page_of_an_owner_has_a_violation(window_of, scheme, viewport):
    alice = make_user("alice")
    ledger = make_ledger(alice)
    make_expense(ledger, "1227", "Rent", notes="Monthly rent payment", payee="Landlord", tags=["train"])
    make_expense(ledger, "-20", "Food", notes="<b>refund</b>")
    account = make_account(ledger, "Visa card", "4242")
    make_account(ledger, "Checking at the savings bank of the county", currency="EUR")
    make_expense(ledger, "3", external_id=f"{account.key}:1")
    make_rule(ledger, payee="Landlord")
    make_favourite(ledger)
    window = window_of(alice, color_scheme=scheme, viewport=viewport)
    for path in pages_of(ledger):
        page = window.visit(path)
        for ending, drawn in DRAWN_LATE.items():
            if path.endswith(ending):
                page.locator(drawn).last.wait_for()
        assert (path, axe_violations_in_light_and_dark(page), overflows(page)) == (path, [], False)


@WALKS
def test_no_page_of_a_visitor_has_a_violation(window_of, scheme, viewport):
    window = window_of(color_scheme=scheme, viewport=viewport)
    for path in ["/accounts/signup/", "/accounts/login/", "/accounts/password/reset/", "/accounts/inactive/"]:
        page = window.visit(path)
        assert (path, axe_violations_in_light_and_dark(page), overflows(page)) == (path, [], False)


def admin_pages(*rows) -> list[str]:
    """The index, every list, and the forms of these rows."""
    lists = [reverse(admin_urlname(model._meta, "changelist")) for model in admin.site._registry]
    forms = [reverse(admin_urlname(row._meta, "change"), args=[row.pk]) for row in rows]
    return [reverse("admin:index"), *lists, *forms]


@WALKS
def test_no_page_of_the_admin_has_a_violation(window_of, scheme, viewport):
    alice = make_user("alice", is_staff=True, is_superuser=True)
    ledger = make_ledger(alice)
    expense = make_expense(ledger, notes="<b>bread</b>")
    account, rule = make_account(ledger), make_rule(ledger)
    favourite = make_favourite(ledger, tags=["work"])
    Invitation.objects.create(note="Dora", created_by=alice)
    make_token(alice)
    EmailAddress.objects.create(user=alice, email=alice.email)
    Group.objects.create(name="Bookkeepers")
    window = window_of(alice, color_scheme=scheme, viewport=viewport)
    for path in admin_pages(expense, expense.category, account, rule, favourite, ledger, alice):
        page = window.visit(path)
        assert (path, axe_violations_in_light_and_dark(page)) == (path, [])
    page = window.visit(reverse("admin:expenses_expense_changelist"))
    page.locator("[name=_selected_action]").check()
    page.locator("[name=action]").select_option("change_date")
    page.locator("button[name=index]").click()
    page.get_by_role("button", name="Change the date").wait_for()
    assert axe_violations_in_light_and_dark(page) == []


def test_a_viewer_sees_the_day_without_a_way_to_change_it(window_of):
    ledger, bob = make_ledger(make_user("alice")), make_user("bob")
    share(ledger, bob, "viewer")
    make_expense(ledger, "12.50")
    page = window_of(bob).open(f"/ledgers/{ledger.pk}/expenses/2024-08-01/")
    assert axe_violations(page) == []
    assert page.get_by_role("button", name="Save the day").count() == 0
    assert page.locator(".main input:not([type=date])").count() == 0
    assert page.locator(".read td").all_inner_texts() == ["12.50", "Food", "", ""]
