"""The day editor."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from api.models import Submission
from api.submissions import offer_undo
from database.errors import explain
from expenses.day import MAX_ROWS, DayConflict, DayDifference, save_day
from expenses.forms import DayChoiceForm, DayFormSet
from expenses.keeping import keep_rows
from expenses.models import FIRST_DATE, LAST_DATE, Category, Expense, Favourite
from ledgers import money
from ledgers.access import ledger_page
from ledgers.dates import week_of
from ledgers.refusals import refusals


@ledger_page
@require_safe
def choose_day(request, ledger):
    """Where the date picker leads; without a date, today."""
    form = DayChoiceForm(request.GET)
    if request.GET and not form.is_valid():
        messages.error(request, form.errors["date"][0])
    chosen = form.cleaned_data["date"] if form.is_valid() else timezone.localdate()
    return redirect("day", ledger.pk, chosen)


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def day(request, ledger, day):
    """Everything spent on a date, in one grid."""
    categories = list(Category.objects.in_ledger(ledger))
    asked = {
        "ledger": ledger,
        "categories": categories,
        "uses": Expense.objects.in_ledger(ledger).uses_of_categories,
        "prefix": "row",
    }
    if request.method == "POST":
        formset = DayFormSet(request.POST, **asked)
        if "more" in request.POST:
            formset.add_rows()
            return _page(request, ledger, day, formset, categories, show_errors=False)
        if "favourite" in request.POST:
            return _kept(request, ledger, day, formset, categories)
        if "restore" in request.POST:
            return _restored(request, ledger, day, formset, categories)
        return _save(request, ledger, day, formset, categories)
    expenses = _expenses(ledger, day)
    copied = _copied(request, ledger) if "copy" in request.GET else ()
    if "favourite" in request.GET:
        copied = Favourite.objects.in_ledger(ledger).as_expenses(request.GET["favourite"])
    formset = DayFormSet(expenses=expenses[:MAX_ROWS], copied=copied, **asked)
    return _page(request, ledger, day, formset, categories, expenses)


def _expenses(ledger, day) -> list[Expense]:
    # The times, which the page has not, take as long to read as all the rest.
    expenses = Expense.objects.in_ledger(ledger).on(day).defer("created_at", "updated_at").order_by("id")
    if not ledger.may_edit:  # who may edit gets all the categories anyway
        expenses = expenses.select_related("category")
    return list(expenses[: MAX_ROWS + 1])


def _save(request, ledger, day, formset, categories):
    submission = _submission(request, ledger)
    if submission:
        formset.recall(submission.rows)
    if not formset.is_valid():
        return _refused(422, request, ledger, day, formset, categories)
    try:
        difference = save_day(ledger, day, [form.row() for form in formset], request.user)
    except DayConflict as conflict:
        formset.show_conflict(conflict)
        return _refused(409, request, ledger, day, formset, categories)
    except IntegrityError as error:
        formset.refuse(explain(error))
        return _refused(409, request, ledger, day, formset, categories)
    messages.success(request, _sentence(difference, formset, submission))
    if submission:
        submission.remember({index: (row.pk, row.version) for index, row in difference.rows.items()})
    return _led_back(request, ledger, day)


def _led_back(request, ledger, day):
    """To the day as it is now; the grid, which waits for the answer on its page, goes there itself."""
    if not request.htmx:
        return redirect("day", ledger.pk, day)
    offer_undo(request, ledger.pk)
    return HttpResponseClientRedirect(reverse("day", args=[ledger.pk, day]))


def _restored(request, ledger, day, formset, categories):
    """What a browser kept of a day that was not saved, beside what the day has by now; nothing is written."""
    if submission := _submission(request, ledger):
        formset.recall(submission.rows)
    formset.complete(_expenses(ledger, day)[:MAX_ROWS])
    return _refused(200, request, ledger, day, formset, categories, show_errors=False)


def _copied(request, ledger) -> list[Expense]:
    """The expenses of the day that ``?copy=`` names, to be shown as new rows."""
    form = DayChoiceForm({"date": request.GET["copy"]})
    if not form.is_valid():
        messages.error(request, form.errors["date"][0])
        return []
    expenses = _expenses(ledger, form.cleaned_data["date"])[:MAX_ROWS]
    if not expenses:
        messages.info(request, _("Nothing was spent on that day."))
    return expenses


def _kept(request, ledger, day, formset, categories):
    """Rows as a favourite; nothing of the day is saved, and everything typed stays."""
    name, row = request.POST.get("favourite-name", ""), request.POST.get("favourite-row", "")
    try:
        count = keep_rows(ledger, formset, name, int(row) if row.isdecimal() and len(row) < 5 else None)
    except ValidationError as error:
        if request.htmx:
            return JsonResponse({"problem": error.messages[0]}, status=422)
        messages.error(request, error.messages[0])
        return _page(request, ledger, day, formset, categories, status=422, show_errors=False)
    text = ngettext("Kept as a favourite: %(n)d row.", "Kept as a favourite: %(n)d rows.", count) % {
        "n": count
    }
    if request.htmx:
        return JsonResponse({"said": text})
    messages.success(request, text)
    return _page(request, ledger, day, formset, categories, show_errors=False)


def _refused(status, *page, show_errors=True):
    response = _page(*page, status=status, show_errors=show_errors)
    transaction.set_rollback(True)  # the claim on the form's key as well: nothing is written
    return response


def _submission(request, ledger) -> Submission | None:
    try:
        key = UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    return Submission.claim(ledger, request.user, key)


def _sentence(difference: DayDifference, formset, submission) -> str:
    parts = [
        ngettext("%(n)d added", "%(n)d added", n) % {"n": n} if (n := len(difference.created)) else "",
        ngettext("%(n)d changed", "%(n)d changed", n) % {"n": n} if (n := len(difference.changed)) else "",
        ngettext("%(n)d deleted", "%(n)d deleted", n) % {"n": n} if (n := len(difference.deleted)) else "",
    ]
    if difference:
        return _("Saved: %(what)s.") % {"what": ", ".join(filter(None, parts))}
    if any(form.cleaned_data.get("theirs") for form in formset):
        return _("The other version was kept.")
    return _("Saved already.") if submission and submission.rows else _("Nothing had changed.")


def _page(request, ledger, day, formset, categories, expenses=(), status=200, show_errors=True):
    week = week_of(day, money.reader_locale().first_week_day)
    month_start, _month_end = ledger.month_of(day)
    around = Expense.objects.in_ledger(ledger).between(min(week[0], month_start), max(week[-1], day))
    spent = around.spent_by_day()
    context = {
        "ledger": ledger,
        "day": day,
        "today": timezone.localdate(),
        "previous_day": day - timedelta(days=1) if day > FIRST_DATE else None,
        "week_before": max(day - timedelta(days=7), FIRST_DATE),
        "next_day": day + timedelta(days=1) if day < LAST_DATE else None,
        "week": [(date, spent.get(date)) for date in week if FIRST_DATE <= date <= LAST_DATE],
        "month_start": month_start,
        "month_to_date": sum(total for date, total in spent.items() if month_start <= date <= day),
        "day_total": spent.get(day, 0),
        "formset": formset,
        "expenses": expenses[:MAX_ROWS],
        "all_shown": len(expenses) <= MAX_ROWS,
        "show_errors": show_errors,
        "categories": [(str(category.pk), category.name) for category in categories if not category.archived],
        "submission": request.POST.get("submission") or uuid4(),
        "marks": money.marks(),
        "refusals": refusals(ledger.decimals),
    }
    return render(request, "expenses/day.html", context, status=status)
