"""One row is changed only by who says which state of it they saw, whatever kind of row it is."""

import pytest
from rest_framework.test import APIClient

from expenses.models import Category, Expense
from expenses.tests.factories import make_expense
from expenses.tests.threads import at_once
from history.models import ChangeSet

MEANWHILE = "This has changed since you fetched it. Fetch it again."
WHICH = (
    "Say which state you change: send the version that you saw (in the body, or as ?version= to delete), or"
    " If-Match with the ETag."
)
METHODS = ["put", "patch", "delete"]


class Row:
    """A row of the API, and requests about it. In headers ``"v1"`` stands for the ETag of its first state."""

    def __init__(self, api, ledger, kind):
        self.api, self.ledger, self.kind = api, ledger, kind
        food = Category.objects.get(ledger=ledger, name="Food")
        made = make_expense(ledger) if kind == "expenses" else food
        self.model, self.pk = type(made), made.pk
        expense = {"date": "2024-08-01", "amount": "5", "category": food.pk, "notes": "mine"}
        self.body = expense if kind == "expenses" else {"name": "Mine"}
        self.list = f"/api/v1/ledgers/{ledger.pk}/{kind}/"
        self.url = f"{self.list}{made.pk}/"

    def etag(self, version, position=1) -> str:
        return f'"v{version}-{position}"' if self.kind == "categories" else f'"v{version}"'

    def change_by_another(self):
        field = {"notes": "theirs"} if self.kind == "expenses" else {"colour": "#000000"}
        self.model.objects.filter(pk=self.pk).update(**field)

    def send(self, method, version=None, client=None, **headers):
        """A change, with the version if one is given where the method carries it."""
        now = self.etag(1)
        headers = {name.replace("_", "-"): value.replace('"v1"', now) for name, value in headers.items()}
        send = getattr(client or self.api, method)
        if method == "delete":
            query = f"?version={version}" if version else ""
            return send(self.url + query, headers=headers)
        return send(self.url, self.body | ({"version": version} if version else {}), headers=headers)

    def stored(self):
        return list(self.model.objects.order_by("pk").values())


@pytest.fixture(params=["expenses", "categories"])
def row(request, api, ledger):
    return Row(api, ledger, request.param)


def test_every_answer_with_one_row_has_the_etag_of_its_version(api, row):
    body = row.body | ({"name": "Another"} if row.kind == "categories" else {})
    made = api.post(row.list, body)
    assert (made.status_code, made["ETag"]) == (201, row.etag(1, position=5))
    assert api.get(row.url)["ETag"] == row.etag(1)
    answers = [row.send("put", 1), row.send("patch", 2)]
    # The second asks for what is there already, so nothing is written.
    assert [(answer.json()["version"], answer["ETag"]) for answer in answers] == [(2, row.etag(2))] * 2
    assert api.get(row.url)["ETag"] == row.etag(2)


def test_what_is_no_single_row_has_no_etag(api, row):
    assert "ETag" not in api.get(row.list)
    assert "ETag" not in row.send("delete", 1)
    if row.kind == "expenses":
        assert "ETag" not in api.post(row.list, [row.body, row.body])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.catalogue(45)
def test_a_change_that_names_no_state_is_refused_and_told_what_to_send(row, method):
    before = row.stored()
    answer = row.send(method)
    assert (answer.status_code, answer.json(), row.stored()) == (428, {"detail": WHICH}, before)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("if_match", ['"v1"', 'W/"v1"', '"v9", "v1"', "*"])
def test_a_change_of_the_state_that_was_seen_is_made(row, method, if_match):
    before = row.stored()
    assert row.send(method, If_Match=if_match).status_code == (204 if method == "delete" else 200)
    assert row.stored() != before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("version", [None, 2])
@pytest.mark.parametrize("if_match", ['"v1"', 'W/"v1"', '"v9"', "v2", '"v2', "", '"*"'])
@pytest.mark.catalogue(44)
def test_a_change_of_another_state_is_answered_with_the_current_one(row, method, version, if_match):
    row.change_by_another()
    before, current = row.stored(), row.api.get(row.url)
    answer = row.send(method, version, If_Match=if_match)
    assert (answer.status_code, answer.json()) == (412, {"detail": MEANWHILE, "current": current.json()})
    assert (answer["ETag"], row.stored()) == (row.etag(2), before)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("if_match", ["now", "*"])
@pytest.mark.catalogue(44)
def test_a_stale_version_is_a_conflict_whatever_if_match_says(row, method, if_match):
    row.change_by_another()
    if_match = if_match.replace("now", row.etag(2))
    before, current = row.stored(), row.api.get(row.url).json()
    answer = row.send(method, 1, If_Match=if_match)
    assert (answer.status_code, answer.json()["current"], row.stored()) == (409, current, before)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("", "A valid integer is required."),
        ("x", "A valid integer is required."),
        ("1.0", "A valid integer is required."),
        ("%D9%A1", "A valid integer is required."),
        ("0", "Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_is_no_version_is_refused_by_its_name(row, version, message):
    before = row.stored()
    answer = row.api.delete(f"{row.url}?version={version}")
    assert (answer.status_code, answer.json(), row.stored()) == (400, {"version": [message]}, before)


def test_a_version_to_delete_is_read_as_in_a_body(row):
    answers = [row.send("patch", "01"), row.send("delete", "02")]
    assert [answer.status_code for answer in answers] == [200, 204]


@pytest.mark.parametrize("method", METHODS)
def test_if_match_for_a_row_that_is_gone_is_404(row, method):
    row.model.objects.filter(pk=row.pk).delete()
    assert row.send(method, If_Match="*").status_code == 404


def test_a_row_that_is_known_already_is_not_sent_again(api, row):
    answer = api.get(row.url, headers={"If-None-Match": f"W/{row.etag(1)}"})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", row.etag(1))
    row.change_by_another()
    answer = api.get(row.url, headers={"If-None-Match": row.etag(1)})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_options_ask_for_no_state_and_describe_the_change(api, row):
    assert sorted(api.options(row.url).json()["actions"]) == ["PUT"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.catalogue(44)
def test_of_many_who_saw_one_state_one_changes_it(row, api_as, alice, method):
    clients = [api_as(alice) for _ in range(6)]
    acts = (lambda c=c: row.send(method, client=c, If_Match='"v1"').status_code for c in clients)
    done, refused = (204, 404) if method == "delete" else (200, 412)
    assert sorted(at_once(*acts)) == [done, *[refused] * 5]
    left = row.model.objects.filter(pk=row.pk).values_list("version", flat=True)
    assert list(left) == ([] if method == "delete" else [2])


def writes(ledger, expense):
    base = f"/api/v1/ledgers/{ledger.pk}/"
    food = {"amount": "5", "category": expense.category_id}
    return [
        ("post", f"{base}expenses/", {"date": "2024-08-01"} | food),
        ("post", f"{base}expenses/", [{"date": "2024-08-01"} | food]),
        ("put", f"{base}days/2024-08-02/", {"expenses": [food]}),
        ("post", f"{base}expenses/2024-08-03", [{"amount": 5, "category": "Food"}]),
        ("patch", f"{base}expenses/{expense.pk}/", {"notes": "new", "version": 1}),
        ("delete", f"{base}expenses/{expense.pk}/?version=2", None),
    ]


def test_what_is_written_names_its_change_set(api, ledger, monkeypatch):
    asked = []
    monkeypatch.setattr("api.viewsets.written_in", lambda ledger_id: asked.append(ledger_id) or 17)
    for method, url, body in writes(ledger, make_expense(ledger)):
        answer = getattr(api, method)(url, body)
        assert (method, answer.status_code < 300, answer["Change-Set"]) == (method, True, "17")
    assert asked == [ledger.pk] * 6


@pytest.mark.django_db(transaction=True)
def test_the_change_set_named_is_the_one_that_was_made(api, alice, ledger):
    for method, url, body in writes(ledger, make_expense(ledger)):
        named = int(getattr(api, method)(url, body)["Change-Set"])
        made = ChangeSet.objects.in_ledger(ledger).newest_first()[0]
        assert (made.pk, made.user_id, made.via) == (named, alice.pk, "api")


def test_what_wrote_nothing_names_no_change_set(api, ledger, monkeypatch):
    url = f"/api/v1/ledgers/{ledger.pk}/"
    monkeypatch.setattr("api.viewsets.written_in", lambda ledger_id: None)
    assert "Change-Set" not in api.put(f"{url}days/2024-08-02/", {"expenses": []})
    monkeypatch.setattr("api.viewsets.written_in", lambda ledger_id: 17)
    range_ = {"start_date": "2024-08-01", "end_date": "2024-08-02"}
    for answer in (
        api.get(f"{url}expenses/"),
        api.options(f"{url}expenses/"),
        api.post(f"{url}analytics", range_),
        api.post(f"{url}expenses/", {}),
        api.delete(f"{url}expenses/1/"),
    ):
        assert "Change-Set" not in answer


def test_a_token_of_a_visitor_learns_no_etag(ledger, row):
    answer = APIClient().patch(row.url, row.body, headers={"If-Match": '"v9"'})
    assert (answer.status_code, "ETag" in answer, Expense.objects.filter(notes="mine").exists()) == (
        401,
        False,
        False,
    )
