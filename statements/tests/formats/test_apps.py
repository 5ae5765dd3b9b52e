"""Each sample is made up, in the columns and conventions of the application's own export."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from statements.formats import csv as csv_files
from statements.formats.lines import Kind, Line
from statements.formats.tables import apps
from statements.formats.tables.reading import read_rows
from statements.formats.tables.rows import Row


def rows_of(text, delimiter=","):
    records = csv.reader(io.StringIO(text.strip()), delimiter=delimiter)
    return [Row(number, delimiter.join(cells), cells) for number, cells in enumerate(records, start=1)]


def read(text, delimiter=","):
    return read_rows(rows_of(text, delimiter), {})


def lines_of(text, delimiter=","):
    """The lines, without their source, of a file that leaves nothing open."""
    reading = read(text, delimiter)
    assert reading.questions == ()
    return [replace(line, source="") for line in reading.lines]


def line(number, day, amount, currency="", **more):
    return Line(
        number=number,
        source="",
        date=date.fromisoformat(day),
        amount=Decimal(amount),
        currency=currency,
        **more,
    )


MINT = """
Date,Description,Original Description,Amount,Transaction Type,Category,Account Name,Labels,Notes
8/03/2021,Café Zoë,CAFE ZOE #42,23.40,debit,Restaurants,Checking,"Date night, Shared",with Ann
8/24/2021,Employer,PAYROLL,"1,500.00",credit,Paycheck,Checking,,
8/26/2021,Card,PAYMENT,300.00,debit,Credit Card Payment,Checking,,
8/27/2021,Books,BOOKS,12.00,credit,Uncategorized,Visa,,
"""


def test_mint():
    assert lines_of(MINT) == [
        line(
            *(2, "2021-08-03", "-23.40"),
            payee="Café Zoë",
            text="CAFE ZOE #42 with Ann",
            account="Checking",
            category="Restaurants",
            tags=("Date night", "Shared"),
        ),
        line(
            *(3, "2021-08-24", "1500.00"),
            payee="Employer",
            text="PAYROLL",
            account="Checking",
            category="Paycheck",
        ),
        line(
            *(4, "2021-08-26", "-300.00"),
            payee="Card",
            text="PAYMENT",
            account="Checking",
            category="Credit Card Payment",
            kind=Kind.TRANSFER,
        ),
        line(*(5, "2021-08-27", "12.00"), payee="Books", text="BOOKS", account="Visa"),
    ]


YNAB = """
Account,Flag,Date,Payee,Category Group/Category,Category Group,Category,Memo,Outflow,Inflow,Cleared
Giro,,09/13/2026,Starting Balance,Inflow: Ready to Assign,Inflow,Ready to Assign,,$0.00,"$1,000.00",Reconciled
Giro,Red,09/14/2026,Bäckerei Süß,Everyday: Groceries,Everyday,Groceries,Split (1/2) bread,$4.25,$0.00,Cleared
Giro,,09/14/2026,Bäckerei Süß,Everyday: Gifts,Everyday,Gifts,Split (2/2),$6.00,$0.00,Cleared
Giro,,09/15/2026,Transfer : Visa,,,,,$200.00,$0.00,Cleared
Giro,,09/15/2026,Transfer : Car loan,Bills: Car,Bills,Car,,$90.00,$0.00,Cleared
Giro,,09/16/2026,Employer,Inflow: Ready to Assign,Inflow,Ready to Assign,,$0.00,$2500.00,Cleared
"""


def test_ynab():
    assert lines_of(YNAB) == [
        line(2, "2026-09-13", "1000.00", payee="Starting Balance", account="Giro", kind=Kind.BALANCE),
        line(
            *(3, "2026-09-14", "-4.25"),
            payee="Bäckerei Süß",
            text="bread",
            account="Giro",
            category="Groceries",
            tags=("Red",),
        ),
        line(4, "2026-09-14", "-6.00", payee="Bäckerei Süß", account="Giro", category="Gifts"),
        line(5, "2026-09-15", "-200.00", payee="Transfer : Visa", account="Giro", kind=Kind.TRANSFER),
        line(6, "2026-09-15", "-90.00", payee="Transfer : Car loan", account="Giro", category="Car"),
        line(7, "2026-09-16", "2500.00", payee="Employer", account="Giro"),
    ]


YNAB_4 = """
Account,Flag,Check Number,Date,Payee,Category,Master Category,Sub Category,Memo,Outflow,Inflow,Cleared,Running Balance
Savings,,,2019-03-01,Baker,Food: Treats,Food,Treats,,6.00,0.00,C,94.00
Savings,,,2019-03-02,Payroll,Income: Available this month,Income,Available this month,,0.00,100.00,U,194.00
"""


def test_ynab_4():
    assert lines_of(YNAB_4) == [
        line(2, "2019-03-01", "-6.00", payee="Baker", account="Savings", category="Treats"),
        line(3, "2019-03-02", "100.00", payee="Payroll", account="Savings"),
    ]


FIREFLY = """
user_id,group_id,journal_id,type,amount,foreign_amount,currency_code,foreign_currency_code,description,date,\
source_name,source_type,destination_name,destination_type,category,tags,notes
1,7,71,Withdrawal,-12.50,-13.10,EUR,CHF,Käse,2026-02-03T23:30:00+01:00,Giro,Asset account,Migros,Expense account,\
Food,"trip,cheese",from Chur
1,7,72,Withdrawal,-3,,EUR,,Tip,2026-02-03T23:30:00+01:00,Giro,Asset account,Cash,Cash account,Food,,
1,8,81,Deposit,100.00,,EUR,,Pay,2026-02-04T00:00:00+01:00,Employer,Revenue account,Giro,Asset account,Salary,,
1,9,91,Transfer,50.00,,EUR,,Save,2026-02-05T00:00:00+01:00,Giro,Asset account,Savings,Asset account,,,
1,9,92,Opening balance,9.00,,EUR,,Start,2026-01-01T00:00:00+01:00,Start,Initial balance account,Giro,Asset account,,,
"""


def test_firefly():
    assert lines_of(FIREFLY) == [
        line(
            *(2, "2026-02-03", "-12.50", "EUR"),
            payee="Migros",
            text="Käse from Chur",
            bank_id="71",
            account="Giro",
            category="Food",
            tags=("trip", "cheese"),
        ),
        line(3, "2026-02-03", "-3", "EUR", text="Tip", bank_id="72", account="Giro", category="Food"),
        line(
            *(4, "2026-02-04", "100.00", "EUR"),
            payee="Employer",
            text="Pay",
            bank_id="81",
            account="Giro",
            category="Salary",
        ),
        line(
            *(5, "2026-02-05", "50.00", "EUR"),
            payee="Savings",
            text="Save",
            bank_id="91",
            account="Giro",
            kind=Kind.TRANSFER,
        ),
        line(
            *(6, "2026-01-01", "9.00", "EUR"),
            payee="Giro",
            text="Start",
            bank_id="92",
            account="Start",
            kind=Kind.BALANCE,
        ),
    ]


ACTUAL = """
Account,Date,Payee,Notes,Category,Amount,Split_Amount,Cleared
Giro,2025-01-10,Markt Übersee,,Food,-55.10,0,Cleared
Giro,2025-01-11,Savings,,,-100.00,0,Cleared
Savings,2025-01-11,Giro,,,100.00,0,Cleared
Giro,2025-01-12,Shop,(SPLIT INTO 2) all of it,,0,-30.00,Cleared
Giro,2025-01-12,Shop,(SPLIT 1 OF 2) milk,Food,-10.00,0,Cleared
Giro,2025-01-12,Shop,(SPLIT 2 OF 2) ,Household,-20.00,0,Cleared
Giro,2025-01-01,Starting Balance,,Starting Balances,500.00,0,Reconciled
Giro,2025-01-13,Employer,,Income,2000.00,0,Not cleared
"""


def test_actual():
    assert lines_of(ACTUAL) == [
        line(2, "2025-01-10", "-55.10", payee="Markt Übersee", account="Giro", category="Food"),
        line(3, "2025-01-11", "-100.00", payee="Savings", account="Giro", kind=Kind.TRANSFER),
        line(4, "2025-01-11", "100.00", payee="Giro", account="Savings", kind=Kind.TRANSFER),
        line(6, "2025-01-12", "-10.00", payee="Shop", text="milk", account="Giro", category="Food"),
        line(7, "2025-01-12", "-20.00", payee="Shop", account="Giro", category="Household"),
        line(8, "2025-01-01", "500.00", payee="Starting Balance", account="Giro", kind=Kind.BALANCE),
        line(9, "2025-01-13", "2000.00", payee="Employer", account="Giro", category="Income"),
    ]


def test_the_groups_of_an_older_actual_are_left_out():
    text = "Account,Date,Payee,Notes,Category,Amount,Cleared,Reconciled\nGiro,2025-01-10,A,,Usual: Food,-5,true,false"
    assert lines_of(text) == [line(2, "2025-01-10", "-5", payee="A", account="Giro", category="Food")]


EZBOOKKEEPING = """
Time,Timezone,Type,Category,Sub Category,Account,Account Currency,Amount,Account2,Account2 Currency,Account2 Amount,\
Geographic Location,Tags,Description
2024-09-01 23:34:56,-08:00,Expense,Food,Fruit,Cash,CNY,12.30,,,,,trip;with Ann,水果
2024-09-02 12:34:56,+08:00,Expense,Food,,Cash,CNY,-0.10,,,,,,returned
2024-09-03 12:34:56,+08:00,Income,Work,Salary,Cash,CNY,123.45,,,,,,
2024-09-04 12:34:56,+08:00,Transfer,Moves,Bank,Cash,CNY,70.00,Savings,USD,10.00,,,
2024-09-05 12:34:56,+08:00,Balance Modification,,,Cash,CNY,5.00,,,,,,
"""


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_ezbookkeeping(delimiter):
    text = EZBOOKKEEPING.replace(",", delimiter)
    assert lines_of(text, delimiter) == [
        line(
            *(2, "2024-09-01", "-12.30", "CNY"),
            text="水果",
            account="Cash",
            category="Fruit",
            tags=("trip", "with Ann"),
        ),
        line(3, "2024-09-02", "0.10", "CNY", text="returned", account="Cash", category="Food"),
        line(4, "2024-09-03", "123.45", "CNY", account="Cash", category="Salary"),
        line(5, "2024-09-04", "-70.00", "CNY", account="Cash", category="Bank", kind=Kind.TRANSFER),
        line(6, "2024-09-05", "5.00", "CNY", account="Cash", kind=Kind.BALANCE),
    ]


def test_splitwise():
    text = """
Date,Description,Category,Cost,Currency,Ann,Bob

2024-01-05,Käse,Groceries,98.30,CHF,-49.15,49.15
2024-01-06,Deposit back,Rent,-30.00,CHF,15.00,-15.00
2024-01-07,Ann paid Bob,Payment,20.00,CHF,20.00,-20.00

2024-01-25,Total balance, , ,CHF,-14.15,14.15
"""
    assert [replace(line, number=0) for line in lines_of(text) if line.kind != Kind.BALANCE] == [
        line(0, "2024-01-05", "-98.30", currency="CHF", payee="Käse", category="Groceries"),
        line(0, "2024-01-06", "30.00", currency="CHF", payee="Deposit back", category="Rent"),
        line(
            *(0, "2024-01-07", "-20.00", "CHF"),
            payee="Ann paid Bob",
            category="Payment",
            kind=Kind.SETTLEMENT,
        ),
    ]


def test_splitwise_in_german():
    text = """
Datum,Beschreibung,Kategorie,Kosten,Währung,Ann,Bob
2024-01-15,Kino,Unterhaltung,24.00,EUR,-12.00,12.00
2024-01-16,Ausgleich,Zahlung,5.00,EUR,-5.00,5.00
"""
    assert lines_of(text) == [
        line(2, "2024-01-15", "-24.00", currency="EUR", payee="Kino", category="Unterhaltung"),
        line(
            *(3, "2024-01-16", "-5.00", "EUR"),
            payee="Ausgleich",
            category="Zahlung",
            kind=Kind.SETTLEMENT,
        ),
    ]


WALLET = """
account;category;currency;amount;ref_currency_amount;type;payment_type;payment_type_local;note;date;gps_latitude;\
gps_longitude;gps_accuracy_in_meters;warranty_in_month;transfer;payee;labels;envelope_id;custom_category
Cash;Bar, café;EUR;-15.00;-16.20;Expenses;CASH;Cash;two teas;2026-07-04 23:53:25;;;;0;false;Zoë;Family|Work;3;false
Cash;Wage, invoices;EUR;2000.00;2000.00;Income;TRANSFER;Bank;;2026-07-05 00:10:00;;;;0;false;;;4;false
Cash;TRANSFER;EUR;-20.00;-20.00;Expenses;CASH;Cash;;2026-07-06 10:18:56;;;;0;true;;;5;false
"""


def test_wallet():
    assert lines_of(WALLET, ";") == [
        line(
            *(2, "2026-07-04", "-15.00", "EUR"),
            payee="Zoë",
            text="two teas",
            account="Cash",
            category="Bar, café",
            tags=("Family", "Work"),
        ),
        line(3, "2026-07-05", "2000.00", "EUR", account="Cash", category="Wage, invoices"),
        line(4, "2026-07-06", "-20.00", "EUR", account="Cash", kind=Kind.TRANSFER),
    ]


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


MONEFY = """
date,account,category,amount,currency,converted amount,currency,description
20/06/2026,Cash,Initial balance 'Cash',"1,000",EUR,"1,100",USD,
21/06/2026,Cash,Food,-20.50,EUR,-22.00,USD,früh
22/06/2026,Cash,Salary,2000,EUR,2200,USD,
23/06/2026,Cash,To 'Savings',-50,EUR,-55,USD,
"""


def test_monefy():
    assert lines_of(MONEFY) == [
        line(2, "2026-06-20", "1000", currency="EUR", account="Cash", kind=Kind.BALANCE),
        line(3, "2026-06-21", "-20.50", currency="EUR", text="früh", account="Cash", category="Food"),
        line(4, "2026-06-22", "2000", currency="EUR", account="Cash", category="Salary"),
        line(5, "2026-06-23", "-50", currency="EUR", account="Cash", kind=Kind.TRANSFER),
    ]


def test_sure():
    text = """
date,account_name,amount,name,category,tags,notes,currency
2025-05-03,Checking,12.34,Crêperie,Eating out,"trip,Ann",two,EUR
2025-05-04,Checking,-2000.0,Employer,Income,,,EUR
"""
    assert lines_of(text) == [
        line(
            *(2, "2025-05-03", "-12.34", "EUR"),
            payee="Crêperie",
            text="two",
            account="Checking",
            category="Eating out",
            tags=("trip", "Ann"),
        ),
        line(
            *(3, "2025-05-04", "2000.0", "EUR"),
            payee="Employer",
            account="Checking",
            category="Income",
        ),
    ]


def test_the_trades_of_sure_are_investments():
    text = """
date,account_name,ticker,quantity,price,amount,currency
2025-05-23,Depot,VWCE,2,100.00,200.00,EUR
"""
    assert lines_of(text) == [
        line(2, "2025-05-23", "-200.00", "EUR", payee="VWCE", account="Depot", kind=Kind.INVESTMENT)
    ]


def test_wygiwyh():
    text = """
account,category,tags,entities,internal_id,amount,id,type,is_paid,date,reference_date,description,notes,deleted
Conta,Alimentação,"casa,mês",Padaria,,12.5,41,EX,1,2025-05-03,2025-05-01,Pão,quente,0
Conta,Salário,,Empresa,,2000,42,IN,1,2025-05-04,2025-05-01,Pagamento,,0
Conta,Casa,,,,90,43,EX,0,2025-05-30,2025-05-01,Luz,,0
Conta,Casa,,,,7,44,EX,1,2025-05-02,2025-05-01,Erro,,1
"""
    assert lines_of(text) == [
        line(
            *(2, "2025-05-03", "-12.5"),
            payee="Padaria",
            text="Pão quente",
            bank_id="41",
            account="Conta",
            category="Alimentação",
            tags=("casa", "mês"),
        ),
        line(
            *(3, "2025-05-04", "2000"),
            payee="Empresa",
            text="Pagamento",
            bank_id="42",
            account="Conta",
            category="Salário",
        ),
        line(
            *(4, "2025-05-30", "-90"),
            text="Luz",
            bank_id="43",
            account="Conta",
            category="Casa",
            kind=Kind.PENDING,
        ),
        line(
            *(5, "2025-05-02", "-7"),
            text="Erro",
            bank_id="44",
            account="Conta",
            category="Casa",
            kind=Kind.CLOSED,
        ),
    ]


def test_spendee():
    text = """
Date,Wallet,Type,Category name,Amount,Currency,Note,Labels,Author
2026-04-01T23:58:51+00:00,Purse,Expense,Food & Drink,-12.50,CHF,"Röschti, tea","food,work",Ann
2026-04-02T08:00:00+00:00,Purse,Income,Salary,2000,CHF,,,Ann
2026-04-03T08:00:00+00:00,Purse,Outgoing Transfer,Bank,50,CHF,,,Ann
2026-04-03T08:00:00+00:00,Bank,Incoming Transfer,Purse,50,CHF,,,Ann
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-04-01", "-12.50", "CHF"),
            text="Röschti, tea",
            account="Purse",
            category="Food & Drink",
            tags=("food", "work"),
        ),
        line(3, "2026-04-02", "2000", "CHF", account="Purse", category="Salary"),
        line(4, "2026-04-03", "-50", "CHF", account="Purse", category="Bank", kind=Kind.TRANSFER),
        line(5, "2026-04-03", "50", "CHF", account="Bank", category="Purse", kind=Kind.TRANSFER),
    ]


def test_toshl():
    text = """
Date,Account,Category,Tags,Expense amount,Income amount,Currency,In main currency,Main currency,Description
20/6/26,Cash,Food,"travel, čaj",12.34,0,SGD,8.00,EUR,Lunch
21/6/26,Bank,Salary,,0,"1,100.00",EUR,"1,100.00",EUR,
22/6/26,Cash,Transfer,,50.00,0,EUR,50.00,EUR,
23/6/26,Cash,Reconciliation,,0,3.00,EUR,3.00,EUR,
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-06-20", "-12.34", "SGD"),
            text="Lunch",
            account="Cash",
            category="Food",
            tags=("travel", "čaj"),
        ),
        line(3, "2026-06-21", "1100.00", "EUR", account="Bank", category="Salary"),
        line(4, "2026-06-22", "-50.00", "EUR", account="Cash", category="Transfer", kind=Kind.TRANSFER),
        line(5, "2026-06-23", "3.00", "EUR", account="Cash", category="Reconciliation", kind=Kind.BALANCE),
    ]


def test_monarch():
    text = """
Date,Merchant,Category,Account,Original Statement,Notes,Amount,Tags,Owner,Reviewed,Id
2024-05-01,Gym Óla,Fitness,Checking,GYM OLA MONTHLY,leg day,-40.00,"Health,Me",,,m1
2024-05-02,Employer,Paychecks,Checking,PAYROLL,,2000.00,,,,m2
2024-05-03,Transfer,Transfer,Checking,TFR TO SAVINGS,,-250.00,,,,m3
2024-05-04,Shop,Uncategorized,Checking,SHOP,,-1.00,,,,m4
"""
    assert lines_of(text) == [
        line(
            *(2, "2024-05-01", "-40.00"),
            payee="Gym Óla",
            text="GYM OLA MONTHLY leg day",
            bank_id="m1",
            account="Checking",
            category="Fitness",
            tags=("Health", "Me"),
        ),
        line(
            *(3, "2024-05-02", "2000.00"),
            payee="Employer",
            text="PAYROLL",
            bank_id="m2",
            account="Checking",
            category="Paychecks",
        ),
        line(
            *(4, "2024-05-03", "-250.00"),
            payee="Transfer",
            text="TFR TO SAVINGS",
            bank_id="m3",
            account="Checking",
            category="Transfer",
            kind=Kind.TRANSFER,
        ),
        line(5, "2024-05-04", "-1.00", payee="Shop", text="SHOP", bank_id="m4", account="Checking"),
    ]


def test_money_manager():
    text = """
Date,Account,Category,Subcategory,Note,INR,Income/Expense,Description,Amount,Currency,Account
16/06/2026 23:53:46,Bank,Food,Lunch,चाय,1563,Expense,with Ann,1563.00,INR,1563
17/06/2026 09:10:00,Bank,Salary,,June,90000,Income,,90000.00,INR,90000
18/06/2026 09:10:00,Bank,Savings,,Monthly,500,Transfer-Out,,500.00,INR,500
18/06/2026 09:10:00,Savings,Bank,,Monthly,500,Transfer-In,,500.00,INR,500
19/06/2026 09:10:00,Bank,Modified Bal.,,Difference,3,Income,,3.00,INR,3
"""
    assert lines_of(text) == [
        line(2, "2026-06-16", "-1563.00", "INR", text="चाय with Ann", account="Bank", category="Lunch"),
        line(3, "2026-06-17", "90000.00", "INR", text="June", account="Bank", category="Salary"),
        line(4, "2026-06-18", "-500.00", "INR", text="Monthly", account="Bank", kind=Kind.TRANSFER),
        line(5, "2026-06-18", "500.00", "INR", text="Monthly", account="Savings", kind=Kind.TRANSFER),
        line(6, "2026-06-19", "3.00", "INR", text="Difference", account="Bank", kind=Kind.BALANCE),
    ]


def test_money_lover():
    text = """
ID,Note,Amount,Category,Account,Currency,Date,Event,Exclude Report
1,phở,-107000,Food,Cash,VND,19/08/2026,Huế trip,False
2,pay,5000000,Salary,Cash,VND,20/08/2026,,False
3,,-20000,Outgoing Transfer,Cash,VND,21/08/2026,,True
4,lent,-30000,Loan,Cash,VND,22/08/2026,,True
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-08-19", "-107000", "VND"),
            text="phở",
            account="Cash",
            category="Food",
            tags=("Huế trip",),
        ),
        line(3, "2026-08-20", "5000000", "VND", text="pay", account="Cash", category="Salary"),
        line(
            *(4, "2026-08-21", "-20000", "VND"),
            account="Cash",
            category="Outgoing Transfer",
            kind=Kind.TRANSFER,
        ),
        line(
            *(5, "2026-08-22", "-30000", "VND"),
            text="lent",
            account="Cash",
            category="Loan",
            kind=Kind.NEUTRAL,
        ),
    ]


def test_cashew():
    text = """
account,amount,currency,title,note,date,income,type,category name,subcategory name,color,icon,emoji,budget,objective
Cash,-5.00,EUR,Octane,125/L,2026-09-03 23:15:00.000,false,null,Car,Fuel,0xff2196f3,car.png,🚗,,
Bank,4000,EUR,Gehalt März,,2026-09-04 09:00:00.000,true,null,Salary,,,,,,
Bank,-20,EUR,,Transferred Balance Bank → Cash,2026-09-05 09:00:00.000,false,null,Balance Correction,,,,,,
Bank,3,EUR,Updated Total Balance,,2026-09-06 09:00:00.000,true,null,Balance Correction,,,,,,
"""
    assert lines_of(text) == [
        line(2, "2026-09-03", "-5.00", "EUR", payee="Octane", text="125/L", account="Cash", category="Fuel"),
        line(3, "2026-09-04", "4000", "EUR", payee="Gehalt März", account="Bank", category="Salary"),
        line(
            *(4, "2026-09-05", "-20", "EUR"),
            text="Transferred Balance Bank → Cash",
            account="Bank",
            kind=Kind.TRANSFER,
        ),
        line(
            *(5, "2026-09-06", "3", "EUR"),
            payee="Updated Total Balance",
            account="Bank",
            kind=Kind.BALANCE,
        ),
    ]


def test_expense_owl():
    text = """
ID,Name,Category,Amount,Currency,Date,Tags
a-1,Thé vert,Groceries,-4.20,eur,2026-03-01T23:30:00Z,"tea,home"
a-2,Pay,Income,2000.00,eur,2026-03-02T00:00:00Z,
"""
    assert lines_of(text) == [
        line(
            *(2, "2026-03-01", "-4.20", "EUR"),
            payee="Thé vert",
            bank_id="a-1",
            category="Groceries",
            tags=("tea", "home"),
        ),
        line(3, "2026-03-02", "2000.00", "EUR", payee="Pay", bank_id="a-2", category="Income"),
    ]


GNUCASH = """
Date,Transaction ID,Number,Description,Notes,Commodity/Currency,Void Reason,Action,Memo,Full Account Name,\
Account Name,Amount With Sym,Amount Num.,Value With Sym,Value Num.,Reconcile,Reconcile Date,Rate/Price
2026-01-13,aa01,,Bäcker,,CURRENCY::EUR,,,rolls,Expenses:Food:Bread,Bread,€4.20,4.20,€4.20,4.20,n,,1
2026-01-13,aa01,,Bäcker,,CURRENCY::EUR,,,,Assets:Swiss,Swiss,-CHF3.90,-3.90,-€4.20,-4.20,n,,1
2026-01-14,aa02,,Employer,,CURRENCY::EUR,,,,Income:Salary,Salary,-€100.00,-100.00,-€100.00,-100.00,n,,1
2026-01-15,aa03,,Error,,CURRENCY::EUR,twice,,,Expenses:Food,Food,€0.00,0.00,€0.00,0.00,v,,1
"""


def test_gnucash():
    assert lines_of(GNUCASH) == [
        line(
            *(2, "2026-01-13", "-4.20", "EUR"),
            payee="Bäcker",
            text="rolls",
            bank_id="aa01",
            category="Bread",
        ),
        line(
            *(3, "2026-01-13", "-4.20", "EUR"),
            payee="Bäcker",
            bank_id="aa01",
            account="Assets:Swiss",
            kind=Kind.NEUTRAL,
        ),
        line(4, "2026-01-14", "100.00", "EUR", payee="Employer", bank_id="aa02", category="Salary"),
        line(5, "2026-01-15", "0", "EUR", payee="Error", bank_id="aa03", kind=Kind.CLOSED),
    ]


def test_feidee():
    text = """
随手记导出文件(headers:v5;xxxxx)
交易类型,日期,子类别,账户,账户币种,金额,备注,商家,关联Id
余额变更,2024-09-01 00:00:00,,现金,CNY,-0.12,,,
支出,2024-09-01 23:34:56,早餐,现金,CNY,8.00,豆浆,早点铺,
支出,2024-09-02 12:34:56,早餐,现金,CNY,-1.00,,,
收入,2024-09-03 01:23:45,工资,银行卡,CNY,100.00,,,
转出,2024-09-04 23:59:59,,银行卡,CNY,5.00,,,1
转入,2024-09-04 23:59:59,,现金,CNY,5.00,,,1
负债变更,2024-09-05 00:00:00,,信用卡,CNY,30.00,,,
"""
    assert lines_of(text) == [
        line(3, "2024-09-01", "-0.12", "CNY", account="现金", kind=Kind.BALANCE),
        line(4, "2024-09-01", "-8.00", "CNY", payee="早点铺", text="豆浆", account="现金", category="早餐"),
        line(5, "2024-09-02", "1.00", "CNY", account="现金", category="早餐"),
        line(6, "2024-09-03", "100.00", "CNY", account="银行卡", category="工资"),
        line(7, "2024-09-04", "-5.00", "CNY", account="银行卡", kind=Kind.TRANSFER),
        line(8, "2024-09-04", "5.00", "CNY", account="现金", kind=Kind.TRANSFER),
        line(9, "2024-09-05", "-30.00", "CNY", account="信用卡", kind=Kind.BALANCE),
    ]


def test_the_order_of_the_columns_and_their_case_do_not_matter():
    header = (
        "notes,labels,ACCOUNT NAME,category,Transaction type,amount,Original description,description,date"
    )
    assert apps.recognise(header.split(",")).name == "Mint"


def test_every_application_is_recognised_by_no_other():
    for app in apps.APPS:
        for header in app.HEADERS:
            assert apps.recognise(header) is app.DIALECT


@pytest.mark.parametrize(
    "header",
    [
        "Date,Description,Amount",
        "Date,Description,Debit,Credit,Balance",
        "Date,Payee,Category,Amount,Notes",
        "Date,Description,Category,Amount,Currency,Tags",
        "Account,Date,Payee,Notes,Category,Amount",
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注",
    ],
)
def test_a_bank_file_or_spreadsheet_is_none(header):
    assert apps.recognise(header.split(",")) is None


OF_APPS = {
    "app-ezbookkeeping-export.csv": "ezBookkeeping",
    "app-feidee-suishouji-v5.csv": "Feidee",
    "app-firefly-minimal.csv": "Firefly III",
    "app-mint-cr.csv": "Mint",
    "app-splitwise-household.csv": "Splitwise",
}


@pytest.mark.shared
def test_of_real_files_only_those_of_applications_are_taken_for_such(shared):
    found = {}
    for path in sorted((shared / "corpus/csv").iterdir()):
        with path.open("rb") as file:
            found[path.name] = csv_files.read(file, path.name, {}).dialect
    assert {name: dialect for name, dialect in found.items() if dialect} == OF_APPS
    assert len(found) > 40
