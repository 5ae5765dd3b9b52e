"""The endpoint of completions, which the day editor asks once for each page."""

import json
from hashlib import sha256

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.serializers import AmountField
from api.viewsets import LedgerAPIView
from expenses.completing import completions_of
from ledgers.etags import unless_known


class PayeeSerializer(serializers.Serializer):
    """Somebody who was paid, the category that is usual there, and the last amount."""

    payee = serializers.CharField()
    category = serializers.IntegerField()
    amount = AmountField()


class CompletionsSerializer(serializers.Serializer):
    """Payees and tags, those used most often first."""

    payees = PayeeSerializer(many=True)
    tags = serializers.ListField(child=serializers.CharField())


class CompletionsView(LedgerAPIView):
    """What the latest 5,000 expenses teach for writing the next one: up to 1,000 payees, and tags."""

    has_etag = True

    @extend_schema(responses=CompletionsSerializer, operation_id="completions_retrieve")
    def get(self, request, ledger_id):
        found = CompletionsSerializer(completions_of(self.ledger), context={"ledger": self.ledger}).data
        tag = sha256(json.dumps(found).encode()).hexdigest()[:32]
        return unless_known(request, Response(found, headers={"ETag": f'"{tag}"'}))
