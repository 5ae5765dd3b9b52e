"""What is said before the table: whose account, in which currency, up to which month."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from statements.formats.tables.currencies import CODE, codes, currency_of
from statements.formats.tables.dates import fields, month_names, to_date
from statements.formats.tables.dialects import Role
from statements.formats.tables.headers import meaning, normal
from statements.formats.tables.layout import text_of
from statements.formats.tables.rows import Row
from statements.formats.tables.texts import clean

IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
MONTH = re.compile(r"((?:19|20)\d\d)\s?[年./-]\s?(\d{1,2})(?!\d)")
YEARLY = re.compile(r"(?<!\d)(\d{1,2})[./-]((?:19|20)\d\d)(?!\d)")
NAMED = re.compile(r"([^\W\d_]{3,12})\.? ((?:19|20)\d\d)(?!\d)")


def cells(preamble: Sequence[Row]) -> list[str]:
    return [text for row in preamble for cell in row.cells if (text := clean(text_of(cell)))]


def currency(preamble: Sequence[Row]) -> str:
    """The currency that the preamble names, if it is only one."""
    found = set()
    for row in preamble:
        texts = [clean(text_of(cell)) for cell in row.cells]
        for name, text in pairwise(texts):
            if (
                text
                and (named := meaning(name))
                and named.role is Role.CURRENCY
                and (code := currency_of(text))
            ):
                return code
        found |= {code for text in texts for code in CODE.findall(text) if code in codes()}
        found |= {code for text in texts if "€" in text for code in ["EUR"]}
    return found.pop() if len(found) == 1 else ""


def account(preamble: Sequence[Row]) -> str:
    """The account's IBAN, or the number beside a name such as "Account number"."""
    texts = cells(preamble)
    for text in texts:
        if found := IBAN.search(text):
            return found[0].replace(" ", "")
    for row in preamble:
        for name, text in pairwise(row.cells):
            name, text = clean(text_of(name)).rstrip(":"), clean(text_of(text))
            if text and any(map(str.isdigit, text)) and (said := meaning(name)) and said.role is Role.ACCOUNT:
                return text
    return ""


def last_month(texts: Iterable[str]) -> date | None:
    """The latest month that is named, for dates without a year."""
    found = []
    for text in texts:
        found += [(int(year), int(month)) for year, month in MONTH.findall(text)]
        found += [(int(year), int(month)) for month, year in YEARLY.findall(text)]
        found += [
            (int(year), number)
            for name, year in NAMED.findall(text)
            if (number := month_names().get(normal(name)))
        ]
        if (
            (item := fields(text))
            and len(item.numbers) == 3
            and (day := to_date(item, "dmy") or to_date(item, "mdy"))
        ):
            found.append((day.year, day.month))
    latest = max((pair for pair in found if 1 <= pair[1] <= 12), default=None)
    return date(*latest, 1) if latest else None
