"""From a figure to what it is made of: the list of exactly its rows, and the answer of the API that charts draw."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from analytics.figures import Figure
from analytics.naming import Naming
from analytics.selection import Selection
from expenses.models import Basis


class Links:
    """Addresses of what a selection finds. A part of it is given as its dimension and key."""

    def __init__(self, selection: Selection, naming: Naming | None = None):
        self.selection, self.naming = selection, naming or Naming(selection.ledger)
        self.list = reverse("expenses", args=[selection.ledger.pk])
        self.smallest = _smallest(selection.ledger.decimals)

    def rows(self, *parts, **more) -> str:
        """The list of the expenses in all of these parts; ``more`` narrows it as the list's own filters do."""
        return self.narrowed(*(self.naming.narrowing(*part) for part in parts), more)

    def narrowed(self, *narrowings: Mapping[str, object]) -> str:
        """The same for what ``Naming.narrowing`` makes of parts."""
        return f"{self.list}?{self.selection.query(*narrowings)}"

    def of(self, figure: Figure, *parts) -> tuple[str, str, str]:
        """The lists of what a figure adds up: all, what was spent, what came back; empty where that is nothing."""
        rows = self.rows(*parts)
        if not (figure.gross and figure.refunds):
            return rows, rows if figure.gross else "", rows if figure.refunds else ""
        return (
            rows,
            self.rows(*parts, amount_min=self.smallest),
            self.rows(*parts, amount_max=f"-{self.smallest}"),
        )

    def answer(self, name: str, **more) -> str:
        """The address in the API of figures such as ``categories``, with amounts as machines write them."""
        chosen = self.selection
        asked = {"start": chosen.start, "end": chosen.end, **chosen.asked}
        for bound in asked.keys() & {"amount_min", "amount_max"}:
            asked[bound] = f"{chosen.filters.form.cleaned_data[bound]:f}"
        if chosen.basis != Basis.PAID:
            asked["basis"] = chosen.basis
        address = reverse(f"api_analytics_{name}", args=[chosen.ledger.pk])
        return f"{address}?{urlencode(asked | more, doseq=True)}"


def _smallest(decimals: int) -> str:
    """The smallest amount of a currency, so written that it is the same in every language.

    ``0.001`` would be 1 where the point groups thousands; after four digits it groups nothing.
    """
    return {0: "1", 2: "0.01", 3: "0000.001"}[decimals]
