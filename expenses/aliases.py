"""Other names of categories as people write them: ``groceries, supermarket``."""

from collections.abc import Iterable
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from expenses.models import ALIASES_MESSAGE, MOST_WORDS, in_order, normal_name

LONGEST_ALIAS = 50
SEPARATOR = ","


def normal_alias(name: str) -> str | None:
    """The name as another name is kept; None if it cannot be one: too long, or with a comma or a number sign."""
    alias = normalize("NFC", normal_name(normalize("NFC", name)))
    fits = 0 < len(alias) <= LONGEST_ALIAS and alias.isprintable() and not set(alias) & {SEPARATOR, "#"}
    return alias if fits and not any(map(str.isupper, alias)) else None


def clean_aliases(names: Iterable[str]) -> list[str]:
    """These names as a category keeps them. Raises ValidationError that names the first which cannot be one."""
    aliases = []
    for name in names:
        alias = normal_alias(name)
        if alias is None:
            message = _("“%(word)s” cannot be another name. Write up to 50 characters, no comma and no “#”.")
            raise ValidationError(message, "alias", {"word": name[:LONGEST_ALIAS]})
        aliases.append(alias)
    if len(aliases := in_order(aliases)) > MOST_WORDS:
        raise ValidationError(ALIASES_MESSAGE, "too_many")
    return aliases


class AliasesField(forms.Field):
    """Other names in one line, with commas between them."""

    def prepare_value(self, value):
        return f"{SEPARATOR} ".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        if isinstance(value, list):
            return value
        return clean_aliases(name for name in (value or "").split(SEPARATOR) if name.strip())
