"""Favourites as the API writes and reads them."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from api.serializers import AmountField, ColumnsMixin, LedgerRelatedField
from api.viewsets import VersionedViewMixin
from expenses.api import DELETED_VERSION
from expenses.models import ARCHIVED_MESSAGE, MOST_WORDS, Category, Favourite, validate_not_zero
from expenses.serializers import TagsField, VersionedSerializer

MOST_FAVOURITES = 50  # added at once


class FavouriteListSerializer(serializers.ListSerializer):
    """The rows of a favourite: all of them are written or none."""

    def create(self, validated_data):
        first = Favourite.objects.in_ledger(self.context["ledger"]).next_position()
        return Favourite.objects.bulk_create(
            Favourite(ledger=self.context["ledger"], **{"position": first + index, **values, "version": 1})
            for index, values in enumerate(validated_data)
        )


class FavouriteSerializer(ColumnsMixin, VersionedSerializer):
    """One row to write again; those of one name are put in together."""

    amount = AmountField(validators=[validate_not_zero], allow_null=True, required=False)
    category = LedgerRelatedField(queryset=Category.objects.all())
    tags = TagsField(required=False, max_length=MOST_WORDS)

    class Meta:
        model = Favourite
        fields = ["id", "version", "name", "position", "amount", "category", "payee", "notes", "tags"]
        list_serializer_class = FavouriteListSerializer

    def validate_name(self, name):
        return " ".join(name.split())

    def validate_category(self, category):
        if category.archived and category.pk != getattr(self.instance, "category_id", None):
            raise serializers.ValidationError(ARCHIVED_MESSAGE)
        return category


@extend_schema_view(destroy=extend_schema(parameters=[DELETED_VERSION]))
class FavouriteViewSet(VersionedViewMixin, viewsets.ModelViewSet):
    """Rows to write again, in their order; those of one name are put in together. POST takes one, or up to 50."""

    queryset = Favourite.objects.all()
    serializer_class = FavouriteSerializer
    keyset = ("position", "pk")
    lookup_value_converter = "int"

    def get_serializer(self, *args, **kwargs):
        if self.action == "create" and isinstance(kwargs.get("data"), list):
            kwargs |= {"many": True, "max_length": MOST_FAVOURITES, "allow_empty": False}
        return super().get_serializer(*args, **kwargs)

    def etag(self, favourite) -> str:
        """One that is moved keeps its version."""
        return f'"v{favourite.version}-{favourite.position}"'

    def perform_create(self, serializer):
        if isinstance(serializer.validated_data, list):
            serializer.save()
        else:
            position = Favourite.objects.in_ledger(self.ledger).next_position()
            serializer.save(**{"position": position} | serializer.validated_data)
