import pytest

from expenses.models import Category, Expense, Rule
from expenses.tests.factories import make_expense, make_ledger, make_rule, share
from statements.tests.imports import bring_in


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/rules/"


def category(ledger, name="Food"):
    return Category.objects.get(ledger=ledger, name=name).pk


def test_a_rule_is_added_behind_the_others(api, ledger, url):
    make_rule(ledger, "cinema", position=4)
    answer = api.post(url, {"pattern": " bakery ", "category": category(ledger)})
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": Rule.objects.get(pattern="bakery").pk,
            "version": 1,
            "position": 5,
            "field": "any",
            "operator": "contains",
            "pattern": "bakery",
            "category": category(ledger),
            "payee": "",
        },
    )
    assert [row["pattern"] for row in api.get(url).json()["results"]] == ["cinema", "bakery"]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"payee": "x"}, {"pattern": ["This field is required."]}),
        ({"pattern": " ", "payee": "x"}, {"pattern": ["This field may not be blank."]}),
        ({"pattern": "x"}, {"category": ["Give the rule a category or a payee to set."]}),
        ({"pattern": "x", "category": 0}, {"category": ["This ledger has no row with the id 0."]}),
        ({"pattern": "x", "payee": "x", "field": "date"}, {"field": ['"date" is not a valid choice.']}),
        (
            {"pattern": "(", "operator": "matches", "payee": "x"},
            {"pattern": ["This pattern cannot be used: missing ): ("]},
        ),
        (
            {"pattern": "x", "payee": "x", "position": 1_000_001},
            {"position": ["Ensure this value is less than or equal to 1000000."]},
        ),
        ({"pattern": "x", "payee": "x", "colour": "red"}, {"colour": ["Unknown field."]}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(api, url, values, errors):
    answers = [api.post(address, values) for address in (url, f"{url}try/")]
    assert [(each.status_code, each.json()) for each in answers] == [(400, errors)] * 2
    assert Rule.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"category": None}, {"category": ["Give the rule a category or a payee to set."]}),
        (
            {"pattern": "a*", "operator": "matches"},
            {"pattern": ["This pattern also fits an empty text, so it would fit everything."]},
        ),
    ],
)
def test_a_change_is_looked_at_together_with_what_stays(api, ledger, url, values, errors):
    rule = make_rule(ledger)
    answer = api.patch(f"{url}{rule.pk}/", {**values, "version": 1})
    assert (answer.status_code, answer.json()) == (400, errors)
    assert api.patch(f"{url}{rule.pk}/", {"payee": "Baker", "version": 1}).json()["version"] == 2


def test_an_archived_category_is_kept_but_not_chosen(api, ledger, url):
    rule = make_rule(ledger)
    Category.objects.filter(ledger=ledger).update(archived=True)
    message = {"category": ["This category is archived. Choose another one."]}
    assert api.post(url, {"pattern": "x", "category": rule.category_id}).json() == message
    kept = {"category": rule.category_id, "pattern": "x", "version": 1}
    assert api.patch(f"{url}{rule.pk}/", kept).status_code == 200


def test_a_rule_that_was_moved_has_another_etag_and_the_same_version(api, ledger, url):
    rule = f"{url}{make_rule(ledger).pk}/"
    seen = api.get(rule)
    moved = api.patch(rule, {"position": 7}, headers={"If-Match": seen["ETag"]})
    assert (moved.status_code, moved.json()["version"], moved.json()["position"]) == (200, 1, 7)
    answer = api.patch(rule, {"pattern": "x"}, headers={"If-Match": seen["ETag"]})
    assert (answer.status_code, answer.json()["current"]) == (412, moved.json())


@pytest.mark.parametrize(("method", "query"), [("patch", ""), ("delete", "?version=1")])
def test_a_stale_version_is_answered_with_the_current_rule(api, ledger, url, method, query):
    rule = make_rule(ledger)
    Rule.objects.filter(pk=rule.pk).update(pattern="theirs")
    answer = getattr(api, method)(f"{url}{rule.pk}/{query}", {"version": 1, "pattern": "mine"})
    assert (answer.status_code, answer.json()["current"]["pattern"]) == (409, "theirs")
    assert Rule.objects.get().pattern == "theirs"
    assert api.delete(f"{url}{rule.pk}/?version=2").status_code == 204


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_rule_of_another_ledger_does_not_exist_here(api, alice, url, method):
    foreign = make_rule(make_ledger(alice, "Holiday"))
    assert getattr(api, method)(f"{url}{foreign.pk}/").status_code == 404
    assert api.post(f"{url}{foreign.pk}/try/", {"pattern": "x"}).status_code == 404
    assert Rule.objects.filter(pk=foreign.pk, version=1).exists()


def test_trying_shows_what_would_change_and_saves_nothing(api, ledger, url):
    earlier = make_rule(ledger, "north")
    north, bakery = bring_in(ledger, "Bakery North", "Bakery")
    typed = make_expense(ledger, payee="bakery", category="Other")
    food = category(ledger)
    answer = api.post(f"{url}try/", {"pattern": "bakery", "category": food})
    said = answer.json()
    fits = [
        (fit["expense"]["id"], fit["category"], fit["payee"], fit["by_hand"], fit["earlier_rule"])
        for fit in said.pop("expenses")
    ]
    assert fits == [
        (bakery.pk, food, None, [], None),
        (typed.pk, None, None, ["category"], None),
        (north.pk, None, None, [], earlier.pk),
    ]
    assert len(said.pop("tag")) == 32
    counts = {"total": 3, "changing": 1, "by_hand": 1, "earlier": 1, "same": 0, "is_complete": True}
    assert (answer.status_code, said) == (200, counts)
    assert (Rule.objects.count(), Expense.objects.filter(category=food).count()) == (1, 0)


def test_trying_a_change_of_a_rule_starts_from_the_rule(api, ledger, url):
    rule = make_rule(ledger)
    make_rule(ledger, "bak", position=1)
    bring_in(ledger, "Bakery")
    said = api.post(f"{url}{rule.pk}/try/", {"category": category(ledger, "Rent")}).json()
    assert (said["changing"], said["earlier"]) == (1, 0)
    assert said["expenses"][0]["category"] == category(ledger, "Rent")
    moved = api.post(f"{url}{rule.pk}/try/", {"position": 2}).json()
    assert (moved["changing"], moved["earlier"]) == (0, 1)
    rule.refresh_from_db()
    assert (rule.version, rule.position) == (1, 0)


def test_what_a_trial_has_shown_is_done_with_the_rule_in_one_change_set(api, ledger, url):
    bring_in(ledger, "Bakery 1", "Bakery 2")
    values = {"pattern": "bakery", "category": category(ledger)}
    tag = api.post(f"{url}try/", values).json()["tag"]
    answer = api.post(url, {**values, "also_change": tag})
    assert answer.status_code == 201
    assert set(Expense.objects.values_list("category__name", flat=True)) == {"Food"}
    rule, values = f"{url}{answer.json()['id']}/", {"category": category(ledger, "Rent")}
    tag = api.post(f"{rule}try/", values).json()["tag"]
    assert api.patch(rule, {**values, "version": 1, "also_change": tag}).status_code == 200
    assert set(Expense.objects.values_list("category__name", flat=True)) == {"Rent"}
    changes = api.get(f"/api/v1/ledgers/{ledger.pk}/history/{answer['Change-Set']}/").json()
    assert sorted(row["kind"] for row in changes["changes"]) == ["expense", "expense", "rule"]


def test_what_is_not_what_was_shown_is_409_and_nothing_is_saved(api, ledger, url):
    values = {"pattern": "bakery", "category": category(ledger)}
    tag = api.post(f"{url}try/", values).json()["tag"]
    bring_in(ledger, "Bakery")
    answer = api.post(url, {**values, "also_change": tag})
    assert (answer.status_code, Rule.objects.count()) == (409, 0)
    assert answer.json()["detail"] == "What would change is not what was shown. Nothing was saved."
    assert answer.json()["current"] == api.post(f"{url}try/", values).json()


def test_a_viewer_reads_rules_and_no_more(api_as, ledger, bob, url):
    share(ledger, bob, "viewer")
    make_rule(ledger)
    assert len(api_as(bob).get(url).json()["results"]) == 1
    for address in (url, f"{url}try/"):
        assert api_as(bob).post(address, {"pattern": "x", "payee": "x"}).status_code == 403


def test_a_rule_sent_twice_is_added_once(api, url):
    key = {"Idempotency-Key": "once"}
    answers = [api.post(url, {"pattern": "x", "payee": "x"}, headers=key) for _time in range(2)]
    assert (answers[0].json(), Rule.objects.count()) == (answers[1].json(), 1)
