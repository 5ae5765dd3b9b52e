"""Whom the database works for: the person, or the stated purpose, that row security lets see rows.

The context is one variable of this thread. The backend tells PostgreSQL about it at the begin of every
transaction, for that transaction only, so a connection that goes back to the pool remembers nobody. Nobody at
all means no rows, and an error in the log. What the settings do is in ``row_security.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Actor:
    """Who acts. A person by ``user_id``, or an operator: a purpose in words that needs every ledger.

    A token may narrow what its person can do: to one ledger (``only_ledger_id``), or to reading. ``via`` (page, api,
    admin or command) and ``act`` (the name of the view or the command) are for the history.
    """

    user_id: int | None = None
    operator: str = ""
    only_ledger_id: int | None = None
    read_only: bool = False
    via: str = ""
    act: str = ""

    def settings(self) -> tuple[str, ...]:
        """The values of ``row_security.SETTINGS``, in their order."""
        return (
            str(self.user_id or ""),
            self.operator,
            str(self.only_ledger_id or ""),
            "on" if self.read_only else "",
            self.via,
            self.act,
            "",
            "",
        )


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current() -> Actor:
    """Who acts now."""
    return _actor.get()


def become(actor: Actor) -> None:
    """Act as this actor from here on, also in the transaction under way, until whoever began ends it.

    For the middle of a request, when a token or the admin turns out who acts: ``acting_as`` around the request
    cleans up.
    """
    if actor != current():
        _actor.set(actor)
        connection.tell_actor()


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Act as this actor inside the block, and afterwards as whoever acted before."""
    before = _actor.set(actor)
    try:
        connection.tell_actor()
        yield
    finally:
        _actor.reset(before)
        connection.tell_actor()


def person(user) -> Actor:
    """This user as an actor; nobody if it is a visitor."""
    return Actor(user_id=user.pk)


def operator(purpose: str, **facts) -> Actor:
    """An actor that every ledger is open to, for a purpose that whoever reads a log understands."""
    return Actor(operator=purpose, **facts)
