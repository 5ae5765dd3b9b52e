"""The endpoint of history, and of undoing."""

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from api.errors import Conflict
from api.viewsets import LedgerViewMixin
from database.change_sets import written_in
from history.filters import ChangeSetFilter
from history.models import ChangeSet
from history.rows import refused_rows
from history.serializers import (
    ChangedRowSerializer,
    ChangeSetDetailSerializer,
    ChangeSetSerializer,
    UndoSerializer,
)
from history.undoing import NotUndone, undo


class ChangeSetViewSet(LedgerViewMixin, viewsets.ReadOnlyModelViewSet):
    """What was changed in the ledger, newest first: each request, command and action of the administration."""

    queryset = ChangeSet.objects.all()
    filterset_class = ChangeSetFilter
    keyset = ("-pk", "-pk")
    lookup_value_converter = "int"

    def get_serializer_class(self):
        # The browsable form of undoing asks for what can be sent.
        return {"list": ChangeSetSerializer, "undo": UndoSerializer}.get(
            self.action, ChangeSetDetailSerializer
        )

    @extend_schema(request=UndoSerializer, responses={201: ChangeSetDetailSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def undo(self, request, **kwargs):
        """Put the rows back to what they were before. The answer is the change set that did; undo that to redo.

        A row that was changed since answers 409 with its versions in `current`, and nothing is undone.
        """
        change_set = self.get_object()
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            undo(self.ledger, change_set, wanted.named("rows"), wanted.named("leaving") or {})
        except NotUndone as refusal:
            raise self._conflict(change_set, refusal) from None
        done = self.get_queryset().get(pk=written_in(self.ledger.pk))
        answer = ChangeSetDetailSerializer(done, context=self.get_serializer_context())
        return Response(answer.data, status=status.HTTP_201_CREATED)

    def _conflict(self, change_set: ChangeSet, refusal: NotUndone) -> Conflict:
        reason, rows = refused_rows(change_set, refusal)
        versions = ChangedRowSerializer(rows, many=True, context=self.get_serializer_context()).data
        return Conflict(current=versions, detail=reason)
