"""Two who fetched the same row save it at the same moment, at every door: who is told "saved" is who was saved.

In this process, on real connections: no server stands between the two, so they meet more closely.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest
from django.urls import reverse

from expenses.tests import test_admin as admin
from expenses.tests import test_day_page as day
from expenses.tests.factories import make_expense
from expenses.tests.pages import Page
from expenses.tests.threads import at_once
from history.models import CategoryEvent, ExpenseEvent

pytestmark = [
    pytest.mark.torture,
    pytest.mark.catalogue(44),
    pytest.mark.django_db(transaction=True),
]


class Door(NamedTuple):
    """``opened(client, row)`` fetches the row and gives what saves it with a text, and returns the response."""

    name: str
    opened: Callable
    saved: int  # the status that says so
    refused: int

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api")


def day_page(client, expense):
    form = day.opened(client, expense.ledger)
    return lambda text: day.saved(client, expense.ledger, form.write(0, notes=text))


def category_page(client, category):
    url = reverse("category_edit", args=[category.ledger_id, category.pk])
    form = Page(client.get(reverse("categories", args=[category.ledger_id]))).form(url)
    return lambda text: client.post(url, form.data | {f"category-{category.pk}-name": text})


def admin_form(client, expense):
    url = reverse("admin:expenses_expense_change", args=[expense.pk])
    fields = admin.inputs(client.get(url))
    return lambda text: admin.save(client, fields | {"notes": text}, url)


def admin_list(client, expense):
    fields = admin.inputs(client.get(admin.LIST))
    return lambda text: admin.save(client, fields | {f"{admin.row_of(fields, expense)}-notes": text})


def api_url(expense) -> str:
    return f"/api/v1/ledgers/{expense.ledger_id}/expenses/{expense.pk}/"


def api_etag(client, expense):
    url = api_url(expense)
    etag = client.get(url)["ETag"]
    return lambda text: client.patch(url, {"notes": text}, headers={"If-Match": etag})


def api_version(client, expense):
    url = api_url(expense)
    version = client.get(url).json()["version"]
    return lambda text: client.patch(url, {"notes": text, "version": version})


DOORS = [
    Door("day page", day_page, 302, 409),
    Door("category page", category_page, 302, 422),
    Door("admin form", admin_form, 302, 200),
    Door("admin list", admin_list, 302, 200),
    Door("api If-Match", api_etag, 200, 412),
    Door("api version", api_version, 200, 409),
]


@pytest.fixture
def tabs(alice, as_user, api_as):
    """``tabs(door)`` is two clients of Alice's."""
    alice.is_staff = alice.is_superuser = True
    alice.save()
    return lambda door: [(api_as if door.is_api else as_user)(alice) for _ in range(2)]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_of_two_who_save_a_row_at_once_one_is_saved_and_the_other_is_told(door, ledger, tabs, scale):
    row, field, events = make_expense(ledger), "notes", ExpenseEvent
    if door.opened is category_page:
        row, field, events = row.category, "name", CategoryEvent
    clients, claimed = tabs(door), 0
    for number in range(scale(5, 200)):
        texts = [f"{number} of one", f"{number} of the other"]
        saves = [partial(door.opened(client, row), text) for client, text in zip(clients, texts, strict=True)]
        told = {
            answer.status_code: (text, answer) for text, answer in zip(texts, at_once(*saves), strict=True)
        }
        assert set(told) == {door.saved, door.refused}
        (saved, _page), (refused, answer) = told[door.saved], told[door.refused]
        claimed += 1
        row.refresh_from_db()
        assert (getattr(row, field), row.version) == (saved, 1 + claimed)
        assert [text in answer.content.decode() for text in (saved, refused)] == [True, not door.is_api]
    assert events.objects.filter(id=row.pk, pgh_label="update").count() == claimed
    print(f"{door.name}: {claimed} saves claimed, {row.version - 1} made")  # noqa: T201
