"""Change sets as the API shows them, and what a client may say about undoing one."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import IntegerField, StrictFieldsMixin
from history.models import TRACKED, ChangeSet
from history.rows import SHOWN, ChangedRow, changed_rows
from history.sentences import summaries
from ledgers.money import plain

VERSION_OF_ROW = {"type": "object", "additionalProperties": {}, "nullable": True}
MOST_ROWS = 1000  # of one kind that are shown, and that can be named


class ChangeSetListSerializer(serializers.ListSerializer):
    """Counts for all of them at once."""

    def to_representation(self, data):
        change_sets = list(data)
        self.child.summaries = summaries(change_sets)
        return super().to_representation(change_sets)


class ChangeSetSerializer(serializers.ModelSerializer):
    """Who changed what, when and how: a page, the API, the administration, a command or SQL."""

    sentence = serializers.SerializerMethodField()
    summaries = None

    class Meta:
        model = ChangeSet
        fields = ["id", "at", "who", "via", "act", "undoes", "sentence"]
        list_serializer_class = ChangeSetListSerializer

    def get_sentence(self, change_set) -> str:
        found = self.summaries or summaries([change_set])
        return found[change_set.pk].sentence


class ChangedRowSerializer(serializers.Serializer):
    """A row as it was before a change set, as that left it, and as it is now; null where it was not there."""

    kind = serializers.ChoiceField([tracked.name for tracked in TRACKED], source="tracked.name")
    id = serializers.IntegerField(source="pk")
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    now = serializers.SerializerMethodField()
    changed_since = serializers.BooleanField(source="is_stale")

    @extend_schema_field(VERSION_OF_ROW)
    def get_before(self, row: ChangedRow):
        return self._written(row, row.before)

    @extend_schema_field(VERSION_OF_ROW)
    def get_after(self, row: ChangedRow):
        return self._written(row, row.after)

    @extend_schema_field(VERSION_OF_ROW)
    def get_now(self, row: ChangedRow):
        return self._written(row, row.now)

    def _written(self, row: ChangedRow, version) -> dict | None:
        if version is None:
            return None
        names = SHOWN[row.tracked.name]
        values = {name: getattr(version, version._meta.get_field(name).attname) for name in names}
        if "amount" in values:
            values["amount"] = plain(values["amount"], self.context["ledger"].decimals)
        return {"version": version.version, **values}


class ChangeSetDetailSerializer(ChangeSetSerializer):
    """A change set with the first 1,000 rows of each kind that it changed."""

    undone_by = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta(ChangeSetSerializer.Meta):
        fields = [*ChangeSetSerializer.Meta.fields, "undone_by", "changes"]

    def get_undone_by(self, change_set) -> list[int]:
        undoing = ChangeSet.objects.in_ledger(self.context["ledger"]).filter(undoes=change_set)
        return list(undoing.newest_first().values_list("pk", flat=True))

    @extend_schema_field(ChangedRowSerializer(many=True))
    def get_changes(self, change_set):
        rows = [row for kind in change_set.kinds for row in changed_rows(change_set, kind, MOST_ROWS)]
        return ChangedRowSerializer(rows, many=True, context=self.context).data


class RowNameSerializer(StrictFieldsMixin, serializers.Serializer):
    kind = serializers.ChoiceField([tracked.name for tracked in TRACKED])
    id = IntegerField(min_value=1, max_value=2**63 - 1)


class UndoSerializer(StrictFieldsMixin, serializers.Serializer):
    """Which rows to undo: all of them, only the ``rows`` named, or all but those of ``leaving``."""

    rows = RowNameSerializer(many=True, required=False, max_length=MOST_ROWS, allow_empty=False)
    leaving = RowNameSerializer(many=True, required=False, max_length=MOST_ROWS)

    def named(self, field: str) -> dict[str, list[int]] | None:
        """The ids that the client named in this field, by kind; None if it did not."""
        if field not in self.validated_data:
            return None
        ids = {tracked.name: [] for tracked in TRACKED}
        for row in self.validated_data[field]:
            ids[row["kind"]].append(row["id"])
        return ids
