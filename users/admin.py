"""People, invitations, and what they sign in with, in the admin."""

from allauth.account.admin import EmailAddress
from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.mfa.admin import Authenticator  # registers its own page, which shows the keys
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from users.models import Invitation, User

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
SIGN_IN = ("username", "email")


class UserAdmin(DjangoUserAdmin):
    """Django's own page with clock and language.

    Only a superuser gives powers, touches a superuser, or changes what somebody signs in with: whoever may do that
    can sign in as them, and see their ledgers.

    Registered in ``ledgers/admin.py``, which knows who cannot be spared.
    """

    list_display = ["username", "email", "first_name", "last_name", "time_zone", "language", "is_staff"]
    show_facets = admin.ShowFacets.ALWAYS
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        *DjangoUserAdmin.fieldsets[:2],
        (_("Clock and language"), {"fields": ["time_zone", "language"]}),
        *DjangoUserAdmin.fieldsets[2:],
    )
    add_fieldsets = (
        *DjangoUserAdmin.add_fieldsets,
        (None, {"classes": ["wide"], "fields": ["email", "time_zone", "language"]}),
    )

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, *POWERS, *SIGN_IN) if obj else (*fields, *POWERS)

    def user_change_password(self, request, id, form_url=""):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Ask one more person in: write for whom, and send them the link that the list shows."""

    fields = ["note"]
    list_select_related = ["created_by", "accepted_by"]
    search_fields = ["note"]

    def get_list_display(self, request):
        """With the whole address of the link, which only the request knows."""

        @admin.display(description=_("link to send"), empty_value="–")
        def link(invitation):
            if invitation.accepted_at:
                return None
            return request.build_absolute_uri(reverse("accept_invitation", args=[invitation.token]))

        return ["__str__", link, "created_by", "created_at", "accepted_by", "accepted_at"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


for _key_to_an_account in (Authenticator, EmailAddress, UserSession):
    admin.site.unregister(_key_to_an_account)


class SuperusersOnly(admin.ModelAdmin):
    """For superusers, whatever permissions others have."""

    def get_queryset(self, request):
        """No rows for whoever may not see them: the page of a row's history would tell that there is one."""
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.none()

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


class EndableAdmin(SuperusersOnly):
    """A list to delete from, of what nobody writes by hand or looks into."""

    list_display_links = None
    list_select_related = ["user"]
    search_fields = ["user__username"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(EmailAddress)
class EmailAddressAdmin(SuperusersOnly, AllauthEmailAddressAdmin):
    """Addresses to sign in with, to which letters with links for a new password go."""


@admin.register(Authenticator)
class AuthenticatorAdmin(EndableAdmin):
    """Who has a second step. Deleting it lets in a person who has lost phone and recovery codes."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    fields = ["user", "type", "created_at", "last_used_at"]


@admin.register(UserSession)
class UserSessionAdmin(EndableAdmin):
    """Who is signed in where. Deleting a row ends that session."""

    list_display = ["user", "created_at", "ip", "user_agent"]
    fields = ["user", "created_at", "ip", "user_agent"]

    def delete_model(self, request, obj):
        obj.end()

    def delete_queryset(self, request, queryset):
        for session in queryset:
            session.end()


def _may_touch(request, person: User | None) -> bool:
    return request.user.is_superuser or person is None or not person.is_superuser
