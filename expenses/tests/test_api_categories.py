import pytest

from expenses.models import Category
from expenses.serializers import CategorySerializer
from expenses.tests.factories import make_expense, make_ledger


@pytest.fixture
def url(ledger):
    return f"/api/v1/ledgers/{ledger.pk}/categories/"


def category(ledger, name):
    return Category.objects.get(ledger=ledger, name=name)


def names(ledger):
    return list(Category.objects.in_ledger(ledger).values_list("name", flat=True))


STARTERS = ["Rent", "Food", "Shopping", "Entertainment", "Other"]
TAKEN = {"name": ["This ledger has a category of that name already."]}


def test_the_list_is_in_the_ledgers_order(api, ledger, url):
    Category.objects.filter(ledger=ledger, name="Other").update(position=0)
    rent = category(ledger, "Rent")
    page = api.get(url).json()
    assert [row["name"] for row in page["results"]] == ["Rent", "Other", "Food", "Shopping", "Entertainment"]
    assert page["results"][0] == {
        "id": rent.pk,
        "version": 1,
        "name": "Rent",
        "colour": "#4f6bed",
        "position": 0,
        "archived": False,
        "parent": None,
        "aliases": [],
    }


def test_a_new_category_comes_last(api, ledger, url):
    answer = api.post(url, {"name": "  Public   transport "})
    created = category(ledger, "Public transport")
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": created.pk,
            "version": 1,
            "name": "Public transport",
            "colour": "#64748b",
            "position": 5,
            "archived": False,
            "parent": None,
            "aliases": [],
        },
    )


@pytest.mark.parametrize("name", ["Food", "food", "FOOD", " fOOd "])
def test_a_name_is_taken_once_whatever_the_case(api, ledger, url, name):
    answer = api.post(url, {"name": name})
    assert (answer.status_code, answer.json()) == (400, TAKEN)
    answer = api.patch(f"{url}{category(ledger, 'Rent').pk}/", {"name": name, "version": 1})
    assert (answer.status_code, answer.json()) == (400, TAKEN)
    assert names(ledger) == STARTERS


def test_a_name_that_somebody_else_took_meanwhile_is_409(api, url, ledger, monkeypatch):
    monkeypatch.setattr(CategorySerializer, "validate_name", lambda serializer, name: name)
    answer = api.post(url, {"name": "food"})
    message = "This ledger has a category of that name already."
    assert (answer.status_code, answer.json()) == (409, {"name": [message]})
    assert Category.objects.filter(ledger=ledger, name__iexact="food").count() == 1


def test_a_category_can_change_the_case_of_its_own_name(api, ledger, url):
    pk = category(ledger, "Food").pk
    assert api.patch(f"{url}{pk}/", {"name": "FOOD", "version": 1}).json()["name"] == "FOOD"


def test_another_ledger_may_use_the_same_name(api, alice, ledger, url):
    make_ledger(alice, "Holiday")
    assert api.post(url, {"name": "Travel"}).status_code == 201


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": "  "}, {"name": ["This field may not be blank."]}),
        ({"name": "x" * 101}, {"name": ["Ensure this field has no more than 100 characters."]}),
        (
            {"name": "New", "colour": "red"},
            {"colour": ["Write a colour as # and six hexadecimal digits."]},
        ),
        (
            {"name": "New", "colour": "#12345g"},
            {"colour": ["Write a colour as # and six hexadecimal digits."]},
        ),
        ({"name": "New", "position": -1}, {"position": ["Ensure this value is greater than or equal to 0."]}),
        ({"name": "New", "archived": "maybe"}, {"archived": ["Must be a valid boolean."]}),
        ({"name": "New", "icon": "x"}, {"icon": ["Unknown field."]}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_written(api, ledger, url, values, errors):
    answer = api.post(url, values)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert names(ledger) == STARTERS


def test_a_subcategory_with_other_names_is_added_and_changed(api, ledger, url):
    food = category(ledger, "Food")
    made = api.post(url, {"name": "Bakery", "parent": food.pk, "aliases": ["Bread  shop", "baker", "BAKER"]})
    assert (made.status_code, made.json()["parent"], made.json()["aliases"]) == (
        201,
        food.pk,
        ["baker", "bread shop"],
    )
    row = f"{url}{made.json()['id']}/"
    changed = api.patch(row, {"name": "Baker", "version": 1}).json()
    assert (changed["name"], changed["parent"], changed["aliases"]) == ("Baker", food.pk, ["bread shop"])
    changed = api.patch(row, {"parent": None, "aliases": [], "version": 2}).json()
    assert (changed["parent"], changed["aliases"]) == (None, [])


def test_two_levels_and_one_meaning_for_each_name(api, alice, ledger, url):
    foreign = category(make_ledger(alice, "Other"), "Food").pk
    rent, food = category(ledger, "Rent"), category(ledger, "Food")
    bakery = Category.objects.create(ledger=ledger, name="Bakery", parent=food, aliases=["baker"])
    levels = "Choose a main category of this ledger: a subcategory has none of its own."
    means = "“%s” means “Bakery” in this ledger already. Choose another name."
    for values, errors in [
        ({"parent": bakery.pk}, {"parent": [levels]}),
        ({"parent": rent.pk}, {"parent": [levels]}),
        ({"parent": foreign}, {"parent": [f"This ledger has no row with the id {foreign}."]}),
        ({"name": "Baker"}, {"name": [means % "baker"]}),
        ({"aliases": ["baker"]}, {"aliases": [means % "baker"]}),
        ({"aliases": ["BAKERY"]}, {"aliases": [means % "bakery"]}),
        ({"aliases": "baker"}, {"aliases": ['Expected a list of items but got type "str".']}),
    ]:
        answer = api.patch(f"{url}{rent.pk}/", values | {"version": 1})
        assert (answer.status_code, answer.json()) == (400, errors)
    answer = api.patch(f"{url}{food.pk}/", {"parent": rent.pk, "version": 1})
    message = "This category has subcategories, so it cannot become one."
    assert (answer.status_code, answer.json()) == (400, {"parent": [message]})
    answer = api.delete(f"{url}{food.pk}/?version=1")
    message = "“Food” has subcategories, so it cannot be deleted. Delete or move them first."
    assert (answer.status_code, answer.json()) == (400, {"detail": message})


def test_a_category_can_be_added_after_the_highest_position(api, ledger, url):
    api.patch(f"{url}{category(ledger, 'Other').pk}/", {"position": 1_000_000, "version": 1})
    assert api.post(url, {"name": "Travel"}).json()["position"] == 1_000_000
    answer = api.patch(f"{url}{category(ledger, 'Other').pk}/", {"position": 1_000_001, "version": 1})
    message = "Ensure this value is less than or equal to 1000000."
    assert (answer.status_code, answer.json()) == (400, {"position": [message]})


def test_a_category_that_was_moved_has_another_etag_and_the_same_version(api, ledger, url):
    food = f"{url}{category(ledger, 'Food').pk}/"
    seen = api.get(food)
    moved = api.patch(food, {"position": 7}, headers={"If-Match": seen["ETag"]})
    assert (moved.status_code, moved.json()["version"]) == (200, 1)
    again = api.get(food, headers={"If-None-Match": seen["ETag"]})
    assert (again.status_code, again.json()["position"], again["ETag"]) == (200, 7, moved["ETag"])
    answer = api.patch(food, {"name": "Meals"}, headers={"If-Match": seen["ETag"]})
    assert (answer.status_code, answer.json()["current"]) == (412, again.json())


def test_an_archived_category_keeps_its_expenses(api, ledger, url):
    expense = make_expense(ledger, category="Food")
    answer = api.patch(f"{url}{expense.category_id}/", {"archived": True, "version": 1})
    assert (answer.json()["archived"], answer.json()["version"]) == (True, 2)
    assert [row["archived"] for row in api.get(url).json()["results"]] == [False, True, False, False, False]
    shown = api.get(f"/api/v1/ledgers/{ledger.pk}/expenses/{expense.pk}/").json()
    assert shown["category"] == expense.category_id


def test_only_an_unused_category_can_be_deleted(api, ledger, url):
    used = make_expense(ledger, category="Food").category_id
    answer = api.delete(f"{url}{used}/?version=1")
    message = "“Food” has expenses, so it cannot be deleted. Archive it, or merge it into another one."
    assert (answer.status_code, answer.json()) == (400, {"detail": message})
    answer = api.delete(f"{url}{category(ledger, 'Rent').pk}/?version=1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert names(ledger) == ["Food", "Shopping", "Entertainment", "Other"]


@pytest.mark.parametrize(("method", "query"), [("patch", ""), ("delete", "?version=1")])
def test_a_stale_version_is_answered_with_the_current_row(api, ledger, url, method, query):
    rent = category(ledger, "Rent")
    Category.objects.filter(pk=rent.pk).update(colour="#000000")
    answer = getattr(api, method)(f"{url}{rent.pk}/{query}", {"version": 1, "name": "Mine"})
    current = api.get(f"{url}{rent.pk}/").json()
    assert (current["version"], current["name"], current["colour"]) == (2, "Rent", "#000000")
    assert (answer.status_code, answer.json()) == (
        409,
        {"detail": "Somebody changed this meanwhile.", "current": current},
    )


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_category_of_another_ledger_does_not_exist_here(api, alice, url, method):
    foreign = category(make_ledger(alice, "Holiday"), "Food")
    answer = getattr(api, method)(f"{url}{foreign.pk}/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Category matches the given query."})
    assert Category.objects.filter(pk=foreign.pk, version=1).exists()
