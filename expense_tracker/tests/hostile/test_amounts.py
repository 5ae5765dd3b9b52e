"""Amounts that would have to be guessed, or that no row can have."""

import pytest

from expense_tracker.tests.hostile.doors import PROGRAMS, REFUSED, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unchanged")]

NUMBERS = ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1E+2", "0x10", "true", "--5", "5 5", "5.", "+5"]
DIGITS = ["1_000", "１２", "٣", "1.000,00", "½", "Ⅷ", "1٫5"]
SIZES = ["9" * 13, "9" * 5000, "0.001", "0." + "0" * 5000 + "1", "1e-400"]


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(text, marks=pytest.mark.catalogue(2)) for text in NUMBERS),
        *(pytest.param(text, marks=pytest.mark.catalogue(3, 4)) for text in DIGITS),
        *(pytest.param(text, marks=pytest.mark.catalogue(6)) for text in SIZES),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_an_amount_that_is_no_plain_figure_is_refused_at_its_field(doors, text):
    assert doors.each(REFUSED, "amount", text) == refused(REFUSED, "amount")


@pytest.mark.catalogue(2)
@pytest.mark.parametrize("value", [True, False, None, [], {}, [5], {"amount": 5}, ""], ids=repr)
def test_an_amount_of_another_type_is_refused_at_its_field(doors, value):
    assert doors.each(PROGRAMS, "amount", value) == refused(PROGRAMS, "amount")


@pytest.mark.catalogue(5)
@pytest.mark.parametrize("text", ["1,000.00", "1.000,00", "1 000", "1'000", "5 €", "€5", "−5"])
def test_programs_write_no_grouping_marks_and_no_currency(doors, text):
    assert doors.each(PROGRAMS, "amount", text) == refused(PROGRAMS, "amount")


@pytest.mark.catalogue(1)
@pytest.mark.parametrize("door", ["create", "create_many", "change", "admin_form", "admin_list"])
@pytest.mark.parametrize("zero", ["0", "-0", "-0.00", "000"])
def test_zero_is_refused_where_it_asks_for_nothing_to_be_deleted(doors, door, zero):
    assert doors[door]("amount", zero) == (REFUSED[door], {"amount": ["An amount cannot be zero."]})


@pytest.mark.catalogue(1)
@pytest.mark.parametrize(("door", "status"), [("save_day", 200), ("grid", 302)])
@pytest.mark.parametrize("zero", ["0", "-0.00"])
def test_a_row_of_zero_is_dropped_where_zero_means_no_row(doors, door, status, zero):
    assert doors[door]("amount", zero) == (status, {})


@pytest.mark.catalogue(6)
@pytest.mark.parametrize("number", ["9" * 5000, "NaN", "Infinity", "-Infinity", "1e999999999999999999999"])
def test_a_json_number_beyond_all_bounds_is_refused(api, base, number):
    answer = api.post(f"{base}expenses/", f'{{"amount": {number}}}', content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])
    assert answer.json()["detail"].startswith("This is not JSON: ")


@pytest.mark.catalogue(30)
@pytest.mark.parametrize("bound", ["1e9999", "NaN", "1" * 5000, "１", "1,5"])
def test_a_bound_that_is_no_amount_is_refused_at_its_field(api, base, bound):
    answer = api.get(f"{base}expenses/", {"amount_min": bound})
    assert (answer.status_code, list(answer.json())) == (400, ["amount_min"])
