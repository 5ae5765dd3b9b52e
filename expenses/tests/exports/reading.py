"""Reads each format back, as (date, amount spent, category, payee, notes) as far as the format keeps them apart."""

import csv
import io
import json
import re
from datetime import date, datetime
from decimal import Decimal
from xml.etree.ElementTree import fromstring

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from expenses.formulas import unguard

POSTING = re.compile(r"^ +Expenses:(.+)  (-?[0-9.]+) EUR$")
TRANSACTION = re.compile(r"^(\d{4}-\d\d-\d\d) \*(?: (.*))?$")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def from_csv(content: bytes) -> list[tuple]:
    _header, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
    return [_row(*row[:2], *map(unguard, row[2:5])) for row in rows]


def from_xlsx(content: bytes) -> list[tuple]:
    _header, *rows = load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)
    return [
        _row(day, amount, *(unguard(unescape(text or "")) for text in texts[:3]))
        for day, amount, *texts in rows
    ]


def from_json(content: bytes) -> list[tuple]:
    names = ("date", "amount", "category", "notes", "payee")
    return [_row(*(row[name] for name in names)) for row in json.loads(content)["expenses"]]


def from_beancount(content: bytes) -> list[tuple]:
    """Of an account that was renamed: the name beside it."""
    text = content.decode()
    names = {
        account: _string(name)
        for account, name in re.findall(r'open Expenses:(.+)\n  name: ("(?:[^"\\]|\\.)*")', text)
    }
    return [
        _row(day, amount, names.get(account, account), strings[-1], "".join(strings[:-1]))
        for day, said, account, amount in _journal(text)
        for strings in [[_string(f'"{found}"') for found in STRING.findall(said)]]
    ]


def from_hledger(content: bytes) -> list[tuple]:
    return [
        _row(day, amount, account, "|".join(parts[1:]) if len(parts) > 1 else "", parts[0])
        for day, said, account, amount in _journal(content.decode())
        for parts in [said.removeprefix("() ").split(" | ")]
    ]


def from_ofx(content: bytes) -> list[tuple]:
    """The category is the last that the memo says."""
    return [
        _row(
            datetime.strptime(each.findtext("DTPOSTED"), "%Y%m%d%H%M%S").strftime("%Y-%m-%d"),  # noqa: DTZ007
            str(-Decimal(each.findtext("TRNAMT"))),
            memo[-1],
            "; ".join(memo[:-1]),
            each.findtext("NAME"),
        )
        for each in fromstring(content).iter("STMTTRN")  # noqa: S314  our own file
        for memo in [each.findtext("MEMO").split("; ")]
    ]


READERS = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
    "beancount": from_beancount,
    "journal": from_hledger,
    "ofx": from_ofx,
}


def _journal(text: str):
    """(date, description, account, amount) of each transaction."""
    day = said = ""
    for line in text.split("\n"):
        if found := TRANSACTION.match(line):
            day, said = found[1], found[2] or ""
        elif found := POSTING.match(line):
            yield day, said, found[1], found[2]


def _string(quoted: str) -> str:
    """A string of Beancount, whose escapes are those of JSON as far as we write them."""
    return json.loads(re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found[0]):04x}", quoted))


def _row(day, amount, category, notes, payee) -> tuple:
    day = day.date() if isinstance(day, datetime) else date.fromisoformat(day)
    return day, Decimal(str(amount)), category, payee, notes
