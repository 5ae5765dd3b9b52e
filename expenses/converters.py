"""What stands in a URL: a date, as ``2026-08-22`` and in no other way, the ending of a file that we export, a tag."""

from datetime import date

from django.urls.converters import StringConverter

from expenses.exports import EXTENSIONS
from expenses.models import FIRST_DATE, LAST_DATE
from expenses.tags import normal_tag


class WrittenDateConverter:
    """Matches what looks like a date and leaves it as it is: the API answers 400 to an impossible one."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: date | str) -> str:
        return str(value)


class DateConverter:
    """Matches the dates an expense can have; any other text is another URL."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not FIRST_DATE <= day <= LAST_DATE:
            raise ValueError(value)
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


class ExtensionConverter(StringConverter):
    """Matches ``csv`` and the endings of the other formats."""

    regex = "|".join(EXTENSIONS)


class TagConverter(StringConverter):
    """A tag as it is kept; any other text is none's."""

    def to_python(self, value):
        if normal_tag(value) != value:
            raise ValueError("no tag")
        return value
