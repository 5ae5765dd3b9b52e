import tracemalloc
from io import BytesIO

import pytest

from statements.formats import camt
from statements.formats.lines import Kind, Unreadable
from statements.tests.formats.made import everything, only, reading, rows

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
ACCOUNT = "<Acct><Id><IBAN>DE1</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Me</Nm></Ownr></Acct>"
PARTIES = "<Dbtr><Nm>Mum</Nm></Dbtr><Cdtr><Pty><Nm>Shop</Nm></Pty></Cdtr>"
DETAILS = (
    f"<NtryDtls><TxDtls><RltdPties>{PARTIES}</RltdPties>"
    "<RmtInf><Ustrd>Invoice</Ustrd><Ustrd>77</Ustrd></RmtInf></TxDtls></NtryDtls>"
)


def entry(
    mark="DBIT",
    status="<Sts>BOOK</Sts>",
    day="<BookgDt><Dt>2024-03-01</Dt></BookgDt>",
    more=DETAILS,
    amount="9.50",
):
    return f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{status}{day}{more}</Ntry>'


def document(
    entries: str | None = None, namespace: str = "", root: str = "BkToCstmrStmt", tag: str = "Stmt"
) -> str:
    inner = f"<{tag}>{ACCOUNT}{entry() if entries is None else entries}</{tag}>"
    return f"{HEAD}<Document{namespace}><{root}><GrpHdr/>{inner}</{root}></Document>"


def prefixed(text: str, version: int) -> str:
    text = (
        text.replace("</", "\0")
        .replace("<?", "\1")
        .replace("<", "<ns0:")
        .replace("\0", "</ns0:")
        .replace("\1", "<?")
    )
    space = f' xmlns:ns0="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}"'
    return text.replace("Document>", f"Document{space}>", 1)


@pytest.mark.parametrize(
    "data",
    [
        document(),
        *(prefixed(document(), version) for version in (2, 8, 13)),
        document(namespace=' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"'),
        b"\xef\xbb\xbf" + document().encode(),
        document().replace("UTF-8", "UTF-16").encode("utf-16"),
        document().replace("><", ">\r\n\t<"),
        document(entry(status="<Sts><Cd>BOOK</Cd></Sts>")),
        document(entry(day="<ValDt><DtTm>2024-03-01T23:59:00-10:00</DtTm></ValDt>")),
    ],
    ids=range(10),
)
def test_a_file_is_read_however_it_is_written(data):
    assert rows(data) == [("2024-03-01", "-9.50", "Shop", "Invoice 77")]


@pytest.mark.parametrize("declared", ["ISO-8859-1", "UTF-8"])
def test_letters_are_read_whatever_encoding_is_claimed(declared):
    text = document().replace("Shop", "Bäckerei Müller").replace("UTF-8", declared)
    assert only(text.encode("latin-1")).payee == "Bäckerei Müller"


@pytest.mark.parametrize(
    ("root", "tag", "format"),
    [
        ("BkToCstmrAcctRpt", "Rpt", "camt.052"),
        ("BkToCstmrStmt", "Stmt", "camt.053"),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt.054"),
    ],
)
def test_each_message_has_its_name(root, tag, format):
    read = reading(document(root=root, tag=tag))
    assert (read.format, len(list(read.lines))) == (format, 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("<Sts>PDNG</Sts>", Kind.PENDING),
        ("<Sts><Cd>FUTR</Cd></Sts>", Kind.PENDING),
        ("<Sts>INFO</Sts>", Kind.NEUTRAL),
        ("", Kind.BOOKED),
    ],
)
def test_the_status_says_what_kind_of_line_it_is(status, kind):
    assert only(document(entry(status=status))).kind == kind


def test_the_other_side_is_the_payee():
    lines = everything(document(entry() + entry("CRDT") + entry("CRDT", "<RvslInd>true</RvslInd>")))
    assert [(str(line.amount), line.payee) for line in lines] == [
        ("-9.50", "Shop"),
        ("9.50", "Mum"),
        ("9.50", "Shop"),
    ]


def test_the_owner_of_the_account_is_nobody_elses_payee():
    assert only(document(entry(more=DETAILS.replace("Shop", "Me").replace("Mum", "Me")))).payee == ""


def test_a_batch_is_one_line():
    batch = entry(
        more=DETAILS.replace("</NtryDtls>", "") + DETAILS.removeprefix("<NtryDtls>").replace("77", "78")
    )
    assert rows(document(batch)) == [("2024-03-01", "-9.50", "Shop", "Invoice 77 Invoice 78")]


def test_account_currency_and_reference_come_along():
    line = only(
        document(
            entry(more="<AcctSvcrRef>R1</AcctSvcrRef><AddtlNtryInf>Card 12</AddtlNtryInf>").replace(
                ' Ccy="EUR"', ""
            )
        )
    )
    assert (line.account, line.currency, line.bank_id, line.text) == ("DE1", "EUR", "R1", "Card 12")


def test_the_source_does_not_depend_on_indentation():
    assert only(document()).source == only(document().replace("><", ">\n  <")).source


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry(mark=""), "The entry does not say whether it is a credit or a debit."),
        (entry(amount="x"), "“x” is not an amount."),
        (entry(day=""), "There is no date."),
        (entry(day="<BookgDt><Dt>2024-02-30</Dt></BookgDt>"), "The date “2024-02-30” does not exist."),
    ],
)
def test_a_bad_entry_is_named_and_the_others_are_offered(bad, reason):
    assert [row[1] for row in rows(document(entry() + bad + entry()))] == ["-9.50", reason, "-9.50"]


def test_what_stands_before_the_damage_is_offered():
    found = rows(document(entry() * 3)[:-100])
    assert [row[1][:34] for row in found] == ["-9.50", "-9.50", "The file is damaged from here on: "]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            document("").replace("<Stmt>", "<Other>").replace("</Stmt>", "</Other>"),
            "There is no statement in this CAMT file.",
        ),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]>' + document().removeprefix(HEAD),
            "This file defines XML entities of its own, which no statement needs: refused.",
        ),
        (document().replace("<GrpHdr/>", "<a>" * 200), "This XML file is built like no statement: refused."),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(content, says):
    with pytest.raises(Unreadable) as error:
        everything(content)
    assert str(error.value) == says


def test_many_entries_need_little_memory():
    file = BytesIO(document(entry() * 1_000).encode())
    tracemalloc.start()
    try:
        assert sum(1 for _ in camt.read(file, "", {}).lines) == 1_000
        assert tracemalloc.get_traced_memory()[1] < 1_500_000
    finally:
        tracemalloc.stop()
