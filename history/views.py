"""What happened in a ledger, and taking it back."""

from collections import Counter
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from history.filters import ChangeSetFilter
from history.models import TRACKED, ChangeSet
from history.rows import ChangedRow, Writer, changed_rows, refused_rows
from history.sentences import summaries
from history.undoing import NotUndone, Rows, undo, why_not
from ledgers.access import ledger_page
from ledgers.models import Membership

PAGE_SIZE = 50
MOST_ROWS = 200  # of one kind that are shown; all of them are undone


@ledger_page
@require_safe
def history(request, ledger):
    """The change sets of a ledger, newest first, by day."""
    everything = ChangeSet.objects.in_ledger(ledger)
    filterset = ChangeSetFilter(request.GET, everything, request=request)
    valid = filterset.is_valid()
    found = _after(filterset.qs if valid else everything.none(), request.GET.get("after"))
    found = list(found.newest_first()[: PAGE_SIZE + 1])
    page, more = found[:PAGE_SIZE], found[PAGE_SIZE:]
    undoing = list(everything.undoing(page))
    said = summaries([*page, *undoing])
    undone = Counter()
    for each in undoing:
        undone[each.undoes_id] += said[each.pk].rows
    entries = [(each, said[each.pk], undone[each.pk]) for each in page]
    context = {
        "ledger": ledger,
        "filter": filterset,
        "filtered": any(request.GET.get(name) for name in filterset.filters),
        "people": everything.order_by("who").values_list("who", flat=True).distinct(),
        "days": [(day, list(each)) for day, each in groupby(entries, lambda entry: _day_of(entry[0]))],
        "next_page": _page_url(request, page[-1]) if more else None,
        "newest_page": _page_url(request, None),
        "first_page": "after" not in request.GET,
    }
    return render(request, "history/history.html", context, status=200 if valid else 400)


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_set(request, ledger, pk):
    """What a change set did to each row, which is the preview of undoing it; posting undoes it."""
    found = get_object_or_404(ChangeSet.objects.in_ledger(ledger), pk=pk)
    if request.method != "POST":
        return _page(request, ledger, found)
    try:
        count = undo(ledger, found, _rows(request), leave_stale="rest" in request.POST)
    except NotUndone as refusal:
        return _page(request, ledger, found, refusal)
    sentence = ngettext("Undone: %(n)d row is as it was.", "Undone: %(n)d rows are as they were.", count)
    if found.undoes_id:
        sentence = ngettext("Done again: %(n)d row.", "Done again: %(n)d rows.", count)
    messages.success(request, sentence % {"n": count})
    # Whoever undid that they may write here can do nothing more on this page.
    role = Membership.objects.filter(ledger=ledger, user=request.user).values_list("role", flat=True).first()
    still = role in (Membership.Role.OWNER, Membership.Role.EDITOR)
    return redirect("change_set", ledger.pk, found.pk) if still else redirect("home")


def _page(request, ledger, change_set, refusal=None):
    kinds = change_set.kinds
    reason, refused = refused_rows(change_set, refusal) if refusal else ("", [])
    tables = [(tracked, _shown(change_set, tracked, refused)) for tracked in kinds]
    rows = [row for _tracked, found in tables for row in found]
    summary, writer = summaries([change_set])[change_set.pk], Writer(ledger, rows)
    everything = ChangeSet.objects.in_ledger(ledger)
    context = {
        "ledger": ledger,
        "change_set": change_set,
        "sentence": summary.sentence,
        "tables": [writer.table(tracked, found) for tracked, found in tables],
        "most": MOST_ROWS if any(len(found) >= MOST_ROWS for _tracked, found in tables) else None,
        "stale": [row for row in rows if row.is_stale],
        "fresh": [row for row in rows if not row.is_stale],
        "all_undone": all(row.is_undone for row in rows),
        "undone_by": everything.undoing([change_set]),
        "why_not": why_not(ledger, change_set, kinds),
        "reason": reason,
        "refused": refused,
    }
    return render(request, "history/change_set.html", context, status=409 if refusal else 200)


def _shown(change_set, tracked, refused) -> list[ChangedRow]:
    """The first rows of a kind; those that stand against undoing it before all others."""
    first = [row for row in refused if row.tracked == tracked]
    known = {row.pk for row in first}
    return first + [row for row in changed_rows(change_set, tracked, MOST_ROWS) if row.pk not in known]


def _rows(request) -> Rows | None:
    """The rows that the form names, such as ``expense:17``, as ids by kind; None if it names none."""
    if "row" not in request.POST:
        return None
    rows = {tracked.name: [] for tracked in TRACKED}
    for text in request.POST.getlist("row"):
        kind, _colon, number = text.partition(":")
        if kind not in rows or not (number.isascii() and number.isdigit() and len(number) < 19):
            raise BadRequest("no such row")
        rows[kind].append(int(number))
    return rows


def _day_of(change_set: ChangeSet):
    return timezone.localtime(change_set.at).date()


def _after(change_sets, key: str | None):
    if not key:
        return change_sets
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404(_("No such page."))
    return change_sets.filter(pk__lt=int(key))


def _page_url(request, last: ChangeSet | None) -> str:
    """The same filter, continued after ``last``, or from the newest on."""
    query = request.GET.copy()
    query.pop("after", None)
    if last:
        query["after"] = last.pk
    return f"?{query.urlencode()}"
