"""The matrix can fail: whoever may see and write does, and without walls everybody does."""

import pytest

from expense_tracker.tests.isolation.asking import Asker
from expense_tracker.tests.isolation.matrix import WRITING, problems, requests
from expense_tracker.tests.isolation.routes import FIGURES, Route, every_route
from expense_tracker.tests.isolation.walls import no_wall
from expense_tracker.tests.isolation.world import ROWS

PLAIN = {False: ("GET", "POST"), True: ("GET", *WRITING)}  # pages know no other methods
OF_A_LEDGER = [route for route in every_route() if route.names_a_row]
LEAST_SHOWN, LEAST_CHANGED = 33, 31  # routes
# What nobody changes anything by.
READ = {
    *("today", "choose_day", "expenses", "export_expenses", "api_export"),
    *("analytics", "export_analytics", "export_analytics_xlsx"),
    *("history", "changeset-list", "changeset-detail"),
    *("rules", "rule-try", "rule-try-changed"),
    *("tags", "api_tags", "api_completions"),
    *("ledger-detail", "api_original_analytics"),
    *(f"api_analytics_{name}" for name in FIGURES),
    "ledgers_ledger_add",  # leads to a page
    *("api_token_changelist", "api_token_add", "api_token_change", "api_token_delete"),  # superusers only
}


def reads(route: Route) -> bool:
    return route.name in READ or route.name.endswith("_history") or (route.is_admin and not route.name)


def writer(route: Route) -> str:
    return "editor" if route.name == "member_leave" else "owner"


@pytest.mark.parametrize("route", OF_A_LEDGER, ids=lambda route: route.label)
def test_whoever_may_write_does(ask: Asker, world, route):
    before = world.state()
    answers = [ask(request) for request in requests(route, writer(route)) if request.method in WRITING]
    changed = [answer for answer in answers if answer.alices != before]
    assert all(answer.status < 400 for answer in changed)
    assert bool(changed) != reads(route)


def test_the_owner_sees_the_ledger(ask: Asker):
    """But where a page leads on, and where there is nothing to get."""
    answers = {route.label: ask(next(requests(route, "owner"))) for route in OF_A_LEDGER}
    statuses = {answer.status for label, answer in answers.items() if "/token/" not in label}
    assert statuses == {200, 302, 405}
    # An address for forms has a page too, which names the ledger in its menu.
    shown = {label for label, answer in answers.items() if ROWS in answer.text and answer.status != 405}
    assert {answers[label].status for label in shown} == {200}
    assert len(shown) >= LEAST_SHOWN


def test_without_walls_everything_gets_to_strangers(ask: Asker, world):
    before, shown, changed = world.state(), set(), set()
    with no_wall():
        for route in OF_A_LEDGER:
            role = "staff" if route.is_admin else "stranger"
            for request in requests(route, role):
                if request.accept or request.method not in PLAIN[route.is_api]:
                    continue
                found = list(problems(request, ask(request), before))
                shown |= {route.label for text in found if " shows " in text}
                changed |= {route.label for text in found if " changes " in text}
    assert len(shown) >= LEAST_SHOWN
    assert len(changed) >= LEAST_CHANGED
