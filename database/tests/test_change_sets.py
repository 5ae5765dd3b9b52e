import pytest
from django.db import connection, transaction

from database.change_sets import SETTING, written_in


@pytest.mark.parametrize(
    ("setting", "found"),
    [("", None), (" 5:17 8:18 ", 18), (" 8:18 ", 18), (" 18:5 88:4 5:8 ", None), (" 5:17 ", None)],
)
def test_the_change_set_of_a_ledger_is_read_from_the_setting(db, setting, found):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, setting])
    assert written_in(8) == found


@pytest.mark.django_db(transaction=True)
def test_it_is_of_the_transaction_under_way_only():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, ' 8:18 ', true)", [SETTING])
        assert written_in(8) == 18
    assert written_in(8) is None


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_never_told_has_none():
    connection.close()
    assert written_in(8) is None
