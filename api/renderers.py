"""The browsable API in the look of the product, without anything inline that the CSP would drop."""

from rest_framework import renderers


class BrowsableAPIRenderer(renderers.BrowsableAPIRenderer):
    """DRF's renderer with our own page: raw JSON forms only, since JSON is all that the API reads."""

    template = "api/page.html"
    code_style = None

    def get_context(self, data, accepted_media_type, renderer_context):
        context = super().get_context(data, accepted_media_type, renderer_context)
        return context | {"view": renderer_context["view"]}

    def render_form_for_serializer(self, serializer):
        return ""

    def get_rendered_html_form(self, data, view, method, request):
        """Whether DELETE and OPTIONS are offered; other methods have the raw form."""
        if method in ("DELETE", "OPTIONS"):
            return super().get_rendered_html_form(data, view, method, request)
        return None
