"""Imports through the API."""

import base64
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expenses.models import Category, Expense
from expenses.tests.factories import make_account, make_expense, make_token, share
from history.models import ChangeSet
from statements.models import Import, Statement, StatementLine
from statements.tests.files import booked, csv

pytestmark = pytest.mark.django_db
LINES = [
    booked("03-01", "-2.5"),
    booked("03-01", "-2.5"),
    booked("03-02", "-30", "Market"),
    booked("03-03", "9", "Pay"),
]
FILE = csv(LINES)
QUESTION = b"Date;Payee;Amount\n01/02/2024;Coffee;-2.50\n03/02/2024;Tea;-3.00\n"


@pytest.fixture
def base(ledger) -> str:
    return f"/api/v1/ledgers/{ledger.pk}/imports/"


@pytest.fixture
def food(ledger) -> Category:
    return Category.objects.get(ledger=ledger, name="Food")


def named(content: bytes, name="march.csv") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def send(api, base, *contents, **how):
    return api.post(base, {"files": [named(content) for content in contents]}, format="multipart", **how)


@pytest.fixture
def sent(api, base) -> dict:
    """An import of the file, as it was answered."""
    return send(api, base, FILE).json()


def figures(answer) -> list[tuple]:
    return [(each["state"], each["plan"], each["count"], each["sum"]) for each in answer["lines"]]


def lines(api, base, pk, **query) -> list[dict]:
    return api.get(f"{base}{pk}/lines/", query).json()["results"]


def amounts(ledger) -> list[str]:
    found = Expense.objects.in_ledger(ledger).order_by("amount").values_list("amount", flat=True)
    return [f"{amount.normalize():f}" for amount in found]


def test_a_form_with_files_becomes_an_import_that_is_read(api, base):
    answer = send(api, base, FILE)
    assert answer.status_code == 201
    [statement] = answer.json()["statements"]
    assert (statement["name"], statement["state"], statement["format"]) == ("march.csv", "read", "csv")
    assert figures(answer.json()) == [("aside", "skip", 1, "9.00"), ("new", "add", 3, "-35.00")]
    assert answer["ETag"] == api.get(f"{base}{answer.json()['id']}/")["ETag"]


@pytest.mark.parametrize("body", [{"text": FILE.decode()}, {"content": base64.b64encode(FILE).decode()}])
def test_json_with_text_or_base64_says_the_same(api, base, body):
    answer = api.post(base, {"files": [{"name": "march.csv"} | body]})
    assert figures(answer.json()) == [("aside", "skip", 1, "9.00"), ("new", "add", 3, "-35.00")]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, {"files": ["This field is required."]}),
        ({"files": []}, {"files": {"non_field_errors": ["This list may not be empty."]}}),
        ({"files": [{"name": "a"}]}, {"files": {"0": {"content": ["Send either content or text."]}}}),
        ({"files": [{"name": "a", "content": "*"}]}, {"files": {"0": {"content": ["This is not Base64."]}}}),
        ({"file": 1}, {"file": ["Unknown field."]}),
        ({"files": [{"name": "a", "text": ""}]}, {"files": ["“a”: The file is empty."]}),
    ],
)
def test_a_body_that_is_no_upload_is_refused_and_nothing_kept(api, base, body, refusal):
    answer = api.post(base, body)
    assert (answer.status_code, answer.json(), Import.objects.count()) == (400, refusal, 0)


def test_an_upload_beyond_the_limit_is_413_before_it_is_read(api, base):
    answer = api.post(base, {"files": [named(b"x" * 26_000_001)]}, format="multipart")
    assert (answer.status_code, Import.objects.count()) == (413, 0)


def test_a_large_upload_waits_and_is_read_one_by_one(api, base, monkeypatch):
    monkeypatch.setattr("statements.api.AT_ONCE", 10)
    answer = send(api, base, FILE, csv(LINES[2:])).json()
    states = [[each["state"] for each in answer["statements"]]]
    for _turn in range(3):
        answer = api.post(f"{base}{answer['id']}/read/", {}).json()
        states.append([each["state"] for each in answer["statements"]])
    assert states == [["waiting"] * 2, ["read", "waiting"], ["read"] * 2, ["read"] * 2]
    assert figures(answer)[1] == ("known", "skip", 2, "-21.00")


def test_a_file_that_cannot_be_read_says_why(api, base):
    [statement] = send(api, base, b"%PDF-1.4 whatever").json()["statements"]
    assert statement["state"] == "refused"
    assert statement["problem"].endswith(".")


def test_a_question_is_answered(api, base):
    answer = send(api, base, QUESTION).json()
    [statement] = answer["statements"]
    [question] = statement["questions"]
    url = f"{base}{answer['id']}/answers/"

    def said(key, value):
        return api.post(url, {"statement": statement["id"], "answers": {key: value}})

    assert said("nothing", "x").json() == {"answers": {"nothing": ["This is not asked."]}}
    assert said(question["key"], "x").json() == {
        "answers": {question["key"]: ["This is none of the choices."]}
    }
    assert answer["lines"] == []
    answer = said(question["key"], question["choices"][0]["value"]).json()
    assert figures(answer) == [("new", "add", 2, "-5.50")]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [2, 3, 4, 5]),
        ({"state": "aside"}, [5]),
        ({"plan": "add"}, [2, 3, 4]),
        ({"payee": "mark"}, [4]),
        ({"page_size": 2}, [2, 3]),
    ],
)
def test_lines_are_filtered_and_paged(api, base, sent, query, numbers):
    assert [line["number"] for line in lines(api, base, sent["id"], **query)] == numbers


def test_lines_of_one_statement(api, base):
    answer = send(api, base, FILE, csv([booked("05-05", "-1")])).json()
    found = lines(api, base, answer["id"], statement=answer["statements"][1]["id"])
    assert [line["amount"] for line in found] == ["-1.00"]


def test_many_lines_are_changed_in_one_go(api, base, sent, food):
    ids = [line["id"] for line in lines(api, base, sent["id"])]
    changes = [
        {"ids": ids[:3], "category": food.pk, "payee_name": "Bar"},
        {"id": ids[1], "plan": "skip"},
        {"id": ids[2], "notes": "much", "payee_name": None},
    ]
    answer = api.patch(f"{base}{sent['id']}/lines/", changes).json()
    assert answer["version"] > sent["version"]
    found = [
        (line["plan"], line["category"], line["payee_name"], line["notes"])
        for line in lines(api, base, sent["id"])
    ]
    assert found == [
        ("add", food.pk, "Bar", None),
        ("skip", food.pk, "Bar", None),
        ("add", food.pk, None, "much"),
        ("skip", None, None, None),
    ]


def test_tags_of_lines_are_set_and_shown(api, base, sent):
    first, *_others, last = [line["id"] for line in lines(api, base, sent["id"])]
    changes = [{"ids": [first, last], "tags": ["Work", "home"]}, {"id": last, "tags": []}]
    assert api.patch(f"{base}{sent['id']}/lines/", changes).status_code == 200
    assert [line["tags"] for line in lines(api, base, sent["id"])] == [["home", "work"], [], [], []]
    refused = api.patch(f"{base}{sent['id']}/lines/", [{"id": first, "tags": ["a.b"]}])
    assert (refused.status_code, refused.json()) == (400, {"0": {"tags": ["“a.b” cannot be a tag."]}})


def test_one_change_that_cannot_be_undoes_all_of_them_and_names_its_line(api, base, sent, food):
    first = lines(api, base, sent["id"])[0]["id"]
    changes = [{"id": first, "category": food.pk}, {"id": first, "plan": "same"}, {"ids": [first, 7]}]
    answer = api.patch(f"{base}{sent['id']}/lines/", changes)
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "1": {"plan": [f"Line {first}: Nothing in the ledger is likely the same as this line."]},
            "2": {"id": ["This import has no line with the id 7."]},
        },
    )
    assert lines(api, base, sent["id"])[0]["category"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"plan": "add"}, "id"),
        ({"id": 1, "ids": [1]}, "id"),
        ({"id": 1, "plan": "open"}, "plan"),
        ({"id": 1, "category": 10**9}, "category"),
        ({"id": 1, "amount": "5"}, "amount"),
        ({"id": 1, "notes": "x" * 1001}, "notes"),
        ({"ids": []}, "ids"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(api, base, sent, body, field):
    answer = api.patch(f"{base}{sent['id']}/lines/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_rejected_line_cannot_be_added(api, base):
    answer = send(api, base, FILE + b"2024-13-77;Nobody;5;\n").json()
    [line] = lines(api, base, answer["id"], state="rejected")
    refusal = api.patch(f"{base}{answer['id']}/lines/", {"id": line["id"], "plan": "add"})
    assert refusal.json() == {
        "plan": [f"Line {line['id']}: A line that cannot be read or is zero cannot be added."]
    }
    assert (line["number"], line["amount"], line["reason"] != "") == (6, None, True)


def test_applied_is_exactly_the_plan_in_one_change_set(api, base, ledger, sent, food):
    answer = api.post(f"{base}{sent['id']}/apply/", {"version": sent["version"], "otherwise": food.pk})
    assert answer.json() == {"added": 3, "change_set": ChangeSet.objects.latest("pk").pk}
    assert answer["Change-Set"] == str(answer.json()["change_set"])
    assert amounts(ledger) == ["2.5", "2.5", "30"]
    now = api.get(f"{base}{sent['id']}/").json()
    assert (now["applied"], now["change_set"]) == (True, answer.json()["change_set"])


def test_applying_asks_for_the_state_that_was_seen(api, base, sent, food):
    url, etag = f"{base}{sent['id']}/apply/", api.get(f"{base}{sent['id']}/")["ETag"]
    assert api.post(url, {"otherwise": food.pk}).status_code == 428
    api.post(f"{base}{sent['id']}/refresh/", {})
    stale = api.post(url, {"otherwise": food.pk}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, sent["version"] + 1)
    old = api.post(url, {"otherwise": food.pk, "version": sent["version"]})
    assert (old.status_code, old.json()["current"]["version"]) == (409, sent["version"] + 1)
    assert api.post(url, {"otherwise": food.pk}, headers={"If-Match": "*"}).json()["added"] == 3


def test_what_stands_against_applying_names_the_lines(api, base, ledger, sent, food):
    make_expense(ledger, "7", day="2024-04-01", payee="Book")
    answer = send(api, base, csv([booked("04-01", "-7", "Book")])).json()
    refusal = api.post(f"{base}{answer['id']}/apply/", {"version": answer["version"]})
    assert (refusal.status_code, refusal.json()["detail"]) == (
        409,
        "Decide about 1 line that is likely there already.",
    )
    [line] = refusal.json()["current"]
    assert (line["payee"], line["twin"]["amount"]) == ("Book", "7.00")
    bare = api.post(f"{base}{sent['id']}/apply/", {"version": sent["version"]})
    assert (bare.json()["detail"], len(bare.json()["current"])) == ("Choose a category for 3 lines.", 3)


def test_an_import_in_the_ledger_is_not_changed_or_discarded(api, base, sent, food):
    url = f"{base}{sent['id']}/"
    version = sent["version"]
    api.post(f"{url}apply/", {"version": version, "otherwise": food.pk})
    first, statement = lines(api, base, sent["id"])[0]["id"], sent["statements"][0]["id"]
    refusals = [
        api.post(f"{url}apply/", {"otherwise": food.pk}, headers={"If-Match": "*"}),
        api.patch(f"{url}lines/", {"id": first, "plan": "skip"}),
        api.post(f"{url}refresh/", {}),
        api.post(f"{url}account/", {"statement": statement, "name": "Card"}),
        api.delete(url, headers={"If-Match": "*"}),
    ]
    assert [(each.status_code, each.json()["detail"]) for each in refusals] == [
        (409, "This import is in the ledger already.")
    ] * 5


def test_an_undone_import_can_be_applied_again_but_not_read_again(api, base, ledger, sent, food):
    url, wanted = f"{base}{sent['id']}/", {"otherwise": food.pk}
    answer = api.post(f"{url}apply/", wanted | {"version": sent["version"]})
    api.post(f"/api/v1/ledgers/{ledger.pk}/history/{answer['Change-Set']}/undo/", {})
    now = api.get(url).json()
    assert (now["applied"], amounts(ledger)) == (False, [])
    gone = api.post(f"{url}account/", {"statement": sent["statements"][0]["id"], "name": "Card"})
    assert gone.json() == {"statement": ["The file itself is not kept any more. Send it once more."]}
    assert api.post(f"{url}apply/", wanted | {"version": now["version"]}).json()["added"] == 3


def test_an_import_is_discarded_by_who_saw_it(api, base, sent):
    url = f"{base}{sent['id']}/"
    assert [api.delete(url).status_code, api.delete(f"{url}?version=77").status_code] == [428, 409]
    assert api.delete(f"{url}?version={sent['version']}").status_code == 204
    assert [model.objects.count() for model in (Import, Statement, StatementLine)] == [0, 0, 0]


def test_the_account_of_a_statement_is_chosen_or_named(api, base, ledger, sent, food):
    account, url = make_account(ledger, "Card"), f"{base}{sent['id']}/"
    statement = sent["statements"][0]["id"]
    answer = api.post(f"{url}account/", {"statement": statement, "name": "Wallet"})
    assert answer.json()["statements"][0]["accounts"] == [{"name": "Wallet", "digits": ""}]
    answer = api.post(f"{url}account/", {"statement": statement, "account": account.pk})
    assert answer.json()["statements"][0]["accounts"][0]["name"] == "Card"
    api.post(f"{url}apply/", {"version": answer.json()["version"], "otherwise": food.pk})
    keys = {external_id[:16] for external_id in Expense.objects.values_list("external_id", flat=True)}
    assert keys == {account.key}


def test_a_request_that_comes_twice_makes_one_import(api, base):
    first, second = (send(api, base, FILE, headers={"Idempotency-Key": "k"}) for _turn in range(2))
    other = send(api, base, FILE + b"\n", headers={"Idempotency-Key": "k"})
    assert (first.json()["id"], second["Idempotency-Replayed"]) == (second.json()["id"], "true")
    assert (other.status_code, Import.objects.count()) == (422, 1)


METHODS = [
    ("get", ""),
    ("post", ""),
    ("get", "{pk}/"),
    ("delete", "{pk}/"),
    ("get", "{pk}/lines/"),
    ("patch", "{pk}/lines/"),
    ("post", "{pk}/apply/"),
    ("post", "{pk}/refresh/"),
]


@pytest.mark.parametrize(("method", "path"), METHODS)
def test_whoever_may_not_add_sees_no_import(
    api_as, client, ledger, base, sent, alice, bob, charlie, method, path
):
    share(ledger, bob, "viewer")
    url = base + path.format(pk=sent["id"])
    token = {"Authorization": f"Token {make_token(alice, can_write=False)}"}
    answers = [
        getattr(api_as(bob), method)(url),
        getattr(client, method)(url, headers=token),
        getattr(api_as(charlie), method)(url),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 404]


def test_the_list_costs_the_same_for_one_and_for_three(api, base, sent):
    before = count_of(api, base)
    for _turn in range(2):
        send(api, base, FILE)
    assert count_of(api, base) == before


def count_of(api, url) -> int:
    """How many queries the answer costs."""
    with CaptureQueriesContext(connection) as queries:
        assert api.get(url).status_code == 200
    return len(queries)
