from api.forms import TokenForm
from expenses.tests.factories import make_ledger


def test_a_token_is_offered_ones_own_ledgers_by_the_code_too_not_only_by_the_database(alice, bob, ledger):
    make_ledger(bob, "Bob’s")
    form = TokenForm(user=alice)
    assert [label for _pk, label in form.fields["only_ledger"].choices] == ["All my ledgers", "Household"]
