import pytest

from statements.formats.lines import Kind, Unreadable
from statements.tests.formats.made import everything, only, reading, rows

HEADER = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:{}\nCHARSET:{}\nCOMPRESSION:NONE\n\n"
)
ENTRY = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105<TRNAMT>-12.50<FITID>1<NAME>Café<MEMO>two cups</STMTTRN>"
CAFE = ("2024-01-05", "-12.50", "Café", "two cups")


def ofx(entries: str = ENTRY, account: str = "<BANKACCTFROM><BANKID>1<ACCTID>77</BANKACCTFROM>") -> str:
    inner = f"<CURDEF>CAD{account}<BANKTRANLIST><DTSTART>20240101{entries}</BANKTRANLIST>"
    return f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{inner}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


def entry(**fields: str) -> str:
    values = {
        "TRNTYPE": "DEBIT",
        "DTPOSTED": "20240105",
        "TRNAMT": "-12.50",
        "FITID": "1",
        "NAME": "Hotel",
    } | fields
    return "<STMTTRN>" + "".join(f"<{tag}>{value}" for tag, value in values.items()) + "</STMTTRN>"


@pytest.mark.parametrize(
    "data",
    [
        ofx(),
        b"\xef\xbb\xbf" + (HEADER.format("UTF-8", "NONE") + ofx()).encode(),
        (HEADER.format("USASCII", "1252") + ofx()).encode("cp1252"),
        (HEADER.format("USASCII", "1252") + ofx()).encode(),  # says cp1252, is UTF-8
        (HEADER.format("USASCII", "8859-1") + ofx()).encode("latin-1"),
        (HEADER.format("UNICODE", "NONE") + ofx()).encode("utf-16"),
        (HEADER.format("UTF-8", "NONE") + ofx()).replace("\n", "\r\n"),
        HEADER.format("UTF-8", "NONE").replace("\n", " ") + ofx(),
        "\n\n" + HEADER.format("UTF-8", "NONE") + ofx().replace("><", ">\n  <"),
        ofx().replace("</STMTTRN>", ""),
        ofx().replace("<OFX>", "<ofx>").replace("STMTTRN", "stmttrn"),
        '<?xml version="1.0"?><o:OFX xmlns:o="x">' + ofx()[5:-6] + "</o:OFX>",
    ],
    ids=range(12),
)
def test_a_file_is_read_however_it_is_written(data):
    assert rows(data) == [CAFE]


def test_an_alphabet_named_in_the_header_is_believed():
    data = (HEADER.format("USASCII", "1251") + ofx(entry(NAME="Пятёрочка"))).encode("cp1251")
    assert only(data).payee == "Пятёрочка"


def test_currency_account_and_id_come_along():
    line = only(ofx())
    assert (line.currency, line.account, line.bank_id, line.kind) == ("CAD", "77", "1", Kind.BOOKED)


def test_xml_and_sgml_have_their_names():
    assert reading(ofx()).format == "ofx1-sgml"
    assert reading('<?xml version="1.0"?><?OFX OFXHEADER="200"?>' + ofx()).format == "ofx2-xml"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("-530,86", "-530.86"),
        ("  +0012.5000", "12.5000"),
        ("-1.234,56", "-1234.56"),
        ("- 1,234.5", "-1234.5"),
    ],
)
def test_amounts_keep_their_precision(written, amount):
    assert str(only(ofx(entry(TRNAMT=written))).amount) == amount


@pytest.mark.parametrize("written", ["20240105233000[-8:PST]", "2024-01-05", "20240105100000.000[0:GMT]"])
def test_the_date_is_the_one_that_is_written(written):
    assert only(ofx(entry(DTPOSTED=written))).date.isoformat() == "2024-01-05"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"TRNAMT": "$120"}, "“$120” is not an amount."),
        ({"TRNAMT": ""}, "There is no amount."),
        ({"TRNAMT": "-99999999999999999999.99"}, "The amount “-99999999999999999999.99” is too large."),
        ({"DTPOSTED": "20120231"}, "The date “20120231” does not exist."),
        ({"DTPOSTED": ""}, "There is no date."),
        ({"DTPOSTED": "soon"}, "“soon” is not a date."),
        ({"DTPOSTED": "99990101"}, "The date “99990101” cannot be right."),
    ],
)
def test_a_bad_entry_is_named_and_the_others_are_offered(fields, reason):
    assert rows(ofx(entry(**fields) + ENTRY)) == [("1", reason), CAFE]


def test_the_currency_of_an_entry_wins_but_not_the_one_it_was_converted_from():
    own, original = "<CURRENCY><CURRATE>1<CURSYM>USD</CURRENCY>", "<ORIGCURRENCY><CURSYM>EUR</ORIGCURRENCY>"
    lines = everything(ofx(entry(FITID="1" + own) + entry(FITID="2" + original)))
    assert [line.currency for line in lines] == ["USD", "CAD"]


def test_a_payee_may_be_a_group_of_fields():
    payee = "<PAYEE><NAME>Plumber<ADDR1>Street<CITY>X</PAYEE><BANKACCTTO><ACCTID>888</BANKACCTTO>"
    line = only(ofx(f"<STMTTRN><DTPOSTED>20240105<TRNAMT>-1<FITID>1{payee}<MEMO>pipes</STMTTRN>"))
    assert (line.payee, line.text, line.account) == ("Plumber", "pipes", "77")


def test_entities_and_cdata_are_text():
    assert only(ofx(entry(NAME="B&amp;amp;Q &lt;3 R&D"))).payee == "B&Q <3 R&D"
    assert only(ofx(entry(NAME="<![CDATA[B & <Q>]]>"))).payee == "B & <Q>"


def test_pending_entries_are_told_apart():
    pending = "<STMTTRNP><DTTRAN>20240106<TRNAMT>-3<NAME>Shop</STMTTRNP>"
    assert [line.kind for line in everything(ofx(ENTRY + pending))] == [Kind.BOOKED, Kind.PENDING]


def test_a_file_cut_off_inside_an_entry_says_so():
    whole = ofx(ENTRY + entry())
    assert rows(whole[: whole.rindex("<NAME>")]) == [
        CAFE,
        ("1", "The file ends inside this entry; it is incomplete."),
    ]


def test_an_id_given_twice_keeps_both_entries_and_warns():
    read = reading(ofx(ENTRY + entry()))
    assert len(list(read.lines)) == 2
    assert [str(text) for text in read.warnings] == [
        "The bank gave one id to several entries (1): all of them are kept."
    ]


def test_an_id_used_by_two_accounts_is_no_matter():
    other = ofx(account="<BANKACCTFROM><ACCTID>78</BANKACCTFROM>").removeprefix("<OFX>")
    read = reading(ofx().removesuffix("</OFX>") + other)
    assert [line.account for line in read.lines] == ["77", "78"]
    assert read.warnings == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Bad password</STATUS></SONRS></OFX>",
            "This is the bank server's error answer (code 15500) instead of a statement. "
            "Download the statement again. Bad password",
        ),
        ("<OFX><SONRS><STATUS><CODE>0</STATUS></SONRS></OFX>", "There is no statement in this OFX file."),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]>' + ofx(),
            "This file defines XML entities of its own, which no statement needs: refused.",
        ),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(content, says):
    with pytest.raises(Unreadable) as error:
        everything(content)
    assert str(error.value) == says


def test_a_statement_without_entries_is_empty():
    assert everything(ofx("")) == []
