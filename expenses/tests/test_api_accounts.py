import pytest

from expenses.models import Account
from expenses.serializers import AccountSerializer
from expenses.tests.factories import make_account, make_expense, make_ledger, share


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/accounts/"


def names(api, url, **query):
    return [row["name"] for row in api.get(url, query).json()["results"]]


TAKEN = {"name": ["This ledger has an account of that name already."]}


def test_an_account_is_added_without_its_key(api, ledger, url):
    answer = api.post(url, {"name": "  My   card ", "currency": "CHF", "digits": "42"})
    account = Account.objects.get()
    row = {"id": account.pk, "version": 1, "name": "My card", "currency": "CHF", "digits": "42"}
    assert (answer.status_code, answer.json()) == (201, row)
    assert api.get(f"{url}{account.pk}/").json() == row
    assert api.get(url).json()["results"] == [row]
    assert len(account.key) == 16


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": "  "}, {"name": ["This field may not be blank."]}),
        ({"name": "checking"}, TAKEN),
        ({"name": "New", "currency": "eur"}, {"currency": ["A currency is three capital letters."]}),
        ({"name": "New", "currency": "EU"}, {"currency": ["A currency is three capital letters."]}),
        (
            {"name": "New", "digits": "1-2"},
            {"digits": ["Write at most four letters or digits, the last of the account's number."]},
        ),
        ({"name": "New", "key": "0" * 16}, {"key": ["Unknown field."]}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(api, ledger, url, values, errors):
    make_account(ledger)
    answer = api.post(url, values)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert Account.objects.count() == 1


def test_a_name_that_somebody_else_took_meanwhile_is_409(api, url, ledger, monkeypatch):
    make_account(ledger)
    monkeypatch.setattr(AccountSerializer, "validate_name", lambda serializer, name: name)
    answer = api.post(url, {"name": "checking"})
    assert (answer.status_code, answer.json()) == (409, TAKEN)


def test_names_are_found_by_a_part_of_them(api, ledger, url):
    make_account(ledger, "Visa card")
    make_account(ledger, "Checking")
    assert (names(api, url), names(api, url, name="CARD")) == (["Visa card", "Checking"], ["Visa card"])
    assert names(api, url, name="100%") == []


def test_the_list_goes_on_page_after_page(api, ledger, url):
    for name in ("B", "A", "C"):
        make_account(ledger, name)
    first = api.get(url, {"page_size": 2}).json()
    second = api.get(first["next"]).json()
    assert [row["name"] for row in first["results"] + second["results"]] == ["B", "A", "C"]


def test_an_account_is_changed_by_who_saw_it_as_it_is(api, ledger, url):
    account = make_account(ledger)
    row = f"{url}{account.pk}/"
    assert api.patch(row, {"digits": "1"}).status_code == 428
    assert api.patch(row, {"digits": "1", "version": 1}).json()["version"] == 2
    stale = api.patch(row, {"digits": "2", "version": 1})
    assert (stale.status_code, stale.json()["current"]["digits"]) == (409, "1")
    assert api.patch(row, {"digits": "2"}, headers={"If-Match": api.get(row)["ETag"]}).status_code == 200


def test_the_same_key_twice_adds_one_account(api, url):
    answers = [api.post(url, {"name": "Card"}, headers={"Idempotency-Key": "k"}) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Account.objects.count() == 1


def test_only_an_account_without_imported_expenses_is_deleted(api, ledger, url):
    used, unused = make_account(ledger), make_account(ledger, "Cash")
    make_expense(ledger, external_id=f"{used.key}:1")
    refused = api.delete(f"{url}{used.pk}/?version=1")
    message = "“Checking” has imported expenses, so it cannot be deleted."
    assert (refused.status_code, refused.json()) == (400, {"detail": message})
    assert api.delete(f"{url}{unused.pk}/?version=1").status_code == 204
    assert list(Account.objects.all()) == [used]


def test_a_viewer_only_reads(api_as, bob, ledger, url):
    share(ledger, bob, "viewer")
    account = make_account(ledger)
    viewer = api_as(bob)
    assert viewer.get(url).status_code == 200
    assert viewer.post(url, {"name": "New"}).status_code == 403
    assert viewer.delete(f"{url}{account.pk}/?version=1").status_code == 403


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_an_account_of_another_ledger_does_not_exist_here(api, alice, url, method):
    foreign = make_account(make_ledger(alice, "Holiday"))
    answer = getattr(api, method)(f"{url}{foreign.pk}/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Account matches the given query."})
