from datetime import date

import pytest
from django.utils import translation

from analytics.naming import Naming, text_of
from database.tests.statements import recorded_statements
from expenses.models import Category
from ledgers.models import Ledger

NAMES = [
    ("payee", "Bakery", "Bakery", "Bakery"),
    ("payee", "", "Nobody named", None),
    ("tag", "work", "#work", "#work"),
    ("tag", "", "No tag", None),
    ("weekday", 1, "Monday", "Montag"),
    ("weekday", 7, "Sunday", "Sonntag"),
    ("day", date(2026, 8, 22), "Aug 22, 2026", "22.08.2026"),
    ("week", date(2026, 8, 31), "Aug 31\u2009–\u2009Sep 6, 2026", "31. Aug.\u2009–\u20096. Sept. 2026"),
    ("month", date(2026, 8, 1), "Aug 2026", "Aug. 2026"),
    ("month", date(2026, 8, 25), "Aug 25\u2009–\u2009Sep 24, 2026", "25. Aug.\u2009–\u200924. Sept. 2026"),
    ("year", date(2026, 1, 25), "2026", "2026"),
]


@pytest.mark.parametrize(("dimension", "key", "english", "german"), NAMES)
def test_parts_are_named_in_the_language_of_the_reader(dimension, key, english, german):
    assert Naming(Ledger()).name(dimension, key) == english
    with translation.override("de"):
        assert german is None or Naming(Ledger()).name(dimension, key) == german


def test_categories_have_names_and_colours_and_are_fetched_once(ledger):
    naming = Naming(ledger)
    food, rent = (Category.objects.get(ledger=ledger, name=name) for name in ("Food", "Rent"))
    with recorded_statements() as statements:
        assert [naming.name("category", each.pk) for each in (food, rent)] == ["Food", "Rent"]
        assert naming.colour("category", food.pk) == food.colour
        assert naming.colour("month", date(2026, 8, 1)) == ""
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("dimension", "key", "expected"),
    [
        ("weekday", 7, {"weekday": 7}),
        ("payee", "Bakery", {"payee": "Bakery"}),
        ("payee", "", {"without_payee": "true"}),
        ("tag", "work", {"tag": "work"}),
        ("tag", "", {"without_tags": "true"}),
        ("day", date(2024, 2, 1), {"start": date(2024, 2, 1), "end": date(2024, 2, 1)}),
        ("month", date(2024, 2, 1), {"start": date(2024, 2, 1), "end": date(2024, 2, 29)}),
    ],
)
def test_a_part_is_found_by(dimension, key, expected):
    assert Naming(Ledger()).narrowing(dimension, key) == expected


def test_a_main_category_is_all_of_its_family_or_only_itself(ledger):
    naming = Naming(ledger)
    food, rent, other = (Category.objects.get(ledger=ledger, name=name) for name in ("Food", "Rent", "Other"))
    Category.objects.filter(pk=other.pk).update(parent=food)
    assert [naming.name(by, food.pk) for by in ("category", "main_category")] == ["Food itself", "Food"]
    assert [naming.main(each.pk) for each in (food, other, rent)] == [food.pk, food.pk, rent.pk]
    assert naming.narrowing("category", food.pk) == {"category": food.pk, "without": (other.pk,)}
    assert naming.narrowing("category", other.pk) == {"category": other.pk}
    assert naming.narrowing("main_category", food.pk) == {"family": (food.pk, other.pk)}


def test_keys_are_written_plainly():
    assert [text_of(key) for key in (3, "Bakery", date(2026, 8, 22))] == ["3", "Bakery", "2026-08-22"]


def test_a_category_made_or_gone_since_the_others_were_fetched_has_a_name(ledger):
    naming = Naming(ledger)
    assert len(naming.categories) == 5
    late = Category.objects.create(ledger=ledger, name="Late")
    assert naming.name("category", late.pk) == "Late"
    assert naming.name("category", late.pk + 1) == "Deleted category"
