from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


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
