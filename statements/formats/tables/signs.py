"""Whether a plus in a single column of amounts is money in or money out, where no word of the row says so."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from statements.formats.tables.balances import Chain
from statements.formats.tables.dialects import Sign
from statements.formats.tables.headers import normal

ENOUGH = 3  # rows from which a share says something
IN_WORDS = re.compile(
    r"\b(?:refund(?:ed)?|returns?|credit(?! cards?\b| union| agricole| suisse| mutuel| lyonnais| foncier| du nord)"
    r"|cash ?back|reversal|chargeback|payment received|payment thank you|thank you|besten dank"
    r"|vielen dank|zahlung erhalten|merci|paiement recu|pago recibido"
    r"|gracias|pagamento ricevuto|grazie|bedankt|betaling ontvangen|betalning mottagen|indbetaling|innbetaling"
    r"|autopay|deposit|salary|payroll|wages"
    r"|interest earned|income|gutschrift|erstattung|ruckerstattung|gehalt|lohn|einzahlung|ihre zahlung"
    r"|remboursement|avoir|salaire|devolucion|reembolso|abono|nomina|rimborso|accredito|stipendio|estorno|salario|zwrot"
    r"|wynagrodzenie|wplata"
    r"|terugbetaling|salaris|aterbetalning|insattning|lon|tilbakebetaling|refusion|loen|hyvitys|palkka|vratka|mzda"
    r"|возврат|зачисление|пополнение|зарплата|iade|maas|visszaterites|jovairas|pagamento recebido|pagamento efetuado)\b"
    r"|退款|退货|还款|返金|入金|給与|환불|입금"
)
OUT_WORDS = re.compile(
    r"\b(?:sale|purchase|withdrawal|fee|pos|debit(?! cards?\b)|(?<!credit )card payment|direct debit|atm|cash advance"
    r"|lastschrift|kartenzahlung|einkauf|auszahlung|miete|prelevement|achat|retrait|compra|reintegro|recibo|acquisto"
    r"|prelievo|zakup|wyplata|incasso|betaalautomaat|kop|uttag|varekjop|kob|osto|platba kartou|vyber|покупка|снятие"
    r"|alisveris|vasarlas|rent|groceries|restaurant|supermarket)\b|消费|消費|支付"
)
CARD = re.compile(
    r"\b(?:credit card|card (?:no|number|holder|member|used|id|ending|last four digits)|cardholder|cardid|cardmember"
    r"|kreditkarte\w*|kartennummer|karteninhaber"
    r"|carte (?:de credit|bancaire)|numero de carte|tarjeta(?: de credito)?|carta di credito|cartao(?: de credito)?"
    r"|karta kredytowa|creditcard|kreditkort|luottokortti|kreditni karta|kredi karti|hitelkartya|merchant(?: name)?"
    r"|extended details|appears on your statement as)\b"
    r"|信用卡|卡号|クレジットカード|カード|신용카드|利用店|利用日|利用年月日|利用者|支払方法|支払区分|이용일|가맹점"
)
# The number of a card with some of its digits hidden; at least two, or it would be that of an account.
MASKED_CARD = re.compile(
    r"(?=[\d -]*[X*x]{2})(?:[\dX*x]{4}[- ]?[\dX*x]{4}[- ]?[\dX*x]{4}[- ]?[\dX*x]{3,4})(?![\dX*x])"
)


class Sample(NamedTuple):
    """An amount and everything that is said beside it."""

    amount: Decimal
    text: str


def is_card(header: Iterable[str], preamble: Iterable[str]) -> bool:
    """Whether names or preamble say that this is the statement of a card."""
    before = list(preamble)
    # Accents are part of what some of the words are: ー of カード is none, its voicing is.
    return any(CARD.search(f"{normal(text)} {text}") for text in [*header, *before]) or any(
        map(MASKED_CARD.search, before)
    )


def decide(rows: Sequence[Sample], chained: Chain | None, card: bool) -> Sign | None:
    """How the sign is meant, None if it has to be asked.

    A bank writes money out with a minus. Whoever writes no minus at all has to be asked, but for a card, where almost
    all is spending, or where the balance falls with each amount. A card's issuer often writes what is owed: purchases
    with a plus. That is seen from the words beside the amounts, or from a purchase given back later.
    """
    plus = sum(1 for row in rows if row.amount > 0)
    minus = sum(1 for row in rows if row.amount < 0)
    if not plus:
        return Sign.MINUS_IS_OUT
    if chained and chained.sign and not card:
        return Sign.MINUS_IS_OUT if chained.sign > 0 else Sign.PLUS_IS_OUT
    if not minus:
        return Sign.PLUS_IS_OUT if card else None
    usual, reverse = _votes(rows)
    if minus > plus:  # purchases are more than payments
        return _or_asked(Sign.MINUS_IS_OUT, reverse > max(2, usual), card and reverse > 1 and not usual)
    if usual and not reverse:
        return Sign.MINUS_IS_OUT
    if card or reverse > usual:
        return _or_asked(
            Sign.PLUS_IS_OUT, usual * 4 > reverse or ((not reverse or not card) and plus < 2 * minus), False
        )
    return _or_asked(
        Sign.MINUS_IS_OUT, reverse * 4 > usual or (not usual and plus >= max(ENOUGH, 3 * minus)), False
    )


def _or_asked(likely: Sign, is_doubtful: bool, is_reversed: bool) -> Sign | None:
    if is_reversed:
        return Sign.PLUS_IS_OUT
    return None if is_doubtful else likely


def way(text: str) -> Sign | None:
    """What the words of a text say about which way the money went, None if nothing or both."""
    said = normal(text)
    is_in, is_out = bool(IN_WORDS.search(said)), bool(OUT_WORDS.search(said))
    return None if is_in == is_out else Sign.ALL_IN if is_in else Sign.ALL_OUT


def _votes(rows: Sequence[Sample]) -> tuple[int, int]:
    """How many rows speak for "minus is out", and how many for the reverse."""
    usual = reverse = 0
    for row in rows:
        if row.amount and (said := way(row.text)):
            is_usual = (said is Sign.ALL_IN) == (row.amount > 0)
            usual, reverse = usual + is_usual, reverse + (not is_usual)
    return usual, reverse
