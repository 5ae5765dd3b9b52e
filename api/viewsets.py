"""What every endpoint below ``ledgers/<id>/`` does the same way."""

from rest_framework import serializers, status
from rest_framework.views import APIView

from api import idempotency
from api.errors import Conflict, PreconditionFailed, PreconditionRequired
from api.serializers import IntegerField
from database.change_sets import written_in
from ledgers.access import SAFE_METHODS, get_ledger
from ledgers.api import ActorMixin, ETagMixin
from ledgers.etags import names

CHANGING = ("update", "partial_update", "destroy")


class LedgerViewMixin(ActorMixin):
    """Turns the URL's ``ledger_id`` into ``self.ledger`` (404 for a stranger, 403 for a viewer who writes).

    A request that writes is carried out once for each ``Idempotency-Key``, and its answer names the change set
    that it became in ``Change-Set``.
    """

    ledger = None  # until the request is known to be allowed
    only_reads = False  # True where POST merely carries a question
    key = None  # the claimed ``api.models.IdempotencyKey``

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        method = "GET" if self.only_reads else request.method
        self.ledger = get_ledger(request.user, kwargs["ledger_id"], method, request.auth)
        if method not in SAFE_METHODS:
            self.key = idempotency.claim(request, self.ledger)

    def handle_exception(self, error):
        if isinstance(error, idempotency.AnsweredBefore):
            return error.response
        return super().handle_exception(error)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self._has_written(request, response):
            if change_set := written_in(self.ledger.pk):
                response["Change-Set"] = str(change_set)
            if self.key:
                idempotency.remember(self.key, response)
        return response

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.in_ledger(self.ledger) if self.ledger else queryset.none()

    def get_serializer_context(self):
        return super().get_serializer_context() | {"ledger": self.ledger}

    def _has_written(self, request, response) -> bool:
        asks = self.only_reads or request.method in SAFE_METHODS
        return not asks and status.is_success(response.status_code) and idempotency.REPLAYED not in response


class LedgerAPIView(LedgerViewMixin, APIView):
    """A plain view below ``ledgers/<id>/``."""


class VersionedViewMixin(ETagMixin, LedgerViewMixin):
    """Rows that are changed only by who says which state of them they saw, with ``version`` or ``If-Match``.

    Neither is 428. A stale ``version`` is 409 and another ETag 412, both with the row as it is now. The row is
    locked before, so that what is compared is what is overwritten.
    """

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset.select_for_update() if self.action in CHANGING else queryset

    def get_object(self):
        row = super().get_object()
        if self.action in CHANGING:
            self._refuse_unless_seen(row)
        return row

    def create(self, request, *args, **kwargs):
        response = super().create(request, *args, **kwargs)
        return response if isinstance(response.data, list) else self.tagged(response)

    def update(self, request, *args, **kwargs):
        return self.tagged(super().update(request, *args, **kwargs))

    def _refuse_unless_seen(self, row):
        """The version in a body is compared by its serializer."""
        matches = names(self.request.headers.get("If-Match"), self.etag(row))
        sent = self.request.query_params if self.action == "destroy" else self.request.data
        has_version = isinstance(sent, dict) and "version" in sent
        if matches is False:
            raise PreconditionFailed(self.get_serializer(row).data, self.etag(row))
        if matches is None and not has_version:
            raise PreconditionRequired
        if has_version and self.action == "destroy" and _version(sent) != row.version:
            raise Conflict(current=self.get_serializer(row).data)


class VersionSerializer(serializers.Serializer):
    """The version to delete, in the address."""

    version = IntegerField(min_value=1)


def _version(query) -> int:
    asked = VersionSerializer(data=query)
    asked.is_valid(raise_exception=True)
    return asked.validated_data["version"]
