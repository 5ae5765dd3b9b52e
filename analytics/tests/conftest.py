"""What the tests of the endpoints ask, and some figures to ask for."""

import pytest

from expenses.models import Category
from expenses.tests.factories import make_expense

AUGUST = {"start": "2024-08-01", "end": "2024-08-31"}


@pytest.fixture
def base(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/analytics/"


@pytest.fixture
def get(api, base):
    """``get("months/", AUGUST)`` is what Alice is answered, which has to be figures."""

    def answer(path, query=AUGUST, **more):
        response = api.get(base + path, {**query, **more})
        assert response.status_code == 200, response.json()
        return response.json()

    return answer


@pytest.fixture
def august(ledger):
    """Ids of categories by name, in a ledger with some rows."""
    for amount, name, day, payee in [
        ("30", "Food", "2024-08-05", "Bakery"),
        ("-10", "Food", "2024-08-12", ""),
        ("80", "Rent", "2024-08-05", "Landlord"),
        ("25", "Food", "2024-07-31", "Bakery"),
        ("7", "Other", "2024-07-02", ""),
    ]:
        make_expense(ledger, amount, name, day, payee=payee)
    return dict(Category.objects.in_ledger(ledger).values_list("name", "pk"))
