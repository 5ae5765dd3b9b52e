"""How files write currencies: codes, signs and words."""

import re
from collections.abc import Iterable
from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

from statements.formats.tables.texts import clean

# Signs that stand for one currency only; $ and kr do not, and ¥ is yen or yuan.
SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₴": "UAH", "₪": "ILS", "₫": "VND",
    "₱": "PHP", "฿": "THB", "₦": "NGN", "₸": "KZT", "R$": "BRL", "US$": "USD", "CA$": "CAD", "C$": "CAD", "CAD$": "CAD",
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN",
}  # fmt: skip
WORDS = {
    "euro": "EUR", "euros": "EUR", "人民币": "CNY", "人民幣": "CNY", "人民币元": "CNY", "元": "CNY", "rmb": "CNY",
    "cn¥": "CNY", "円": "JPY", "日元": "JPY", "日圆": "JPY", "jp¥": "JPY", "美元": "USD", "美金": "USD", "欧元": "EUR",
    "港币": "HKD", "港元": "HKD", "英镑": "GBP", "zł": "PLN", "zl": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF",
    "руб": "RUB", "руб.": "RUB", "р.": "RUB", "rur": "RUB", "rs": "INR", "rs.": "INR", "tl": "TRY", "sfr": "CHF",
    "fr.": "CHF", "лв": "BGN", "лв.": "BGN", "грн": "UAH", "грн.": "UAH", "원": "KRW",
}  # fmt: skip
OPEN = {"$", "¥", "￥", "kr", "kr.", "dkr", "skr", "nkr"}  # a currency, but which one is not said
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
KANA = re.compile(r"[ぁ-ヺ]")
SIMPLIFIED = re.compile(r"[账额类时间单号备转创关区价]")
CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")


@cache
def codes() -> frozenset[str]:
    """The codes of all currencies that are legal tender somewhere. Source: Unicode CLDR."""
    places = get_global("territory_currencies").values()
    return frozenset(code for place in places for code, _, end, tender in place if end is None and tender)


@cache
def currency_of(cell: str) -> str:
    """The code that a cell names in whatever way, "" if it is no currency or leaves open which."""
    text = clean(cell)
    if text.upper() in codes():
        return text.upper()
    return SIGNS.get(text) or WORDS.get(text.casefold(), "")


def is_currency(text: str) -> bool:
    """Whether the text stands for a currency, though it may be open for which."""
    return bool(currency_of(text)) or text.casefold() in OPEN


def currency_in_header(name: str) -> str:
    """The currency in the name of a column: "Amount (EUR)", "Betrag in EUR", "Debit CHF", "usd", "金额(元)", "Ft"."""
    if whole := currency_of(name):
        return whole
    for code in reversed(CODE.findall(name)):
        if code in codes():
            return code
    bracket = re.search(r"[(（\[]\s*([^)）\]]+?)\s*[)）\]]", name)
    inside = currency_of(bracket[1]) if bracket else ""
    if inside:
        return inside
    if "人民币" in name:
        return "CNY"
    return next((code for sign, code in SIGNS.items() if sign in name), "")


def of_accounts(numbers: Iterable[str]) -> str:
    """The currency of the one country that all these accounts' IBANs (ISO 13616) are of; "" if any is none."""
    plain = [number.replace(" ", "") for number in numbers]
    if not plain or not all(map(IBAN.fullmatch, plain)):
        return ""
    found = {tuple(get_territory_currencies(number[:2])) for number in plain}
    (held,) = found if len(found) == 1 else [()]
    return held[0] if len(held) == 1 else ""


def of_language(words: Iterable[str]) -> str:
    """The currency of the one country whose language the names of a table are in: Japanese, simplified Chinese."""
    text = "".join(words)
    if KANA.search(text):
        return "JPY"
    return "CNY" if SIMPLIFIED.search(text) else ""
