import pytest

from statements.formats.lines import Kind
from statements.tests.formats.made import everything, only, reading, rows

ENTRY = ":61:2403010301D45,00NTRFNONREF\n:86:Shop\n"


def mt940(
    entries: str = ENTRY,
    before: str = ":20:X\n:25:DE1/77\n:28C:1/1\n:60F:C240229EUR100,00\n",
    end: str = "\n-\n",
) -> str:
    return f"{before}{entries}:62F:C240301EUR55,00{end}"


@pytest.mark.parametrize(
    "data",
    [
        mt940(),
        mt940(end=""),
        mt940().replace("\n", "\r\n"),
        "{1:F01BANKXXX0000000000}{2:I940BANKXXN}{4:\n" + mt940(end="\n-}{5:{CHK:1}}\n"),
        "{1:F01BANKXXX0000000000}{2:I940BANKXXN}{4:" + mt940(),
        "BANKNL2A\n940\nBANKNL2A\n" + mt940(),
        "\n\n" + mt940(),
        mt940(before=":60M:C240229EUR100,00\n"),
        mt940(before=":20:X\n:25:DE1\n:28C:1\n:34F:EURD0,\n:13D:2403011200+0100\n"),  # MT942
        mt940().encode("utf-16"),
    ],
    ids=range(10),
)
def test_a_file_is_read_however_it_is_written(data):
    assert rows(data) == [("2024-03-01", "-45.00", "", "Shop")]


@pytest.mark.parametrize(
    ("entry", "amount", "kind"),
    [
        ("D5,NTRF", "-5", Kind.BOOKED),
        ("C5,5NTRF", "5.5", Kind.BOOKED),
        ("DR5,00NTRF", "-5.00", Kind.BOOKED),  # R is the last letter of EUR
        ("CN0,01NTRF", "0.01", Kind.BOOKED),
        ("RC5,00NTRF", "-5.00", Kind.BOOKED),
        ("RCR5,00NTRF", "-5.00", Kind.BOOKED),
        ("RD5,00NTRF", "5.00", Kind.BOOKED),
        ("ED5,00NTRF", "-5.00", Kind.PENDING),
        ("C000000001000,00S020", "1000.00", Kind.BOOKED),
    ],
)
def test_the_mark_says_which_way_the_money_went(entry, amount, kind):
    line = only(mt940(f":61:2403010301{entry}NONREF\n"))
    assert (str(line.amount), line.kind) == (amount, kind)


def test_the_value_date_counts_whatever_year_the_booking_date_falls_in():
    lines = everything(mt940(":61:2312310102D1,00NTRF\n:61:2401021231D1,00NTRF\n:61:990102D1,00NTRF\n"))
    assert [line.date.isoformat() for line in lines] == ["2023-12-31", "2024-01-02", "1999-01-02"]


def test_a_thirtieth_of_february_is_its_last_day_and_said_so():
    read = reading(mt940(":61:2302300301D6,00NMSC\n"))
    assert next(read.lines).date.isoformat() == "2023-02-28"
    assert [str(text) for text in read.warnings] == [
        "Line 5 is dated 30 February; it is taken as the last day of that month."
    ]


def test_numbered_information_is_taken_apart():
    about = (
        "105?00SEPA-LASTSCHRIFT?109310?20EREF+12345?21MREF+M1?22CRED+DE98ZZZ00000000001?23SVWZ+Rechnung Nr. 77 vom\n"
        " 01?24.2024 Danke?30DEUTDEFF?31DE12500700100000000000?32Stadtwerke Musterstadt am S?33ee GmbH?34992"
    )
    found = rows(mt940(f":61:240304D45,99NDDT\n:86:{about}\n"))
    assert found == [
        (
            "2024-03-04",
            "-45.99",
            "Stadtwerke Musterstadt am See GmbH",
            "SEPA-LASTSCHRIFT Rechnung Nr. 77 vom 01.2024 Danke",
        )
    ]


def test_polish_banks_number_with_a_tilde():
    about = "020~00BT34\n~20Zakup kartą\n~21 WARSZAWA\n~3010901014~32BIEDRONKA\n~33 POLSKA"
    data = mt940(f":61:240301D45,00S020\n:86:{about}\n").replace("EUR", "PLN").encode("cp1250")
    assert rows(data) == [("2024-03-01", "-45.00", "BIEDRONKA POLSKA", "BT34 Zakup kartą WARSZAWA")]


@pytest.mark.parametrize(
    ("about", "payee", "text"),
    [
        (
            "/EREF/X1/BENM//NAME/CONTRA ACCOUN\nT HOLDER/REMI/Rent May/ISDT/2024-03-01",
            "CONTRA ACCOUNT HOLDER",
            "Rent May",
        ),
        ("/EREF/E//CNTP/NL32INGB0/INGBNL2A/J.Janssen///REMI/USTD//Invoice 7/", "J.Janssen", "Invoice 7"),
        ("/TRTP/SEPA OVERBOEKING/IBAN/NL1/NAME/Shop", "Shop", "SEPA OVERBOEKING"),
        ("166?00GUTSCHRIFT?20Invoice 7?21of May?32Jane?33Doe", "Jane Doe", "GUTSCHRIFT Invoice 7 of May"),
        ("free text\n over lines", "", "free text over lines"),
    ],
)
def test_information_of_other_kinds_is_taken_apart(about, payee, text):
    line = only(mt940(f":61:240301D45,00NTRF\n:86:{about}\n"))
    assert (line.payee, line.text) == (payee, text)


def test_without_information_the_entry_itself_says_something():
    assert only(mt940(":61:240301D45,00NTRFABC 1//B77\nCard payment\n")).text == "Card payment"
    assert only(mt940(":61:240301D45,00NTRFABC 1//B77\n")).text == "ABC 1"


def test_account_currency_and_reference_come_along():
    line = only(mt940(":61:240301D45,00NTRFNONREF//B77\n"))
    assert (line.account, line.currency, line.bank_id) == ("DE1/77", "EUR", "B77")
    assert only(mt940(":61:240301D45,00NTRFX//NONREF\n")).bank_id == ""


def test_several_statements_keep_their_accounts_apart():
    second = mt940().replace("EUR", "CHF").replace("DE1/77", "/CH2")
    assert [(line.account, line.currency) for line in everything(mt940() + second)] == [
        ("DE1/77", "EUR"),
        ("CH2", "CHF"),
    ]


def test_the_text_below_a_statement_belongs_to_no_entry():
    assert only(mt940(end="\n:64:C240301EUR1,\n:86:D000001C000000\n-\n")).text == "Shop"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (":61:garbage\n", "“garbage” is not an entry of a statement."),
        (":61:2413010301D45,00NTRF\n", "The date “241301” does not exist."),
        (":61:2402310301D45,00NTRF\n", "The date “240231” does not exist."),
        (":61:240301D4x5,00NTRF\n", "“240301D4x5,00NTRF” is not an entry of a statement."),
        (":61:240301D4,5,NTRF\n", "“4,5,” is not an amount."),
    ],
)
def test_a_bad_entry_is_named_by_its_line(bad, reason):
    assert rows(mt940(ENTRY + bad + ENTRY))[1] == ("7", reason)


@pytest.mark.parametrize(
    ("upto", "reason"),
    [
        ("REF\n:86:", "The file ends inside this entry; it is incomplete."),
        ("op\n:62F", "The file ends before the closing balance; it is incomplete."),
        ("00\n-", "The file ends before the closing balance; it is incomplete."),
    ],
)
def test_a_file_that_is_cut_off_says_so(upto, reason):
    assert rows(mt940()[: mt940().index(upto)])[-1][1] == reason


def test_a_field_out_of_place_is_warned_of():
    read = reading(mt940(ENTRY.replace(":86:", ":25:")))
    assert next(read.lines).account == "DE1/77"
    list(read.lines)
    assert [str(text) for text in read.warnings] == [
        "Line 6 names an account in the middle of the entries; it was ignored."
    ]
