"""What a token may do, whatever its person may."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from ledgers.access import SAFE_METHODS


class TokenMayWrite(BasePermission):
    """403 for what could change something by a token that only reads. POST that only asks (``only_reads``) goes on."""

    message = _("This token may only read. Make one that may write on the page of your tokens.")

    def has_permission(self, request, view):
        reads = request.method in SAFE_METHODS or getattr(view, "only_reads", False)
        return reads or request.auth is None or request.auth.can_write
