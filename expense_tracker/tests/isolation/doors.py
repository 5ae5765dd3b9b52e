"""How a row's id is fed to each field that refers to one: by Charlie, in his own ledger, whose owner the clerk is too.

Every door takes the rows to be named. With Charlie's own it works; with Alice's it must do what it does when there
are no such rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from expense_tracker.tests.isolation import bodies
from expense_tracker.tests.isolation.asking import Request
from expense_tracker.tests.isolation.world import ALICES, CHARLIES, DAY, SUBMISSION, USERS, Ids
from expenses.bulk import Edit, figures_of, mark
from expenses.models import Category, Expense

HOME = CHARLIES
PAGES, API, ADMIN = f"/ledgers/{HOME.ledger}/", f"/api/v1/ledgers/{HOME.ledger}/", "/admin/"


IMPORT = f"imports/{HOME.of_import}/"
LINES = f"{IMPORT}lines/"
PLAN = f"{PAGES}statements/{HOME.of_import}/"


@dataclass(frozen=True)
class Door:
    """A field's ``request`` for these rows. ``writes``: with rows of one's own something changes."""

    request: Callable[[Ids], Request]
    writes: bool = True
    takes_anybody: bool = False  # people are no rows of a ledger: whoever is named is taken


def api(method: str, path: str, body: Callable[[Ids], object]) -> Door:
    return Door(lambda ids: Request("clerk", method, API + path, body(ids), as_json=True))


def form(path: str, body: Callable[[Ids], dict], **how) -> Door:
    return Door(lambda ids: Request("clerk", "POST", path, body(ids)), **how)


def look(path: str, **query: Callable[[Ids], object]) -> Door:
    def request(ids):
        written = urlencode({name: value(ids) for name, value in query.items()})
        return Request("clerk", "GET", f"{path}?{written}", as_json=False)

    return Door(request, writes=False)


def confirmed(ids: Ids, category: int) -> dict:
    """The last step of an action on an expense, which carries what its page had shown."""
    shown = mark(figures_of(Expense.objects.filter(pk=ids.expense)))
    return bodies.action(ids, "set_category", confirmed=shown, category=category)


def ticked(model: str, row: str, name: str = "delete_selected") -> Door:
    return form(f"{ADMIN}{model}/", lambda ids: bodies.delete_by_action(getattr(ids, row)) | {"action": name})


def _name(ids: Ids) -> str:
    return "zyxrrent" if ids == ALICES else "ownrent"


def _day(ids: Ids, **row) -> dict:
    own = {"id": HOME.expense, "version": 1, "amount": "7", "category": HOME.category}
    return {"expenses": [own | row], "tag": "*"}


def _filter(model: str, **query) -> Door:
    return look(f"{ADMIN}{model}/", **query)


DOORS: dict[str, Door] = {
    # The API
    "expenses.serializers.ExpenseSerializer.category": api(
        "POST", "expenses/", lambda ids: bodies.expense(HOME, category=ids.category)
    ),
    "expenses.serializers.ExpenseSerializer.category of many": api(
        "POST", "expenses/", lambda ids: [bodies.expense(HOME, category=ids.category)]
    ),
    "expenses.serializers.ExpenseSerializer.category in a change": api(
        "PATCH",
        f"expenses/{HOME.expense}/",
        lambda ids: {"category": ids.category, "notes": "x", "version": 1},
    ),
    "expenses.serializers.DayRowSerializer.id": api(
        "PUT", f"days/{DAY}/", lambda ids: _day(ids, id=ids.expense)
    ),
    "expenses.serializers.DayRowSerializer.category": api(
        "PUT", f"days/{DAY}/", lambda ids: _day(ids, category=ids.category)
    ),
    "expenses.serializers.OriginalRowSerializer.category": api(
        "POST", f"expenses/{DAY}", lambda ids: [{"amount": 7, "category": _name(ids)}]
    ),
    "expenses.filters.ExpenseFilter.category": look(f"{API}expenses/", category=lambda ids: ids.category),
    "expenses.filters.ExpenseFilter.without": look(f"{API}expenses/", without=lambda ids: ids.spare),
    "expenses.filters.ExpenseFilter.category of figures": look(
        f"{PAGES}analytics/", range=lambda ids: "all", category=lambda ids: ids.category
    ),
    "expenses.filters.ExpenseFilter.without of figures": look(
        f"{API}analytics/categories/", range=lambda ids: "all", without=lambda ids: ids.spare
    ),
    "expenses.filters.ListFilter.category": look(f"{PAGES}expenses/", category=lambda ids: ids.category),
    "expenses.filters.ListFilter.without": look(f"{PAGES}expenses/", without=lambda ids: ids.spare),
    "expenses.bulk_api.BulkSerializer.ids": api(
        "POST", "expenses/bulk/", lambda ids: {"ids": [ids.expense], "delete": True}
    ),
    "expenses.bulk_api.WantedSerializer.category": api(
        "POST", "expenses/bulk/", lambda ids: {"filter": {}, "set": {"category": ids.spare}}
    ),
    "expenses.filters.ExpenseFilter.category of many": api(
        "POST", "expenses/bulk/", lambda ids: {"filter": {"category": ids.category}, "add_tags": ["new"]}
    ),
    "expenses.bulk_forms.EditForm.category": form(
        f"{PAGES}expenses/bulk/",
        lambda ids: bodies.bulk(HOME, Edit(category=Category.objects.get(pk=ids.spare)), category=ids.spare),
    ),
    "expense": form(f"{PAGES}expenses/bulk/", lambda ids: bodies.bulk(ids, Edit(delete=True), do="delete")),
    "expenses.filters.ExpenseFilter.category of the file": look(
        f"{PAGES}expenses/export.csv", category=lambda ids: ids.category
    ),
    "expenses.filters.ExpenseFilter.category of the API's file": look(
        f"{API}expenses/export.json", category=lambda ids: ids.category
    ),
    "expenses.api.ExpenseViewSet.cursor": look(
        f"{API}expenses/", cursor=lambda ids: f"-{DAY},{ids.expense - 1}"
    ),
    "expenses.api.CategoryViewSet.cursor": look(
        f"{API}categories/", cursor=lambda ids: f"0,{ids.category - 1}"
    ),
    "expenses.api.AccountViewSet.cursor": look(f"{API}accounts/", cursor=lambda ids: f"{ids.account - 1},0"),
    "expenses.favourite_api.FavouriteSerializer.category": api(
        "POST", "favourites/", lambda ids: bodies.FAVOURITE | {"category": ids.category}
    ),
    "expenses.favourite_api.FavouriteViewSet.cursor": look(
        f"{API}favourites/", cursor=lambda ids: f"0,{ids.favourite - 1}"
    ),
    "expenses.serializers.CategorySerializer.parent": api(
        "POST", "categories/", lambda ids: bodies.CATEGORY | {"parent": ids.category}
    ),
    "expenses.reorganising_api.MergeSerializer.into": api(
        "POST", f"categories/{HOME.category}/merge/", lambda ids: {"into": ids.spare, "seen": "*"}
    ),
    "expenses.reorganising_api.SplitSerializer.into": api(
        "POST",
        f"categories/{HOME.category}/split/",
        lambda ids: {"into": ids.spare, "text": "n", "seen": "*"},
    ),
    "expenses.reorganising_api.SplitSerializer.parent": api(
        "POST",
        f"categories/{HOME.category}/split/",
        lambda ids: {"name": "new", "parent": ids.spare, "text": "notes", "seen": "*"},
    ),
    "statements.rule_api.RuleSerializer.category": api(
        "POST", "rules/", lambda ids: bodies.rule(HOME, category=ids.category)
    ),
    "statements.rule_api.TriedRuleSerializer.category": replace(
        api("POST", "rules/try/", lambda ids: bodies.tried(HOME, category=ids.category)), writes=False
    ),
    "statements.rule_api.RuleViewSet.cursor": look(f"{API}rules/", cursor=lambda ids: f"0,{ids.rule - 1}"),
    "statements.serializers.LineChangeSerializer.id": api(
        "PATCH", LINES, lambda ids: {"id": ids.line, "notes": "new"}
    ),
    "statements.serializers.LineChangeSerializer.ids": api(
        "PATCH", LINES, lambda ids: [{"ids": [HOME.line, ids.line], "notes": "new"}]
    ),
    "statements.serializers.LineChangeSerializer.category": api(
        "PATCH", LINES, lambda ids: {"id": HOME.line, "category": ids.category}
    ),
    "statements.serializers.OfStatementSerializer.statement": replace(
        api("POST", f"{IMPORT}read/", lambda ids: {"statement": ids.statement}), writes=False
    ),
    "statements.serializers.ReadSerializer.statement": replace(
        api("POST", f"{IMPORT}read/", lambda ids: {"statement": ids.statement}), writes=False
    ),
    "statements.serializers.AnswersSerializer.statement": api(
        "POST", f"{IMPORT}answers/", lambda ids: {"statement": ids.statement, "answers": {"key": "new"}}
    ),
    "statements.serializers.StatementAccountSerializer.statement": api(
        "POST", f"{IMPORT}account/", lambda ids: {"statement": ids.statement, "name": "new"}
    ),
    "statements.serializers.StatementAccountSerializer.account": api(
        "POST", f"{IMPORT}account/", lambda ids: {"statement": HOME.statement, "account": ids.account}
    ),
    "statements.serializers.ApplySerializer.otherwise": api(
        "POST", f"{IMPORT}apply/", lambda ids: {"version": 1, "otherwise": ids.category}
    ),
    "statements.filters.LineFilter.statement": look(f"{API}{LINES}", statement=lambda ids: ids.statement),
    "statements.api.ImportViewSet.cursor": look(
        f"{API}imports/", cursor=lambda ids: f"{ids.of_import + 1},{ids.of_import + 1}"
    ),
    "statements.api.LineViewSet.cursor": look(
        f"{API}{LINES}", cursor=lambda ids: f"{ids.line - 1},{ids.line - 1}"
    ),
    "ledgers.api.LedgerViewSet.cursor": look("/api/v1/ledgers/", cursor=lambda ids: f"{ids.ledger - 1},0"),
    # The pages
    "statements.LineForm.category": form(PLAN, lambda ids: bodies.line(HOME, category=ids.category)),
    "statements.LineForm of a line": form(
        PLAN, lambda ids: bodies.line(replace(HOME, line=ids.line), payee="new")
    ),
    "statements.ManyLinesForm.line": form(PLAN, lambda ids: {"do": "skip", "line": ids.line}),
    "statements.ManyLinesForm.many_category": form(
        PLAN, lambda ids: {"do": "categorise", "line": HOME.line, "many_category": ids.category}
    ),
    "statements.ManyLinesForm.like": form(
        PLAN, lambda ids: bodies.line(HOME) | {"like": ids.line}, takes_anybody=True
    ),
    "statements.ApplyForm.otherwise": form(
        f"{PLAN}apply/", lambda ids: {"version": 1, "otherwise": ids.category}
    ),
    "expenses.CategoryForm.parent": form(
        f"{PAGES}categories/",
        lambda ids: {"new-name": "new", "new-colour": "#222222", "new-parent": ids.category},
    ),
    "part_of": look(f"{PAGES}categories/", part_of=lambda ids: ids.category),
    "expenses.reorganising_forms.MergeForm.into": form(
        f"{PAGES}categories/{HOME.category}/merge/",
        lambda ids: {"into": ids.spare, "confirmed": bodies.seen(HOME, "merge")},
    ),
    "expenses.reorganising_forms.SplitForm.into": form(
        f"{PAGES}categories/{HOME.category}/split/",
        lambda ids: {
            "into": ids.spare,
            "payee_contains": "landlord",
            "confirmed": bodies.seen(HOME, "split"),
        },
    ),
    "expenses.row_form.ExpenseRowForm.id": form(
        f"{PAGES}expenses/{DAY}/", lambda ids: bodies.grid(HOME, id=ids.expense)
    ),
    "expenses.row_form.ExpenseRowForm.category": form(
        f"{PAGES}expenses/{DAY}/", lambda ids: bodies.grid(HOME, category=ids.category)
    ),
    "expenses.row_form.ExpenseRowForm.category as it was shown": form(
        f"{PAGES}expenses/{DAY}/",
        lambda ids: bodies.grid(HOME, category=ids.category) | {"initial-row-0-category": ids.category},
    ),
    "expenses.quick.QuickRowForm.category": form(
        f"{PAGES}quick/", lambda ids: bodies.quick_row(HOME, category=ids.category)
    ),
    "expenses.entry.EntryForm.category": form(PAGES, lambda ids: bodies.expense(HOME, category=ids.category)),
    "expenses.favourite_form.FavouriteForm.category": form(
        f"{PAGES}favourites/",
        lambda ids: {
            f"new-{name}": value for name, value in (bodies.FAVOURITE | {"category": ids.category}).items()
        },
    ),
    "statements.rule_forms.RuleForm.category": form(
        f"{PAGES}rules/new/", lambda ids: bodies.rule(HOME, category=ids.category)
    ),
    "statements.rule_forms.RuleForm.category filled in": look(
        f"{PAGES}rules/new/", category=lambda ids: ids.category
    ),
    "import that a rule is made from": look(f"{PAGES}rules/new/", **{"import": lambda ids: ids.of_import}),
    "submission": form(
        f"{PAGES}expenses/{DAY}/",
        lambda ids: bodies.grid(HOME, id="", version="") | {"submission": SUBMISSION},
        takes_anybody=True,  # a key says nothing by itself: it is looked for in one's own ledger
    ),
    "Idempotency-Key": Door(
        lambda ids: Request(
            "clerk", "POST", f"{API}expenses/", bodies.expense(HOME), as_json=True, key=SUBMISSION
        ),
        takes_anybody=True,  # as above
    ),
    "after": look(f"{PAGES}expenses/", after=lambda ids: f"{DAY},{ids.expense + 1}"),
    "row": form(f"{PAGES}history/{HOME.change_set}/", lambda ids: {"row": f"expense:{ids.expense}"}),
    "history.api.ChangeSetViewSet.cursor": look(
        f"{API}history/", cursor=lambda ids: f"{ids.change_set + 1},{ids.change_set + 1}"
    ),
    "history.serializers.RowNameSerializer.id": api(
        "POST", f"history/{HOME.change_set}/undo/", lambda ids: bodies.undone(ids)
    ),
    "api.TokenForm.only_ledger": form(
        "/accounts/tokens/",
        lambda ids: {"name": "new", "can_write": "True", "lifetime": "30", "only_ledger": ids.ledger},
    ),
    "ledgers.MemberForm.person": form(
        f"{PAGES}settings/members/",
        lambda ids: {"person": "zyxpviewer" if ids == ALICES else "staff", "role": "viewer"},
        takes_anybody=True,
    ),
    # The admin
    "expenses.admin.expenses.ExpenseForm.ledger": form(
        f"{ADMIN}expenses/expense/add/", lambda ids: bodies.expense(HOME, ledger=ids.ledger)
    ),
    "expenses.admin.expenses.ExpenseForm.category": form(
        f"{ADMIN}expenses/expense/add/",
        lambda ids: bodies.expense(HOME, ledger=HOME.ledger, category=ids.category),
    ),
    "expenses.admin.rows.VersionedExpenseForm.category": form(
        f"{ADMIN}expenses/expense/{HOME.expense}/change/",
        lambda ids: bodies.expense(HOME, version=1, category=ids.category),
    ),
    "expenses.admin.rows.ExpenseRowForm.category": form(
        f"{ADMIN}expenses/expense/", lambda ids: bodies.admin_list(HOME, category=ids.category)
    ),
    "expenses.admin.rows.ExpenseRowFormSet.id": form(
        f"{ADMIN}expenses/expense/", lambda ids: bodies.admin_list(HOME, id=ids.expense)
    ),
    "expenses.admin.actions.SetCategoryForm.category": form(
        f"{ADMIN}expenses/expense/", lambda ids: confirmed(HOME, ids.spare)
    ),
    "expenses.admin.actions.SetCategoryForm of rows that are ticked": form(
        f"{ADMIN}expenses/expense/", lambda ids: confirmed(ids, HOME.spare)
    ),
    "expenses.admin.expenses.ExpenseAdmin._selected_action": form(
        f"{ADMIN}expenses/expense/",
        lambda ids: bodies.action(ids, "delete_selected", confirmed=confirmed(ids, 0)["confirmed"]),
    ),
    "expenses.admin.expenses.ExpenseAdmin?category": _filter(
        "expenses/expense", category__id__exact=lambda ids: ids.category
    ),
    "expenses.admin.expenses.ExpenseAdmin?ledger": _filter(
        "expenses/expense", ledger__id__exact=lambda ids: ids.ledger
    ),
    "expenses.admin.expenses.ExpenseAdmin?date": _filter(
        "expenses/expense",
        date__year=lambda ids: 2019,
        date__month=lambda ids: 3,
        q=lambda ids: _name(ids)[:4],
    ),
    "expenses.admin.categories.CategoryForm.ledger": form(
        f"{ADMIN}expenses/category/add/", lambda ids: bodies.CATEGORY | {"ledger": ids.ledger}
    ),
    "expenses.admin.categories.CategoryForm.parent": form(
        f"{ADMIN}expenses/category/add/",
        lambda ids: bodies.CATEGORY | {"ledger": HOME.ledger, "parent": ids.category},
    ),
    "expenses.admin.categories.CategoryAdmin._selected_action": ticked("expenses/category", "spare"),
    "expenses.admin.categories.CategoryAdmin?ledger": _filter(
        "expenses/category", ledger__id__exact=lambda ids: ids.ledger
    ),
    "expenses.admin.accounts.AccountForm.ledger": form(
        f"{ADMIN}expenses/account/add/", lambda ids: bodies.ACCOUNT | {"ledger": ids.ledger}
    ),
    "expenses.admin.accounts.AccountAdmin._selected_action": ticked("expenses/account", "account"),
    "expenses.admin.accounts.AccountAdmin?ledger": _filter(
        "expenses/account", ledger__id__exact=lambda ids: ids.ledger
    ),
    "expenses.admin.rules.RuleForm.ledger": form(
        f"{ADMIN}expenses/rule/add/", lambda ids: bodies.rule(HOME, ledger=ids.ledger)
    ),
    "expenses.admin.rules.RuleForm.category": form(
        f"{ADMIN}expenses/rule/add/", lambda ids: bodies.rule(HOME, ledger=HOME.ledger, category=ids.category)
    ),
    "expenses.admin.rules.RuleAdmin._selected_action": ticked("expenses/rule", "rule"),
    "expenses.admin.rules.RuleAdmin?ledger": _filter(
        "expenses/rule", ledger__id__exact=lambda ids: ids.ledger
    ),
    "expenses.admin.rules.RuleAdmin?category": _filter(
        "expenses/rule", category__id__exact=lambda ids: ids.category
    ),
    "expenses.admin.favourites.FavouriteForm.ledger": form(
        f"{ADMIN}expenses/favourite/add/", lambda ids: bodies.favourite(HOME, ledger=ids.ledger)
    ),
    "expenses.admin.favourites.FavouriteForm.category": form(
        f"{ADMIN}expenses/favourite/add/",
        lambda ids: bodies.favourite(HOME, ledger=HOME.ledger, category=ids.category),
    ),
    "expenses.admin.favourites.FavouriteAdmin._selected_action": ticked("expenses/favourite", "favourite"),
    "expenses.admin.favourites.FavouriteAdmin?ledger": _filter(
        "expenses/favourite", ledger__id__exact=lambda ids: ids.ledger
    ),
    "expenses.admin.favourites.FavouriteAdmin?category": _filter(
        "expenses/favourite", category__id__exact=lambda ids: ids.category
    ),
    "ledgers.admin.LedgerAdmin._selected_action": ticked("ledgers/ledger", "ledger"),
    "ledgers.admin.MembershipAdmin._selected_action": ticked("ledgers/membership", "membership"),
    "ledgers.admin.MembershipAdmin.ledger": form(
        f"{ADMIN}ledgers/membership/add/",
        lambda ids: {"ledger": ids.ledger, "user": USERS["staff"], "role": "viewer"},
    ),
    "ledgers.admin.MembershipAdmin.user": form(
        f"{ADMIN}ledgers/membership/add/",
        lambda ids: {
            "ledger": HOME.ledger,
            "user": USERS["member" if ids == ALICES else "staff"],
            "role": "viewer",
        },
        takes_anybody=True,
    ),
    "ledgers.admin.MembershipAdmin?ledger": _filter(
        "ledgers/membership", ledger__id__exact=lambda ids: ids.ledger
    ),
    "autocomplete": look(
        f"{ADMIN}autocomplete/",
        app_label=lambda ids: "expenses",
        model_name=lambda ids: "expense",
        field_name=lambda ids: "category",
        term=_name,
    ),
    "_to_field": look(
        f"{ADMIN}expenses/category/", _to_field=lambda ids: "id", _popup=lambda ids: 1, q=_name
    ),
}

# What refers to rows that belong to no ledger, is written by nobody but superusers, or is only shown.
OF_NO_LEDGER = {
    "analytics.schema.CategoryChangeSerializer.id": "only answers",
    "analytics.schema.CategoryChangeSerializer.parent": "only answers",
    "analytics.schema.LargeExpenseSerializer.category": "only answers",
    "analytics.schema.LargeExpenseSerializer.id": "only answers",
    "analytics.schema.PartSerializer.id": "only answers",
    "analytics.schema.PartSerializer.parent": "only answers",
    "expenses.completing_api.PayeeSerializer.category": "only answers",
    "api.admin.TokenAdmin._selected_action": "superusers only",
    "api.admin.TokenAdmin.only_ledger": "only shown",
    "api.admin.TokenAdmin.user": "only shown",
    "expenses.BaseDayFormSet.id": "is expenses.row_form.ExpenseRowForm.id",
    "expenses.exchange.CategoryEntry.parent": "a name in the file",
    "expenses.reorganising_api.OutlookSerializer.ids": "only answers",
    "expenses.reorganising_forms.ActForm.into": "is that of the forms that merge and split",
    "expenses.admin.of_ledger.NamedForm.ledger": "is that of the forms of categories and accounts",
    "expenses.admin.of_ledger.OfLedgerForm.ledger": "is that of the forms of categories, accounts and rules",
    "expenses.exchange.ExpenseEntry.category": "a command's file, no door of the web; a name of the file's own",
    "expenses.exchange.ExpenseEntry.external_id": "a command's file, no door of the web; names a line of a bank",
    "expenses.exchange.RuleEntry.category": "a command's file, no door of the web; a name of the file's own",
    "expenses.exchange.FavouriteEntry.category": "a command's file, no door of the web; a name of the file's own",
    "expenses.exchange.LedgerFile.ledger": "a command's file, no door of the web; makes a new ledger",
    "expenses.quick.BaseQuickFormSet.id": "its rows are new and have none",
    "expenses.quick.api.NamedCategorySerializer.id": "only answers",
    "expenses.quick.api.QuickRowSerializer.category": "only answers",
    "expenses.quick.api.QuickRowSerializer.id": "only answers",
    "history.serializers.ChangeSetDetailSerializer.undoes": "only answers",
    "history.serializers.ChangeSetSerializer.undoes": "only answers",
    "history.serializers.ChangedRowSerializer.id": "only answers",
    "ledgers.admin.LedgerAdmin.members": "is not on the form",
    "ledgers.admin.PersonAdmin._selected_action": "people, not rows of a ledger; superusers only",
    "ledgers.admin.PersonAdmin?groups": "groups are of no ledger",
    "users.admin.AuthenticatorAdmin._selected_action": "superusers only",
    "users.admin.AuthenticatorAdmin.user": "only shown",
    "users.admin.EmailAddressAdmin._selected_action": "superusers only",
    "users.admin.EmailAddressAdmin.user": "superusers only",
    "users.admin.InvitationAdmin._selected_action": "invitations are of no ledger",
    "users.admin.UserSessionAdmin._selected_action": "superusers only",
    "users.admin.UserSessionAdmin.user": "only shown",
}
# What code reads from a request without a form, beside the doors above: words and numbers that name no row.
WORDS = {
    *(
        "If-Match",
        "If-None-Match",
        "Origin",
        "all",
        "archived",
        "confirmed",
        "copy",
        "direction",
        "favourite",
        "favourite-name",
        "favourite-row",
        "more",
        "name",
        "next",
        "page",
        "part",
        "remove",
        "restore",
    ),
    *("rest", "role", "to", "select_across", "state", "self.page_size_query_param", "try"),
    *("read", "text"),
}
RAW_DOORS = {
    "HEADER": "Idempotency-Key",
    "LEDGER_CHOSEN": "expenses.admin.expenses.ExpenseAdmin?ledger",
    "after": "after",
    "expense": "expense",
    "otherwise": "statements.ApplyForm.otherwise",
    "part_of": "part_of",
    "row": "row",
    "helpers.ACTION_CHECKBOX_NAME": "expenses.admin.expenses.ExpenseAdmin._selected_action",
    "import": "import that a rule is made from",
    "self.cursor_query_param": "expenses.api.ExpenseViewSet.cursor",
    "FIELD": "submission",
    "submission": "submission",
}
