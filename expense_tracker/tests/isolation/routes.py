"""Every route of the site with its parameters filled in, found by walking the URL resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from django.contrib.admindocs.views import simplify_regex
from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from analytics.answers import LISTS
from expense_tracker.tests.isolation import world
from expense_tracker.tests.isolation.world import CHARLIES, OF_A_LEDGER, Ids
from ledgers.models import Ledger
from users.models import Invitation

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
API, ADMIN = "api/v1/", "admin/"

# Which row the ``pk`` of a route is: a name of ``Ids``, or a number.
ROW_OF = {
    "category_edit": "category",
    "category_move": "category",
    "category_archive": "category",
    "category_merge": "category",
    "category_split": "category",
    "category_delete": "spare",
    "account_edit": "account",
    "account_delete": "account",
    "account-detail": "account",
    "favourite_edit": "favourite",
    "favourite_move": "favourite",
    "favourite_delete": "favourite",
    "favourite-detail": "favourite",
    "rule": "rule",
    "rule_move": "rule",
    "rule_delete": "rule",
    "rule-detail": "rule",
    "rule-try-changed": "rule",
    "member_change": "membership",
    "token_revoke": "token",
    "ledger-detail": "ledger",
    "expense-detail": "expense",
    "change_set": "change_set",
    "changeset-detail": "change_set",
    "changeset-undo": "change_set",
    "category-detail": "spare",
    "category-merge": "category",
    "category-split": "category",
    "import-detail": "of_import",
    "import-answers": "of_import",
    "import-account": "of_import",
    "import-read": "unread",
    "import-refresh": "of_import",
    "import-apply": "of_import",
    "api_import_lines": "of_import",
    "import": "of_import",
    "import_read": "unread",
    "import_apply": "of_import",
    "import_undo": "added",
    "import_discard": "of_import",
    "import_file_answer": "unread_file",
    "import_file_account": "statement",
    "import_file_remove": "statement",
    "mfa_remove_webauthn": world.AUTHENTICATOR,
    "mfa_edit_webauthn": world.AUTHENTICATOR,
}
ROW_IN_ADMIN = {
    "ledgers/ledger": "ledger",
    "ledgers/membership": "membership",
    "expenses/category": "spare",
    "expenses/expense": "expense",
    "expenses/account": "account",
    "expenses/rule": "rule",
    "expenses/favourite": "favourite",
    "api/token": "token",
    "auth/group": world.GROUP,
    "users/user": world.USERS["member"],
    "users/invitation": world.INVITATION,
    "mfa/authenticator": world.AUTHENTICATOR,
    "usersessions/usersession": world.USER_SESSION,
    "account/emailaddress": world.EMAIL,
}
# Other parameters: what a caller would put there.
TEXTS = {
    "day": [world.DAY],
    "date": [world.DAY],
    "key": ["some-key"],
    "extension": ["csv", "json"],  # the one that says least, and the one that says most
    "uidb36": ["1"],
    "id": [str(world.USERS["member"])],
    "url": ["nowhere"],
    "app_label": ["auth", "users", "mfa", "usersessions", "ledgers", "expenses", "api", "account"],
}
FIGURES = (*LISTS.values(), "matrix", "compare", "cumulative", "summary")
# What a route has to be asked, or it has nothing to show.
QUERIES = {
    **dict.fromkeys((f"api_analytics_{name}" for name in FIGURES), "?range=all"),
    **dict.fromkeys(("analytics", "export_analytics", "export_analytics_xlsx"), "?range=all"),
}


class UnknownParameter(Exception):
    """A route has a parameter that this world has no value for: say here which row it names."""


@dataclass(frozen=True)
class Route:
    """A route of the site: its path with parameters in angle brackets, and its name if it has one."""

    path: str
    name: str
    callback: object

    @property
    def label(self) -> str:
        return f"/{self.path}"

    @property
    def is_api(self) -> bool:
        return self.path.startswith(API)

    @property
    def is_admin(self) -> bool:
        return self.path.startswith(ADMIN)

    @cached_property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    @property
    def names_a_row(self) -> bool:
        """Whether an address of this route says which ledger, or which row of one, it is about."""
        model = self._admin_model
        return "ledger_id" in self.parameters or isinstance(
            ROW_IN_ADMIN.get(model) if model else ROW_OF.get(self.name), str
        )

    def addresses(self, ids: Ids) -> list[str]:
        """The route's paths for these rows; several where a parameter has several values worth trying."""
        values = [self._values(name, ids) for name in self.parameters]
        return [self._filled(dict(zip(self.parameters, each, strict=True))) for each in product(*values)]

    def _filled(self, values: dict[str, str]) -> str:
        return "/" + PARAMETER.sub(lambda match: values[match[1]], self.path) + QUERIES.get(self.name, "")

    @property
    def _admin_model(self) -> str:
        match = re.match(rf"{ADMIN}(\w+/\w+)/", self.path)
        return match[1] if match else ""

    def _values(self, name: str, ids: Ids) -> list[str]:
        try:
            if name == "ledger_id":
                return [str(ids.ledger)]
            if name == "pk":
                return [_number(ROW_OF[self.name], ids)]
            if name == "tag":
                return ["owntag" if ids.expense == CHARLIES.expense else "zyxrtag"]
            if name == "token":
                return [Invitation(pk=world.INVITATION).token]
            if name == "content_type_id":
                models = [Ledger, *OF_A_LEDGER]
                return [str(ContentType.objects.get_for_model(model).pk) for model in models]
            if name == "object_id":
                model = self._admin_model
                return [_number(ROW_IN_ADMIN[model], ids)] if model else [str(ids.expense), str(ids.ledger)]
            return TEXTS[name]
        except KeyError:
            raise UnknownParameter(f"{name} in {self.label} ({self.name})") from None


def _number(row: str | int, ids: Ids) -> str:
    return str(getattr(ids, row) if isinstance(row, str) else row)


def in_own_ledger(ids: Ids) -> Ids:
    """These rows, looked for in Charlie's ledger."""
    return replace(ids, ledger=CHARLIES.ledger)


def every_route() -> list[Route]:
    """All routes of the site, in the resolver's order."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        path = prefix + _written(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, path)
        else:
            yield Route(path, each.name or "", each.callback)


def _written(pattern) -> str:
    if not isinstance(pattern, RegexPattern):
        return str(pattern)
    return simplify_regex(str(pattern)).lstrip("/")
