"""Looking changes nothing, and nothing is changed by a form that another site sent."""

import re

import pytest
from django.conf import settings
from django.test import Client

from expense_tracker.tests.isolation.asking import Request
from expense_tracker.tests.isolation.matrix import READING, WRITING
from expense_tracker.tests.isolation.routes import every_route
from expense_tracker.tests.isolation.world import ALICES

WRITTEN = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
# Where somebody is in a process of many steps, such as signing in, and the list of their sessions. allauth takes
# the address of an account that was made without its pages into its own table when it is first looked at.
NO_RECORD = {"django_session", "usersessions_usersession", "account_emailaddress"}
ROUTES = every_route()


@pytest.mark.parametrize("method", READING)
def test_looking_writes_no_row(ask, world, method):
    before, written = world.state(), {}
    for path in (path for route in ROUTES for path in route.addresses(ALICES)):
        answer = ask(Request("owner", method, path))
        tables = {found[1] for each in answer.statements if (found := WRITTEN.match(each))}
        if tables - NO_RECORD or answer.alices != before:
            written[path] = tables
    assert written == {}


@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_nothing_is_taken_without_the_token_of_the_form(world, db, method, role):
    client = Client(enforce_csrf_checks=True)
    taken = {}
    for path in (path for route in ROUTES for path in route.addresses(ALICES)):
        if role in world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        response = getattr(client, method.lower())(path, headers={"origin": "https://evil.example"})
        # 401: no session counts where a token is asked for. 404 and 405 do nothing at all.
        if response.status_code not in (401, 403, 404, 405):
            taken[path] = response.status_code
    assert taken == {}
    assert len(ROUTES) > 100
