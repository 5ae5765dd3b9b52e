"""The page of an import: its files, its lines by state, and what adding it comes to."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from expenses.models import Account, Category
from history.models import ChangeSet
from ledgers.models import Ledger
from statements.applying import is_applied
from statements.models import Import, Statement, StatementLine
from statements.review import (
    DECIDED_ABOUT,
    PAGE_SIZE,
    Comes,
    came_since,
    choices,
    comes_to,
    files_of,
    rows_of,
    unknown_categories,
    with_file_category,
)
from statements.wording import shown, shown_question

OPTION = '<option value="{}">{}</option>'


def locked(ledger: Ledger, pk: int) -> Import:
    """The import, for who decides about it; others wait. Raises Http404."""
    return get_object_or_404(Import.objects.in_ledger(ledger).select_for_update(), pk=pk)


def preview(
    request, ledger, of_import, *, sent=None, problem="", lines=(), form=None, faults=None, status=200
):
    """The page, with what was ``sent`` and could not be saved, or the ``lines`` that a ``problem`` is about.

    ``form`` is the one of adding it, ``faults`` what is wrong with answers and accounts, by the id of their file.
    """
    comes, categories, applied = comes_to(of_import), choices(ledger), is_applied(of_import)
    state = _state(request, comes)
    named = [form.row.line.pk for form in sent.forms] if sent else lines
    found, page = (lines_named(of_import, named), None) if named else _page(request, of_import, state, comes)
    rows = rows_of(of_import, found)
    if sent:
        sent.restore(rows)
    files, options = files_of(of_import), Choices(categories)
    names = {file.pk: file.name for file in files} if len(files) > 1 else {}
    context = {
        "ledger": ledger,
        "import": of_import,
        **_files(ledger, files, comes, faults or {}),
        "comes": comes,
        "state": state,
        "likely": state == StatementLine.State.LIKELY,
        "changeable": bool(named) or state in DECIDED_ABOUT,
        "rows": [(row, options.chosen(row.category), names.get(row.line.statement_id)) for row in rows],
        "page": page,
        "concerned": bool(lines),
        "named": bool(named),
        "here": address_of(request, of_import),
        "categories": [category for category in categories if not category.archived],
        "came_since": request.method != "POST" and not applied and came_since(of_import),
        "version": of_import.version,
        **_standing(of_import, applied, options),
        "sent": sent,
        "form": form,
        "otherwise": request.POST.get("otherwise", str(of_import.otherwise_id or "")),
        "problem": problem,
    }
    return render(request, "statements/import.html", context, status=status)


def lines_named(of_import: Import, pks: Sequence[int]) -> list[StatementLine]:
    """These lines in the order of their files."""
    lines = with_file_category(StatementLine.objects.of(of_import).filter(pk__in=pks))
    return list(lines.order_by("statement", "id"))


def address_of(request, of_import: Import) -> str:
    """The page of the import, with the same lines shown as in this request."""
    query = urlencode({name: request.GET[name] for name in ("state", "page") if name in request.GET})
    address = reverse("import", args=[of_import.ledger_id, of_import.pk])
    return f"{address}?{query}" if query else address


def _state(request, comes: Comes) -> str:
    state = request.GET.get("state") or comes.first
    if state not in StatementLine.State.values:
        raise Http404(_("No such page."))
    return state


def _page(request, of_import: Import, state: str, comes: Comes):
    """The lines of one page, and the page itself. The count is known already."""
    lines = StatementLine.objects.of(of_import).filter(state=state).order_by("statement", "id")
    paginator = Paginator(with_file_category(lines), PAGE_SIZE)
    paginator.count = next(part.count for part in comes.parts if part.state == state)
    page = paginator.get_page(request.GET.get("page"))
    return list(page.object_list), page


def reading(files: Sequence[Statement]) -> dict:
    """Which files still wait to be read, and how many do not."""
    waiting = [file for file in files if file.state == Statement.State.WAITING]
    return {"waiting": waiting, "done": len(files) - len(waiting)}


def _files(ledger: Ledger, files: Sequence[Statement], comes: Comes, faults: dict) -> dict:
    """What the page says about the files, and the accounts that they may be of."""
    accounts = list(Account.objects.in_ledger(ledger))
    known = {account.key for account in accounts}
    said = [_file(file, comes, known, faults) for file in files]
    return {"files": said, "accounts": accounts, **reading(files)}


def _file(file: Statement, comes: Comes, known: set[str], faults: dict) -> dict:
    """What the page says about one file."""
    of_file = [account for account in file.accounts if account["key"] == file.account_key]
    return {
        "file": file,
        "lines": comes.lines[file.pk],
        "problem": shown(file.problem),
        "warnings": [shown(warning) for warning in file.warnings],
        "questions": [shown_question(question) for question in file.questions],
        # Where a file says itself which account it is of, nobody has to.
        "asks_account": bool(of_file),
        "is_known": file.account_key in known,
        "account_name": ", ".join(_account(account) for account in file.accounts),
        "fault": faults.get(file.pk),
    }


def _account(account: dict) -> str:
    return f"{account['name']} …{account['digits']}" if account["digits"] else account["name"]


def _standing(of_import: Import, applied: bool, options: "Choices") -> dict:
    """Whether it is in the ledger, and until then which categories of its files are not."""
    unknown = [] if applied else unknown_categories(of_import)
    return {
        "applied": applied,
        "change_set": _change_set(of_import),
        "unknown": [(each, options.chosen(each.category)) for each in unknown],
    }


def _change_set(of_import: Import) -> ChangeSet | None:
    if of_import.change_set_id is None:
        return None
    return ChangeSet.objects.in_ledger(of_import.ledger_id).filter(pk=of_import.change_set_id).first()


class Choices:
    """The options of a select of categories, written once: 100 of 50 each would cost a template too much."""

    def __init__(self, categories: Sequence[Category]):
        self.offered = format_html_join("", OPTION, ((c.pk, c.name) for c in categories if not c.archived))
        self.others = {
            str(c.pk): format_html(OPTION, c.pk, _("%(name)s (archived)") % {"name": c.name})
            for c in categories
            if c.archived
        }

    def chosen(self, pk: str) -> SafeString:
        """With the category of this id selected, also where it is not offered any more."""
        html, value = self.offered + self.others.get(pk, ""), f'value="{pk}"'
        return mark_safe(html.replace(value, f"{value} selected", 1) if pk.isdigit() else html)  # noqa: S308
