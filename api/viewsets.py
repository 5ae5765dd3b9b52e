"""What every endpoint below ``ledgers/<id>/`` does the same way."""

from rest_framework.views import APIView

from ledgers.access import get_ledger
from ledgers.api import ActorMixin


class LedgerViewMixin(ActorMixin):
    """Turns the URL's ``ledger_id`` into ``self.ledger`` (404 for a stranger, 403 for a viewer who writes)."""

    ledger = None  # until the request is known to be allowed
    only_reads = False  # True where POST merely carries a question

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        method = "GET" if self.only_reads else request.method
        self.ledger = get_ledger(request.user, kwargs["ledger_id"], method, request.auth)

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.in_ledger(self.ledger) if self.ledger else queryset.none()

    def get_serializer_context(self):
        return super().get_serializer_context() | {"ledger": self.ledger}


class LedgerAPIView(LedgerViewMixin, APIView):
    """A plain view below ``ledgers/<id>/``."""
