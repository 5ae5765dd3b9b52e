"""The endpoints of imports: send files, look at their lines, decide, add."""

from django.db.models import Prefetch
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.mixins import DestroyModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from api.errors import Conflict
from api.parsers import TooLarge
from api.permissions import TokenMayWrite
from api.viewsets import LedgerViewMixin, VersionedViewMixin
from database.change_sets import written_in
from expenses.accounts import random_key
from expenses.api import DELETED_VERSION
from ledgers.access import SAFE_METHODS
from statements import deciding
from statements.applying import NotApplied, apply, is_applied
from statements.changing import Change, NotChanged, change
from statements.filters import LineFilter
from statements.formats.limits import BYTES
from statements.models import Import, Statement, StatementLine
from statements.parsers import FilesParser
from statements.serializers import (
    MOST_CHANGES,
    AnswersSerializer,
    AppliedSerializer,
    ApplySerializer,
    ImportDetailSerializer,
    ImportSerializer,
    LineChangeSerializer,
    LineSerializer,
    NothingSerializer,
    ReadSerializer,
    StatementAccountSerializer,
)
from statements.staging import read
from statements.uploading import NotTaken, begin_import
from statements.uploads import ContentsSerializer, UploadSerializer

AROUND_FILES = 1_000_000  # bytes of a request beside its files
AT_ONCE = 2_000_000  # bytes that are read before the answer


class WritersOnly(TokenMayWrite):
    """What is not in the ledger yet is seen by nobody who could not add it."""

    def has_permission(self, request, view):
        return request.auth is None or request.auth.can_write


class ImportViewMixin(LedgerViewMixin):
    """Below ``imports/``: work in progress, which viewers and tokens that only read do not see either."""

    permission_classes = [IsAuthenticated, WritersOnly]

    def initial(self, request, *args, **kwargs):
        # Before anything is read: signing in by session looks for its token among the fields of a form.
        if int(request.META.get("CONTENT_LENGTH") or 0) > BYTES + AROUND_FILES:
            raise TooLarge
        super().initial(request, *args, **kwargs)
        if not self.ledger.may_edit:
            raise PermissionDenied(_("You may look at this ledger, but not change it."))

    def imports(self):
        """Those of the ledger, with their statements but not their files."""
        statements = Statement.objects.filter(ledger=self.ledger).defer("content")
        found = Import.objects.in_ledger(self.ledger)
        return found.prefetch_related("created_by", Prefetch("statements", statements))

    def to_change(self, pk: int) -> Import:
        """The import, locked. 409 if it is in the ledger."""
        of_import = get_object_or_404(self.imports().select_for_update(), pk=pk)
        if is_applied(of_import):
            raise Conflict(
                current=self.described(of_import), detail=_("This import is in the ledger already.")
            )
        return of_import

    def described(self, of_import: Import) -> dict:
        return ImportDetailSerializer(of_import, context=self.get_serializer_context()).data


@extend_schema_view(destroy=extend_schema(parameters=[DELETED_VERSION]))
class ImportViewSet(ImportViewMixin, VersionedViewMixin, DestroyModelMixin, viewsets.ReadOnlyModelViewSet):
    """Statements on their way into the ledger: send them, look at `lines/`, decide, then `apply/` what is planned."""

    queryset = Import.objects.all()
    serializer_class = ImportDetailSerializer
    serializers = {
        "list": ImportSerializer,
        "create": ContentsSerializer,
        "answers": AnswersSerializer,
        "account": StatementAccountSerializer,
        "read": ReadSerializer,
        "apply": ApplySerializer,
        "refresh": NothingSerializer,
    }
    keyset = ("-pk", "-pk")
    lookup_value_converter = "int"
    http_method_names = ["get", "post", "delete", "head", "options"]
    of_one_state = ("apply",)

    def get_parsers(self):
        return super().get_parsers() + ([] if self.detail else [FilesParser()])

    def get_serializer_class(self):
        return self.serializers.get(self.action, ImportDetailSerializer)

    def get_queryset(self):
        super().get_queryset()
        found = self.imports() if self.ledger else Import.objects.none()
        return found.select_for_update() if self.action == "destroy" else found

    def etag(self, of_import) -> str:
        """Undoing takes it out of the ledger and leaves the import as it was."""
        return f'"v{of_import.version}-{int(is_applied(of_import))}"'

    @extend_schema(
        request={"application/json": ContentsSerializer, "multipart/form-data": UploadSerializer},
        responses={201: ImportDetailSerializer},
    )
    def create(self, request, *args, **kwargs):
        """Send files: `files` of a form, or JSON with `text` or Base64 `content`. 25 MB at most; JSON 5 MB.

        Up to 2 MB together they are read at once. Larger ones wait: `read/` reads one at a time. A file that cannot
        be read or leaves a question open is no error: its statement says so.
        """
        kind = UploadSerializer if isinstance(request.data, QueryDict) else ContentsSerializer
        sent = kind(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        try:
            of_import = begin_import(self.ledger, request.user, sent.named())
        except NotTaken as refusal:
            raise ValidationError({"files": refusal.messages}) from None
        waiting = list(of_import.statements.filter(state=Statement.State.WAITING))
        if sum(len(statement.content) for statement in waiting) <= AT_ONCE:
            for statement in waiting:
                read(statement)
        return self._now(of_import, status.HTTP_201_CREATED)

    def perform_destroy(self, instance):
        self.to_change(instance.pk).delete()

    @extend_schema(responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request, pk, **kwargs):
        """Answer questions about a statement: it is read anew, and what was decided about its lines is forgotten."""
        of_import, values = self._asked(request, pk)
        deciding.answer(self._kept(values["statement"]), values["answers"])
        return self._now(of_import)

    @extend_schema(responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def account(self, request, pk, **kwargs):
        """Say which account a statement is of. It is read anew, as by `answers/`."""
        of_import, values = self._asked(request, pk)
        account = values.get("account")
        key, name = (account.key, account.name) if account else (random_key(), values["name"])
        deciding.set_account(self._kept(values["statement"]), key, name)
        return self._now(of_import)

    @extend_schema(responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request, pk, **kwargs):
        """Read a statement that waits, or the first that does. Ask again until none is `waiting`."""
        of_import, values = self._asked(request, pk)
        waiting = of_import.statements.filter(state=Statement.State.WAITING)
        if wanted := values.get("statement"):
            waiting = waiting.filter(pk=wanted.pk)
        if statement := waiting.first():
            deciding.answer(statement, {})
        return self._now(of_import)

    @extend_schema(responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"])
    def refresh(self, request, pk, **kwargs):
        """See anew which lines are in the ledger by now, and which are not any more."""
        of_import, _values = self._asked(request, pk)
        deciding.refresh(of_import)
        return self._now(of_import)

    @extend_schema(responses=AppliedSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request, **kwargs):
        """Add exactly what is planned, in one change set, or nothing.

        Needs the `version` that was looked at, or `If-Match`. What stands against it answers 409, with the lines it
        is about in `current`, or the import where it is about no line.
        """
        of_import = self.get_object()
        self._refuse_unless_seen(of_import)
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = {"version": of_import.version} | wanted.validated_data
        try:
            added = apply(of_import, user=request.user, **values)
        except NotApplied as refusal:
            raise Conflict(current=self._concerned(of_import, refusal), detail=str(refusal)) from None
        done = {"added": added, "change_set": written_in(self.ledger.pk)}
        return Response(AppliedSerializer(done).data)

    def _asked(self, request, pk) -> tuple[Import, dict]:
        """The import, which may be changed, and what the request says."""
        of_import = self.to_change(pk)
        asked = self.get_serializer(
            data=request.data, context=self.get_serializer_context() | {"import": of_import}
        )
        asked.is_valid(raise_exception=True)
        return of_import, asked.validated_data

    def _kept(self, statement: Statement) -> Statement:
        if statement.content is None:
            raise ValidationError(
                {"statement": [_("The file itself is not kept any more. Send it once more.")]}
            )
        return statement

    def _now(self, of_import: Import, code: int = status.HTTP_200_OK) -> Response:
        found = self.imports().get(pk=of_import.pk)
        return Response(self.described(found), status=code, headers={"ETag": self.etag(found)})

    def _concerned(self, of_import: Import, refusal: NotApplied):
        if not refusal.lines:
            return self.described(self.imports().get(pk=of_import.pk))
        lines = StatementLine.objects.of(of_import).filter(pk__in=refusal.lines).select_related("twin")
        return LineSerializer(lines, many=True, context=self.get_serializer_context()).data


class LineViewSet(ImportViewMixin, viewsets.GenericViewSet):
    """The lines of an import, in the order they were read."""

    queryset = StatementLine.objects.none()
    serializer_class = LineSerializer
    filterset_class = LineFilter
    keyset = ("pk", "pk")

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        request.of_import = get_object_or_404(Import.objects.in_ledger(self.ledger), pk=kwargs["pk"])

    def get_queryset(self):
        if self.ledger is None:
            return StatementLine.objects.none()
        return StatementLine.objects.of(self.request.of_import).select_related("twin")

    def get_serializer_class(self):
        return LineSerializer if self.request.method in SAFE_METHODS else LineChangeSerializer

    @extend_schema(operation_id="import_lines_list", responses=LineSerializer(many=True))
    def list(self, request, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="import_lines_change",
        request=LineChangeSerializer,
        responses=ImportDetailSerializer,
        filters=False,
    )
    def change(self, request, pk, **kwargs):
        """Change lines: one change, or a list of up to 1,000. All are carried out, later ones last, or none."""
        of_import, many = self.to_change(pk), isinstance(request.data, list)
        bounds = {"many": True, "max_length": MOST_CHANGES, "allow_empty": False} if many else {}
        wanted = LineChangeSerializer(data=request.data, context=self.get_serializer_context(), **bounds)
        wanted.is_valid(raise_exception=True)
        changes = wanted.validated_data if many else [wanted.validated_data]
        try:
            change(of_import, [Change(**each) for each in changes])
        except NotChanged as refusal:
            problems = {
                str(at): {field: [text] for field, text in problem.items()}
                for at, problem in refusal.problems.items()
            }
            raise ValidationError(problems if many else problems["0"]) from None
        return Response(self.described(self.imports().get(pk=pk)))
