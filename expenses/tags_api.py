"""The endpoints of tags: what they come to, and renaming, merging and removing them."""

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.errors import Conflict
from api.serializers import AmountField, StrictFieldsMixin
from api.viewsets import LedgerAPIView
from database.timeouts import take_longer_than_a_page
from expenses.models import Expense
from expenses.retagging import Retagging, other_tag
from expenses.tags import LONGEST_TAG

CHANGED = gettext_lazy("What has this tag is not what you have seen. Nothing was done.")


class TagSerializer(serializers.Serializer):
    """A tag, how many expenses have it and what they come to. One with two tags counts in both."""

    tag = serializers.CharField()
    count = serializers.IntegerField()
    total = AmountField()


class RenameSerializer(StrictFieldsMixin, serializers.Serializer):
    """What the tag becomes: null takes it away, and with a tag that there is the two become one."""

    to = serializers.CharField(max_length=LONGEST_TAG, allow_null=True)
    dry_run = serializers.BooleanField(default=False)
    digest = serializers.CharField(
        required=False,
        max_length=32,
        help_text=gettext_lazy("As a dry run answered it: 409 if it would do something else by now."),
    )

    def validate_to(self, word):
        try:
            return word and other_tag(self.context["tag"], word)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class RetaggedSerializer(serializers.Serializer):
    """The expenses that have the tag, how many favourites do, and how many expenses have the other tag already."""

    count = serializers.IntegerField(source="figures.count")
    total = AmountField(source="figures.total")
    favourites = serializers.IntegerField(source="favourite_count")
    into = serializers.IntegerField()
    digest = serializers.CharField(source="mark")


class TagsView(LedgerAPIView):
    """The tags of the ledger."""

    @extend_schema(responses=TagSerializer(many=True), operation_id="tags_list")
    def get(self, request, ledger_id):
        """Every tag, the most used first."""
        tags = Expense.objects.in_ledger(self.ledger).uses_of_tags()
        return Response(TagSerializer(tags, many=True, context={"ledger": self.ledger}).data)


class TagRenameView(LedgerAPIView):
    """One tag of the ledger."""

    @extend_schema(request=RenameSerializer, responses=RetaggedSerializer, operation_id="tags_rename")
    def post(self, request, ledger_id, tag):
        """Rename the tag in all expenses and favourites, merge it into another one, or take it away.

        With `dry_run` nothing is done. The answer has what it touches, as it was before.
        """
        asked = RenameSerializer(data=request.data, context={"ledger": self.ledger, "tag": tag})
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        act = Retagging(self.ledger, tag, values["to"])
        take_longer_than_a_page()
        if not values["dry_run"]:
            act.lock()
        if not act.is_used:
            raise Http404(_("No such tag."))
        answer = RetaggedSerializer(act, context={"ledger": self.ledger}).data
        if values.get("digest", act.mark) != act.mark:
            raise Conflict(current=answer, detail=CHANGED)
        if not values["dry_run"]:
            act.apply()
        return Response(answer)
