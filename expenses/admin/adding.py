"""Adding a row in the admin."""

from api.submissions import once


class AddedOnce:
    """Beside a ``ModelAdmin`` of rows of a ledger: an add form that comes twice adds one row."""

    def add_view(self, request, form_url="", extra_context=None):
        view = once(super().add_view, ledger_of=_ledger_chosen)
        return view(request, form_url=form_url, extra_context=extra_context)


def _ledger_chosen(request, response) -> str:
    return request.POST["ledger"]
