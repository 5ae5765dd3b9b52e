"""The rules of a ledger: add, try, change, reorder, delete."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expenses.models import Rule
from ledgers.access import ledger_page
from statements.applying import is_applied
from statements.deciding import use_rules
from statements.models import Import
from statements.rule_forms import RuleForm
from statements.trying import ChangedMeanwhile, also_change, decided_lately, tried

PREFILLED = ("field", "operator", "pattern", "category", "payee")


@ledger_page
@require_safe
def rule_list(request, ledger):
    """All rules in their order, with how many expenses of the last 12 months each would decide."""
    rules = list(Rule.objects.in_ledger(ledger).select_related("category"))
    counts = decided_lately(ledger, rules)
    rows = [(rule, counts.get(rule.pk, 0)) for rule in rules]
    return render(request, "statements/rules.html", {"ledger": ledger, "rows": rows})


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request, ledger):
    """Add a rule, filled in from the address; one made from a line of an ``import`` is used there at once."""
    is_saved = request.method == "POST" and "try" not in request.POST
    # The import before the expenses, as applying it does, so that nobody waits for each other.
    of_import = _import(request, ledger, locked=is_saved)
    rule = Rule(ledger=ledger, position=Rule.objects.in_ledger(ledger).next_position())
    if request.method != "POST":
        filled_in = {name: value for name, value in request.GET.items() if name in PREFILLED}
        return _page(request, ledger, RuleForm(instance=rule, initial=filled_in), of_import=of_import)
    return _save_or_try(request, ledger, rule, _("Rule “%(pattern)s” added."), of_import)


@ledger_page
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request, ledger, pk):
    """Change one rule."""
    rule = _found(Rule.objects.in_ledger(ledger), pk)
    if request.method != "POST":
        return _page(request, ledger, RuleForm(instance=rule))
    rule = _found(Rule.objects.in_ledger(ledger).select_for_update(), pk)
    return _save_or_try(request, ledger, rule, _("Rule “%(pattern)s” saved."))


@ledger_page
@require_POST
def rule_move(request, ledger, pk):
    """Move one rule up or down by one place."""
    step = -1 if request.POST.get("direction") == "up" else 1
    if not Rule.objects.in_ledger(ledger).move(pk, step):
        raise Http404(_("No such rule."))
    messages.success(request, _("The order of the rules was saved."))
    return redirect("rules", ledger.pk)


@ledger_page
@require_POST
def rule_delete(request, ledger, pk):
    """Delete a rule. What it did stays."""
    rule = _found(Rule.objects.in_ledger(ledger).select_for_update(), pk)
    rule.delete()
    messages.success(request, _("Rule “%(pattern)s” deleted.") % {"pattern": rule.pattern})
    return redirect("rules", ledger.pk)


def _found(rules, pk) -> Rule:
    rule = rules.filter(pk=pk).first()
    if rule is None:
        raise Http404(_("No such rule."))
    return rule


def _import(request, ledger, *, locked: bool) -> Import | None:
    """The import that the address names, if it names one."""
    number = request.GET.get("import")
    if not number:
        return None
    known = number.isascii() and number.isdigit() and len(number) < 19
    imports = Import.objects.in_ledger(ledger)
    if locked:
        imports = imports.select_for_update(no_key=True)
    found = imports.filter(pk=number).first() if known else None
    if found is None:
        raise Http404(_("No such import."))
    return found


def _save_or_try(request, ledger, rule, said, of_import=None):
    """The next page if the rule, and what else was confirmed, is written; else the form with what it would do."""
    form = RuleForm(request.POST, instance=rule)
    if "try" in request.POST:
        trial = tried(rule) if form.is_valid() else None
        return _page(request, ledger, form, trial, of_import, status=200 if trial else 422)
    is_new = rule.pk is None
    try:
        with transaction.atomic():
            if not form.is_saved():
                return _page(request, ledger, form, None, of_import, status=422)
            tag = form.cleaned_data["also_change"]
            changed = also_change(rule, tag) if tag else 0
    except ChangedMeanwhile as refusal:
        rule.pk = None if is_new else rule.pk
        form.add_error(None, _("What would change is not what you saw. Nothing was saved. Look at it again."))
        return _page(request, ledger, form, refusal.trial, of_import, status=422)
    messages.success(request, " ".join([said % {"pattern": rule.pattern}, *_changes(changed, of_import)]))
    return redirect("import", ledger.pk, of_import.pk) if of_import else redirect("rules", ledger.pk)


def _changes(expenses: int, of_import: Import | None) -> list[str]:
    """What saving the rule has changed beside it, in sentences; uses the rules in the import."""
    parts = []
    if expenses:
        parts.append(
            ngettext("%(n)d expense changed.", "%(n)d expenses changed.", expenses) % {"n": expenses}
        )
    if of_import and not is_applied(of_import):
        lines = use_rules(of_import)
        parts.append(
            ngettext("%(n)d line of this import changed.", "%(n)d lines of this import changed.", lines)
            % {"n": lines}
        )
    return parts


def _page(request, ledger, form, trial=None, of_import=None, status=200):
    context = {"ledger": ledger, "form": form, "rule": form.instance, "trial": trial, "import": of_import}
    return render(request, "statements/rule.html", context, status=status)
