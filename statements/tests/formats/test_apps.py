import pytest

from statements.formats import csv as csv_files
from statements.formats.tables import apps


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
