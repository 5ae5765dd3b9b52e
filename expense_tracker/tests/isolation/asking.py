"""Sends a request as somebody, keeps everything that can be observed of it, and undoes what it did."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from database.acting import become, current
from database.errors import answer_to
from expense_tracker.tests.isolation.world import CHARLIES, World

# What is made up anew for every answer: keys, ids of new ledgers, the time.
RANDOM = re.compile(
    rb"\b[A-Za-z0-9]{64}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rb"|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)|\d\d:\d\d:\d\d GMT"
    rb'|"challenge": "[\w-]+"|<code>[0-9a-f]{6}|/invitations/[^/]+/|/(ledgers|tokens)/\d{1,5}/'
    rb'|(?:"|&quot;)id(?:":|&quot;: )\d{1,5},'
)
RANDOM_PAGES = ("/accounts/2fa/totp/activate/",)  # drawn anew each time
SAVEPOINT = re.compile(r"s\d+_x\d+")


@dataclass(frozen=True)
class Request:
    """A request of somebody: a role with a session, or the name of a token."""

    role: str
    method: str
    path: str
    body: Any = None
    accept: str = ""
    as_json: bool = False
    about: str = ""
    key: str = ""  # for Idempotency-Key

    def __str__(self):
        return f"{self.role}: {self.method} {self.path} {self.about}{' as a page' if self.accept else ''}"


@dataclass(frozen=True)
class Answer:
    """What came back, the SQL it took (without its values), and Alice's and Charlie's ledgers afterwards."""

    status: int
    headers: dict[str, str]
    body: bytes
    statements: tuple[str, ...]
    alices: dict[str, str]
    charlies: dict[str, str]
    acts_on: bool  # whether the request's person still acted when it was over

    @property
    def text(self) -> bytes:
        """All of it in which a secret could stand."""
        return self.body + repr(self.headers).encode()

    @property
    def observable(self) -> dict[str, Any]:
        """What a stranger can tell two answers apart by, the work done included."""
        headers = {name: RANDOM.sub(b"", value.encode()) for name, value in self.headers.items()}
        headers.pop("Change-Set", None)  # a number like that of a new row
        if self.body:
            headers.pop("Content-Length", None)  # that of what was random too
        body = RANDOM.sub(b"", self.body)
        return {"status": self.status, "statements": self.statements, "headers": headers, "body": body}


class Asker:
    """``ask(request)`` for everybody in a world. Undoes all that the request did, whatever it was."""

    def __init__(self, world: World):
        self.world = world
        self.client = Client(raise_request_exception=False)

    def __call__(self, request: Request) -> Answer:
        cache.clear()  # else somebody asks too often
        ContentType.objects.clear_cache()  # else the first to ask does more work
        at_rest, written = self.world.at_rest(), self.world.writes()
        before, who, statements = transaction.savepoint(), current(), []

        def record(execute, sql, *rest):
            statements.append(SAVEPOINT.sub("", str(sql)))
            return execute(sql, *rest)

        with connection.execute_wrapper(record):
            response = self._send(request)
            body = response.getvalue()
        acts_on = current() != who
        become(who)
        status, states = response.status_code, at_rest
        if self.world.writes() != written:
            status, states = self._committed(status, at_rest)
        transaction.savepoint_rollback(before)
        headers = dict(response.headers) | {"Set-Cookie": " ".join(sorted(response.cookies))}
        return Answer(status, headers, body, tuple(statements), *states, acts_on)

    def _committed(self, status: int, at_rest: tuple[dict, dict]) -> tuple[int, tuple[dict, dict]]:
        """The status and both ledgers as they would be after COMMIT, which may be refused."""
        try:
            connection.check_constraints()
            return status, (self.world.state(), self.world.state(CHARLIES))
        except IntegrityError as error:
            return answer_to(error).status, at_rest

    def _send(self, request: Request):
        client, headers = self.client, {"accept": request.accept} if request.accept else {}
        client.cookies.clear()
        if request.role in self.world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.world.sessions[request.role]
        if request.role in self.world.tokens:
            headers["authorization"] = f"Token {self.world.tokens[request.role]}"
        if request.key:
            headers["idempotency-key"] = request.key
        send = getattr(client, request.method.lower())
        if request.as_json:
            return send(request.path, request.body, content_type="application/json", headers=headers)
        return send(request.path, request.body or {}, headers=headers)
