"""Names, colours and rows of the parts that figures are broken down into."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from babel.dates import format_date, format_interval, format_skeleton, get_day_names
from django.utils.translation import gettext as _

from analytics.dimensions import span
from expenses.models import Category
from ledgers.models import Ledger
from ledgers.money import reader_locale

CATEGORIES = {"category", "main_category"}
# How the filters call what has none.
WITHOUT = {"payee": "without_payee", "tag": "without_tags"}


class Naming:
    """Names parts of a ledger's figures in the reader's language, and finds their rows. Categories are fetched once."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger
        self.locale = reader_locale()

    @cached_property
    def categories(self) -> dict[int, Category]:
        return Category.objects.in_ledger(self.ledger).in_bulk()

    def category(self, key: int) -> Category:
        """The category with this id, also one made, or gone, since the others were fetched."""
        if key not in self.categories:
            self.categories = Category.objects.in_ledger(self.ledger).in_bulk()
        return self.categories.get(key) or Category(pk=key, name=_("Deleted category"))

    @cached_property
    def subcategories(self) -> dict[int, tuple[int, ...]]:
        """The ids of the subcategories by that of their main category, where it has any."""
        found = defaultdict(tuple)
        for category in self.categories.values():
            if category.parent_id:
                found[category.parent_id] += (category.pk,)
        return dict(found)

    def main(self, key: int) -> int:
        """The id of the main category that this category is part of, or is."""
        return self.category(key).parent_id or key

    def name(self, dimension: str, key: Any) -> str:
        """``Food``, ``#work``, ``Bakery``, ``Monday``, ``Aug 2026``; both ends of a month that is none of the calendar.

        What was spent on a category but on none of its subcategories is ``Food itself``.
        """
        match dimension:
            case "category" if key in self.subcategories:
                return _("%(category)s itself") % {"category": self.category(key).name}
            case "category" | "main_category":
                return self.category(key).name
            case "tag":
                return f"#{key}" if key else _("No tag")
            case "payee":
                return key or _("Nobody named")
            case "weekday":
                return get_day_names("wide", "stand-alone", self.locale)[key - 1]
            case "day":
                return format_date(key, "medium", self.locale)
            case "year":
                return str(key.year)
        if dimension == "month" and key.day == 1:
            return format_skeleton("yMMM", key, locale=self.locale)
        return format_interval(*span(dimension, key), "yMMMd", locale=self.locale)

    def colour(self, dimension: str, key: Any) -> str:
        """``#rrggbb`` of a category; empty for what has none."""
        return self.category(key).colour if dimension in CATEGORIES else ""

    def narrowing(self, dimension: str, key: Any) -> dict[str, Any]:
        """By what ``Selection.query`` finds the rows of a part; several values of a filter are a tuple."""
        match dimension:
            case "main_category":
                return {"family": (key, *self.subcategories.get(key, ()))}
            case "category" if key in self.subcategories:
                return {"category": key, "without": self.subcategories[key]}
            case "category" | "weekday":
                return {dimension: key}
            case "payee" | "tag":
                return {dimension: key} if key else {WITHOUT[dimension]: "true"}
        start, end = span(dimension, key)
        return {"start": start, "end": end}


def text_of(key: Any) -> str:
    """A key as addresses and JSON have it: ``3``, ``Bakery``, ``2026-08-22``."""
    return str(key)
