"""The endpoint of the ledgers themselves. Making one is a matter of the layer that knows its categories."""

from rest_framework import serializers, viewsets

from database.acting import become
from ledgers.access import ledgers_of, sender
from ledgers.etags import unless_known
from ledgers.models import Ledger


class LedgerSerializer(serializers.ModelSerializer):
    role = serializers.CharField(read_only=True)

    class Meta:
        model = Ledger
        fields = ["id", "name", "currency", "month_start_day", "role"]


class ActorMixin:
    """Before a view touches a ledger: whoever sends the request acts."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        become(sender(request, request.user, request.auth))


class ETagMixin:
    """An answer that has one row says in ``ETag`` which state of it; who names that state on GET gets 304."""

    has_etag = True

    def etag(self, row) -> str:
        return f'"v{row.version}"'

    def tagged(self, response):
        """The response, with the ETag of its row."""
        response["ETag"] = self.etag(response.data.serializer.instance)
        return response

    def retrieve(self, request, *args, **kwargs):
        return unless_known(request, self.tagged(super().retrieve(request, *args, **kwargs)))


class LedgerViewSet(ActorMixin, ETagMixin, viewsets.ReadOnlyModelViewSet):
    """The ledgers you are a member of and your token reaches, and your role in each."""

    queryset = Ledger.objects.none()
    serializer_class = LedgerSerializer
    keyset = ("pk", "pk")

    def get_queryset(self):
        return ledgers_of(self.request.user, self.request.auth)

    def etag(self, ledger) -> str:
        """The role is part of the answer and not of the row."""
        return f'"v{ledger.version}-{ledger.role}"'
