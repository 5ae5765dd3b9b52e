"""What a table says is read; what it leaves open is asked, with a real row as each answer would read it."""

from datetime import date
from decimal import Decimal

import pytest

from expenses.formulas import guard
from statements.formats.lines import Kind, Line, Rejected
from statements.formats.tables import Row, read_rows
from statements.tests.formats.made import everything, only, reading, rows


def asked(content, answers=None) -> dict[str, list[tuple[str, str]]]:
    return {
        question.key: [(choice.value, choice.example) for choice in question.choices]
        for question in reading(content, answers).questions
    }


def test_the_order_of_day_and_month_is_asked_with_a_row_that_tells():
    content = "Date,Text,Amount\n05/05/2024,May,-1.00\n03/04/2024,Shop,-2.00\n"
    assert asked(content) == {
        "date_order": [("dmy", "2024-04-03 -2.00 Shop"), ("mdy", "2024-03-04 -2.00 Shop")]
    }
    assert rows(content, answers={"date_order": "mdy"})[1] == ("2024-03-04", "-2.00", "", "Shop")


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["03/04/2024", "13/04/2024"], "2024-04-03"),
        (["03/04/2024", "04/13/2024"], "2024-03-04"),
        (["03.04.2024"], "2024-04-03"),
        (["04/04/2024"], "2024-04-04"),
        (["20240403"], "2024-04-03"),
        (["3 Apr 2024"], "2024-04-03"),
        (["3. April 2024"], "2024-04-03"),
        (["Apr 3 2024"], "2024-04-03"),
        (["3 avr. 2024"], "2024-04-03"),
        (["2024年4月3日"], "2024-04-03"),
        (["2024-04-03T23:59:59+02:00"], "2024-04-03"),
        (["03.04.24", "13.04.24"], "2024-04-03"),
        (["2024.04.03."], "2024-04-03"),
        (["01/02/2024", "01/03/2024", "01/04/2024", "01/05/2024", "01/06/2024", "02/01/2024"], "2024-01-02"),
    ],
)
def test_dates_are_read_over_all_rows(dates, first):
    content = "Date;Text;Amount\n" + "".join(f"{day};Shop;-1.00\n" for day in dates)
    assert not asked(content)
    assert everything(content)[0].date.isoformat() == first


def test_a_few_dates_in_order_prove_nothing():
    days = ["01/02/2024", "01/03/2024", "01/04/2024", "02/01/2024"]
    assert "date_order" in asked("Date,Text,Amount\n" + "".join(f"{day},Shop,-1.00\n" for day in days))


def test_a_date_without_a_year_takes_it_from_before_the_table_or_asks():
    table = "Date;Text;Amount\n30.12.;a;-1.00\n02.01.;b;-2.00\n"
    assert [row[0] for row in rows("Statement 12/2023 - 01/2024\n" + table)] == ["2023-12-30", "2024-01-02"]
    assert list(asked(table)) == ["year"]
    assert [row[0] for row in rows(table, answers={"year": "2023"})] == ["2023-12-30", "2023-01-02"]


def test_the_decimal_separator_is_asked():
    content = "Date;Text;Amount\n2024-01-02;A;1.234\n2024-01-03;B;-2.500\n"
    assert asked(content)["decimal"] == [("comma", "2024-01-02 1234 A"), ("point", "2024-01-02 1.234 A")]
    assert [row[1] for row in rows(content, answers={"decimal": "comma"})] == ["1234", "-2500"]


@pytest.mark.parametrize(
    ("amounts", "values"),
    [
        (["-1.234,56", "-1.000"], ["-1234.56", "-1000"]),
        (["-1,234.56", "-1,000"], ["-1234.56", "-1000"]),
        (["-1'234.50", "-5.-"], ["-1234.50", "-5"]),
        (["-1 234,50 €", "−5 €"], ["-1234.50", "-5"]),
        (["(5.00)", "5.00-", "-$5.00", "$-5.00", "5.00 DR"], ["-5.00"] * 5),
        (["-524", "-3,000"], ["-524", "-3000"]),
        (["-1,23,456.00"], ["-123456.00"]),
        (["-１２.５０"], ["-12.50"]),
        (["-0.00"], ["0.00"]),
    ],
)
def test_amounts_are_read_over_all_rows(amounts, values):
    found = rows("Date;Text;Amount\n" + "".join(f"2024-01-02;A;{amount}\n" for amount in amounts))
    assert [row[1] for row in found] == values


@pytest.mark.parametrize(
    "amount", ["1e3", "0x1F", "--5", "1,2,3", "1,234,56", "12..34", "NaN", "Infinity", "five", "9" * 13]
)
def test_what_is_no_amount_rejects_its_row_alone(amount):
    good, bad = everything(f"Date;Text;Amount\n2024-01-02;A;-1.50\n2024-01-03;B;{amount}\n")
    assert isinstance(good, Line)
    assert isinstance(bad, Rejected)
    assert str(bad.reason) == f"“{amount}” is not an amount."


@pytest.mark.parametrize(
    ("day", "reason"), [("31.02.2024", "“31.02.2024” is not a date."), ("", "There is no date.")]
)
def test_what_is_no_date_rejects_its_row_alone(day, reason):
    good, bad = everything(f"Date;Text;Amount\n02.01.2024;A;-1.50\n{day};B;-2.50\n")
    assert (good.number, bad.number, str(bad.reason)) == (2, 3, reason)


def test_amounts_without_any_sign_are_asked():
    content = "Date,Category,Amount,Note\n2024-01-02,Food,5.00,Bread\n2024-01-03,Food,6.00,Milk\n"
    assert asked(content) == {
        "sign": [("plus_is_out", "2024-01-02 -5.00 Bread"), ("minus_is_out", "2024-01-02 5.00 Bread")]
    }
    line = everything(content, answers={"sign": "plus_is_out"})[0]
    assert (line.amount, line.category) == (Decimal("-5.00"), "Food")


@pytest.mark.parametrize(
    "content",
    [
        "Date,Spent,Note\n2024-01-02,5.00,Bread\n",
        "Date,Amount,Note,Type\n2024-01-02,5.00,Bread,Expense\n2024-01-03,9.00,Job,Income\n",
        "Date,Amount,Note,Type\n2024-01-02,5.00,Bread,Purchase\n2024-01-03,9.00,Job,Deposit\n",
        "Date,Amount,Note\n2024-01-02,5.00,Bread\n2024-01-03,7.00,Milk\n2024-01-04,-9.00,Payment - Thank You\n",
        "Date,Amount,Merchant Name\n2024-01-02,5.00,Bakery\n2024-01-03,7.00,Dairy\n",
        "Date,Amount,Balance\n2024-01-02,5.00,95\n2024-01-03,7.00,88\n2024-01-04,1.00,87\n2024-01-05,2,85\n",
        "Date,Debit,Credit\n2024-01-02,5.00,\n2024-01-03,,5.00\n",
        "Date,Debit,Credit\n2024-01-02,-5.00,0.00\n2024-01-03,0.00,5.00\n",
        "Date;Betrag;Soll/Haben\n2024-01-02;5.00;S\n2024-01-03;5.00;H\n",
    ],
)
def test_a_reason_in_the_file_says_what_is_spent(content):
    assert not asked(content)
    assert everything(content)[0].amount == Decimal("-5.00")


def test_columns_without_names_are_told_apart_by_the_balance_or_asked():
    cells = "a,5.00,,95.00\nb,,10.00,105.00\nc,1.00,,104.00\nd,,2.00,106.00\ne,3.00,,103.00"
    rows_ = [row.split(",") for row in cells.splitlines()]
    table = "".join(f"2024-01-0{n},{','.join(row)}\n" for n, row in enumerate(rows_, 1))
    assert not asked(table)
    assert [row[1] for row in rows(table)] == ["-5.00", "10.00", "-1.00", "2.00", "-3.00"]
    without = "".join(f"2024-01-0{n},{','.join(row[:3])}\n" for n, row in enumerate(rows_, 1))
    assert [value for value, _ in asked(without)["columns"]] == ["first_is_out", "second_is_out"]
    assert rows(without, answers={"columns": "second_is_out"})[0][1] == "5.00"


def test_a_gap_in_the_balance_is_named():
    balances = [1000 - n * (n + 1) // 2 - 50 * (n > 7) for n in range(12)]
    days = "".join(f"2024-01-{n:02},Shop,-{n}.00,{balances[n]}.00\n" for n in range(1, 12))
    read = reading("Date,Text,Amount,Balance\n" + days)
    assert len(list(read.lines)) == 11
    assert list(map(str, read.warnings)) == ["The balance does not add up at line 9: rows may be missing."]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Pending", Kind.PENDING),
        ("vorgemerkt", Kind.PENDING),
        ("DECLINED", Kind.CLOSED),
        ("Posted", Kind.BOOKED),
    ],
)
def test_a_status_says_whether_it_happened(status, kind):
    assert only(f"Date,Text,Amount,Status\n2024-01-02,A,-1.50,{status}\n").kind is kind


def test_rows_of_balances_and_totals_are_no_movements():
    content = "Date,Text,Amount\n2024-01-01,Opening balance,100.00\n2024-01-02,Shop,-1.50\nTotal,,98.50\n\nNote: none\n"
    read = reading(content)
    assert [line.kind for line in read.lines] == [Kind.BALANCE, Kind.BOOKED]
    assert not read.warnings


def test_a_remark_between_movements_is_named_and_a_text_that_goes_on_is_joined():
    read = reading(
        "Date;Text;Amount\n2024-01-02;Shop;-1.50\n;at the corner;\nRemark;;\n2024-01-03;Bar;-2.50\n"
    )
    assert [line.text for line in read.lines] == ["Shop at the corner", "Bar"]
    assert list(map(str, read.warnings)) == ["Line 4 is not a transaction and was left out."]


def test_names_of_columns_may_come_again_and_remarks_below_the_table_do_not_matter():
    read = reading(
        "Date,Text,Amount\n2024-01-02,A,-1.50\nDate,Text,Amount\nx,,\n2024-01-03,Bb,-2.50\nend,,\n"
    )
    assert len(list(read.lines)) == 2
    assert list(map(str, read.warnings)) == ["Line 4 is not a transaction and was left out."]


def test_an_unquoted_delimiter_in_a_text_does_not_cost_the_row():
    found = rows("Date,Text,Amount\n2024-01-02,New York, NY,-1.50\n2024-01-03,Bar,-2.50\n")
    assert found[0] == ("2024-01-02", "-1.50", "", "New York, NY")


def test_texts_lose_what_steers_a_terminal_or_turns_writing():
    line = only("Date,Text,Amount\n2024-01-02,\x1b[31mabc\u202egnp\u200b\u2066.exe,-1.50\n")
    assert line.text == "abcgnp.exe"


def test_ids_are_taken_only_if_each_row_has_its_own():
    content = "Date,Transaction ID,Amount\n2024-01-02,TX000001,-1.50\n2024-01-03,TX00000{},-2.50\n"
    assert [line.bank_id for line in everything(content.format(2))] == ["TX000001", "TX000002"]
    assert [line.bank_id for line in everything(content.format(1))] == ["", ""]


@pytest.mark.parametrize("note", ["=1+1", "two\nlines", "  blanks  kept ", "'quoted", '"', "@x;-y", ""])
def test_our_own_export_is_read_to_the_last_blank(note):
    guarded = guard(note).replace('"', '""')
    read = reading(
        f'date,amount,category,notes,payee\n2024-01-02,-1.50,Food,"{guarded}",Shop\n2024-01-02,2.50,Food,,\n'
    )
    first, second = read.lines
    assert read.is_ours
    assert (first.text, first.payee, first.category, first.amount) == (note, "Shop", "Food", Decimal("1.50"))
    assert second.amount == Decimal("-2.50")


def test_the_same_columns_have_the_same_signature():
    one, other = ("Date,Text,Amount\n2024-01-02,a,-1\n", "Date,Text,Amount\n2023-05-06,b,2\n")
    assert reading(one).signature == reading(other).signature
    assert reading(one).signature != reading(one.replace("Text", "Memo")).signature


def test_typed_cells_of_a_spreadsheet_are_read():
    table = [
        Row(1, "", ["Date", "Item", "Amount"]),
        Row(2, "x", [date(2024, 1, 2), "Bread", Decimal("-2.5")]),
    ]
    (line,) = read_rows(table, {}, "xlsx").lines
    assert (line.date, line.amount, line.text) == (date(2024, 1, 2), Decimal("-2.5"), "Bread")


@pytest.mark.parametrize(
    "cells", ["2024-01-02\t-1,50\tBread", "Bread\t2024-01-02\t-1,50", "-1,50\tBread\t2024-01-02"]
)
def test_pasted_cells_need_no_names(cells):
    assert rows(cells) == [("2024-01-02", "-1.50", "", "Bread")]
