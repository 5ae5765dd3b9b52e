"""The matrix: every route × method × person, and what must not happen in any of its cells."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from expense_tracker.tests.isolation.asking import RANDOM_PAGES, Answer, Asker, Request
from expense_tracker.tests.isolation.bodies import DELETED, bodies
from expense_tracker.tests.isolation.routes import Route, in_own_ledger
from expense_tracker.tests.isolation.world import (
    ALICES,
    INVITATIONS,
    PEOPLE,
    RECORD,
    SECRETS,
    STAFF,
    TOKENS,
    Ids,
)

MEMBERS = ("viewer", "editor", "owner")
STRANGERS = ("anonymous", "stranger", "clerk", "staff")
FOREIGN_TOKENS = ("stranger's token", "token for another ledger")
OWN_TOKENS = ("token that reads", "token that writes")
READING, WRITING = ("GET", "HEAD", "OPTIONS"), ("POST", "PUT", "PATCH", "DELETE")
PAGE = "text/html"

# Staff with every permission see people, and who was invited, in the admin and wherever they choose a person.
STAFF_SEE = {
    "/admin/users/user/": (PEOPLE,),
    "/admin/users/invitation/": (PEOPLE, INVITATIONS),
    "/admin/account/emailaddress/": (PEOPLE,),
    "/admin/ledgers/membership/add/": (PEOPLE,),
}
# What every member may do: leave, and make a token of their own.
OWN = {"/settings/leave/": "membership of {role}", "/accounts/tokens/": "tokens"}
# Row security alone lets members leave by any door, and tokens are their people's, not the ledger's.
LEFT_TO_SCOPING = {"/admin/ledgers/": ("membership of {role}", "tokens")}


def roles(route: Route) -> tuple[str, ...]:
    """Who asks: with a session, and with a token where tokens are known."""
    return (*STRANGERS, *MEMBERS, *((*FOREIGN_TOKENS, *OWN_TOKENS) if route.is_api else ()))


def requests(route: Route, role: str, ids: Ids = ALICES) -> Iterator[Request]:
    """Every request that this person makes to the route about these rows."""
    for path in route.addresses(ids):
        for method in READING:
            yield Request(role, method, path)
        if route.is_api:
            yield from (Request(role, method, path, accept=PAGE) for method in ("GET", "OPTIONS"))
        yield Request(role, "DELETE", path + DELETED.get(route.name, ""), {}, as_json=route.is_api)
        for method in WRITING[:-1]:
            for about, body in bodies(route, ids).items():
                request = Request(role, method, path, body, as_json=route.is_api, about=about)
                yield request
                if route.is_api and method == "POST":
                    yield replace(request, accept=PAGE)


def aims(route: Route, role: str) -> list[Ids]:
    """Which rows somebody asks for: Alice's; and those who have a ledger also look for Alice's rows in theirs."""
    return [ALICES, in_own_ledger(ALICES)] if role in ("clerk", "stranger's token") else [ALICES]


def cells(route: Route, role: str) -> list[Request]:
    """All requests of this person to the route, each once."""
    wanted = (request for ids in aims(route, role) for request in requests(route, role, ids))
    return list({repr(request): request for request in wanted}.values())


def chosen(route: Route, walls: str, share: int) -> list[Request]:
    """One in ``share`` of the route's requests, the same ones each time, and always those that matter most."""
    wanted = [request for role in roles(route) for request in cells(route, role)]
    return [
        request
        for request in wanted
        if crc32(f"{walls} {request}".encode()) % share == 0 or _matters(route, walls, request)
    ]


def _matters(route: Route, walls: str, request: Request) -> bool:
    """Whether it is the plainest attempt: a stranger, or a viewer who writes, at a route that names a row."""
    methods = ("GET", *WRITING) if route.is_api else ("GET", "POST")
    plain = request.method in methods and not request.accept and walls != "both" and route.names_a_row
    return plain and (
        request.role == ("staff" if route.is_admin else "stranger")
        or (request.role == "viewer" and request.method != "GET")
    )


def is_stranger(role: str) -> bool:
    return role in (*STRANGERS, *FOREIGN_TOKENS)


def problems(request: Request, answer: Answer, before: dict[str, str]) -> Iterator[str]:
    """What must never be, of one answer; ``before`` is Alice's ledger as it was."""
    for secret in sorted(_hidden_from(request)):
        if secret in answer.text:
            yield f"{request} shows {secret.decode()} ({answer.status})"
    changed = {table for table, state in answer.alices.items() if state != before[table]}
    if forbidden := changed - _may_change(request):
        yield f"{request} changes {sorted(forbidden)} ({answer.status})"
    if answer.acts_on:
        yield f"{request} leaves its person acting"


def differences(request: Request, there: Answer, gone: Answer) -> Iterator[str]:
    """Whether a stranger could tell that Alice's ledger exists, from the answer or from the work done for it."""
    names = ("status", "statements", "headers", "body")
    if request.path in RANDOM_PAGES:
        names = names[:2]
    for name in names:
        one, other = there.observable[name], gone.observable[name]
        if one != other:
            yield f"{request} differs in {name}: {there.status} {_apart(one, other)}"


def findings(ask: Asker, wanted: Iterable[Request], members_may_break: bool = False) -> list[str]:
    """Everything wrong with the answers to these requests, in the world and in one without Alice's ledger.

    ``members_may_break``: without scoping a viewer gets as far as writing rows, which then turn out not to be there.
    """
    before = ask.world.state()
    pairs = [(request, ask(request)) for request in wanted]
    found = [text for pair in pairs for text in problems(*pair, before)]
    strangers = [pair for pair in pairs if is_stranger(pair[0].role)]
    may_not_break = strangers if members_may_break else pairs
    found += [f"{request} breaks" for request, answer in may_not_break if answer.status >= 500]
    if strangers:
        with ask.world.without_alices_ledger():
            for request, answer in strangers:
                found += differences(request, answer, ask(request))
    return found


def _hidden_from(request: Request) -> set[bytes]:
    if request.role in ("owner", *OWN_TOKENS):
        return set()
    if request.role in MEMBERS:
        return {TOKENS}
    hidden = {*SECRETS, TOKENS, INVITATIONS, PEOPLE}
    if request.role == "token for another ledger":  # it is Alice's
        hidden -= {TOKENS, PEOPLE}
    if request.role in STAFF:
        hidden -= {
            secret for path, kinds in STAFF_SEE.items() if request.path.startswith(path) for secret in kinds
        }
    sent = f"{request.path} {request.body}".encode()
    return {secret for secret in hidden if secret not in sent}


# What ending one's membership leaves in the history.
TRACES = {"history_changeset", "history_membershipevent"}


def _may_change(request: Request) -> set[str]:
    own = {table for path, table in OWN.items() if request.path.endswith(path)}
    own |= {
        table for path, tables in LEFT_TO_SCOPING.items() if request.path.startswith(path) for table in tables
    }
    own = {table.format(role=request.role) for table in own}
    own |= TRACES if own else set()
    everything = {*RECORD, "ledger", "memberships", "tokens", "membership of viewer", "membership of editor"}
    may = {"viewer": own, "editor": {*own, *RECORD}, "owner": everything, "token that writes": everything}
    return may.get(request.role, set())


def _apart(one, other) -> str:
    """Where two values begin to differ."""
    one, other = repr(one), repr(other)
    at = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"…{one[max(at - 60, 0) : at + 80]}… / …{other[max(at - 60, 0) : at + 80]}…"
