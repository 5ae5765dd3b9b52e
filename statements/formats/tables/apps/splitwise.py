"""Splitwise, a group or the expenses outside of groups; its columns are in the language of the person.

Cost is the whole bill. The columns of the persons are what each of them paid less what falls to them, and do not tell
who paid, or how much of it is one's own: the whole bill is the line, and its own part is for the person to set.
"""

from statements.formats.lines import Kind
from statements.formats.tables.dialects import Dialect, Role, Sign

HEADERS = (
    ("date", "description", "category", "cost", "currency"),
    ("datum", "beschreibung", "kategorie", "kosten", "währung"),
)

DIALECT = Dialect(
    name="Splitwise",
    columns={
        Role.DATE: ("Date", "Datum"),
        Role.PAYEE: ("Description", "Beschreibung"),
        Role.AMOUNT: ("Cost", "Kosten"),
        Role.CURRENCY: ("Currency", "Währung"),
        Role.CATEGORY: ("Category", "Kategorie"),
        Role.KIND: ("Category", "Kategorie"),
    },
    words={"payment": Kind.SETTLEMENT, "zahlung": Kind.SETTLEMENT},
    sign=Sign.PLUS_IS_OUT,
    date_order="ymd",
)
