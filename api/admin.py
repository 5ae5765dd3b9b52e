"""Tokens in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from api.models import Token
from users import security_log
from users.admin import EndableAdmin


@admin.register(Token)
class TokenAdmin(EndableAdmin):
    """Who has keys to the API. Deleting one revokes it; its person makes one on a page of their own."""

    list_display = ["user", "name", "can_write", "reach", "created", "last_used_at", "expiry"]
    list_filter = ["can_write", ("expiry", admin.EmptyFieldListFilter)]
    search_fields = ["name", "user__username"]
    fields = ["user", "name", "can_write", "reach", "created", "last_used_at", "expiry"]

    @admin.display(description=_("ledger"), ordering="only_ledger_id")
    def reach(self, token) -> str:
        """The ledger's number: its name is for its members."""
        return f"#{token.only_ledger_id}" if token.only_ledger_id else _("all")

    def delete_model(self, request, obj):
        security_log.record("token_revoked", request, user=obj.user, token=obj.pk)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for token in queryset.select_related("user"):
            self.delete_model(request, token)
