"""What each view of the analytics page shows."""

from typing import Any

from analytics import queries
from analytics.answers import LISTS
from analytics.asking import CHARTS, too_many_days
from analytics.dimensions import DIMENSIONS
from analytics.queries import Change, Figure
from analytics.ranges import PREVIOUS
from analytics.shown import MOST_LINES, Shown
from analytics.views.asked import Asked

# Of many days a map shows more than columns do; of more than a year's nothing does.
DAYS_AS_COLUMNS, DAYS_AS_MAP = 62, 366


def breakdown(asked: Asked) -> dict[str, Any]:
    """One level, with a chart of it."""
    by = asked.view.cleaned_data["by"]
    shown = Shown(asked.selection, asked.naming)
    lines = shown.breakdown(by)
    return {
        "by": by,
        "by_label": DIMENSIONS[by],
        "dimensions": DIMENSIONS,
        "charts": CHARTS if by == "category" else {},
        "chart": _chart(asked, by),
        "source": shown.links.answer(LISTS[by]),
        "lines": lines,
        "whole": lines.whole,
    }


def table(asked: Asked) -> dict[str, Any]:
    """Two levels at once; nothing where that would be too wide, which the form says then."""
    found = asked.matrix.matrix(asked.selection)
    if not found:
        return {}
    levels = asked.matrix.cleaned_data
    shown = Shown(asked.selection, asked.naming)
    few = len(found.rows) <= MOST_LINES
    return {
        "levels": levels,
        "sort": asked.sort,
        "rows_label": DIMENSIONS[levels["rows"]],
        "columns_label": DIMENSIONS[levels["columns"]],
        "dimensions": DIMENSIONS,
        "source": shown.links.answer("matrix", **levels) if few else "",
        "grid": shown.matrix(found, **levels, sort=asked.sort),
        "whole": found.whole,
    }


def comparison(asked: Asked) -> dict[str, Any]:
    """Each category beside itself in an earlier time, and how both came about day by day."""
    selection, before = asked.selection, asked.before
    shown = Shown(selection, asked.naming)
    changes = queries.comparison(selection, before)
    now = sum((change.now for change in changes), Figure())
    values = asked.comparison.cleaned_data
    compared = {name: values[name[5:]] for name in ("with_start", "with_end") if values.get(name[5:])}
    compared = compared or {"with": values["with"] or PREVIOUS}
    points, step = shown.running(before, asked.calendar.today)
    return {
        "compared": compared.get("with", ""),
        "before": before,
        "changes": shown.comparison(changes, before),
        "change": Change(None, now, sum((change.before for change in changes), Figure())),
        "before_rows": Shown(before, asked.naming).links.rows(),
        "points": points,
        "step": step,
        "source": shown.links.answer("compare", **compared),
        "source_of_line": ""
        if too_many_days(selection, before)
        else shown.links.answer("cumulative", **compared),
        "whole": now,
    }


def _chart(asked: Asked, by: str) -> str:
    """The kind of chart that shows such parts best; empty if none does."""
    match by:
        case "category":
            return asked.view.cleaned_data["chart"]
        case "payee":
            return "bars"
        case "day":
            days = (asked.selection.end - asked.selection.start).days + 1
            return "periods" if days <= DAYS_AS_COLUMNS else "heatmap" if days <= DAYS_AS_MAP else ""
    return "periods"


FIGURES = {"breakdown": breakdown, "table": table, "comparison": comparison}
