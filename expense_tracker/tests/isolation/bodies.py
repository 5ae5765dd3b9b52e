"""What to send to each route so that it is valid for somebody who may write there."""

from collections.abc import Callable

from expense_tracker.tests.isolation.world import CHARLIES, DAY, USERS, Ids
from expenses.bulk import Edit, figures_of
from expenses.models import Category, Expense
from expenses.reorganising import Archive, Merge, Split, expenses_of
from expenses.retagging import Retagging
from expenses.tests.factories import PASSWORD
from ledgers.models import Ledger

Bodies = dict[str, dict | list]


def grid(ids: Ids, **changed) -> dict:
    """The day's grid with one row, which is this expense unless ``changed`` says otherwise."""
    row = {
        "id": ids.expense,
        "version": 1,
        "amount": "5",
        "category": ids.category,
        "payee": "new",
        "notes": "",
    }
    cells = {f"row-0-{name}": value for name, value in {**row, **changed}.items()}
    return {"row-TOTAL_FORMS": 1, "row-INITIAL_FORMS": 0, "submission": "not one"} | cells


def admin_list(ids: Ids, **changed) -> dict:
    """The editable list of expenses with one row of it changed."""
    row = {
        "id": ids.expense,
        "version": 1,
        "date": DAY,
        "amount": "5",
        "category": ids.category,
        "notes": "new",
    }
    cells = {f"form-0-{name}": value for name, value in {**row, **changed}.items()}
    return {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Save"} | cells


def action(ids: Ids, name: str, **fields) -> dict:
    """An action of the admin on one expense; its page, until ``confirmed`` is what that page had."""
    return {"action": name, "index": 0, "select_across": 0, "_selected_action": ids.expense, **fields}


def delete_by_action(*pks: int) -> dict:
    return {"action": "delete_selected", "index": 0, "_selected_action": list(pks), "post": "yes"}


def expense(ids: Ids, **changed) -> dict:
    row = {"date": DAY, "amount": "5", "category": ids.category, "payee": "new", "notes": ""}
    return {**row, **changed}


def quick_row(ids: Ids, **changed) -> dict:
    """The rows of quick add, of which there is one."""
    row = {f"row-0-{name}": value for name, value in expense(ids, **changed).items()}
    return {"row-TOTAL_FORMS": 1, "row-INITIAL_FORMS": 0} | row


def bulk(ids: Ids, edit: Edit, **fields) -> dict:
    """The last step of a change of an expense on the list, which carries what its page had shown."""
    shown = edit.mark(figures_of(Expense.objects.filter(pk=ids.expense)))
    return {"do": "change", "expense": ids.expense, "confirmed": shown, **fields}


def retagged(ids: Ids, **fields) -> dict:
    """The last step of renaming or removing the tag of this ledger, which carries what its page had shown."""
    tag = "owntag" if ids == CHARLIES else "zyxrtag"
    return {"confirmed": Retagging(Ledger(pk=ids.ledger), tag, fields.get("to")).mark, **fields}


def undone(ids: Ids, field: str = "rows") -> dict:
    return {field: [{"kind": "expense", "id": ids.expense}]}


def _day(ids: Ids) -> Bodies:
    more = grid(ids, id="", version="") | {"more": "yes"}
    return {
        "change": grid(ids),
        "add": grid(ids, id="", version=""),
        "remove": grid(ids, amount="0"),
        "more": more,
        "restore": grid(ids) | {"restore": "yes"},
    }


def _expense_api(ids: Ids) -> Bodies:
    return {"one": expense(ids), "many": [expense(ids), expense(ids)]}


def _admin_expenses(ids: Ids) -> Bodies:
    return {
        "list": admin_list(ids),
        "set category": action(ids, "set_category"),
        "change date": action(ids, "change_date"),
        "delete": action(ids, "delete_selected"),
        "all": action(ids, "delete_selected", select_across=1),
    }


def rule(ids: Ids, **changed) -> dict:
    row = {"position": 7, "field": "any", "operator": "is", "pattern": "new", "category": ids.category}
    return {**row, **changed}


def favourite(ids: Ids, **changed) -> dict:
    return {**FAVOURITE, "position": 7, "category": ids.category, **changed}


def tried(ids: Ids, **changed) -> dict:
    """A rule that fits this ledger's expense."""
    return rule(ids, operator="contains", pattern="landlord", **changed)


def line(ids: Ids, **changed) -> dict:
    """The row of one line in the preview of an import."""
    row = {"shown": "", "category": ids.category, "payee": "new", "notes": "", "plan": "add", **changed}
    return {f"line-{ids.line}-{name}": value for name, value in row.items()}


def seen(ids: Ids, act: str) -> str:
    """What stands for what the page of this act has shown, so that it is confirmed."""
    found = Category.objects.in_bulk([ids.category, ids.spare])
    if len(found) < 2:
        return ""
    category, spare = found[ids.category], found[ids.spare]
    acts = {
        "merge": lambda: Merge(category, spare, keep_name=False),
        "split": lambda: Split(category, expenses_of(category).filter(payee__icontains="landlord"), spare),
        "archive": lambda: Archive(category),
    }
    return acts[act]().outlook.mark


CATEGORY = {"name": "new", "colour": "#222222", "position": 7}
FAVOURITE = {"name": "new", "amount": "3", "payee": "new", "notes": ""}
ACCOUNT = {"name": "new", "currency": "USD", "digits": "22"}
STATEMENT = f"Date;Payee;Debit;Credit\n{DAY};new;7;\n"
BODIES: dict[str, Callable[[Ids], Bodies]] = {
    "overview": lambda ids: {"add": expense(ids)},
    "quick_add": lambda ids: {"read": {"text": "5 new"}, "add": quick_row(ids)},
    "api_quick_add": lambda ids: {
        "add": {"text": "5 @zyxrrent new"},
        "ask": {"text": "5 zyxrlandlord", "dry_run": True},
    },
    "day": _day,
    "categories": lambda ids: {"add": {"new-name": "new", "new-colour": "#222222"}},
    "category_edit": lambda ids: {
        "edit": {
            f"category-{ids.category}-name": "new",
            f"category-{ids.category}-colour": "#222222",
            f"category-{ids.category}-version": 1,
        }
    },
    "category_move": lambda ids: {"down": {"direction": "down"}},
    "bulk_edit": lambda ids: {
        "delete": {"do": "delete", "expense": ids.expense},
        "confirm": bulk(ids, Edit(delete=True), do="delete"),
        "all": {"do": "change", "all": "on", "payee": "new"},
    },
    "api_bulk": lambda ids: {
        "delete": {"ids": [ids.expense], "delete": True},
        "all": {"filter": {}, "set": {"category": ids.spare}},
    },
    "tag": lambda ids: {"rename": retagged(ids, to="new"), "remove": retagged(ids), "show": {"to": "new"}},
    "api_tag_rename": lambda ids: {"rename": {"to": "new"}, "remove": {"to": None}},
    "category_merge": lambda ids: {
        "look": {"into": ids.spare},
        "merge": {"into": ids.spare, "confirmed": seen(ids, "merge")},
    },
    "category_split": lambda ids: {
        "look": {"into": ids.spare, "payee_contains": "landlord"},
        "split": {"into": ids.spare, "payee_contains": "landlord", "confirmed": seen(ids, "split")},
    },
    "category_archive": lambda ids: {
        "look": {"archived": "yes"},
        "archive": {"archived": "yes", "confirmed": seen(ids, "archive")},
    },
    "accounts": lambda ids: {"add": {f"new-{name}": value for name, value in ACCOUNT.items()}},
    "account_edit": lambda ids: {
        "edit": {f"account-{ids.account}-{name}": value for name, value in {**ACCOUNT, "version": 1}.items()}
    },
    "favourites": lambda ids: {
        "add": {f"new-{name}": value for name, value in {**FAVOURITE, "category": ids.category}.items()}
    },
    "favourite_edit": lambda ids: {
        "edit": {
            f"favourite-{ids.favourite}-{name}": value
            for name, value in {**FAVOURITE, "category": ids.category, "version": 1}.items()
        }
    },
    "favourite_move": lambda ids: {"down": {"direction": "down"}},
    "rule_new": lambda ids: {"add": rule(ids), "try": tried(ids) | {"try": "yes"}},
    "rule": lambda ids: {
        "edit": rule(ids, version=1),
        "try": tried(ids, version=1) | {"try": "yes"},
    },
    "rule_move": lambda ids: {"down": {"direction": "down"}},
    "change_set": lambda ids: {"undo": {}, "a row": {"row": f"expense:{ids.expense}"}},
    "changeset-undo": lambda ids: {"undo": {}, "a row": undone(ids)},
    "ledger_settings": lambda ids: {"change": {"name": "new", "month_start_day": 5, "version": 1}},
    "member_add": lambda ids: {"add": {"person": "staff", "role": "viewer"}},
    "member_change": lambda ids: {"change": {"role": "editor"}, "remove": {"remove": "yes"}},
    "ledger_new": lambda ids: {"open": {"name": "new", "currency": "EUR", "month_start_day": 1}},
    "tokens": lambda ids: {
        "for one": {"name": "new", "can_write": "True", "lifetime": "30", "only_ledger": ids.ledger}
    },
    "expense-list": _expense_api,
    "expense-detail": lambda ids: {"change": expense(ids, version=1)},
    "category-list": lambda ids: {"add": CATEGORY},
    "category-detail": lambda ids: {"change": CATEGORY | {"version": 1}},
    "category-merge": lambda ids: {"merge": {"into": ids.spare, "seen": "*"}},
    "category-split": lambda ids: {"split": {"name": "new", "text": "notes", "seen": "*"}},
    "account-list": lambda ids: {"add": ACCOUNT},
    "account-detail": lambda ids: {"change": ACCOUNT | {"version": 1}},
    "favourite-list": lambda ids: {
        "one": FAVOURITE | {"category": ids.category},
        "many": [FAVOURITE | {"category": ids.category}],
    },
    "favourite-detail": lambda ids: {"change": FAVOURITE | {"category": ids.category, "version": 1}},
    "rule-list": lambda ids: {"add": rule(ids)},
    "rule-detail": lambda ids: {"change": rule(ids, version=1)},
    "rule-try": lambda ids: {"try": tried(ids)},
    "rule-try-changed": lambda ids: {"try": tried(ids)},
    "imports": lambda ids: {"paste": {"pasted": STATEMENT}},
    "import": lambda ids: {"row": line(ids), "many": {"do": "skip", "line": ids.line}},
    "import_apply": lambda ids: {"apply": {"version": 1, "otherwise": ids.category}},
    "import_file_answer": lambda ids: {"answer": {"key": "value"}},
    "import_file_account": lambda ids: {"choose": {"account_key": f"{ids.account:016x}"}},
    "import-list": lambda ids: {"send": {"files": [{"name": "new", "text": STATEMENT}]}},
    "import-answers": lambda ids: {"answer": {"statement": ids.statement, "answers": {"key": "new"}}},
    "import-account": lambda ids: {"choose": {"statement": ids.statement, "account": ids.account}},
    "import-read": lambda ids: {"read": {}, "one": {"statement": ids.statement}},
    "import-apply": lambda ids: {"apply": {"version": 1, "otherwise": ids.category}},
    "api_import_lines": lambda ids: {
        "one": {"id": ids.line, "category": ids.category},
        "many": [{"ids": [ids.line], "plan": "skip"}],
    },
    "api_day": lambda ids: {
        "change": {
            "expenses": [{"id": ids.expense, "version": 1, "amount": "5", "category": ids.category}],
            "tag": "*",
        }
    },
    "api_original_day": lambda ids: {"replace": [{"amount": 5, "category": "zyxrrent", "notes": "new"}]},
    "api_original_analytics": lambda ids: {"ask": {"start_date": "2019-01-01", "end_date": "2019-12-31"}},
    "expenses_expense_changelist": _admin_expenses,
    "expenses_expense_add": lambda ids: {"add": expense(ids, ledger=ids.ledger)},
    "expenses_expense_change": lambda ids: {"change": expense(ids, version=1)},
    "expenses_category_changelist": lambda ids: {"delete": delete_by_action(ids.spare)},
    "expenses_category_add": lambda ids: {"add": CATEGORY | {"ledger": ids.ledger}},
    "expenses_category_change": lambda ids: {"change": CATEGORY | {"version": 1}},
    "expenses_account_changelist": lambda ids: {"delete": delete_by_action(ids.account)},
    "expenses_account_add": lambda ids: {"add": ACCOUNT | {"ledger": ids.ledger}},
    "expenses_account_change": lambda ids: {"change": ACCOUNT | {"version": 1}},
    "expenses_rule_changelist": lambda ids: {"delete": delete_by_action(ids.rule)},
    "expenses_rule_add": lambda ids: {"add": rule(ids, ledger=ids.ledger)},
    "expenses_rule_change": lambda ids: {"change": rule(ids, version=1)},
    "expenses_favourite_changelist": lambda ids: {"delete": delete_by_action(ids.favourite)},
    "expenses_favourite_add": lambda ids: {"add": favourite(ids, ledger=ids.ledger)},
    "expenses_favourite_change": lambda ids: {"change": favourite(ids, version=1)},
    "ledgers_ledger_changelist": lambda ids: {"delete": delete_by_action(ids.ledger)},
    "ledgers_ledger_change": lambda ids: {"change": {"name": "new", "month_start_day": 5, "version": 1}},
    "ledgers_membership_changelist": lambda ids: {"delete": delete_by_action(ids.membership)},
    "ledgers_membership_add": lambda ids: {
        "add": {"ledger": ids.ledger, "user": USERS["staff"], "role": "viewer"}
    },
    "ledgers_membership_change": lambda ids: {"change": {"role": "editor", "version": 1}},
    "auth_user_password_change": lambda ids: {
        "set": {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    },
    "users_user_change": lambda ids: {
        "take over": {"username": "mine", "email": "m@example.org", "time_zone": "UTC", "language": "en"}
    },
    "account_emailaddress_add": lambda ids: {"add": {"user": USERS["member"], "email": "m@example.org"}},
    "api_token_changelist": lambda ids: {"delete": delete_by_action(ids.token)},
}
DELETION = {"post": "yes"}
# What DELETE has to say: the version that was seen.
DELETED = dict.fromkeys(
    ("expense-detail", "category-detail", "account-detail", "rule-detail", "import-detail"), "?version=1"
)


def bodies(route, ids: Ids) -> Bodies:
    """What to send to the route, by what it does; an empty form where nothing is known."""
    if route.is_admin and route.name.endswith("_delete"):
        return {"delete": DELETION}
    name = "api_original_day" if route.is_api and not route.name else route.name
    return BODIES.get(name, lambda ids: {"": {}})(ids)
