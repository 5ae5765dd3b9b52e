"""Files in a request of the API."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser

from api.parsers import TooLarge


class FilesParser(MultiPartParser):
    """A browser's form with files. Answers 400 for what is none, 413 for one whose other fields are too large."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise TooLarge from None
        except SuspiciousOperation:
            raise ParseError(_("There are too many fields or files in this request.")) from None
