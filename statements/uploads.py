"""The files of an import as they arrive at the API: from a browser's form, or in JSON."""

import base64
import binascii
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers import StrictFieldsMixin
from statements.formats.limits import FILES


class UploadSerializer(StrictFieldsMixin, serializers.Serializer):
    """Files as a browser's form sends them."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), allow_empty=False, max_length=FILES
    )

    def named(self) -> list[tuple[str, BinaryIO]]:
        return [(file.name, file) for file in self.validated_data["files"]]


class ContentSerializer(StrictFieldsMixin, serializers.Serializer):
    """A file in JSON: its bytes in Base64 as ``content``, or its ``text``."""

    name = serializers.CharField(max_length=1000)
    content = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)

    def validate_content(self, text) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError(_("This is not Base64.")) from None

    def validate(self, values):
        if ("content" in values) == ("text" in values):
            raise serializers.ValidationError({"content": [_("Send either content or text.")]})
        return values


class ContentsSerializer(StrictFieldsMixin, serializers.Serializer):
    """Files in JSON."""

    files = ContentSerializer(many=True, allow_empty=False, max_length=FILES)

    def named(self) -> list[tuple[str, BinaryIO]]:
        return [
            (file["name"], BytesIO(file["content"] if "content" in file else file["text"].encode()))
            for file in self.validated_data["files"]
        ]
