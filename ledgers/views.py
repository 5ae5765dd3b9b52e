"""A ledger's settings and the people who share it."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from database.errors import explain
from ledgers.access import ledger_page, owners_only
from ledgers.forms import LedgerForm, MemberForm
from ledgers.models import OWNER_NEEDED, Ledger, Membership


@ledger_page
@owners_only
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_settings(request, ledger):
    """Name and month of the ledger, and who is a member."""
    # Its key stays: who has written an expense can commit, while this waits for them to change the totals.
    locked = Ledger.objects.select_for_update(no_key=True).get(pk=ledger.pk)
    form = LedgerForm(request.POST or None, instance=locked)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Ledger saved."))
        return redirect("ledger_settings", ledger.pk)
    return _page(request, ledger, form=form)


@ledger_page
@owners_only
@require_POST
def member_add(request, ledger):
    """Share the ledger with one more person."""
    form = MemberForm(request.POST, ledger=ledger)
    if form.is_valid() and (membership := _added(form)):
        messages.success(request, _("%(person)s is a member now.") % {"person": membership.user})
        return redirect("ledger_settings", ledger.pk)
    return _page(request, ledger, member_form=form)


@ledger_page
@owners_only
@require_POST
def member_change(request, ledger, pk):
    """Give a member another role, or remove them; a ledger always keeps an owner."""
    memberships = _locked_memberships(ledger)
    membership = next((each for each in memberships if each.pk == pk), None)
    if membership is None:
        raise Http404(_("No such member."))
    role, names = request.POST.get("role"), {"person": membership.user}
    if _is_last_owner(membership, memberships) and role != Membership.Role.OWNER:
        messages.error(request, OWNER_NEEDED)
    elif role in Membership.Role.values:
        membership.role = role
        membership.save(update_fields=["role"])
        sentence = _("%(person)s is now %(role)s.")
        messages.success(request, sentence % {**names, "role": membership.get_role_display()})
    elif "remove" in request.POST:
        membership.delete()
        messages.success(request, _("%(person)s is no longer a member.") % names)
    still_owner = Membership.objects.filter(
        ledger=ledger, user=request.user, role=Membership.Role.OWNER
    ).exists()
    return redirect("ledger_settings", ledger.pk) if still_owner else redirect("home")


@ledger_page(for_readers=True)
@require_POST
def member_leave(request, ledger):
    """End one's own membership, whatever the role; the last owner cannot."""
    memberships = _locked_memberships(ledger)
    membership = next(each for each in memberships if each.user == request.user)
    if _is_last_owner(membership, memberships):
        messages.error(request, OWNER_NEEDED)
        return redirect("today", ledger.pk)
    membership.delete()
    messages.success(request, _("You have left the ledger “%(name)s”.") % {"name": membership.ledger})
    return redirect("home")


def _locked_memberships(ledger) -> list[Membership]:
    memberships = Membership.objects.filter(ledger=ledger).select_related("user", "ledger")
    return list(memberships.select_for_update(of=("self",)).order_by("pk"))


def _is_last_owner(membership: Membership, memberships: list[Membership]) -> bool:
    return [each for each in memberships if each.role == Membership.Role.OWNER] == [membership]


def _added(form) -> Membership | None:
    """The new membership; None, with the reason at the form, if somebody else added the person meanwhile."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError as error:
        form.add_error("person", explain(error).messages)
        return None


def _page(request, ledger, form=None, member_form=None):
    context = {
        "ledger": ledger,
        "form": form or LedgerForm(instance=ledger),
        "member_form": member_form or MemberForm(ledger=ledger),
        "memberships": Membership.objects.filter(ledger=ledger).select_related("user").order_by("role", "id"),
        "roles": Membership.Role,
    }
    failed = bool((form and form.errors) or (member_form and member_form.errors))
    return render(request, "ledgers/settings.html", context, status=422 if failed else 200)
