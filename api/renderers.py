"""The browsable API in the look of the product, with nothing inline that the CSP would drop."""

from django.db import transaction
from rest_framework import renderers


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """DRF's renderer with our own page. Its forms are raw JSON, since JSON is all that the API reads."""

    template = "api/page.html"

    @transaction.atomic
    def render(self, *args, **kwargs):
        """In a transaction of its own, because the view's has ended and rows are shown only inside one."""
        return super().render(*args, **kwargs)

    def get_context(self, data, accepted_media_type, renderer_context):
        context = super().get_context(data, accepted_media_type, renderer_context)
        forms = {method: context[f"raw_data_{method.lower()}_form"] for method in ("POST", "PUT", "PATCH")}
        content = {method: form["_content"].value() or "" for method, form in forms.items() if form}
        return context | {"raw_forms": list(content.items())}

    def get_rendered_html_form(self, data, view, method, request):
        """Only whether DELETE and OPTIONS are to be had; the others have their raw form."""
        return (
            super().get_rendered_html_form(data, view, method, request)
            if method in ("DELETE", "OPTIONS")
            else None
        )

    def get_filter_form(self, data, view, request):
        """None: the address line takes every filter, and the schema lists them."""
