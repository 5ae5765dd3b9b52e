"""The words in a row that say what it is: money out or in, pending, declined, neither, a balance or a total."""

import re
from functools import cache

from statements.formats.lines import Kind
from statements.formats.tables.dialects import Sign
from statements.formats.tables.headers import normal

OUT = """debit|dr|d|db|dbit|dbt|out|outgoing|outflow|expense|expenses|withdrawal|spending|spent|money out|-|s|soll
belastung|lastschrift|ausgabe|ausgaben|abgang|ausgang|débit|dépense|sortie|debe|cargo|gasto|egreso|salida
dare|addebito|uscita|spesa|débito|saída|despesa|obciążenie|wydatek|af|uit|uitgave|debet|výdaj|odchozí
odchozí platba|utgift|uttag|ut|ud|udgift|meno|pano out|расход|списание|дебет|gider|borç|b|terhelés|kiadás
支出|支|借|借方|付款|出|出金|支払|支払い|出款|转出|출금|지출|sortant|uscite|expense out|支付|af debet|út
výdej|withdraw|money_out"""
IN = """credit|cr|c|crdt|crd|in|incoming|inflow|income|deposit|money in|+|h|haben|gutschrift|einnahme|einnahmen
zugang|eingang|crédit|recette|entrée|haber|abono|ingreso|entrada|avere|accredito|entrata|crédito|receita
uznanie|wpływ|przychód|bij|inkomst|příjem|příchozí|příchozí platba|insättning|inn|ind|indtægt|tulo|приход
доход|поступление|зачисление|пополнение|кредит|gelir|alacak|a|jóváírás|bevétel|收入|收|贷|贷方|收款|入|入金
収入|入款|转入|입금|수입|refund|entrant|entrate|money_in"""
NEUTRAL = """/|不计收支|中性交易|其他|neutral|不計收支|resize"""
# Only where the whole column speaks of a card that is charged with money before it is spent.
TRANSFER = """チャージ|オートチャージ|現金チャージ|ポイントダウンロード|ポイントチャージ
waon移行(ダウンロード)|waon移行(アップロード)|入金チャージ"""
PENDING = """pending|authorised|authorized|authorization|authorisation|processing|in progress|on hold|hold|uncleared
vorgemerkt|umsatz vorgemerkt|umsatz vorgemerkt und nicht gebucht|vorgemerkte umsätze|ausstehend|offen
reserviert|in bearbeitung|in verarbeitung|en attente|en cours|à venir|pendiente|retenido|in sospeso
in attesa|da contabilizzare|non contabilizzato|pendente|oczekująca|oczekujące|w realizacji|rezerwacja
blokada|zablokowane|openstaand|gereserveerd|in behandeling|reserverat|reservert|reserveret|reservation
venter|varaus|čekající|nezaúčtováno|blokace|в обработке|ожидает|hold ожидание|авторизация|bekleyen|beklemede
provizyon|függőben|zárolt|待入账|未入账|处理中|進行中|未確定|速報|대기|true|scheduled|upcoming|requested"""
CLOSED = """declined|failed|cancelled|canceled|rejected|reverted|reversed|voided|void|expired|denied|returned|error
refused|removed|deleted|abgelehnt|storniert|fehlgeschlagen|abgebrochen|zurückgewiesen|refusé|refusée|annulé
annulée|rejeté|échoué|rechazada|rechazado|cancelada|cancelado|anulado|fallida|rifiutato|rifiutata|annullato
stornato|recusada|recusado|estornado|odrzucona|odrzucone|anulowana|anulowane|geweigerd|geannuleerd|afgewezen
mislukt|avvisad|nekad|avvist|afvist|hylätty|zamítnuto|zamítnutá|zrušeno|zrušená|failed отклонена|отклонено
отклонена|отменена|отменено|ошибка|неуспешно|reddedildi|iptal|iptal edildi|elutasítva|sikertelen|törölt
交易关闭|已关闭|支付失败|交易失败|失败|已取消|已撤销|已退回|還款失敗|取消|失敗|취소|거절"""

# The whole of a row's text that is no movement but a state of the account.
STATES = re.compile(
    r"(?:(?:opening|closing|beginning|ending|starting|start|end|previous|initial|final|available|ledger|current|new|old)"
    r"(?: ledger| available| statement)? balance|balance (?:brought|carried)(?: forward| fwd)?|brought forward"
    r"|carried forward"
    r"|b f|c f|opening|balance"
    r"|(?:anfangs|end|schluss|start|alter|neuer|anfangs|abschluss|eroffnungs|zwischen|gesamt) ?(?:saldo|konto ?stand)"
    r"|saldovortrag|ubertrag"
    r"|saldo|kontostand"
    r"|(?:ancien|nouveau) solde"
    r"|solde (?:initial|final|precedent|anterieur|crediteur|debiteur|au|de cloture|d ouverture)"
    r"|report a nouveau"
    r"|saldo (?:anterior|inicial|final|atual|do dia|iniziale|finale|contabile|poczatkowe|koncowe|precedente|disponivel)"
    r"|(?:begin|eind)saldo|zustatek|(?:pocatecni|konecny) zustatek|ingaende (?:saldo|balans)"
    r"|utgaende saldo|inngaende saldo"
    r"|(?:входящии|исходящии) остаток|остаток(?: на .*)?|devir(?: bakiye)?|nyito egyenleg|zaro egyenleg"
    r"|期初余额|期末余额|上期余额|承前|承前余额|上期结余|前月繰越|繰越|前期繰越|이월)"
    r"(?: (?:as of|per|am|vom|zum|on|at|au|al|del|a|na|na dzien|ke|по состоянию на))?[ \d]*"
)
TOTALS = re.compile(
    r"(?:sub ?totals?|totals?|grand total|sum|summe|gesamt|gesamtsumme|gesamtbetrag|zwischensumme|total general"
    r"|totale|totaux|totales"
    r"|somme|suma|razem|podsumowanie|totaal|celkem|spolu|summa|yhteensa|i alt|итого|всего|toplam|osszesen|ukupno"
    r"|合计|合计金额|合計|小计|小計|总计|總計|総計|総合計|本页合计|计|計|합계|총계)\b.*"
)


STATE = re.compile(  # what any of these has in it
    r"alance|ALANCE|aldo|ALDO|olde|OLDE|orward|ORWARD|stand|STAND|статок|СТАТОК|gyenleg|余额|繰越|承前|结余|이월|ůstatek|stav"
    r"|b/f|c/f|B/F|C/F"
    r"|evir|EVIR|rtrag|RTRAG|pening|à nouveau|alans"
)


def _words(text: str, meaning) -> dict[str, object]:
    return {word: meaning for part in re.split(r"[|\n]", text) for word in {part, normal(part)} if word}


@cache
def directions() -> dict[str, Sign | Kind]:
    """Words that say out or in."""
    return (
        _words(NEUTRAL, Kind.NEUTRAL)
        | _words(TRANSFER, Kind.TRANSFER)
        | _words(OUT, Sign.ALL_OUT)
        | _words(IN, Sign.ALL_IN)
    )


@cache
def statuses() -> dict[str, Kind]:
    """Words that say it has not happened, or not yet."""
    return _words(PENDING, Kind.PENDING) | _words(CLOSED, Kind.CLOSED)


@cache
def direction(cell: str) -> Sign | Kind | None:
    """What a cell says about which way the money went."""
    text = cell.strip().casefold()
    return directions().get(text) or directions().get(normal(cell))


@cache
def status(cell: str) -> Kind:
    """What a cell says about whether it happened."""
    return statuses().get(normal(cell), Kind.BOOKED)


def is_state(text: str) -> bool:
    """Whether the text speaks of a balance, and not of a movement."""
    return len(text) < 80 and bool(STATE.search(text)) and bool(STATES.fullmatch(normal(text)))


def is_total(text: str) -> bool:
    """Whether the text begins like that of a row of totals."""
    return len(text) < 80 and bool(TOTALS.match(normal(text)))
