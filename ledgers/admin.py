"""Ledgers, memberships and their people in the admin, and the scope that every row of a ledger has there."""

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from database.change_sets import written_in
from database.errors import explain
from ledgers.forms import LedgerForm, VersionedForm
from ledgers.models import OWNER_NEEDED, Ledger, Membership
from users.admin import UserAdmin
from users.models import User

OWNER, EDITOR = Membership.Role.OWNER, Membership.Role.EDITOR


def roles_of(request) -> dict[int, str]:
    """The role this person has in each of their ledgers, asked for once in a request."""
    if not hasattr(request, "ledger_roles"):
        memberships = Membership.objects.filter(user=request.user)
        request.ledger_roles = dict(memberships.values_list("ledger", "role"))
    return request.ledger_roles


def ledgers_with(request, roles):
    """The ledgers in which this person has one of these roles; every ledger for a superuser."""
    if request.user.is_superuser:
        return Ledger.objects.all()
    return Ledger.objects.filter(pk__in=[pk for pk, role in roles_of(request).items() if role in roles])


class LedgerScopedAdmin(admin.ModelAdmin):
    """Staff who are not superusers see and change only what their roles in the ledgers allow.

    Django's model permissions are asked for as well. A foreign row is answered like one that does not exist.
    """

    ledger_path = "ledger"
    reading = tuple(Membership.Role)
    writing = (OWNER, EDITOR)

    def ledger_id_of(self, obj) -> int:
        return obj.ledger_id

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        # Numbers instead of a join: the rows can be locked and changed in one plain statement.
        return rows.filter(**{f"{self.ledger_path}__in": self._ledgers(request, self.reading)})

    def may_write(self, request, obj) -> bool:
        """Whether the role of this person in the row's ledger lets them change the row."""
        return request.user.is_superuser or self.ledger_id_of(obj) in self._ledgers(request, self.writing)

    def has_add_permission(self, request):
        allowed = super().has_add_permission(request)
        return allowed and (request.user.is_superuser or bool(self._ledgers(request, self.writing)))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.may_write(request, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or self.may_write(request, obj))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Ledger:
            kwargs["queryset"] = ledgers_with(request, self.writing)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        """How many rows go, by kind, instead of Django's tree of each one: a ledger can have a million.

        The permission to delete is asked for each object and each kind of row that goes with it.
        """
        lacking = {
            str(self.opts.verbose_name) for obj in objs if not self.has_delete_permission(request, obj)
        }
        counts, kept = {self.opts.verbose_name_plural: len(objs)}, []
        for relation in self.opts.related_objects:
            related, rows = relation.related_model._meta, relation.related_model._base_manager
            count = rows.filter(**{f"{relation.field.name}__in": objs}).count()
            if count and relation.on_delete is not models.CASCADE:
                kept.append(f"{related.verbose_name_plural}: {count}")
            elif count:
                counts[related.verbose_name_plural] = count
                codename = get_permission_codename("delete", related)
                if not request.user.has_perm(f"{related.app_label}.{codename}"):
                    lacking.add(str(related.verbose_name))
        return [str(obj) for obj in objs], counts, lacking, kept

    def get_object(self, request, object_id, from_field=None):
        """The row; locked if it is about to be changed, so that its version is compared with what is overwritten."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not self.may_write(request, obj):
            return obj
        locked = self.get_queryset(request).select_for_update(of=("self",), no_key=True)
        return locked.filter(pk=obj.pk).first()

    def changeform_view(self, request, *args, **kwargs):
        return self.explained(request, super().changeform_view, *args, **kwargs)

    def explained(self, request, view, *args, **kwargs):
        """The view's answer; if PostgreSQL refused a row, its form again with that as ``refusal``."""
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except (IntegrityError, DataError) as error:
            request.refusal = explain(error)
        return view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (RefusedForm, form), {"refusal": refusal}) if refusal else form

    @staticmethod
    def _ledgers(request, roles) -> list[int]:
        return [ledger for ledger, role in roles_of(request).items() if role in roles]


class RefusedForm:
    """Above a form: shows what only the database could find, beside the field it is about."""

    refusal: ValidationError

    def clean(self):
        values = super().clean()
        for name, errors in self.refusal.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
        return values


class MembershipForm(VersionedForm):
    """The role of a person in a ledger."""


class LedgersOfReaderFilter(admin.RelatedFieldListFilter):
    """Offers the ledgers this person sees. Each costs a column in the query that counts, hence the bound."""

    MOST = 200

    def field_choices(self, field, request, model_admin):
        ledgers = ledgers_with(request, model_admin.reading).order_by("name", "pk")
        return [(ledger.pk, ledger.name) for ledger in ledgers[: self.MOST]]


class VersionShown:
    """Beside an admin whose form is a ``VersionedForm``: the version travels along when something may change."""

    exclude = ["version"]  # not an editable field of the model, which Django asks to be told

    def get_fields(self, request, obj=None):
        may_change = obj and self.has_change_permission(request, obj)
        return [*self.fields, "version"] if may_change else self.fields


@admin.register(Ledger)
class LedgerAdmin(VersionShown, LedgerScopedAdmin):
    """Name and month. The currency stays, since the amounts in the ledger are amounts of it."""

    form = LedgerForm
    ledger_path = "pk"
    writing = (OWNER,)
    list_display = ["name", "currency", "month_start_day", "created_at"]
    list_filter = ["currency"]
    search_fields = ["name"]
    show_facets = admin.ShowFacets.ALWAYS
    fields = ["name", "currency", "month_start_day", "created_at"]
    readonly_fields = ["currency", "created_at"]

    def ledger_id_of(self, obj):
        return obj.pk

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def delete_model(self, request, obj):
        number = obj.pk
        super().delete_model(request, obj)
        self._tell_the_way_back(request, [number])

    def delete_queryset(self, request, queryset):
        numbers = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        self._tell_the_way_back(request, numbers)

    def _tell_the_way_back(self, request, numbers):
        """Nobody can open the page of a ledger that is gone, where its change sets have their numbers."""
        message = _("To bring it back: manage.py undo %(number)d")
        for number in numbers:
            self.message_user(request, message % {"number": written_in(number)}, messages.WARNING)

    def add_view(self, request, form_url="", extra_context=None):
        """A ledger is opened on its page, which also makes the owner and the first categories."""
        return redirect("ledger_new")


@admin.register(Membership)
class MembershipAdmin(VersionShown, LedgerScopedAdmin):
    """Who shares a ledger, for its owners. A ledger always keeps an owner."""

    form = MembershipForm
    reading = writing = (OWNER,)
    list_display = ["user", "ledger", "role"]
    list_filter = [("ledger", LedgersOfReaderFilter), "role"]
    list_select_related = ["user", "ledger"]
    search_fields = ["user__username", "user__email", "ledger__name"]
    show_facets = admin.ShowFacets.ALWAYS
    fields = ["ledger", "user", "role"]

    def get_readonly_fields(self, request, obj=None):
        return ["ledger", "user"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user" and not request.user.has_perm("users.view_user"):
            shared = ledgers_with(request, tuple(Membership.Role))
            people = db_field.related_model._default_manager.filter(ledgers__in=shared)
            kwargs["queryset"] = people.order_by("username").distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (OwnerKeptForm, form), {}) if obj else form

    def get_deleted_objects(self, objs, request):
        texts, counts, lacking, kept = super().get_deleted_objects(objs, request)
        if any(_ownerless_without(objs, ledger) for ledger in {each.ledger_id for each in objs}):
            kept.append(OWNER_NEEDED)
        return texts, counts, lacking, kept


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People. Neither the only owner of a ledger is deleted, whom nobody could replace, nor the last administrator."""

    def has_delete_permission(self, request, obj=None):
        """For superusers, who see every ledger: a membership that others do not see cannot go with its person."""
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        texts, counts, lacking, kept = super().get_deleted_objects(objs, request)
        owners = Membership.objects.filter(user__in=objs, role=OWNER)
        owners = list(owners.select_related("ledger").order_by("ledger"))
        ledgers = {owner.ledger_id: owner.ledger for owner in owners}
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        if not administrators.exclude(pk__in=[each.pk for each in objs]).exists():
            kept.append(_("There has to be an administrator. Make somebody else one first."))
        ownerless = [ledger for pk, ledger in ledgers.items() if _ownerless_without(owners, pk)]
        if ownerless:
            kept += [f"{capfirst(Ledger._meta.verbose_name)}: {ledger}" for ledger in ownerless]
            kept.append(OWNER_NEEDED)
        return texts, counts, lacking, kept


class OwnerKeptForm:
    """Above the membership form: the last owner of a ledger stays one."""

    def clean_role(self):
        role = self.cleaned_data["role"]
        if role != OWNER and _ownerless_without([self.instance], self.instance.ledger_id):
            raise ValidationError(OWNER_NEEDED)
        return role


def _ownerless_without(memberships, ledger_id: int) -> bool:
    """Whether the ledger has owners, all of them among these. Others who change its owners wait meanwhile."""
    owners = Membership.objects.filter(ledger=ledger_id, role=OWNER).select_for_update()
    left = {owner.pk for owner in owners}
    return bool(left) and left <= {membership.pk for membership in memberships}
