"""The endpoint of the ledgers themselves. Making one is a matter of the layer that knows its categories."""

from rest_framework import serializers, viewsets

from database.acting import Actor, become
from ledgers.access import ledgers_of
from ledgers.models import Ledger


class LedgerSerializer(serializers.ModelSerializer):
    role = serializers.CharField(read_only=True)

    class Meta:
        model = Ledger
        fields = ["id", "name", "currency", "month_start_day", "role"]


class ActorMixin:
    """Before a view touches a ledger: whoever sends the request acts, no further than their token reaches."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        token = request.auth
        narrowed = {"only_ledger_id": token.only_ledger_id, "read_only": not token.can_write} if token else {}
        act = request.resolver_match.view_name or ""
        become(Actor(user_id=request.user.pk, via="api", act=act, **narrowed))


class LedgerViewSet(ActorMixin, viewsets.ReadOnlyModelViewSet):
    """The ledgers you are a member of and your token reaches, and your role in each."""

    queryset = Ledger.objects.none()
    serializer_class = LedgerSerializer
    keyset = ("pk", "pk")

    def get_queryset(self):
        return ledgers_of(self.request.user, self.request.auth)
