import time
import pytest
from database.acting import acting_as, operator
from statements.models import StatementLine
from statements.tests.imports import stage
from statements.applying import apply
from history.models import ChangeSet
from history.undoing import undo
from history import steps
@pytest.mark.django_db
@pytest.mark.parametrize("n",[20000])
def test_it(ledger, n, monkeypatch):
    i=stage(ledger,"A"); s=i.statements.get(); c=StatementLine.objects.get().category_id
    StatementLine.objects.bulk_create([StatementLine(ledger=ledger,statement=s,number=k,kind="booked",state="new",plan="add",date="2024-01-01",amount=-k,payee=f"P{k%500}",category_id=c,external_id=f"x:{k}") for k in range(1,n)],batch_size=5000)
    i.refresh_from_db()
    with acting_as(operator("tests", via="page", act="apply")):
        apply(i, i.version)
    ledger.role="owner"
    run=steps.Work.run
    def timed(self, st, **k):
        a=time.time(); r=run(self, st, **k); print(n, st.strip()[:40].replace("\n"," "), round(time.time()-a,2)); return r
    monkeypatch.setattr(steps.Work,"run",timed)
    with acting_as(operator("tests", via="page", act="undo")):
        from django.db import connection; connection.cursor().execute("SET LOCAL enable_nestloop = off")
        undo(ledger, ChangeSet.objects.in_ledger(ledger).newest_first()[0])
