"""The tags of a ledger: what they come to, and renaming, merging and removing them."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from database.timeouts import take_longer_than_a_page
from expenses.bulk import SAMPLES
from expenses.models import Expense
from expenses.retagging import Retagging, other_tag
from expenses.tags import LONGEST_TAG
from expenses.views.listing import tags_used
from ledgers.access import editors_only, ledger_page
from ledgers.models import Ledger


class RenameForm(forms.Form):
    """Another name for a tag; of one that exists, the two become one."""

    to = forms.CharField(
        label=gettext_lazy("New name"),
        max_length=LONGEST_TAG + 1,
        widget=forms.TextInput(attrs={"list": "tags-used", "autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, data=None, *, tag: str):
        super().__init__(data)
        self.tag = tag

    def clean_to(self) -> str:
        return other_tag(self.tag, self.cleaned_data["to"])


@ledger_page
@require_safe
def tag_list(request, ledger):
    """Every tag with how many expenses have it and what they come to."""
    tags = list(Expense.objects.in_ledger(ledger).uses_of_tags())
    return render(request, "expenses/tags.html", {"ledger": ledger, "tags": tags})


@ledger_page
@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def tag_edit(request, ledger, tag):
    """One tag: say what it is to become, look, confirm."""
    confirmed = request.POST.get("confirmed")
    form = RenameForm(request.POST if "to" in request.POST else None, tag=tag)
    asked = request.method == "POST" and (form.is_valid() or not form.is_bound)
    act = Retagging(ledger, tag, form.cleaned_data["to"] if asked and form.is_bound else None)
    if confirmed is not None:
        take_longer_than_a_page()
        act.lock()
    if not act.is_used:
        if confirmed is None:
            raise Http404(_("No such tag."))
        messages.error(request, _("Nothing has the tag “%(tag)s” any more.") % {"tag": tag})
        return redirect("tags", ledger.pk)
    if not asked:
        return _page(request, ledger, act, form, status=422 if form.errors else 200)
    if confirmed == act.mark:
        said = _said(act) % {"tag": act.tag, "to": act.to}
        act.apply()
        messages.success(request, said)
        return redirect("tags", ledger.pk)
    changed = confirmed is not None
    return _page(request, ledger, act, form, asked=True, changed=changed, status=409 if changed else 200)


def _said(act: Retagging) -> str:
    if act.to is None:
        return _("The tag “%(tag)s” was removed from everything.")
    if act.into:
        return _("The tag “%(tag)s” was merged into “%(to)s”.")
    return _("The tag “%(tag)s” is now “%(to)s”.")


def _page(request, ledger: Ledger, act: Retagging, form: RenameForm, status: int, **context):
    samples = act.rows.select_related("category").newest_first()[:SAMPLES]
    context |= {"ledger": ledger, "act": act, "form": form, "samples": samples}
    context["tags_used"] = [] if "asked" in context else tags_used(ledger)
    return render(request, "expenses/tag.html", context, status=status)
