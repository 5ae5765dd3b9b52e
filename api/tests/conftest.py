import pytest

from expenses.tests.factories import make_user, share


@pytest.fixture
def household(ledger, bob):
    """Alice's ledger, with Bob as an editor, and Dora to share it with."""
    share(ledger, bob, "editor")
    make_user("dora")
    return ledger
