"""What each view of the analytics page shows."""

from typing import Any

from analytics import queries
from analytics.answers import LISTS
from analytics.asking import CHARTS, too_many_days
from analytics.dimensions import DIMENSIONS, OVERLAP, OVERLAPPING
from analytics.figures import Change, Figure
from analytics.links import Links
from analytics.naming import CATEGORIES
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
        "dimensions": _worth_a_look(asked, by),
        "charts": CHARTS if by in CATEGORIES else {},
        "chart": _chart(asked, by),
        "source": shown.links.answer(LISTS[by]),
        "lines": lines,
        "whole": lines.found.whole,
        "overlap": OVERLAP if lines.found.overlapping else "",
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
        # Parts that overlap cannot stand on top of each other.
        "chart": "grouped" if levels["rows"] in OVERLAPPING else "stacked",
        "overlap": "" if OVERLAPPING.isdisjoint(levels.values()) else OVERLAP,
        "grid": shown.matrix(found, **levels, sort=asked.sort),
        "whole": found.whole,
    }


def comparison(asked: Asked) -> dict[str, Any]:
    """Each category beside itself in an earlier time, and how both came about day by day."""
    selection, (now, before) = asked.selection, asked.compared
    shown = Shown(selection, asked.naming)
    changes = queries.comparison(now, before)
    total = sum((change.now for change in changes), Figure())
    values = asked.comparison.cleaned_data
    compared = {name: values[name[5:]] for name in ("with_start", "with_end") if values.get(name[5:])}
    compared = compared or {"with": values["with"] or PREVIOUS}
    upto = asked.comparison.before(selection)
    points, step = shown.running(upto, asked.calendar.today)
    return {
        "compared": compared.get("with", ""),
        "now": now,
        "before": before,
        "changes": Shown(now, asked.naming).comparison(changes, before),
        "change": Change(None, total, sum((change.before for change in changes), Figure())),
        "now_rows": Links(now, asked.naming).rows(),
        "before_rows": Links(before, asked.naming).rows(),
        "points": points,
        "step": step,
        "source": shown.links.answer("compare", **compared),
        "source_of_line": ""
        if too_many_days(selection, upto)
        else shown.links.answer("cumulative", **compared),
        "whole": total if now is selection else queries.whole(selection),
    }


def _worth_a_look(asked: Asked, by: str) -> dict[str, str]:
    """By what the page offers to break down: by main category only where others are part of one."""
    hidden = set() if asked.naming.subcategories else {"main_category"} - {by}
    return {name: label for name, label in DIMENSIONS.items() if name not in hidden}


def _chart(asked: Asked, by: str) -> str:
    """The kind of chart that shows such parts best; empty if none does."""
    match by:
        case "category" | "main_category":
            return asked.view.cleaned_data["chart"]
        case "payee" | "tag":
            return "bars"
        case "day":
            days = (asked.selection.end - asked.selection.start).days + 1
            return "periods" if days <= DAYS_AS_COLUMNS else "heatmap" if days <= DAYS_AS_MAP else ""
    return "periods"


FIGURES = {"breakdown": breakdown, "table": table, "comparison": comparison}
