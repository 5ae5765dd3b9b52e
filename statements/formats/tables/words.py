"""The words that banks and apps write over their columns, and what they mean.

They are brought to their normal form (``headers.normal``) when they are looked up, so case, accents and marks do not
matter. Within a role the earlier group is preferred where a file has columns of several. Words are separated by | or a
line's end; the same word may be in two roles, and what the column holds then decides.
"""

from statements.formats.tables.dialects import Role

# Whole names of columns, by role and preference.
NAMES: dict[Role, tuple[str, ...]] = {
    Role.DATE: (
        # when it was bought or done
        """transaction date|transaction day|trans date|trans. date|tran date|txn date|date of transaction
        completed date|date completed|completed date utc|date completed utc|completed|finished on
        purchase date|date of purchase|date operation|date d'opération|date de l'opération|date opération
        date de transaction|date d'achat|date transaction|transaktionsdatum|umsatzdatum|belegdatum|kaufdatum
        einkaufsdatum|datum des kaufs|fecha operación|fecha de operación|fecha de la operación|f. operación
        fecha operacion|fecha de compra|fecha transacción|fecha de transacción|data operazione
        data dell'operazione|data transazione|data movimento|data da transação|data da compra
        data da operação|data mov.|data transakcji|data operacji|transactiedatum|datum transactie
        datum transakce|datum provedení|datum uskutečnění|inköpsdatum|köpdatum|kjøpsdato|transaksjonsdato
        transaktionsdato|købsdato|tapahtumapäivä|ostopäivä|дата операции|дата транзакции
        дата совершения операции|дата и время операции|işlem tarihi|tranzakció dátuma|tranzakció időpontja
        tranzakció ideje|vásárlás dátuma|交易日期|交易日|交易时间|交易日期时间|消费日期|交易時間|消費日
        取引日|取引年月日|ご利用日|利用日|ご利用年月日|利用年月日|お取引日|お取引日付|ご利用日時|利用日時
        거래일|거래일시|거래일자|이용일|이용일자|tanggal transaksi|data tranzacției|data tranzactiei
        datum transakcije|ngày giao dịch""",
        # plain
        """date|datum|fecha|data|dato|päivä|päivämäärä|päiväys|pvm|dátum|dátum a čas|дата|дата и время|tarih
        日期|日付|日時|年月日|时间|時間|날짜|일자|日付時刻|jour|dt|day|when|date time|datetime|date and time
        date/time|date & time|time|timestamp|zeit|datum/uhrzeit|datum zeit|fecha y hora|fecha hora
        data e hora|data ora|data i godzina|created|created at|created on|date utc|created utc|expense date
        date of expense|spent on|ημερομηνία|תאריך|التاريخ|วันที่|tanggal|ngày|data lançamento
        data do lançamento|tarih/saat|tarih saat|kuupäev|datums""",
        # when it was booked
        """booking date|posting date|posted date|post date|date posted|posted|posted on|booked|booked on
        booked at|date booked|settlement date|settled date|process date|processed date|processed on
        entry date|accounting date|clearing date|buchungstag|buchungsdatum|buchung|gebucht am|buchungstermin
        date de comptabilisation|date comptable|date d'écriture|date compta|date d'enregistrement
        date de traitement|date de règlement|date d'exécution|dateop|date op|dateval|date op.|date débit
        fecha contable|f. contable|fecha de registro|fecha apunte|fecha movimiento|fecha de movimiento
        fecha mov.|fecha de asiento|fecha mov|data contabile|data registrazione|data di registrazione
        data contabilizzazione|data addebito|data contábil|data de lançamento|data lanc.|data do movimento
        data księgowania|data zaksięgowania|boekdatum|boekingsdatum|uitvoeringsdatum|datum van verrichting
        datum boeking|datum zaúčtování|datum účtování|datum zaučtování|dátum zaúčtovania|dátum účtovania
        bokföringsdag|bokföringsdatum|bokförd|bokförd datum|bokfört|bogføringsdato|bogført|bogført dato
        bokført|bokført dato|bokføringsdato|kirjauspäivä|kirjauspvm|дата проводки|дата обработки
        дата списания|дата платежа|muhasebe tarihi|könyvelés dátuma|könyvelés napja|könyvelési dátum
        könyvelve|记账日期|记账日|入账日期|入账日|記帳日|入帳日期|記帳日期|計上日|처리일""",
        # from when it counts, or when it began
        """value date|value|val date|valuta|valutadatum|valuta datum|valutatag|wertstellung|wertstellungstag
        wertstellungsdatum|wert|wertstellung valuta|valuta dat|valutadato|rentedatum|date de valeur
        date valeur|date val|date val.|fecha valor|f. valor|fecha de valor|f.valor|data valuta|data valor
        data waluty|valutadag|valörden|rentedato|arvopäivä|дата валютирования|valör|valör tarihi|értéknap
        价值日期|起息日|started date|date started|date started utc|start date|created date|authorisation date
        authorization date|data-valor|fecha efectiva|effective date""",
    ),
    Role.AMOUNT: (
        # in the currency of the account
        """billing amount|billed amount|booked amount|posted amount|settlement amount|settled amount
        account amount|amount in account currency|abrechnungsbetrag|buchungsbetrag|betrag in kontowährung
        betrag in eur|betrag eur|montant compte|importe en cuenta|kwota w walucie rachunku
        kwota rozliczeniowa|zaúčtovaná částka|částka v měně účtu|сумма в валюте счета|сумма платежа
        сумма в валюте счёта|记账金额|入账金额|人民币金额|結算金額|结算金额|入帳金額|請求額|ご請求額
        今回ご請求額|請求金額|net|net amount|netto|amount net""",
        # plain
        """amount|amt|value|sum|total|betrag|umsatz|summe|montant|montant de l'opération|montant opération
        importe|importo|valor|monto|kwota|bedrag|belopp|beløb|beløp|summa|määrä|eur määrä|částka|čiastka|suma
        objem|сумма|сума|tutar|işlem tutarı|összeg|iznos|sumă|ποσό|金额|金額|금액|amount spent|total amount
        transaction value|value of transaction|umsatzbetrag|gesamtbetrag|geldbetrag|betrag brutto
        brutto|gross|gross amount|importe total|valor total|zahlungsbetrag|amount money|amount (total)|jumlah
        nominal|số tiền|summe des umsatzes|mutatiebedrag|movimento|movimiento|amount after|valoare|summa eur
        belopp sek|beløb dkk""",
        # of the purchase, maybe in another currency
        """price|unit price|preis|prix|precio|transaction amount|operation amount|amount of transaction
        transaktionsbetrag|montant de la transaction|montant transaction|importe operación|importe de la operación
        importo operazione|importo transazione|valor da transação|valor da operação|kwota transakcji
        kwota operacji|transactiebedrag|částka transakce|сумма операции|сумма транзакции|tranzakció összege
        交易金额|交易金額|거래금액|이용금액|ご利用金額|利用金額|利用金額(税込)|取引金額|取引額|交易额
        transaksjonsbeløp|transaktionsbeløb|txn amount|trans amount|tran amount""",
    ),
    Role.DEBIT: (
        """debit|debits|debit amount|debit amt|amount debit|amount debited|withdrawal|withdrawals
        withdrawal amount|withdrawal amt|withdrawn|paid out|money out|out|outflow|outgoing|outgoings
        payments out|spent|spending|amount out|spend|expense|expenses|expense amount|money spent|paid
        cash out|charge|charges|soll|belastung|belastungen|ausgabe|ausgaben|ausgang|abgang|lastschrift
        lastschriften|belastung in chf|auszahlung|débit|débits|débit euros|montant débit|dépense|dépenses
        sorties|retraits|retrait|debe|cargo|cargos|cargo(s)|retiro|retiros|débito|débitos|gasto|gastos|egreso
        egresos|pagos|dare|addebito|addebiti|uscita|uscite|spesa|spese|saída|saídas|saidas|despesa|despesas
        obciążenia|obciążenie|wydatki|wydatek|wydatki kwota|kwota obciążenia|af|uit|uitgaven|uitgave|debet
        debetbedrag|výdaj|výdaje|výdej|odchozí|na vrub|vydání|utgift|utgifter|uttag|ut|ut fra konto
        ut av konto|utbetaling|ud|hævet|udgift|udgifter|meno|menot|veloitus|расход|расходы|списание|дебет
        сумма расхода|gider|borç|borç tutarı|terhelés|kiadás|kiadások|支出|支出金额|支出額|支出金額|支払
        支払い|支払金額|支払い金額|お支払金額|お支払い金額|お引出し|お引き出し|引出|出金|出金額|出金金額
        お引出金額|ご利用額|利用額|借方|借方金额|借方发生额|付款金额|交易金额(支出)|출금|출금액|찾으신금액
        支取|转出金额|debit(-)|keluar|dr|dr amount|withdrawal dr|debit card|payment amount out""",
        """交易支出""",
    ),
    Role.CREDIT: (
        """credit|credits|credit amount|credit amt|amount credit|amount credited|deposit|deposits|deposit amount
        deposit amt|paid in|money in|in|inflow|incoming|payments in|received|amount in|lodgement|lodgements
        income|income amount|refund|refunds|haben|gutschrift|gutschriften|einnahme|einnahmen|eingang|zugang
        einzahlung|crédit|crédits|crédit euros|montant crédit|recette|recettes|revenu|revenus|entrées|dépôt
        dépôts|versements|haber|abono|abonos|abono(s)|depósito|depósitos|crédito|créditos|ingreso|ingresos
        avere|accredito|accrediti|entrata|entrate|ricavo|entrada|entradas|receita|receitas|uznania|uznanie
        wpływy|wpływ|przychody|przychód|kwota uznania|bij|inkomsten|creditbedrag|příjem|příjmy|příchozí
        ve prospěch|inkomst|inkomster|insättning|insättningar|inn|inn på konto|innbetaling|ind|indsat|indtægt
        indtægter|tulo|tulot|hyvitys|приход|доход|доходы|поступление|зачисление|пополнение|кредит
        сумма прихода|gelir|alacak|alacak tutarı|jóváírás|bevétel|bevételek|收入|收入金额|存入|存入金额
        預かり|預り|預かり金額|お預かり金額|預入|お預入れ|お預け入れ|入金|入金額|入金金額|貸方|贷方|贷方金额
        贷方发生额|収入|收款金额|交易金额(收入)|払戻額|返金額|입금|입금액|맡기신금액|转入金额|credit(+)|masuk
        cr|cr amount|deposit cr""",
    ),
    Role.FEE: (
        """fee|fees|fee amount|transaction fee|total fees|gebühr|gebühren|frais|commission|commissions|comisión
        comisiones|commissione|commissioni|taxa|taxas|tarifa|opłata|prowizja|kosten|poplatek|poplatky|avgift
        gebyr|gebyrer|комиссия|komisyon|díj|手续费|手数料|服务费|charges fee|service charge""",
    ),
    Role.BALANCE: (
        """balance|running balance|runningbalance|running bal.|running bal|account balance|saldos|available balance
        closing balance|balance after|balance after transaction|bal|ledger balance|new balance
        resulting balance|current balance|saldo|kontostand|saldo nach buchung|saldo nach umsatz|solde
        solde après|solde après opération|saldo posterior|saldo contable|saldo disponible|saldo contabile
        saldo progressivo|saldo após|saldo final|saldo po operacji|saldo po transakcji|saldo na mutatie
        saldo na trn|saldo na boeking|saldo po|zůstatek|zostatok|zůstatek po|behållning|bokfört saldo
        resterande|disponibelt|saldo konto|tilin saldo|остаток|баланс|остаток по счету|bakiye|egyenleg
        könyvelt egyenleg|余额|餘額|帐户余额|账户余额|本次余额|联机余额|交易后余额|残高|差引残高|差引き残高
        残額|잔액|거래후잔액|거래후 잔액|保有残高|sold|stanje|υπόλοιπο|saldo akhir|số dư|kalan bakiye""",
    ),
    Role.CURRENCY: (
        # of the account
        """billing currency|account currency|currency of account|settlement currency|buchungswährung
        kontowährung|devise du compte|waluta rachunku|měna účtu|валюта платежа|валюта счета|валюта счёта
        记账币种|结算币种|入账币种""",
        # plain
        """currency|currency code|currencycode|ccy|curr|curr.|cur|iso currency|währung|waehrung|whg|whg.|devise
        monnaie|monn.|monn|divisa|moneda|valuta|valuta code|moeda|waluta|munt|muntsoort|valutakode|valuuta
        měna|mena|валюта|para birimi|döviz|döviz cinsi|devizanem|pénznem|币种|币别|幣別|货币|貨幣|交易币种
        通貨|통화|transaction currency|валюта операции|waluta transakcji|waluta operacji|měna transakce
        monedă|mata uang""",
    ),
    Role.PAYEE: (
        """payee|payee name|merchant|merchant name|merchantname|vendor|store|store name|shop|beneficiary
        beneficiary name|recipient|counterparty|counter party|counterparty name|counter party name
        partner name|partner|name|to|paid to|payer/payee|payee/payer|to/from|from/to|name / description
        naam / omschrijving|name of counterparty|empfänger|empfänger/zahlungspflichtiger|begünstigter
        begünstigter/zahlungspflichtiger|beguenstigter/zahlungspflichtiger|auftraggeber/empfänger
        auftraggeber/beguenstigter|auftraggeber / begünstigter|auftraggeber/begünstigter
        name zahlungsbeteiligter|zahlungsbeteiligter|zahlungsempfänger|zahlungsempfänger*in
        zahlungsempfänger:in|zahlungspflichtiger|zahlungspflichtige*r|gläubiger|händler|händlername
        empfängername|auftraggeber|partnername|kontrahent|gegenpartei|sender / empfänger|sender|von|an
        buchungspartner|name des partners|name des empfängers|absender/empfänger|einkaufsort|geschäft
        bénéficiaire|tiers|nom|commerçant|marchand|nom du bénéficiaire|nom du tiers|nom de la contrepartie
        contrepartie|nom contrepartie contient|enseigne|créancier|débiteur|fournisseur|beneficiario
        beneficiario/ordenante|ordenante|comercio|destinatario|establecimiento|nombre|contraparte|proveedor
        esercente|controparte|ordinante/beneficiario|negozio|beneficiário|favorecido|estabelecimento|loja
        destinatário|odbiorca|nadawca/odbiorca|nadawca / odbiorca|odbiorca/zleceniodawca|nazwa odbiorcy
        dane kontrahenta|nazwa kontrahenta|nadawca|kontrahent nazwa|naam|naam tegenpartij|tegenpartij
        naam/omschrijving|begunstigde|naam begunstigde|winkel|mottagare|mottagare/avsändare|motpart
        betalningsmottagare|avsändare|mottaker|mottager|modtager|butik|beløbsmodtager|saaja|saaja/maksaja
        saajan nimi|maksaja|vastaanottaja|příjemce|název protiúčtu|název účtu protistrany|jméno protistrany
        protistrana|obchodník|název obchodníka|místo|název příjemce/plátce|název protistrany|příjemca
        názov protiúčtu|получатель|контрагент|торговая точка|продавец|alıcı|karşı taraf|iş yeri|işyeri
        kedvezményezett|kedvezményezett neve|partner neve|ellenoldali név|kereskedő|partner elnevezése
        交易对方|交易场所|交易地点|对方户名|对方账户名|对方名称|商户名称|商户|收款人|商家|对方|交易對方
        商戶名稱|利用店舗|ご利用店名|利用店名|ご利用店名・商品名|利用店名・商品名|利用店|お店|店名|支払先
        ご利用箇所|ご利用先|利用先|お支払先|加盟店名|가맹점|가맹점명|거래처|받는분|보낸분/받는분|거래점
        merchant/payee""",
    ),
    Role.TEXT: (
        # what it was
        """description|desc|descript|details|detail|transaction details|transaction description|transaction
        transactions|narration|narrative|particulars|transaction particulars|transaction remarks|remarks
        remark|memo|note|notes|comment|comments|purpose|payment details|payment purpose|booking text
        payment reference|message|title|item|what|subject|label|original description|full description
        extended description|extended details|appears on your statement as|spending category description
        additional description|information|text|description 1|description 2|description 3|description1
        description2|description3|narrative #1|reference text|memo/description|statement description
        bank reference text|code/particulars|verwendungszweck|buchungstext|buchungsdetails|beschreibung
        bezeichnung|zahlungszweck|buchungsinformation|zahlungsreferenz|vorgang/verwendungszweck|umsatztext
        notiz|notizen|bemerkung|bemerkungen|kommentar|details zur buchung|mitteilung|beschreibung 1
        beschreibung1|beschreibung2|beschreibung3|beschreibung 2|beschreibung 3|avisierungstext
        transaktionsdetails|verwendungszweckzeile 1|verwendungszweckzeile 2|hinweis|anmerkung|nachricht|titel
        transaktionsbeschreibung|zweck|artikel|libellé|libelle|libellé opération|libellé de l'opération
        libelle operation|libellé simplifié|libelle simplifie|libellé complet|libellé interne|libellé court
        détail|détails|détail de l'écriture|nature de l'opération|nature|description de l'opération
        communication|communications|informations complémentaires|détails de la transaction
        détail transaction|motif|référence interne de l'opération|commentaire|intitulé
        intitulé de l'opération|motif versement|mode de paiement texte|concepto|descripción
        descripción operación|movimiento concepto|observaciones|detalle|más datos|comentario|texto
        referencia texto|información adicional|concepto ampliado|glosa|descrizione|descrizione operazione
        causale|dettagli|descrizione estesa|operazione|oggetto|note operazione|descrição|descricao|histórico
        historico|detalhe|detalhes|lançamento|lancamento|identificador texto|título|movimento descrição
        observação|descrição do movimento|opis|opis operacji|opis transakcji|tytuł|tytułem|szczegóły
        tytuł operacji|tytuł przelewu|szczegóły transakcji|opis-dodatkowy|opis zdarzenia|dane operacji
        omschrijving|mededeling|mededelingen|vrije mededeling|omschrijving-1|omschrijving-2|omschrijving-3
        details van de verrichting|naam/omschrijving tekst|toelichting|beskrivning|text/mottagare|meddelande
        rubrik|transaktionstext|transaktion|transaktionstyp text|specifikation|beskrivelse|tekst|forklaring
        melding|melding/kid/fakt.nr|posteringstekst|teksti|selite|viesti|tapahtuma|kuvaus|viitetieto
        saajan viesti|otsikko|popis|poznámka|zpráva|zpráva pro příjemce|zpráva pro mne|zpráva pro mě
        popis transakce|popis operace|správa pre prijímateľa|informácia pre príjemcu|popis obchodu
        vlastní poznámka|описание|назначение платежа|описание операции|комментарий|примечание
        содержание операции|детали|наименование операции|основание|açıklama|işlem açıklaması|işlem
        açıklamalar|közlemény|megnevezés|leírás|megjegyzés|tranzakció leírása|narratíva|摘要|交易摘要|备注
        附言|商品|商品说明|说明|用途|描述|交易描述|交易说明|交易名称|备考|備註|說明|明細|摘要内容|メモ|内容
        取引内容|ご利用内容|備考|お取引内容|概要|利用内容|品名|적요|내용|메모|비고|통장표시내용|기재내용
        uraian|keterangan|diễn giải|nội dung|detalii tranzacție|detalii tranzactie|descriere|opis placanja
        περιγραφή|תיאור|transaktionsinfo|transactie|buchungs info|uživatelská identifikace|upřesnění
        お取り扱い内容|取扱内容|お取扱内容""",
        # only where there is nothing better
        """reference|customer reference|ref|referenz|kundenreferenz|référence|referencia|riferimento|referência
        referencje|viite|reference number|cheque number|check number|bank reference|kid|structured message
        gestructureerde mededeling|category text|type of payment""",
    ),
    Role.ID: (
        """id|transaction id|transactionid|transaction identifier|transaction reference id|transaction unique id
        unique id|unique transaction id|transferwise id|fitid|tx id|txid|txn id|operation id|payment id
        entry id|entry reference|transaktions-id|transaktionscode|transaktionsnummer|transaktionsnr.
        transaktions-nr.|umsatz-id|buchungs-id|buchungsreferenz|n° de transaction|no de transaction
        numéro de transaction|id transaction|identifiant|identifiant de la transaction|id de transacción
        id transacción|id operación|id transazione|id operazione|id da transação|identificador|id transakcji
        id operacji|numer transakcji|numer referencyjny|transactie-id|transactie id|transactienummer
        transactiereferentie|id transakce|id operace|id pohybu|id transakcie|transaktions id|transaksjons-id
        arkivreferens|arkistointitunnus|arkistotunnus|идентификатор операции|номер операции|номер транзакции
        id операции|tranzakció azonosító|tranzakció azonosítója|banki tranzakció azonosító|işlem no
        işlem numarası|fiş/dekont no|dekont no|交易单号|交易订单号|交易流水号|流水号|交易号|交易序号|取引番号
        거래번호|order id|archive id|authorization id|rrn|zkb reference|utr""",
    ),
    Role.DIRECTION: (
        """credit/debit|debit/credit|credit / debit|debit / credit|debit or credit|credit or debit
        credit debit indicator|credit/debit indicator|debit/credit indicator|d/c|c/d|dr/cr|cr/dr|dr / cr|dc
        cd|cr dr|in/out|direction|sign|+/-|soll/haben|s/h|soll/haben-kennzeichen|sh|haben/soll
        debitore/creditore|dare/avere|debe/haber|débit/crédit|sens|signe|signo|segno|af bij|af/bij
        debet/credit|debet/kredit|bij/af|credit/debet|в/р|приход/расход|расход/приход|kierunek|收/支|收支
        收支类型|收支類型|收支方向|借贷|借贷标志|借贷标识|借贷方向|收/付|収支|収支区分|入出金|入払区分|in out
        debit credit|credit debit|cdtdbtind|inflow/outflow|money in/out|borç/alacak|b/a|income/expense
        expense/income|einnahme/ausgabe|ausgabe/einnahme|směr|smer|směr platby|irány|terhelés/jóváírás|d / c
        transaction type (d/c)|drcr|dr|cr/db""",
    ),
    Role.STATUS: (
        """status|state|statetype|transaction status|transaction state|booking status|buchungsstatus|statut|état
        estado|estado da transação|stato|stav|stato operazione|tila|статус|статус операции|durum|állapot|状态
        当前状态|交易状态|狀態|交易狀態|ステータス|상태|info|pending|umsatzstatus|status transakcji
        status operacji|reserverat|未資金化区分|státusz""",
    ),
    Role.KIND: (
        """type|transaction type|transactiontype|kind|txn type|tran type|entry type|payment type
        type of transaction|record type|row type|transaction code|booking type|art|umsatzart|umsatztyp
        buchungsart|transaktionstyp|transaktionsart|vorgang|zahlungsart|geschäftsvorfall|type d'opération
        type opération|type de transaction|type operation|tipo|tipo de operación|tipo operación
        tipo movimiento|tipo de movimiento|tipo movimento|tipo operazione|tipo transazione|tipo de transação
        tipo de lançamento|tipo transação|typ|typ transakcji|rodzaj transakcji|typ operacji|rodzaj operacji
        type transactie|mutatiesoort|soort|transactietype|boeksoort|transaksjonstype|transaktionstype
        tapahtumalaji|laji|typ transakce|typ pohybu|typ operace|тип|тип операции|вид операции|işlem tipi
        işlem türü|tür|típus|tranzakció típusa|tranzakció jellege|forgalom típusa|交易类型|类型|交易類型|類型
        業務類型|业务类型|记录类型|取引区分|種別|取引種別|利用区分|区分|お取引種類|取引種類|거래구분|구분
        거래종류|tipe|cashflow|income/expense type""",
    ),
    Role.ACCOUNT: (
        """account|account name|account number|account no|account no.|account id|my account|from account
        own account|acctname|account iban|iban|bank account|auftragskonto|konto|kontoname|kontobezeichnung
        kontonummer|iban auftragskonto|eigenes konto|bezeichnung auftragskonto|compte|numéro de compte
        nom du compte|libellé du compte|comptenum|accountnum|accountlabel|cuenta|número de cuenta
        cuenta origen|conto|numero conto|conta|número da conta|rachunek|numer rachunku|konto własne|rekening
        rekeningnummer|mijn rekening|iban/bban|kontonr|tili|tilinumero|číslo účtu|účet|číslo účtu klienta
        vlastní účet|счет|номер счета|счёт|номер счёта|hesap|hesap no|hesap adı|számla|számlaszám
        könyvelési számla|账户|帐户|帳戶|账号|口座|口座番号|계좌|계좌번호|wallet|produit|product account|card
        card no|card no.|card number|cardid|card id|card used|card used for transaction|kartennummer|karte
        numéro de carte|número de tarjeta|numer karty|kortnummer|номер карты|kart no|卡号|卡号末四位|借记卡号
        カード番号|카드번호|first bank card|source account""",
    ),
    Role.CATEGORY: (
        # main
        """category|categories|main category|spending category|expense category|category name|class|kategorie
        hauptkategorie|catégorie|catégories|category parent|catégorie parente|categoria|categoría|kategoria
        kategoria transakcji|kategori|kategoria wydatku|categorie|rubriek|kategoria nazwa|luokka
        kategorie transakce|категория|类别|分类|类目|カテゴリ|カテゴリー|費目|大項目|카테고리|kategória
        交易分类|一级分类|budget category""",
        # below it
        """subcategory|sub category|sub-category|subcategory name|unterkategorie|sous-catégorie|sous catégorie
        subcategoría|subcategoria|sottocategoria|podkategoria|subcategorie|underkategori|podkategorie
        подкатегория|子类别|二级分类|子分类|中項目|小カテゴリ|alkategória""",
    ),
    Role.TAGS: (
        """tags|tag|labels|label names|schlagwörter|étiquettes|etiquetas|etichette|tagi|метки|标签|タグ|태그""",
    ),
}
