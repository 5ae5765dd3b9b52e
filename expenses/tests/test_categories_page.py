import pytest
from django.urls import reverse

from expenses.models import Category
from expenses.tests.factories import make_expense, make_ledger, share
from expenses.tests.pages import Page

pytestmark = pytest.mark.django_db


def names(ledger):
    return list(Category.objects.in_ledger(ledger).values_list("name", flat=True))


def food_of(ledger):
    return Category.objects.get(ledger=ledger, name="Food")


def page(browser, ledger):
    return Page(browser.get(reverse("categories", args=[ledger.pk])))


def sent(browser, form, **data):
    return browser.post(form.attributes["action"], form.data | data)


def edited(browser, ledger, category, **values):
    """Send the category's own form with some of its fields changed."""
    form = page(browser, ledger).form(f"/categories/{category.pk}/")
    return sent(browser, form, **{f"category-{category.pk}-{name}": value for name, value in values.items()})


def act(browser, ledger, category, verb, **data):
    return browser.post(reverse(f"category_{verb}", args=[ledger.pk, category.pk]), data)


def test_a_category_is_added_at_the_end_with_the_next_colour(browser, ledger):
    response = sent(browser, page(browser, ledger).form("new"), **{"new-name": "  Pets   and plants "})
    assert response["Location"] == reverse("categories", args=[ledger.pk])
    assert names(ledger)[-1] == "Pets and plants"
    assert Category.objects.get(name="Pets and plants").colour == "#d6476b"
    assert page(browser, ledger).said == "Category “Pets and plants” added."


@pytest.mark.parametrize(
    ("name", "colour", "errors"),
    [
        ("fOOd", "#123456", "This ledger has a category of that name already."),
        ("   ", "#123456", "This field is required."),
        ("a\0b", "#123456", "Null characters are not allowed."),
        ("x" * 101, "#123456", "Ensure this value has at most 100 characters (it has 101)."),
        ("Pets", "red", "Write a colour as # and six hexadecimal digits."),
        ("Pets", "#12345g", "Write a colour as # and six hexadecimal digits."),
    ],
)
def test_a_wrong_category_is_refused_and_what_was_typed_is_kept(browser, ledger, name, colour, errors):
    form = page(browser, ledger).form("new")
    response = sent(browser, form, **{"new-name": name, "new-colour": colour})
    assert (response.status_code, len(names(ledger))) == (422, 5)
    assert Page(response).text("error-new") == errors
    back = Page(response).form("new").data
    assert (back["new-name"], back["new-colour"]) == (name, colour)


def test_a_name_is_free_that_only_another_ledger_uses(browser, alice, ledger):
    other = make_ledger(alice, "Other")
    sent(browser, page(browser, other).form("new"), **{"new-name": "Pets"})
    sent(browser, page(browser, ledger).form("new"), **{"new-name": "Pets"})
    assert (names(ledger)[-1], names(other)[-1]) == ("Pets", "Pets")


def test_a_category_is_renamed_and_recoloured(browser, ledger):
    food = food_of(ledger)
    assert edited(browser, ledger, food, name="Groceries", colour="#00ff00").status_code == 302
    food.refresh_from_db()
    assert (food.name, food.colour, food.position) == ("Groceries", "#00ff00", 1)


def test_a_name_that_is_taken_is_said_at_its_row_and_kept_there(browser, ledger):
    food = food_of(ledger)
    response = edited(browser, ledger, food, name="RENT")
    assert (response.status_code, names(ledger)[1]) == (422, "Food")
    assert Page(response).text(f"error-{food.pk}") == "This ledger has a category of that name already."
    form = Page(response).form(f"/categories/{food.pk}/")
    assert form.data[f"category-{food.pk}-name"] == "RENT"


def test_a_name_changed_by_somebody_else_meanwhile_is_not_overwritten(browser, ledger):
    food = food_of(ledger)
    form = page(browser, ledger).form(f"/categories/{food.pk}/")
    Category.objects.filter(pk=food.pk).update(name="Meals")
    response = sent(browser, form, **{f"category-{food.pk}-name": "Groceries"})
    assert (response.status_code, names(ledger)[1]) == (422, "Meals")
    message = "Somebody changed this meanwhile. It is now: Meals. Save again to overwrite that."
    assert Page(response).text(f"error-{food.pk}") == message


@pytest.mark.parametrize("version", [None, "", "x"])
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(browser, ledger, version):
    food = food_of(ledger)
    form = page(browser, ledger).form(f"/categories/{food.pk}/")
    form.data.pop(f"category-{food.pk}-version")
    said = {} if version is None else {f"category-{food.pk}-version": version}
    response = sent(browser, form, **{f"category-{food.pk}-name": "Groceries"}, **said)
    assert (response.status_code, names(ledger)[1]) == (422, "Food")


def test_saving_again_after_having_seen_the_other_name_keeps_yours(browser, ledger):
    food = food_of(ledger)
    form = page(browser, ledger).form(f"/categories/{food.pk}/")
    Category.objects.filter(pk=food.pk).update(name="Meals")
    back = Page(sent(browser, form, **{f"category-{food.pk}-name": "Groceries"}))
    assert sent(browser, back.form(f"/categories/{food.pk}/")).status_code == 302
    assert names(ledger)[1] == "Groceries"


@pytest.mark.parametrize(
    ("name", "direction", "after"),
    [
        ("Food", "up", ["Food", "Rent", "Shopping", "Entertainment", "Other"]),
        ("Food", "down", ["Rent", "Shopping", "Food", "Entertainment", "Other"]),
        ("Rent", "up", ["Rent", "Food", "Shopping", "Entertainment", "Other"]),
        ("Other", "down", ["Rent", "Food", "Shopping", "Entertainment", "Other"]),
    ],
)
def test_a_category_moves_by_one_place_and_not_beyond_the_ends(browser, ledger, name, direction, after):
    category = Category.objects.get(ledger=ledger, name=name)
    act(browser, ledger, category, "move", direction=direction)
    assert names(ledger) == after


def test_moving_works_where_positions_are_equal(browser, ledger):
    Category.objects.update(position=0)
    act(browser, ledger, food_of(ledger), "move", direction="up")
    assert names(ledger) == ["Food", "Rent", "Shopping", "Entertainment", "Other"]


def test_an_archived_category_is_marked_and_can_be_offered_again(browser, ledger):
    food = food_of(ledger)
    act(browser, ledger, food, "archive", archived="yes")
    assert [category.name for category in Category.objects.filter(archived=True)] == ["Food"]
    assert page(browser, ledger).text("badge") == "archived"
    act(browser, ledger, food, "archive", archived="no")
    assert not Category.objects.filter(archived=True).exists()


def test_an_unused_category_is_deleted(browser, ledger):
    act(browser, ledger, food_of(ledger), "delete")
    assert names(ledger) == ["Rent", "Shopping", "Entertainment", "Other"]
    assert page(browser, ledger).said == "Category “Food” deleted."


def test_a_used_category_cannot_be_deleted_and_offers_its_expenses_instead(browser, ledger):
    make_expense(ledger)
    food = food_of(ledger)
    deletable = [form.attributes["action"] for form in page(browser, ledger).forms]
    assert reverse("category_delete", args=[ledger.pk, food.pk]) not in deletable
    act(browser, ledger, food, "delete")
    sentence = "“Food” has expenses, so it cannot be deleted. Archive it, or merge it into another one."
    assert page(browser, ledger).said == sentence
    assert "Food" in names(ledger)


def test_a_subcategory_is_added_beneath_its_main_category(browser, ledger):
    food = food_of(ledger)
    link = f"{reverse('categories', args=[ledger.pk])}?part_of={food.pk}"
    form = Page(browser.get(link)).form("new")
    assert form.data["new-parent"] == str(food.pk)
    form.data["new-aliases"] = "Baker,  Bread SHOP ,baker"
    assert sent(browser, form, **{"new-name": "Bakery"}).status_code == 302
    bakery = Category.objects.get(name="Bakery")
    assert (bakery.parent, bakery.aliases) == (food, ["baker", "bread shop"])
    shown = page(browser, ledger)
    order = [
        f.data[name]
        for f in shown.forms
        for name in f.data
        if name.startswith("category-") and "-name" in name
    ]
    assert order == ["Rent", "Food", "Bakery", "Shopping", "Entertainment", "Other"]
    assert "baker, bread shop" in shown.text("category-more")


@pytest.fixture
def levels(ledger):
    """Food has Bakery and Market, Shopping has Clothes."""
    for position, (name, parent) in enumerate(
        [("Bakery", "Food"), ("Market", "Food"), ("Clothes", "Shopping")]
    ):
        parent = Category.objects.get(ledger=ledger, name=parent)
        Category.objects.create(ledger=ledger, name=name, parent=parent, position=10 + position)
    return ledger


@pytest.mark.parametrize(
    ("name", "direction", "after"),
    [
        ("Market", "up", "Rent Food Market Bakery Shopping Clothes Entertainment Other"),
        ("Bakery", "up", "Rent Food Bakery Market Shopping Clothes Entertainment Other"),
        ("Market", "down", "Rent Food Bakery Market Shopping Clothes Entertainment Other"),
        ("Food", "down", "Rent Shopping Clothes Food Bakery Market Entertainment Other"),
    ],
)
def test_a_category_moves_among_its_siblings_and_takes_its_own_along(browser, levels, name, direction, after):
    act(browser, levels, Category.objects.get(name=name), "move", direction=direction)
    assert names(levels) == after.split()


@pytest.mark.parametrize(
    ("name", "parent", "message"),
    [
        ("Food", "Rent", "This category has subcategories, so it cannot become one."),
        ("Rent", "Bakery", "Choose a main category of this ledger: a subcategory has none of its own."),
        ("Rent", "Rent", "Choose a main category of this ledger: a subcategory has none of its own."),
    ],
)
def test_a_third_level_is_refused_at_the_row(browser, levels, name, parent, message):
    category, parent = Category.objects.get(name=name), Category.objects.get(name=parent)
    response = edited(browser, levels, category, parent=parent.pk)
    assert (response.status_code, Page(response).text(f"error-{category.pk}")) == (422, message)
    category.refresh_from_db()
    assert category.parent is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"aliases": "shopping"}, "“shopping” means “Shopping” in this ledger already. Choose another name."),
        ({"aliases": "a, GYM "}, "“gym” means “Entertainment” in this ledger already. Choose another name."),
        ({"name": "Gym"}, "“gym” means “Entertainment” in this ledger already. Choose another name."),
        (
            {"aliases": "#work"},
            "“#work” cannot be another name. Write up to 50 characters, no comma and no “#”.",
        ),
        (
            {"aliases": ",".join(map(str, range(21)))},
            "Write up to 20 other names, each with at most 50 characters.",
        ),
    ],
)
def test_a_name_never_means_two_categories(browser, ledger, values, message):
    Category.objects.filter(name="Entertainment").update(aliases=["gym"])
    food = food_of(ledger)
    response = edited(browser, ledger, food, **values)
    assert (response.status_code, Page(response).text(f"error-{food.pk}")) == (422, message)
    field, typed = values.popitem()
    assert Page(response).form(f"/categories/{food.pk}/").data[f"category-{food.pk}-{field}"] == typed
    food.refresh_from_db()
    assert (food.name, food.aliases) == ("Food", [])


def test_its_own_name_is_no_other_name(browser, ledger):
    food = food_of(ledger)
    edited(browser, ledger, food, name="Meals", aliases="food, meals")
    food.refresh_from_db()
    assert (food.name, food.aliases) == ("Meals", ["food"])


def test_moving_an_empty_category_needs_no_question(browser, ledger):
    food = food_of(ledger)
    assert edited(browser, ledger, food, parent=Category.objects.get(name="Rent").pk).status_code == 302
    food.refresh_from_db()
    assert food.parent.name == "Rent"


def test_moving_shows_first_what_counts_elsewhere_then_and_keeps_what_else_was_typed(browser, ledger):
    make_expense(ledger, "12.50", payee="Baker")
    food, rent = food_of(ledger), Category.objects.get(name="Rent")
    shown = Page(edited(browser, ledger, food, parent=rent.pk, name="Meals"))
    assert shown.text("h1") == "Make “Meals” part of “Rent”?"
    assert shown.text("figure-line") == "1 expense · €12.50 Look at exactly these"
    assert food_of(ledger).parent is None
    answer = browser.post(reverse("category_edit", args=[ledger.pk, food.pk]), shown.form("reorganise").data)
    assert answer["Location"] == reverse("categories", args=[ledger.pk])
    food.refresh_from_db()
    assert (food.name, food.parent) == ("Meals", rent)


def test_a_category_with_subcategories_is_not_deleted(browser, levels):
    act(browser, levels, food_of(levels), "delete")
    said = "“Food” has subcategories, so it cannot be deleted. Delete or move them first."
    assert page(browser, levels).said == said


@pytest.mark.parametrize("verb", ["edit", "move", "archive", "delete", "merge", "split"])
def test_another_ledgers_category_is_not_found(browser, ledger, charlie, verb):
    foreign = food_of(make_ledger(charlie))
    assert act(browser, ledger, foreign, verb, archived="yes", direction="up").status_code == 404
    foreign.refresh_from_db()
    assert (foreign.version, foreign.archived) == (1, False)


def test_names_are_escaped(browser, ledger):
    Category.objects.filter(name="Food").update(name='"><script>alert(1)</script>')
    response = browser.get(reverse("categories", args=[ledger.pk]))
    assert b"<script>alert" not in response.content
    form = Page(response).form(f"/categories/{Category.objects.in_ledger(ledger)[1].pk}/")
    assert '"><script>alert(1)</script>' in form.data.values()


def test_a_viewer_sees_names_and_nothing_to_press(ledger, bob, as_user):
    share(ledger, bob, "viewer")
    seen = page(as_user(bob), ledger)
    assert seen.text("categories") == "Rent Food Shopping Entertainment Other"
    harmless = [reverse("member_leave", args=[ledger.pk]), reverse("account_logout")]
    assert [form.attributes["action"] for form in seen.forms] == harmless
