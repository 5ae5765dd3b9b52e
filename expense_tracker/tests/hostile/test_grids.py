"""The day editor's grid and the admin's list, sent by something that is no browser."""

import pytest

from expenses.tests.pages import Page
from expenses.tests.test_admin import EXPENSE_PERMISSIONS, LIST, inputs, make_staff, row_of

pytestmark = pytest.mark.django_db

DAY = "2024-08-01"
COUNTS = [
    ("TOTAL_FORMS", "1000000000"),
    ("TOTAL_FORMS", "9" * 30),
    ("TOTAL_FORMS", "-1"),
    ("TOTAL_FORMS", "x"),
    ("TOTAL_FORMS", ""),
    ("TOTAL_FORMS", "NaN"),
    ("TOTAL_FORMS", None),
    ("INITIAL_FORMS", None),
    ("INITIAL_FORMS", "x"),
]


@pytest.fixture
def staff(expense, as_user):
    """Alice's browser; she is staff, and no superuser."""
    return as_user(make_staff(expense.created_by, *EXPENSE_PERMISSIONS))


@pytest.fixture
def url(ledger):
    return f"/ledgers/{ledger.pk}/expenses/{DAY}/"


@pytest.fixture
def fields(browser, url, expense):
    return dict(Page(browser.get(url)).form("day-form").write(0, amount="99").data)


def with_count(fields: dict, prefix: str, name: str, value: str | None) -> dict:
    """The form with another count in its management form, or without it."""
    rest = {key: text for key, text in fields.items() if key != f"{prefix}-{name}"}
    return rest if value is None else rest | {f"{prefix}-{name}": value}


@pytest.mark.catalogue(25, 26)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("name", "value"), COUNTS)
def test_a_count_of_rows_that_cannot_be_saves_nothing(browser, url, fields, name, value):
    response = browser.post(url, with_count(fields, "row", name, value))
    assert (response.status_code, bool(Page(response).text("box"))) == (422, True)


@pytest.mark.catalogue(25, 26)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("name", "value"), COUNTS)
def test_a_count_of_rows_that_cannot_be_saves_nothing_in_the_admin(root, expense, name, value):
    fields = inputs(root.get(LIST))
    fields[f"{row_of(fields, expense)}-amount"] = "nonsense"
    response = root.post(LIST, with_count(fields, "form", name, value) | {"_save": "Save"})
    assert response.status_code in (200, 400)
    formset = response.context["cl"].formset
    assert (formset.is_valid(), len(formset.forms) <= 200) == (False, True)


@pytest.mark.catalogue(24)
@pytest.mark.usefixtures("unchanged")
def test_the_same_expense_twice_in_the_admins_list_saves_nothing(root, expense, foreign):
    fields = inputs(root.get(LIST))
    first, second = row_of(fields, expense), row_of(fields, foreign)
    fields |= {f"{second}-id": str(expense.pk), f"{first}-amount": "1", f"{second}-amount": "2"}
    response = root.post(LIST, fields | {"_save": "Save"})
    assert response.status_code == 200
    assert response.context["cl"].formset.non_form_errors() == [
        "The same expense stands in two rows. Open the list again."
    ]


@pytest.mark.catalogue(22)
@pytest.mark.parametrize("whose", ["a stranger's", "nobody's"])
def test_a_strangers_id_in_the_admins_list_is_answered_like_one_that_never_was(
    staff, expense, foreign, unchanged, whose
):
    fields = inputs(staff.get(LIST))
    row = row_of(fields, expense)
    fields |= {f"{row}-id": str(foreign.pk if whose == "a stranger's" else 10**12), f"{row}-amount": "1"}
    response = staff.post(LIST, fields | {"_save": "Save"})
    assert response.status_code == 200
    assert "An expense was deleted meanwhile. You had written:" in response.content.decode()
    assert b"secret" not in response.content


@pytest.mark.catalogue(27)
@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("count", "status"), [(4_500, 422), (15_001, 400)])
def test_fields_that_no_form_of_ours_has_save_nothing(browser, url, count, status):
    response = browser.post(url, {f"row-{number}-amount": "1" for number in range(count)})
    assert response.status_code == status


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["expenses/2024-08-01/", "categories/", "settings/", "settings/members/"])
def test_a_form_larger_than_the_limit_is_413(browser, settings, ledger, path):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = browser.post(
        f"/ledgers/{ledger.pk}/{path}", "name=" + "x" * 2000, "application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "This is more than can be sent at once. Nothing was saved." in Page(response).text("main")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "é" * 80],
)
def test_a_form_in_broken_parts_saves_nothing(browser, url, content_type):
    response = browser.generic("POST", url, b"--x\r\nContent-Disposition: form-data\r\n\r\n", content_type)
    assert response.status_code in (400, 422)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("categories/", {"new-name": "x" * 101, "new-colour": "#123456"}, 422),
        ("categories/", {"new-name": "\0", "new-colour": "#123456"}, 422),
        ("categories/", {"new-name": "New", "new-colour": "#12345６"}, 422),
        ("categories/", {"new-name": "New", "new-colour": "url(//evil)"}, 422),
        ("categories/", {}, 422),
        ("settings/", {"name": "New", "month_start_day": "29"}, 422),
        ("settings/", {"name": "New", "month_start_day": "9" * 30}, 422),
        ("settings/", {"name": "\0", "month_start_day": "1"}, 422),
        ("settings/", {"name": "New", "month_start_day": "1", "version": "9" * 30}, 422),
        ("settings/members/", {"person": "\0", "role": "owner"}, 422),
        ("settings/members/", {"person": "bob\n", "role": "emperor"}, 422),
        ("settings/members/", {"person": "x" * 300, "role": "owner"}, 422),
    ],
)
def test_every_other_form_names_what_is_wrong_and_saves_nothing(browser, ledger, path, data, status):
    response = browser.post(f"/ledgers/{ledger.pk}/{path}", data)
    assert (response.status_code, "error" in Page(response).texts) == (status, True)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "\0"),
        ("time_zone", "../../etc/passwd"),
        ("language", "xx"),
        ("first_name", "\0"),
        ("last_name", "x" * 151),
    ],
)
def test_preferences_name_what_is_wrong(browser, field, value):
    data = {"first_name": "A", "last_name": "B", "time_zone": "UTC", "language": "en"} | {field: value}
    response = browser.post("/accounts/preferences/", data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
