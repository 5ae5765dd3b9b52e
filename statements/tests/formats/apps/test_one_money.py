from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

ONE_MONEY = """
DATE,TYPE,FROM ACCOUNT,TO ACCOUNT / TO CATEGORY,AMOUNT,CURRENCY,AMOUNT 2,CURRENCY 2,TAGS,NOTES
09/23/23,Expense,Card,Groceries,100.00,PLN,100.00,PLN,"home, week",żółty ser
09/24/23,Income,Card,Salary,2000.00,PLN,2000.00,PLN,,
09/25/23,Transfer,Card,Savings,50.00,PLN,12.00,EUR,,
"""


def test_one_money():
    assert lines_of(ONE_MONEY) == [
        line(
            *(2, "2023-09-23", "-100.00", "PLN"),
            text="żółty ser",
            account="Card",
            category="Groceries",
            tags=("home", "week"),
        ),
        line(3, "2023-09-24", "2000.00", "PLN", account="Card", category="Salary"),
        line(4, "2023-09-25", "-50.00", "PLN", account="Card", kind=Kind.TRANSFER),
    ]


def test_one_money_in_russian():
    text = """
ДАТА,ТИП,СО СЧЁТА,НА СЧЁТ / НА КАТЕГОРИЮ,СУММА,ВАЛЮТА,СУММА 2,ВАЛЮТА 2,МЕТКИ,ЗАМЕТКИ
23.09.23,Расход,Карта,Продукты,100.00,RUB,100.00,RUB,дом,сыр
"""
    assert lines_of(text) == [
        line(
            *(2, "2023-09-23", "-100.00", "RUB"),
            text="сыр",
            account="Карта",
            category="Продукты",
            tags=("дом",),
        )
    ]
