import pytest

from expenses.tests.factories import make_ledger, share

URL = "/api/v1/ledgers/"


def test_a_person_sees_their_ledgers_and_their_role_in_each(api_as, alice, bob, ledger):
    own = make_ledger(bob, "Bob's", "JPY", month_start_day=25)
    make_ledger(alice, "Not shared")
    share(ledger, bob, "viewer")
    assert api_as(bob).get(URL).json() == {
        "next": None,
        "previous": None,
        "results": sorted(
            [
                {
                    "id": own.pk,
                    "name": "Bob's",
                    "currency": "JPY",
                    "month_start_day": 25,
                    "role": "owner",
                },
                {
                    "id": ledger.pk,
                    "name": "Household",
                    "currency": "EUR",
                    "month_start_day": 1,
                    "role": "viewer",
                },
            ],
            key=lambda row: row["id"],
        ),
    }


def test_ledgers_page_in_both_directions(api, alice):
    made = [make_ledger(alice, f"Ledger {n}").pk for n in range(5)]
    first = api.get(f"{URL}?page_size=2").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert [row["id"] for page in (first, second, third) for row in page["results"]] == made
    assert api.get(third["previous"]).json()["results"] == second["results"]
    assert third["next"] is None


def test_one_ledger(api, ledger):
    assert api.get(f"{URL}{ledger.pk}/").json() == {
        "id": ledger.pk,
        "name": "Household",
        "currency": "EUR",
        "month_start_day": 1,
        "role": "owner",
    }


def test_a_ledger_that_is_known_already_is_not_sent_again(api, api_as, bob, ledger):
    url, membership = f"{URL}{ledger.pk}/", share(ledger, bob, "viewer")
    etags = [api.get(url)["ETag"], api_as(bob).get(url)["ETag"]]
    answer = api.get(url, headers={"If-None-Match": etags[0]})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etags[0])
    membership.role = "editor"
    membership.save()
    etags.append(api_as(bob).get(url)["ETag"])
    ledger.name = "New"
    ledger.save()
    answer = api.get(url, headers={"If-None-Match": etags[0]})
    assert (answer.status_code, answer.json()["name"]) == (200, "New")
    assert len({*etags, answer["ETag"]}) == 4


def test_a_stranger_sees_none(api_as, charlie, ledger):
    assert api_as(charlie).get(URL).json() == {"next": None, "previous": None, "results": []}
    answer = api_as(charlie).get(f"{URL}{ledger.pk}/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Ledger matches the given query."})


def test_signing_in_is_needed(client, ledger):
    answer = client.get(URL)
    message = "Authentication credentials were not provided."
    assert (answer.status_code, answer.json()) == (401, {"detail": message})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_ledgers_are_read_only_here(api, ledger, method):
    answer = getattr(api, method)(f"{URL}{ledger.pk}/", {"name": "x"})
    assert (answer.status_code, answer.json()) == (405, {"detail": f'Method "{method.upper()}" not allowed.'})
    ledger.refresh_from_db()
    assert ledger.name == "Household"
