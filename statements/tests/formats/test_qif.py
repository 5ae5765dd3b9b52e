import pytest

from statements.formats.lines import Kind, Unreadable
from statements.tests.formats.made import everything, only, reading, rows


def record(date: str = "13/02/2024", amount: str = "-4.50", *more: str) -> str:
    return "\n".join([f"D{date}", f"T{amount}", "PShop", *more, "^", ""])


def qif(*records: str, section: str = "Bank") -> str:
    return f"!Type:{section}\n" + "".join(records)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("13/02/2024", "2024-02-13"),
        ("2/13/2024", "2024-02-13"),
        ("2/13'24", "2024-02-13"),
        ("13.2.24", "2024-02-13"),
        ("13-02-98", "1998-02-13"),
        ("13/02'98", "2098-02-13"),
        ("1/ 1'00", "2000-01-01"),
        ("2024-02-13", "2024-02-13"),
        ("20240213", "2024-02-13"),
    ],
)
def test_dates_of_all_programs_are_read(written, day):
    assert only(qif(record(written))).date.isoformat() == day


def test_one_date_settles_the_order_of_all():
    assert [row[0] for row in rows(qif(record("01/02/2024"), record("03/25/2024")))] == [
        "2024-01-02",
        "2024-03-25",
    ]


def test_a_day_that_does_not_exist_tells_the_order_all_the_same():
    assert rows(qif(record("01/02/2024"), record("31/02/2024")))[0][0] == "2024-02-01"


def test_dates_that_read_both_ways_are_asked_about_with_a_real_row():
    (question,) = reading(qif(record("01/01/2024"), record("01/02/2024"))).questions
    assert question.key == "date_order"
    assert [(choice.value, choice.example) for choice in question.choices] == [
        ("dmy", "2024-02-01 -4.50 Shop"),
        ("mdy", "2024-01-02 -4.50 Shop"),
    ]


def test_an_answer_settles_the_question():
    read = reading(qif(record("01/02/2024")), answers={"date_order": "mdy"})
    assert read.questions == ()
    assert next(read.lines).date.isoformat() == "2024-01-02"


def test_a_date_that_is_the_same_both_ways_asks_nothing():
    assert reading(qif(record("02/02/2024"))).questions == ()


@pytest.mark.parametrize(
    ("amounts", "first"),
    [
        (["-1,010.00"], "-1010.00"),
        (["-1.010,00"], "-1010.00"),
        (["-1,234", "5.50"], "-1234"),
        (["-1,234", "5,50"], "-1.234"),
        (["1,234,567", "1.234"], "1234567"),
        (["-7"], "-7"),
    ],
)
def test_the_decimal_separator_is_found_out_over_all_amounts(amounts, first):
    assert rows(qif(*(record(amount=amount) for amount in amounts)))[0][1] == first


def test_amounts_that_read_both_ways_are_asked_about():
    (question,) = reading(qif(record(amount="-1,234"))).questions
    assert question.key == "decimal"
    assert {choice.value: choice.example for choice in question.choices} == {
        "comma": "2024-02-13 -1.234 Shop",
        "point": "2024-02-13 -1234 Shop",
    }
    assert rows(qif(record(amount="-1,234")), answers={"decimal": "comma"})[0][1] == "-1.234"


def test_accounts_categories_classes_and_memos_come_along():
    line = only(
        "!Account\nNCard\nTCCard\n^\n"
        + qif(record("13/02/2024", "-4", "Mfor two", "LFood:Out/Trip"), section="CCard")
    )
    assert (line.account, line.category, line.tags, line.text) == ("Card", "Food: Out", ("Trip",), "for two")


def test_lists_of_accounts_and_options_do_not_disturb():
    lists = "!Option:AutoSwitch\n!Account\nNA\nTBank\n^\nNB\nTCash\n^\n!Clear:AutoSwitch\n!Account\nNB\nTCash\n^\n"
    assert only(lists + qif(record())).account == "B"


def test_other_sections_hold_no_transactions():
    others = qif("NFood\nE\n^\n", section="Cat") + qif("KC\nT-5\nPX\n^\n", section="Memorized")
    assert len(everything(others + qif(record()) + '!Type:Prices\n"X",1,"1/1\'24"\n^\n')) == 1


def test_a_split_is_one_line_with_the_category_of_its_largest_part():
    splits = ("LFood", "S[Savings]", "$-90.00", "SFood", "Emilk", "$-4.00", "SHome:Repairs", "$-6.00")
    line = only(qif(record("13/02/2024", "-100.00", *splits)))
    assert (str(line.amount), line.category, line.kind) == ("-100.00", "Home: Repairs", Kind.BOOKED)


def test_a_category_in_brackets_is_a_transfer():
    assert only(qif(record("13/02/2024", "-5", "L[Savings]"))).kind == Kind.TRANSFER


def test_an_opening_balance_is_none():
    assert only("!Type:Bank\nD13/02/2024\nT100\nPOpening Balance\nL[Here]\n^\n").kind == Kind.BALANCE


def test_investments_are_told_apart():
    assert only("!Type:Invst\nD13/02/2024\nNBuy\nYX\n^\n").kind == Kind.INVESTMENT


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("31/02/2024"), "The date “31/02/2024” does not exist."),
        (record(""), "There is no date."),
        (record(amount="abc"), "“abc” is not an amount."),
        ("D13/02/2024\nPShop\n^\n", "There is no amount."),
    ],
)
def test_a_bad_record_is_named_by_its_line(bad, reason):
    assert rows(qif(record(), bad, record()))[1] == ("6", reason)


def test_a_record_without_an_end_is_read_and_warned_of():
    read = reading(qif(record(), record().removesuffix("^\n")))
    assert len(list(read.lines)) == 2
    assert [str(text) for text in read.warnings] == [
        "The last record (line 6) has no end: the file may be incomplete."
    ]


@pytest.mark.parametrize(
    "data",
    [
        qif(record()).replace("\n", "\r"),
        qif(record()).replace("\n", "\r\n"),
        qif(record()).encode("utf-16"),
        b"\xef\xbb\xbf" + qif(record()).encode(),
        qif("^\n" + record()),
        "# comment\n\n" + qif(record()).replace("!Type:Bank", "!type:bank "),
        record(),  # without a header
        qif(record()).replace("\nT", "\nT\t").replace("D1", "D\t1"),
    ],
    ids=range(8),
)
def test_a_file_is_read_however_it_is_written(data):
    assert rows(data) == [("2024-02-13", "-4.50", "Shop", "")]


def test_letters_of_before_utf8_are_read():
    assert (
        only(qif(record().replace("Shop", "Bäcker Müller Straße")).encode("cp1252")).payee
        == "Bäcker Müller Straße"
    )


def test_a_file_of_lists_only_has_nothing_to_read():
    with pytest.raises(Unreadable) as error:
        reading(qif("NFood\n^\n", section="Cat"))
    assert str(error.value) == "There are no transactions in this QIF file."
