"""The endpoint of the ledgers themselves. Making one is a matter of the layer that knows its categories."""

from rest_framework import serializers, viewsets

from ledgers.models import Ledger


class LedgerSerializer(serializers.ModelSerializer):
    role = serializers.CharField(read_only=True)

    class Meta:
        model = Ledger
        fields = ["id", "name", "currency", "month_start_day", "role"]


class LedgerViewSet(viewsets.ReadOnlyModelViewSet):
    """The ledgers you are a member of, and your role in each."""

    queryset = Ledger.objects.none()
    serializer_class = LedgerSerializer
    keyset = ("pk", "pk")

    def get_queryset(self):
        return Ledger.objects.for_user(self.request.user)
