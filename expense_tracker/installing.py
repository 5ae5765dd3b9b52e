"""What a browser asks for to put the application on a home screen."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

ICONS = [
    {"src": "icons/mark.svg", "sizes": "any", "type": "image/svg+xml"},
    {"src": "icons/mark-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "icons/mark-512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "icons/mark-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
]


@require_safe
def manifest(request):
    """https://www.w3.org/TR/appmanifest/, in the reader's language."""
    return JsonResponse(
        {
            "id": reverse("home"),
            "name": _("Expense tracker"),
            "short_name": _("Expenses"),
            "lang": get_language(),
            "start_url": reverse("home"),
            "scope": reverse("home"),
            "display": "standalone",
            "background_color": "#f6f7f9",
            "theme_color": "#3b5bdb",
            "icons": [icon | {"src": static(icon["src"])} for icon in ICONS],
        },
        content_type="application/manifest+json",
    )


@require_safe
def favicon(request):
    """Where browsers look that were not told."""
    return redirect(static("icons/mark.svg"))
