"""Who may: the one place that turns a person and a ledger's id into a ledger, or into 404 and 403."""

from functools import partial, wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from database.acting import Actor
from ledgers.models import Ledger
from users.resend import sign_in_first

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Asked by every request of the API, for which Django would put the statement together anew.
OF_MEMBER = """SELECT ledgers_ledger.*, role
FROM ledgers_ledger JOIN ledgers_membership ON ledger_id = ledgers_ledger.id
WHERE ledger_id = %s AND user_id = %s"""


def ledgers_of(user, token=None):
    """The ledgers this person is a member of; with a token for one ledger (``only_ledger_id``) at most that one."""
    ledgers = Ledger.objects.for_user(user)
    return ledgers.filter(pk=token.only_ledger_id) if token and token.only_ledger_id else ledgers


def sender(request, user, token=None) -> Actor:
    """Who acts in a request of the API: the person, no further than the token reaches."""
    narrowed = {"only_ledger_id": token.only_ledger_id, "read_only": not token.can_write} if token else {}
    return Actor(user_id=user.pk, via="api", act=request.resolver_match.view_name or "", **narrowed)


def get_ledger(user, ledger_id: int, method: str = "GET", token=None) -> Ledger:
    """The ledger, if this person may send it a request of this method, by this token if they came with one.

    Raises Http404 for a stranger, as if the ledger did not exist, and PermissionDenied for a viewer who writes.
    """
    return _checked(ledger_of(user, ledger_id, token), method)


def ledger_of(user, ledger_id: int, token=None) -> Ledger | None:
    """The one of ``ledgers_of`` with this id."""
    if token and token.only_ledger_id not in (None, ledger_id):
        return None
    return next(iter(Ledger.objects.raw(OF_MEMBER, [ledger_id, user.pk])), None)


def ledger_page(view=None, *, for_readers=False):
    """Decorate ``view(request, ledger, …)``: the URL's ``ledger_id`` becomes a ledger this person may use.

    With ``for_readers`` a viewer may post too: what it changes is not the ledger's.
    ``request.ledger`` and ``request.ledgers`` (all that the person may switch to) serve the navigation.
    """
    if view is None:
        return partial(ledger_page, for_readers=for_readers)

    @wraps(view)
    def page(request, ledger_id, **kwargs):
        if not request.user.is_authenticated:
            return sign_in_first(request)
        request.ledgers = list(Ledger.objects.for_user(request.user))
        found = next((ledger for ledger in request.ledgers if ledger.pk == ledger_id), None)
        request.ledger = _checked(found, "GET" if for_readers else request.method)
        return view(request, request.ledger, **kwargs)

    return page


def owners_only(view):
    """Below ``ledger_page``: refuse everybody but the owners of the ledger."""

    @wraps(view)
    def page(request, ledger, **kwargs):
        if not ledger.may_manage:
            raise PermissionDenied(_("Only an owner of this ledger may do that."))
        return view(request, ledger, **kwargs)

    return page


def editors_only(view):
    """Below ``ledger_page``: refuse viewers, also where they only look."""

    @wraps(view)
    def page(request, ledger, **kwargs):
        if not ledger.may_edit:
            raise PermissionDenied(_("You may look at this ledger, but not change it."))
        return view(request, ledger, **kwargs)

    return page


def _checked(ledger: Ledger | None, method: str) -> Ledger:
    if ledger is None:
        raise Http404(_("No such ledger."))
    if method not in SAFE_METHODS and not ledger.may_edit:
        raise PermissionDenied(_("You may look at this ledger, but not change it."))
    return ledger
