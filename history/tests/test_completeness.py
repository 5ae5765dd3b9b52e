"""Whichever door is used: one event for each row really changed, in one change set that says who, how and what."""

import pytest

from expenses.tests.factories import make_account, make_expense, make_rule, make_user, share
from history.tests import doors
from history.tests.doors import DAY, House
from history.tests.traces import traced
from ledgers.models import Ledger


@pytest.fixture
def house(ledger, alice, bob, browser, api, as_user):
    share(ledger, bob, "editor")
    root = make_user("root", is_staff=True, is_superuser=True)
    expenses = [make_expense(ledger, amount, notes="n", created_by=bob) for amount in ("1", "2", "3")]
    make_account(ledger)
    make_rule(ledger)
    return House(ledger, alice, bob, root, browser, api, as_user(root), expenses)


PAGES = {
    doors.save_day: ("day", {"expense insert": 2, "expense update": 1, "expense delete": 1}),
    doors.add_category: ("categories", {"category insert": 1}),
    doors.rename_category: ("category_edit", {"category update": 1}),
    doors.move_category: ("category_move", {"category update": 2}),
    doors.archive_category: ("category_archive", {"category update": 1}),
    doors.delete_category: ("category_delete", {"category delete": 1}),
    doors.add_account: ("accounts", {"account insert": 1}),
    doors.rename_account: ("account_edit", {"account update": 1}),
    doors.delete_account: ("account_delete", {"account delete": 1}),
    doors.save_settings: ("ledger_settings", {"ledger update": 1}),
    doors.add_member: ("member_add", {"membership insert": 1}),
    doors.change_member: ("member_change", {"membership update": 1}),
    doors.remove_member: ("member_change", {"membership delete": 1}),
    doors.open_ledger: ("ledger_new", {"ledger insert": 1, "membership insert": 1, "category insert": 5}),
}


@pytest.mark.parametrize("door", PAGES)
def test_what_a_page_saves(house, door):
    act, counts = PAGES[door]
    with traced() as trace:
        assert door(house).status_code == 302
    ledger = Ledger.objects.latest("pk").pk
    assert (trace.counts, trace.said) == (counts, [(ledger, house.alice.pk, "alice", "page", act)])


API = {
    doors.post_one: ("expense-list", {"expense insert": 1}),
    doors.post_list: ("expense-list", {"expense insert": 3}),
    doors.put_one: ("expense-detail", {"expense update": 1}),
    doors.patch_one: ("expense-detail", {"expense update": 1}),
    doors.delete_one: ("expense-detail", {"expense delete": 1}),
    doors.put_day: ("api_day", {"expense insert": 1, "expense update": 1, "expense delete": 2}),
    doors.post_original_day: ("api_original_day", {"expense insert": 2, "expense delete": 2}),
    doors.post_category: ("category-list", {"category insert": 1}),
    doors.patch_category: ("category-detail", {"category update": 1}),
    doors.remove_category: ("category-detail", {"category delete": 1}),
    doors.post_account: ("account-list", {"account insert": 1}),
    doors.patch_account: ("account-detail", {"account update": 1}),
    doors.remove_account: ("account-detail", {"account delete": 1}),
}


@pytest.mark.parametrize("door", API)
def test_what_the_api_writes(house, door):
    act, counts = API[door]
    with traced() as trace:
        answer = door(house)
    assert answer.status_code in (200, 201, 204)
    assert (trace.counts, trace.said) == (counts, [(house.ledger.pk, house.alice.pk, "alice", "api", act)])
    assert answer["Change-Set"] == str(trace.change_sets[0].pk)


UNDOING = {
    "page": (lambda house, pk: house.post(f"history/{pk}/"), "change_set"),
    "api": (lambda house, pk: house.send("post", f"history/{pk}/undo/"), "changeset-undo"),
}


@pytest.mark.parametrize("via", UNDOING)
def test_an_undo_names_what_it_undoes(house, via):
    undo, act = UNDOING[via]
    deleted = int(doors.delete_one(house)["Change-Set"])
    with traced() as trace:
        assert undo(house, deleted).status_code in (201, 302)
    assert (trace.counts, trace.said) == (
        {"expense insert": 1},
        [(house.ledger.pk, house.alice.pk, "alice", via, act)],
    )
    assert trace.change_sets[0].undoes_id == deleted


EXPENSE = "admin:expenses_expense_"
ADMIN = {
    doors.save_form: (f"{EXPENSE}change", {"expense update": 1}),
    doors.save_list: (f"{EXPENSE}changelist", {"expense update": 2}),
    doors.do_set_category: (f"{EXPENSE}changelist", {"expense update": 3}),
    doors.do_change_date: (f"{EXPENSE}changelist", {"expense update": 2}),
    doors.do_shift_date: (f"{EXPENSE}changelist", {"expense update": 3}),
    doors.do_delete: (f"{EXPENSE}changelist", {"expense delete": 3}),
    doors.add_in_admin: (f"{EXPENSE}add", {"expense insert": 1}),
    doors.delete_in_admin: (f"{EXPENSE}delete", {"expense delete": 1}),
    doors.save_account: ("admin:expenses_account_change", {"account update": 1}),
    doors.save_rule: ("admin:expenses_rule_change", {"rule update": 1}),
    doors.delete_ledger: (
        "admin:ledgers_ledger_delete",
        {
            "ledger delete": 1,
            "membership delete": 2,
            "category delete": 5,
            "account delete": 1,
            "rule delete": 1,
            "expense delete": 3,
        },
    ),
    doors.delete_person: ("admin:users_user_delete", {"membership delete": 1, "expense update": 3}),
    doors.change_membership: ("admin:ledgers_membership_change", {"membership update": 1}),
}


@pytest.mark.parametrize("door", ADMIN)
def test_what_the_admin_changes(house, door):
    act, counts = ADMIN[door]
    with traced() as trace:
        assert door(house).status_code == 302
    assert (trace.counts, trace.said) == (counts, [(house.ledger.pk, house.root.pk, "root", "admin", act)])


UNCHANGED = {
    "day page": lambda house: doors.save_day(house, changing=False),
    "category": lambda house: doors.rename_category(house, "Food"),
    "archive": lambda house: doors.archive_category(house, "no"),
    "account": lambda house: doors.rename_account(house, "Checking"),
    "settings": lambda house: doors.save_settings(house, "Household"),
    "member": lambda house: doors.change_member(house, "editor"),
    "PUT": lambda house: doors.put_one(house, "1.00"),
    "PATCH": lambda house: doors.patch_one(house, "1.00"),
    "PUT day": lambda house: doors.put_day(house, changing=False),
    "original POST": lambda house: doors.post_original_day(house, (1, 2, 3)),
    "admin form": lambda house: doors.save_form(house, "n"),
    "admin list": lambda house: doors.save_list(house, "n"),
    "set category": lambda house: doors.do_set_category(house, "Food"),
    "change date": lambda house: doors.do_change_date(house, DAY),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_changes_nothing_leaves_nothing(house, name):
    with traced() as trace:
        assert UNCHANGED[name](house).status_code in (200, 302)
    assert (trace.counts, trace.said) == ({}, [])


REFUSED = {
    "a wrong row on the day page": doors.save_bad_day,
    "a taken name": lambda house: doors.rename_category(house, "RENT"),
    "one wrong of a list": lambda house: house.send("post", "expenses/", [house.body, {"amount": "0"}]),
    "an old version": lambda house: house.send(
        "patch", f"expenses/{house.expenses[0].pk}/", {"version": 7, "amount": "5"}
    ),
    "no version": lambda house: house.send("delete", f"expenses/{house.expenses[0].pk}/"),
    "a day of no tag": lambda house: house.send("put", f"days/{DAY}/", {"tag": "x", "expenses": []}),
    "a used category": lambda house: house.send(
        "delete", f"categories/{house.category('Food').pk}/?version=1"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_nothing(house, name):
    with traced() as trace:
        assert REFUSED[name](house).status_code in (400, 409, 412, 422, 428)
    assert (trace.counts, trace.said) == ({}, [])
