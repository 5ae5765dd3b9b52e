"""The rows of the day editor as HTML.

A day has up to a thousand of them, and a form and a template for each take most of a millisecond. So a row of each
kind is rendered once, with a hole for every value, and filled in for each row, as ``rows.mjs`` does in the browser.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from django.forms import Form
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from expenses.models import Category

HOLE = re.compile("__([a-z]+(?:_[a-z]+)*)__")


class Choices:
    """The categories of a ledger by their ids as text, and as the options of a select, those used most first.

    ``uses`` gives how often each is used, by its id; it is asked only when the options are written.
    """

    def __init__(self, categories: Iterable[Category] = (), uses: Callable[[], dict[int, int]] = dict):
        self.categories = {str(category.pk): category for category in categories}
        self.uses = uses
        self._written = {}

    def options(self, chosen: str) -> SafeString:
        """The categories to choose from with this one selected, also where it is not offered any more."""
        if chosen not in self._written:
            self._written[chosen] = self._with(chosen)
        return self._written[chosen]

    def _with(self, chosen: str) -> SafeString:
        category = self.categories.get(chosen)
        if category and category.archived:
            kept = '{}<option value="{}" selected>{} ({})</option>'
            return format_html(kept, self._offered, category.pk, category.name, _("archived"))
        start = format_html(' value="{}"', chosen)
        return mark_safe(self._offered.replace(f"{start}>", f"{start} selected>"))  # noqa: S308

    @cached_property
    def _offered(self) -> SafeString:
        uses = self.uses()
        often_first = sorted(self.categories.items(), key=lambda item: -uses.get(item[1].pk, 0))
        offered = (
            (_aliases(category), key, category.name) for key, category in often_first if not category.archived
        )
        return format_html_join("", '<option{} value="{}">{}</option>', offered)


def _aliases(category: Category) -> SafeString | str:
    """The other names of a category, for who finds it by typing."""
    return format_html(' data-aliases="{}"', ",".join(category.aliases)) if category.aliases else ""


class Stencil:
    """Writes rows without errors and conflicts: exactly what ``row.html`` makes of a form with these values."""

    def __init__(self, form: type[Form], prefix: str, choices: Choices):
        self.template = get_template("expenses/includes/row.html").template
        self.form, self.prefix, self.choices, self.language = form, prefix, choices, get_language()

    def row(self, index: int | str, number: int | str, values: dict[str, Any]) -> SafeString:
        """The row of this index in the formset; ``values`` are those of its fields, as the fields prepared them."""
        filled = tuple(name for name, value in values.items() if value != "")
        pattern = _pattern(self.template, self.language, self.form, self.prefix, filled)
        options = self.choices.options(values.get("category", ""))
        escaped = {name: escape(str(value)) for name, value in values.items()}
        return mark_safe(  # noqa: S308
            pattern % {**escaped, "prefix": index, "number": number, "options": options}
        )


@lru_cache(maxsize=500)
def _pattern(
    template: Template, _language: str, form: type[Form], prefix: str, filled: tuple[str, ...]
) -> str:
    """A row that has something in these fields, as a pattern for ``%``. Nothing that people wrote is part of it."""
    row = form(
        prefix=f"{prefix}-__prefix__",
        initial={name: f"__{name}__" for name in filled},
        choices=Choices(),
        decimals=0,
    )
    row.options = mark_safe("__options__")
    html = template.render(Context({"form": row, "number": "__number__"}))
    return HOLE.sub(r"%(\1)s", html.replace("%", "%%"))
