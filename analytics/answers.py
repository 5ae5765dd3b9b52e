"""Figures as JSON: what the API answers and what the charts of the pages draw."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from analytics import queries
from analytics.dimensions import MAY_BE_MANY, OVERLAPPING, span
from analytics.figures import Change, Figure, Matrix, Part, rounded
from analytics.naming import CATEGORIES, Naming, text_of
from analytics.selection import Selection
from ledgers.models import Ledger
from ledgers.money import exact

# What the parts of a breakdown are called.
LISTS = {
    "category": "categories",
    "main_category": "main_categories",
    "tag": "tags",
    "payee": "payees",
    "weekday": "weekdays",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}
TIMES = ("day", "week", "month", "year")


class Writer:
    """Writes figures of a selection: amounts as strings with the decimals of the ledger's currency."""

    def __init__(self, selection: Selection):
        self.selection, self.naming = selection, Naming(selection.ledger)
        self.amount: Callable[[Decimal], str] = amount_writer(selection.ledger)

    def breakdown(self, by: str) -> dict:
        found = queries.breakdown(self.selection, by)
        lists = {LISTS[by]: [self._part(by, part) for part in found.parts if not part.hidden]}
        if by in MAY_BE_MANY:
            lists["rest"] = next((self._rest(part) for part in found.parts if part.hidden), None)
        overlapping = {"overlapping": True} if found.overlapping else {}
        return self._about() | self._figure(found.whole) | overlapping | lists

    def matrix(self, found: Matrix, rows: str, columns: str) -> dict:
        cells = [
            {"row": text_of(row), "column": text_of(column), **self._figure(figure)}
            for (row, column), figure in found.cells.items()
        ]
        return {
            **self._about(),
            **self._figure(found.whole),
            "overlapping": not OVERLAPPING.isdisjoint((rows, columns)),
            "rows": [self._part(rows, part) for part in found.rows],
            "columns": [self._part(columns, part) for part in found.columns],
            "cells": cells,
        }

    def comparison(self, before: Selection) -> dict:
        changes = queries.comparison(self.selection, before)
        now, then = (sum(each, Figure()) for each in ((c.now for c in changes), (c.before for c in changes)))
        whole = Change(None, now, then)
        rows = [self._named("category", change.key) | self._change(change) for change in changes]
        return self._about() | _earlier(before) | self._change(whole) | {"categories": rows}

    def running(self, before: Selection, today) -> dict:
        days = [
            {
                "day": point.number,
                "date": point.day,
                "total": self._maybe(point.total),
                "earlier_date": point.earlier_day,
                "earlier_total": self._maybe(point.earlier_total),
            }
            for point in queries.running_totals(self.selection, before, today)
        ]
        return self._about() | _earlier(before) | {"days": days}

    def summary(self, today, most: int) -> dict:
        whole = queries.whole(self.selection)
        means = queries.averages(self.selection, whole.total, today).rounded(self.selection.ledger.decimals)
        return {
            **self._about(),
            **self._figure(whole),
            "days": means.days,
            "per_day": self.amount(means.per_day),
            "per_week": self.amount(means.per_week),
            "per_month": self.amount(means.per_month),
            "median": self._median(),
            "largest": [self._expense(row) for row in queries.largest(self.selection, most)],
        }

    def _about(self) -> dict:
        chosen = self.selection
        return {
            "start_date": chosen.start,
            "end_date": chosen.end,
            "currency": chosen.ledger.currency,
            "basis": str(chosen.basis),
        }

    def _figure(self, figure: Figure) -> dict:
        return {
            "total": self.amount(figure.total),
            "gross": self.amount(figure.gross),
            "refunds": self.amount(figure.refunds),
            "count": figure.count,
        }

    def _named(self, dimension: str, key: Any) -> dict:
        named = {"key": text_of(key), "name": self.naming.name(dimension, key)}
        if dimension in CATEGORIES:
            named |= {"id": key, "colour": self.naming.colour(dimension, key)}
        if dimension == "category":
            named["parent"] = self.naming.category(key).parent_id
        if dimension in TIMES:
            named["start_date"], named["end_date"] = span(dimension, key)
        return named

    def _part(self, dimension: str, part: Part) -> dict:
        return (
            self._named(dimension, part.key)
            | self._figure(part.figure)
            | {"percentage": str(part.percentage)}
        )

    def _rest(self, part: Part) -> dict:
        return {"parts": part.hidden} | self._figure(part.figure) | {"percentage": str(part.percentage)}

    def _change(self, change: Change) -> dict:
        return {
            "total": self.amount(change.now.total),
            "earlier_total": self.amount(change.before.total),
            "change": self.amount(change.change),
            "change_percentage": None if change.percentage is None else str(change.percentage),
        }

    def _expense(self, row) -> dict:
        return {
            "id": row.pk,
            "date": row.date,
            "amount": self.amount(row.amount),
            "category": row.category.name,
            "payee": row.payee,
            "notes": row.notes,
        }

    def _median(self) -> str | None:
        """To the currency's smallest unit: of two in the middle it is no sum that anything has to add up to."""
        median = queries.median(self.selection)
        return None if median is None else self.amount(rounded(median, self.selection.ledger.decimals))

    def _maybe(self, amount: Decimal | None) -> str | None:
        return None if amount is None else self.amount(amount)


def amount_writer(ledger: Ledger) -> Callable[[Decimal], str]:
    """How amounts of a ledger are written; whole also where somebody stored more decimals than its currency has."""
    decimals = ledger.decimals
    return lambda amount: exact(amount, decimals)


def _earlier(before: Selection) -> dict:
    return {"earlier_start_date": before.start, "earlier_end_date": before.end}
