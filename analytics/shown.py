"""Figures as the page shows them: with their names, the links to their rows, and long lists cut short."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from analytics import queries
from analytics.dimensions import ONE_BY_ONE, OVERLAPPING
from analytics.figures import NOTHING, Breakdown, Change, Family, Figure, Matrix, Part
from analytics.links import Links
from analytics.naming import CATEGORIES, Naming, text_of
from analytics.selection import Selection

MOST_LINES = 100
MOST_CELLS = 3_000  # each is a link
MOST_DAYS = 366  # every square of the map of a year is a link in the table beside it
MOST_POINTS = 60


@dataclass(frozen=True)
class Line:
    """One part as a row or a column of a table. Links are empty where the list cannot show just its rows.

    ``key`` is None for all the parts that a long list does not show, and ``hidden`` says how many those are.
    ``without`` are the categories left out once this one is left out as well; empty for what cannot be left out alone.
    ``level`` is ``main`` for a main category above those that it is made of, and ``sub`` for one of these.
    """

    key: str | None
    name: str
    colour: str
    figure: Figure
    percentage: Decimal
    rows: str
    gross: str = ""
    refunds: str = ""
    without: tuple[str, ...] = ()
    hidden: int = 0
    cells: tuple["Cell | None", ...] = ()
    level: str = ""


class Cell(NamedTuple):
    """One figure of a table of two levels, with the key of its column."""

    column: str
    total: Decimal
    rows: str


@dataclass(frozen=True)
class Lines:
    """The rows of a breakdown, and what it is of."""

    lines: list[Line]
    found: Breakdown

    @property
    def negative(self) -> bool:
        """Whether some part has more refunds than spending."""
        return any(part.figure.total < 0 for part in self.found.parts)

    @property
    def count(self) -> int:
        """How many parts there are, shown or not."""
        return sum(line.hidden or 1 for line in self.lines if line.level != "main")


@dataclass(frozen=True)
class Grid:
    """The rows and columns of a table of two levels, and what all of it adds up to."""

    lines: list[Line]
    columns: list[Line]
    whole: Line


@dataclass(frozen=True)
class Changed:
    """One part in two times, as a row of the comparison."""

    key: str
    name: str
    colour: str
    change: Change
    rows: str
    rows_before: str
    without: tuple[str, ...]


class Shown:
    """Shows figures of a selection."""

    def __init__(self, selection: Selection, naming: Naming):
        self.selection, self.naming, self.links = selection, naming, Links(selection, naming)
        self.left_out = tuple(selection.asked.get("without", ()))

    def breakdown(self, by: str) -> Lines:
        most = MOST_DAYS if by == "day" else MOST_LINES
        # Those that overlap cannot be added up here: what is not shown comes as one part.
        found = queries.breakdown(self.selection, by, *([most] if by in OVERLAPPING else []))
        families = queries.families(found.parts, self.naming.main) if by == "category" else []
        parts = [part for family in families for part in family.parts] or found.parts
        latest = by not in ONE_BY_ONE
        shown, rest = _cut(parts, most, latest=latest)
        lines = self._families(families, len(shown)) or [self._line(by, part) for part in shown]
        if rest:
            line = _rest(rest, self.links.narrowed(_before(shown[0])) if latest else "")
            lines.insert(0 if latest else len(lines), line)
        return Lines(lines, found)

    def _families(self, families: Iterable[Family], most: int) -> list[Line]:
        """So many parts of these, beneath their main categories where they are subcategories."""
        lines = []
        for family in families:
            parts = family.parts[:most]
            most -= len(parts)
            if parts and family.has_subcategories:
                lines.append(self._line("main_category", family.whole, level="main"))
            level = "sub" if family.has_subcategories else ""
            lines += [self._line("category", part, level=level) for part in parts]
        return lines

    def matrix(self, found: Matrix, rows: str, columns: str, sort: str) -> Grid:
        parts = self.sorted(found, rows, sort)
        latest = rows not in ONE_BY_ONE and parts is found.rows
        most = min(MOST_LINES, MOST_CELLS // (len(found.columns) or 1))
        shown, rest = _cut(parts, most, latest=latest)
        narrowings = [self.naming.narrowing(columns, column.key) for column in found.columns]
        lines = [self._line(rows, part, self._cells(found, rows, part, narrowings)) for part in shown]
        if rest:
            link = self.links.narrowed(_before(shown[0])) if latest else ""
            cells = (
                self._cells_of_others(found, shown, columns)
                if rows in OVERLAPPING
                else _cells_of_rest(found, shown)
            )
            lines.insert(0 if latest else len(lines), _rest(rest, link, cells))
        heads = [self._line(columns, part) for part in found.columns]
        totals = tuple(Cell(head.key, head.figure.total, head.rows) for head in heads)
        return Grid(lines, heads, Line(None, "", "", found.whole, NOTHING, "", cells=totals))

    def sorted(self, found: Matrix, rows: str, sort: str) -> list[Part]:
        """The rows in the order asked for, which is that of the figures if nothing is, or of a column not there."""
        if not sort:  # which is also the key of what has no tag
            return found.rows
        by, falls = sort.removeprefix("-"), sort.startswith("-")
        column = next((part.key for part in found.columns if text_of(part.key) == by), None)
        if by == "name":
            return sorted(found.rows, key=lambda part: self._alphabetical(rows, part), reverse=falls)
        if by == "total":
            return sorted(found.rows, key=lambda part: part.figure.total, reverse=falls)
        if column is None:
            return found.rows
        nothing = Figure()
        return sorted(
            found.rows, key=lambda part: found.cells.get((part.key, column), nothing).total, reverse=falls
        )

    def comparison(self, changes: Iterable[Change], before: Selection) -> list[Changed]:
        earlier = Links(before, self.naming)
        return [
            Changed(
                text_of(change.key),
                self.naming.name("category", change.key),
                self.naming.colour("category", change.key),
                change,
                self.links.rows(("category", change.key)),
                earlier.rows(("category", change.key)),
                self._without("category", change.key),
            )
            for change in changes
        ]

    def running(self, before: Selection, today) -> tuple[list[tuple], int]:
        """Every so many days what was spent up to then, with the links to its rows, and how many days that is."""
        points = queries.running_totals(self.selection, before, today, MOST_POINTS)
        earlier = Links(before, self.naming)
        upto = [
            (
                point,
                point.day and self.links.rows(end=point.day),
                point.earlier_day and earlier.rows(end=point.earlier_day),
            )
            for point in points
        ]
        return upto, points[0].number if points else 1

    def _alphabetical(self, dimension: str, part: Part) -> Any:
        """What parts are sorted by where names are: times by when they are."""
        return self.naming.name(dimension, part.key).casefold() if dimension in ONE_BY_ONE else part.key

    def _line(self, dimension: str, part: Part, cells: tuple = (), level: str = "") -> Line:
        own = (dimension, part.key)
        return Line(
            text_of(part.key),
            self.naming.name(*own),
            self.naming.colour(*own),
            part.figure,
            part.percentage,
            *self.links.of(part.figure, own),
            self._without(*own),
            cells=cells,
            level=level,
        )

    def _cells(self, found: Matrix, rows: str, part: Part, narrowings: list) -> tuple[Cell | None, ...]:
        """The cells of a row; ``narrowings`` are those of the columns."""
        own, link = self.naming.narrowing(rows, part.key), self.links.narrowed
        return tuple(
            Cell(text_of(column.key), figure.total, link(own, narrowed))
            if (figure := found.cells.get((part.key, column.key)))
            else None
            for column, narrowed in zip(found.columns, narrowings, strict=True)
        )

    def _cells_of_others(self, found: Matrix, shown: list[Part], columns: str) -> tuple["Cell", ...]:
        """What counts in any of the tags besides these rows."""
        others = queries.others(self.selection, [part.key for part in shown], columns)
        return tuple(
            Cell(text_of(column.key), others.get(column.key, Figure()).total, "") for column in found.columns
        )

    def _without(self, dimension: str, key: Any) -> tuple[str, ...]:
        """Not a category without its subcategories: whoever leaves it out leaves those out as well."""
        alone = dimension == "main_category" or key not in self.naming.subcategories
        return (*self.left_out, text_of(key)) if dimension in CATEGORIES and alone else ()


def _cut(parts: list[Part], most: int, *, latest: bool) -> tuple[list[Part], list[Part]]:
    """The parts that a long list shows, which are the first or the latest, and all the others."""
    return (parts[-most:], parts[:-most]) if latest else (parts[:most], parts[most:])


def _before(part: Part) -> dict[str, date]:
    """What narrows to the time before this one."""
    return {"end": part.key - timedelta(days=1)}


def _rest(parts: list[Part], rows: str, cells: tuple = ()) -> Line:
    """All these parts of a long list as one."""
    figure = sum((part.figure for part in parts), Figure())
    share = sum(part.percentage for part in parts)
    hidden = sum(part.hidden or 1 for part in parts)
    return Line(None, "", "", figure, share, rows, hidden=hidden, cells=cells)


def _cells_of_rest(found: Matrix, shown: list[Part]) -> tuple[Cell, ...]:
    """What is in each column besides these rows."""
    cells, nothing = found.cells, Figure()
    return tuple(
        Cell(
            text_of(column.key),
            column.figure.total - sum(cells.get((part.key, column.key), nothing).total for part in shown),
            "",
        )
        for column in found.columns
    )
