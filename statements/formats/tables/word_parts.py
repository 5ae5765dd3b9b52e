"""Words within the names of columns, which decide where the whole name is not in ``words.py``."""

from statements.formats.tables.dialects import Role

# A column with such a word in its name speaks of another currency or account than that of the row.
FOREIGN = """original|originale|foreign|fremdwährung|fremdwaehrung|ursprünglich|ursprungsbetrag|ursprungswährung
local|lokal|exchange|wechselkurs|kurs|course|rate|cambio|cours|étranger|origine|origen|extranjera
vreemde|původní|pôvodná|eredeti|devizaösszeg|cashback|кэшбэк|бонусы|bonus|reward|rewards|points|tax
vat|mwst|ust|tva|iva|округление|округлением|rounding|交易地金额|外币|外貨|现地|現地通貨額|通貨略称
換算レート|target|transfer|converted|budget|limit|due|birth|expiry|instruktions|compensation
price per|quantity|qty|units price"""

# With such a word in it a name is that of a number or an address, and not of a person or a text.
NUMBERS = """number|account|iban|bic|konto|kontonummer|no|nr|id|city|country|code|address|adresse|adres|zip|phone|compte
rekening|rachunek|rachunku|numer|účet|účtu"""

# The column of who pays, beside one of who is paid.
PAYERS = """payer|payer name|zahlungspflichtige*r|zahlungspflichtiger|auftraggeber|sender|absender|ordenante|ordinante
nadawca|avsändare|maksaja|débiteur|expéditeur"""

# A part of a name that decides where the whole is not known; the first that is found counts.
PARTS: dict[Role, str] = {
    Role.CURRENCY: """currency|währung|devise|waluta|měna|валюта|币种|通貨|moneda|divisa""",
    Role.DATE: """date|datum|fecha|dato|日期|日付|年月日|利用日|дата|tarih|dátum|pvm|päivä|거래일|dátuma""",
    Role.BALANCE: """balance|saldo|solde|kontostand|zůstatek|zostatok|余额|残高|остаток|bakiye|egyenleg""",
    Role.DEBIT: """debit|withdrawal|withdrawals|débit|paid out|money out|soll|belastung|支出|支払い|出金
    списание|ausgaben|cargo|addebito|addebiti|uscite|ご利用額|debet|obciążenia""",
    Role.CREDIT: """credit|deposit|deposits|crédit|paid in|money in|haben|gutschrift|收入|預かり|入金|払戻
    зачисление|einnahmen|abono|accredito|accrediti|entrate|uznania|kredit""",
    Role.AMOUNT: """amount|betrag|umsatz|montant|importe|importo|kwota|bedrag|belopp|beløb|beløp|částka
    сумма|tutar|tutarı|összeg|金额|金額|monto|summa|iznos""",
    Role.STATUS: """status|状态""",
    Role.CATEGORY: """category|kategorie|catégorie|categoria|categoría|категория""",
    Role.PAYEE: """merchant|payee|beneficiary|empfänger|beneficiario|odbiorca|tegenpartij|店舗|店名""",
    Role.TEXT: """description|verwendungszweck|libellé|concepto|omschrijving|beschreibung|opis|descrizione
    описание|摘要|备注|内容|narration|particulars|remarks|memo|descripción|beskrivelse
    beskrivning""",
}
