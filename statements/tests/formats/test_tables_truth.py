"""Any truth, written in any dialect of CSV, is read back, or a question is asked whose right answer gives the truth."""

from datetime import date
from decimal import Decimal
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.formats import csv
from statements.formats.lines import Line

ORDERS = {
    "%d.%m.%Y": "dmy", "%d/%m/%Y": "dmy", "%m/%d/%Y": "mdy", "%Y-%m-%d": "ymd", "%d-%m-%y": "dmy", "%m/%d/%y": "mdy",
    "%Y%m%d": "ymd", "%d %b %Y": "dmy", "%Y/%m/%d": "ymd", "%Y-%m-%dT%H:%M:%S": "ymd",
}  # fmt: skip
GROUPS = {".": ("", ",", " ", "'"), ",": ("", ".", "\u00a0", "’")}
HEADERS = {
    "en": ("Date", "Description", "Amount", "Debit", "Credit", "Debit/Credit", "Balance"),
    "de": ("Buchungstag", "Verwendungszweck", "Betrag", "Soll", "Haben", "Soll/Haben", "Saldo"),
    "fr": ("Date", "Libellé", "Montant", "Débit", "Crédit", "Sens", "Solde"),
    "es": ("Fecha", "Concepto", "Importe", "Cargo", "Abono", "Debe/Haber", "Saldo"),
    "pl": ("Data operacji", "Opis operacji", "Kwota", "Obciążenia", "Uznania", "Kierunek", "Saldo"),
    "ru": ("Дата", "Описание", "Сумма", "Расход", "Приход", "Приход/Расход", "Остаток"),
    "ja": ("日付", "内容", "金額", "出金", "入金", "収支", "残高"),
}
ENCODINGS = {"ja": ("utf-8", "cp932"), "ru": ("utf-8", "cp1251"), "pl": ("utf-8-sig", "cp1250")}
SIGNS = ("minus", "trailing", "brackets", "columns", "words", "reverse")

movements = st.lists(
    st.tuples(
        st.dates(date(2012, 1, 1), date(2029, 12, 31)),
        st.integers(-9_999_999, 9_999_999).filter(bool).map(lambda cents: Decimal(cents) / 100),
        st.text("abc äöé,;\"'0 ", min_size=1, max_size=12)
        .map(str.strip)
        .filter(bool)
        .map(lambda text: f"Shop {text}"),
    ),
    min_size=1,
    max_size=25,
).map(lambda rows: sorted(rows, key=lambda row: row[0]))
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "point": st.sampled_from(".,"),
        "group": st.integers(0, 3),
        "dates": st.sampled_from(list(ORDERS)),
        "sign": st.sampled_from(SIGNS),
        "language": st.sampled_from(list(HEADERS)),
        "encoding": st.integers(0, 1),
        "preamble": st.booleans(),
        "balance": st.booleans(),
        "newest_first": st.booleans(),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)


def written(truth, way) -> bytes:
    """The truth as a file in this dialect."""
    names = HEADERS[way["language"]]
    amounts = (
        names[3:5]
        if way["sign"] == "columns"
        else (names[2], names[5])
        if way["sign"] == "words"
        else names[2:3]
    )
    header = (names[0], names[1], *amounts, *([names[6]] if way["balance"] else []))
    rows = []
    balance = Decimal(1000)
    for day, amount, text in truth:
        balance += amount
        cells = [day.strftime(way["dates"]), text, *money(amount, way)]
        rows.append((*cells, *([number(balance, way)] if way["balance"] else [])))
    rows = [header, *in_file_order(rows, way)]
    lines = [way["delimiter"].join(quoted(cell, way["delimiter"]) for cell in row) for row in rows]
    before = ["Export", "", "Account: 12345"] if way["preamble"] else []
    return way["end"].join([*before, *lines]).encode(encoding(way), "replace")


def in_file_order(rows: list, way) -> list:
    return rows[::-1] if way["newest_first"] else rows


def encoding(way) -> str:
    return ENCODINGS.get(way["language"], ("utf-8", "utf-16"))[way["encoding"]]


def number(amount: Decimal, way) -> str:
    group = GROUPS[way["point"]][way["group"]]
    group = group if group.encode(encoding(way), "ignore") else ""
    plain = f"{amount:,.2f}".replace(".", "!").replace(",", group)
    return plain.replace("!", way["point"])


def money(amount: Decimal, way) -> list[str]:
    absolute = number(abs(amount), way)
    is_out = amount < 0
    if way["sign"] == "columns":
        return [absolute, ""] if is_out else ["", absolute]
    if way["sign"] == "words":
        return [
            absolute,
            ("支出" if is_out else "収入") if way["language"] == "ja" else "Debit" if is_out else "Credit",
        ]
    if way["sign"] == "reverse":
        return [number(-amount, way)]
    signed = {"minus": f"-{absolute}", "trailing": f"{absolute}-", "brackets": f"({absolute})"}[way["sign"]]
    return [signed if is_out else absolute]


def quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell


def answer(question, way) -> str:
    if question.key == "date_order":
        return ORDERS[way["dates"]]
    if question.key == "decimal":
        return "comma" if way["point"] == "," else "point"
    assert question.key == "sign"
    return "plus_is_out" if way["sign"] == "reverse" else "minus_is_out"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(truth=movements, way=dialects)
def test_what_was_written_is_read_or_asked(truth, way):
    data = written(truth, way)
    reading = csv.read(BytesIO(data), "", {})
    answers = {question.key: answer(question, way) for question in reading.questions}
    assert all(answers[question.key] in {c.value for c in question.choices} for question in reading.questions)
    if way["sign"] == "reverse":  # where nothing tells that plus is spent, a file means the opposite
        answers["sign"] = "plus_is_out"
    again = csv.read(BytesIO(data), "", answers)
    lines, truth = list(again.lines), in_file_order(truth, way)
    assert not again.questions
    assert all(isinstance(line, Line) for line in lines), lines
    assert [(line.date, line.amount) for line in lines] == [(day, amount) for day, amount, _ in truth]
    if way["encoding"] == 0 or way["language"] in {"en", "de", "fr", "es"}:
        assert [line.text for line in lines] == [" ".join(text.split()) for _, _, text in truth]
