"""The signed-in person's clock and language, for the length of a request."""

from zoneinfo import ZoneInfo

from django.utils import timezone, translation


class PreferencesMiddleware:
    """Activates the user's time zone and language; a visitor keeps what LocaleMiddleware chose."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)
