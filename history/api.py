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
from history.rows import changed_rows
from history.serializers import (
    MOST_ROWS,
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
        return ChangeSetSerializer if self.action == "list" else ChangeSetDetailSerializer

    @extend_schema(request=UndoSerializer, responses={201: ChangeSetDetailSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def undo(self, request, **kwargs):
        """Put the rows back to what they were before. The answer is the change set that did; undo that to redo.

        A row that was changed since answers 409 with its versions in `current`, and nothing is undone.
        """
        change_set = self.get_object()
        wanted = UndoSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        try:
            undo(self.ledger, change_set, wanted.named("rows"), wanted.named("leaving") or {})
        except NotUndone as refusal:
            raise self._conflict(change_set, refusal) from None
        done = self.get_queryset().filter(pk=written_in(self.ledger.pk)).first()
        if done is None:  # undone was that this person is a member
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(done).data, status=status.HTTP_201_CREATED)

    def _conflict(self, change_set: ChangeSet, refusal: NotUndone) -> Conflict:
        rows = [
            row
            for kind in change_set.kinds
            for row in changed_rows(change_set, kind, MOST_ROWS, refusal.stale.get(kind.name, ()))
        ]
        versions = ChangedRowSerializer(rows, many=True, context=self.get_serializer_context()).data
        return Conflict(current=versions, detail=str(refusal))
