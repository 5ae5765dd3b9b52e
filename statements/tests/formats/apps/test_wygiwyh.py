from statements.formats.lines import Kind
from statements.tests.formats.apps.samples import line, lines_of


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
