"""Names, colours and rows of the parts that figures are broken down into."""

from functools import cached_property
from typing import Any

from babel.dates import format_date, format_interval, format_skeleton, get_day_names
from django.utils.translation import gettext as _

from analytics.dimensions import span
from expenses.models import Category
from ledgers.models import Ledger
from ledgers.money import reader_locale


class Naming:
    """Names parts of a ledger's figures in the reader's language. Categories are fetched once."""

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

    def name(self, dimension: str, key: Any) -> str:
        """``Food``, ``Bakery``, ``Monday``, ``Aug 2026``; both ends where a month is not one of the calendar."""
        match dimension:
            case "category":
                return self.category(key).name
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
        return self.category(key).colour if dimension == "category" else ""


def text_of(key: Any) -> str:
    """A key as addresses and JSON have it: ``3``, ``Bakery``, ``2026-08-22``."""
    return str(key)


def narrowing(dimension: str, key: Any) -> dict[str, Any]:
    """By what ``Selection.query`` finds the rows of a part."""
    match dimension:
        case "category" | "weekday":
            return {dimension: key}
        case "payee":
            return {"payee": key} if key else {"without_payee": "true"}
    start, end = span(dimension, key)
    return {"start": start, "end": end}
