"""The cells of a table of two levels as HTML.

A table has thousands of them, and a template takes five times as long to write each as a function does.
"""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from analytics.shown import Line
from ledgers.models import Ledger
from ledgers.money import writer

register = template.Library()

SWATCH = (
    '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="{}"/></svg>'
)
HEADING = '<th scope="col" class="figure"{}>{}<a class="sort" id="sort-{}" href="?{}"><bdi>{}</bdi></a></th>'
ASCENDING, DESCENDING = (mark_safe(f' aria-sort="{order}"') for order in ("ascending", "descending"))  # noqa: S308


@register.filter
def cells(line: Line, ledger: Ledger) -> SafeString:
    """The figures of a row, each with the link to its rows where it has one."""
    row = "" if line.key is None else f' data-row="{escape(line.key)}"'
    amount, written = writer(ledger.decimals, grouped=True), []
    for cell in line.cells:
        text = escape(amount(cell.total)) if cell else ""
        if cell and cell.rows:
            place = f'{row} data-column="{escape(cell.column)}"' if row else ""
            text = f'<a class="rows" href="{escape(cell.rows)}"{place}>{text}</a>'
        written.append(f'<td class="figure">{text}</td>')
    return mark_safe("".join(written))  # noqa: S308


@register.simple_tag
def headings(columns: Iterable[Line], query: QueryDict, sort: str) -> SafeString:
    """The names of columns, each with the link that sorts by it: first from the largest, then from the smallest."""
    others = query.copy()
    others.pop("sort", None)
    rest = others.urlencode()
    return format_html_join("", HEADING, (_heading(*each, rest, sort) for each in enumerate(columns, 1)))


def _heading(number: int, column: Line, rest: str, sort: str) -> tuple:
    falling = f"-{column.key}"
    asked = urlencode({"sort": column.key if sort == falling else falling})
    order = ASCENDING if sort and sort == column.key else DESCENDING if sort == falling else ""
    swatch = format_html(SWATCH, column.colour) if column.colour else ""
    return order, swatch, number, f"{rest}&{asked}" if rest else asked, column.name
