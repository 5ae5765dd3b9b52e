"""Where the API begins."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView


class APIRoot(APIView):
    """The ledgers, and how to work with them. Everything else lies beneath a ledger."""

    @extend_schema(exclude=True)
    def get(self, request):
        names = {"ledgers": "ledger-list", "schema": "api_schema", "docs": "api_docs"}
        return Response({title: reverse(name, request=request) for title, name in names.items()})
