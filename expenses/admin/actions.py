"""Actions on many expenses: a page that shows what is touched, then one statement."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from api.submissions import offer_undo
from database.errors import explain
from expenses.admin.versions import FetchedChoiceField
from expenses.bulk import (
    LONGEST_SHIFT,
    MOST_TICKED,
    SAMPLES,
    Figures,
    figures_of,
    locked,
    mark,
    refuse_shift,
)
from expenses.models import Category, Expense, ExpenseQuerySet
from ledgers.admin import roles_of
from ledgers.models import Ledger

LONGEST_ID = 19  # digits of a bigint


class BulkForm(forms.Form):
    """What shall be done with the rows. Subclasses say what it is called and do it."""

    action = title = button = ""
    one_ledger = False
    flag = CHANGE

    def __init__(self, *args, rows: ExpenseQuerySet, figures: list[Figures], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.figures = rows, figures

    def apply(self) -> str:
        """Do it in one statement; says what was done to how many rows."""
        raise NotImplementedError


class SetCategoryForm(BulkForm):
    action = "set_category"
    title, button = gettext_lazy("Set category"), gettext_lazy("Set the category")
    one_ledger = True
    category = FetchedChoiceField(label=gettext_lazy("Category"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].offer(Category.objects.in_ledger(self.figures[0].ledger).active())

    def apply(self):
        category = self.cleaned_data["category"]
        count = self.rows.recategorise(category)
        text = ngettext(
            "%(count)d expense was moved to “%(category)s”.",
            "%(count)d expenses were moved to “%(category)s”.",
            count,
        )
        return text % {"count": count, "category": category}


class ChangeDateForm(BulkForm):
    """Either one date for all rows, or a number of days by which each is moved."""

    action = "change_date"
    title, button = gettext_lazy("Change date"), gettext_lazy("Change the date")
    date = forms.DateField(
        label=gettext_lazy("Set to the date"),
        required=False,
        widget=AdminDateWidget,
        validators=Expense._meta.get_field("date").validators,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Or shift by days"),
        required=False,
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
        help_text=gettext_lazy("Later if positive, earlier if negative."),
    )

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        if (values["date"] is None) == (not values["days"]):
            raise ValidationError(_("Give either a date or a number of days."))
        if values["days"]:
            self._check_shift(values["days"])
        return values

    def _check_shift(self, days: int):
        try:
            refuse_shift(self.rows, days)
        except ValidationError as error:
            self.add_error("days", error)

    def apply(self):
        day, days = self.cleaned_data["date"], self.cleaned_data["days"]
        count = self.rows.set_date(day) if day else self.rows.shift_date(days)
        text = ngettext(
            "The date of %(count)d expense was changed.", "The date of %(count)d expenses was changed.", count
        )
        return text % {"count": count}


class DeleteForm(BulkForm):
    action = "delete_selected"
    title, button = gettext_lazy("Delete expenses"), gettext_lazy("Delete them")
    flag = DELETION

    def apply(self):
        count, _kinds = self.rows.delete()
        return ngettext("%(count)d expense was deleted.", "%(count)d expenses were deleted.", count) % {
            "count": count
        }


class BulkActions(admin.ModelAdmin):
    """The actions themselves. Each shows its page until exactly the rows on it are confirmed."""

    @admin.action(description=gettext_lazy("Set category…"), permissions=["change"])
    def set_category(self, request, queryset):
        return self._bulk(request, queryset, SetCategoryForm)

    @admin.action(description=gettext_lazy("Change date…"), permissions=["change"])
    def change_date(self, request, queryset):
        return self._bulk(request, queryset, ChangeDateForm)

    @admin.action(description=gettext_lazy("Delete…"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        return self._bulk(request, queryset, DeleteForm)

    def response_action(self, request, queryset):
        ticked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if len(ticked) <= MOST_TICKED and all(pk.isdecimal() and len(pk) <= LONGEST_ID for pk in ticked):
            return super().response_action(request, queryset)
        message = _("Tick at most %(most)d expenses, or select all that match.")
        self.message_user(request, message % {"most": MOST_TICKED}, messages.ERROR)
        return None

    def _bulk(self, request, queryset, form_class):
        """The page, or None once it is done or refused: Django then shows the list and the message."""
        confirmed = request.POST.get("confirmed")
        rows = queryset if confirmed is None else locked(queryset)
        figures = figures_of(rows)
        if refused := self._refused(request, figures, form_class):
            self.message_user(request, refused, messages.ERROR)
            return None
        form = form_class(None if confirmed is None else request.POST, rows=rows, figures=figures)
        changed = confirmed is not None and confirmed != mark(figures)
        if confirmed is not None and not changed and form.is_valid() and self._applied(request, form):
            return None
        return self._page(request, form, changed)

    def _refused(self, request, figures, form_class) -> str | None:
        if not figures:
            return _("None of these expenses is there any more.")
        readonly = [each.ledger.name for each in figures if not self._may_write_in(request, each.ledger)]
        if readonly:
            return _("You may look at these ledgers, but not change them: %(names)s.") % {
                "names": ", ".join(readonly)
            }
        if form_class.one_ledger and len(figures) > 1:
            message = _(
                "These expenses are in %(count)d ledgers, and a category belongs to one."
                " Filter by one ledger first."
            )
            return message % {"count": len(figures)}
        return None

    def _may_write_in(self, request, ledger: Ledger) -> bool:
        return self.may_write(request, Expense(ledger=ledger))

    def _applied(self, request, form: BulkForm) -> bool:
        """Do it; what PostgreSQL refuses becomes an error of the form."""
        try:
            with transaction.atomic():
                message = form.apply()
        except (IntegrityError, DataError) as error:
            form.add_error(None, explain(error).messages)
            return False
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(Expense),
            object_repr=str(form.title),
            action_flag=form.flag,
            change_message=message,
        )
        self.message_user(request, message, messages.SUCCESS)
        # Beside one sentence there is room for one ledger's change, on a page that is for its members.
        [ledger, *more] = [each.ledger.pk for each in form.figures]
        if not more and ledger in roles_of(request):
            offer_undo(request, ledger)
        return True

    def _page(self, request, form: BulkForm, changed: bool):
        across = request.POST.get("select_across") == "1"
        ticked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        context = {
            **self.admin_site.each_context(request),
            "title": form.title,
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "changed": changed,
            "confirmed": mark(form.figures),
            "count": sum(each.count for each in form.figures),
            "samples": form.rows.select_related("ledger", "category").newest_first()[:SAMPLES],
            "action": form.action,
            # All that match are found again by the filter in the address; Django wants one row ticked.
            "ticked": ticked[:1] if across else ticked,
            "select_across": across,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/expenses/expense/bulk.html", context)
