import pytest

from statements.formats.lines import Unreadable
from statements.tests.formats.made import reading, rows

READ = [("2024-01-13", "-12.50", "", "B&Q"), ("2024-01-14", "1500.00", "", "Salary")]


def test_a_page_named_xls_is_a_table():
    head = "<html><body><h1>My bank</h1><table><tr><td colspan=3>Account 7</td></tr><tr><th>Date<th>Text<th>Amount</tr>"
    page = (
        head
        + "<tr><td>13/01/2024</td><td><b>B&amp;Q</b></td><td>-12.50</td></tr><TR><TD>14/01/2024<TD>Salary<TD>1,500.00"
    )
    assert rows(page + "</table></body></html>", name="statement.xls") == READ
    assert reading(page).format == "html"


def test_the_xml_that_excel_wrote_in_2003_is_a_table():
    def row(*cells: str) -> str:
        return "<Row>" + "".join(f"<Cell>{cell}</Cell>" for cell in cells) + "</Row>"

    def cell(type: str, value: str) -> str:
        return f'<Data ss:Type="{type}">{value}</Data>'

    book = (
        '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>'
        + row(*(cell("String", name) for name in ("Date", "Text", "", "Amount")))
        + row(
            cell("DateTime", "2024-01-13T00:00:00.000"),
            cell("String", "B&amp;Q"),
            "",
            cell("Number", "-12.50"),
        )
        + '<Row><Cell><Data ss:Type="DateTime">2024-01-14T00:00:00.000</Data></Cell><Cell><Data>Salary</Data></Cell>'
        + '<Cell ss:Index="4"><Data ss:Type="Number">1500.00</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    assert rows(book) == READ


def test_a_page_without_a_table_is_no_statement():
    with pytest.raises(Unreadable) as error:
        reading("<!DOCTYPE html><html><body>Please sign in</body></html>")
    assert str(error.value) == (
        "This is a web page without a table, not a statement. Download the statement as CSV or OFX."
    )


def test_a_row_without_an_end_is_refused():
    with pytest.raises(Unreadable) as error:
        reading("<html>" + "<td colspan=999>" * 9)
    assert str(error.value) == "The table has more than 200 columns."
