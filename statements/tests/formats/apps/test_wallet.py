from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of

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
