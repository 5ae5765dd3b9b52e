"""What drf-spectacular cannot see: what headers requests and answers carry, and how requests are refused."""

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter

JSON = "application/json"
REF = "#/components/schemas/"
SHAPES = {
    "Refusal": {
        "type": "object",
        "description": "What is wrong, under the name of each field; `detail` where it is about no field.",
        "additionalProperties": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}},
                {"$ref": f"{REF}Refusal"},
            ]
        },
    },
    "Detail": {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "Changed": {
        "type": "object",
        "properties": {
            "detail": {"type": "string"},
            "current": {"description": "What stands there now, where one row or day is meant."},
        },
        "required": ["detail"],
    },
    "Conflict": {"anyOf": [{"$ref": f"{REF}Changed"}, {"$ref": f"{REF}Refusal"}]},
}
ALWAYS = {
    "400": ("Refusal", "Something sent makes no sense. Nothing was written."),
    "401": ("Detail", "No token, or a wrong one."),
    "403": ("Detail", "You, or your token, may look but not do this."),
    "404": ("Detail", "No such thing, or not yours to know of."),
    "406": ("Detail", "Only JSON is spoken here."),
    "429": (
        "Detail",
        "Too many wrong tokens came from your address. `Retry-After` says how many seconds to wait.",
    ),
    "503": (
        "Detail",
        "The database is away or busy. Nothing was written; `Retry-After` says when to try again.",
    ),
}
WITH_A_BODY = {
    "413": ("Detail", "The body is larger than 5 MB."),
    "415": ("Detail", "The body is not declared as JSON."),
}
CHANGING = {
    "409": ("Conflict", "Somebody changed this meanwhile, or what is there already stands against it."),
    "507": ("Detail", "The disk of the server is full. Nothing was written."),
}
WITH_A_KEY = {
    "422": ("Detail", "The `Idempotency-Key` was used for another request. Nothing was written."),
}
OF_ONE_STATE = {
    "412": ("Changed", "What is there is not what `If-Match` or `tag` names. Nothing was written."),
    "428": ("Detail", "Nothing says which state was seen. Nothing was written."),
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    "header",
    description="The `ETag` of the state that you change; `*` for whatever is there. Needed where no `version`"
    " (of a day: no `tag`, and expenses are left out) says it.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, "header", description="The `ETag` that you have: 304 if nothing changed."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": r"^[!-~]{1,255}$"},
    "header",
    description="A text of your own, new for each thing you want done, 1 to 255 visible ASCII characters. A request"
    " that comes again with it is answered as the first time (`Idempotency-Replayed: true`), not carried out again."
    " Remembered for 30 days.",
)
TEXT = {"schema": {"type": "string"}}
ANSWERED = {
    "ETag": TEXT | {"description": "Stands for exactly this state."},
    "Change-Set": TEXT | {"description": "The id of what this changed in the ledger's history."},
    "Idempotency-Replayed": TEXT | {"description": "`true` where this request was carried out before."},
}


class AutoSchema(SpectacularSchema):
    """drf-spectacular's, with what ``api.viewsets`` does with headers."""

    def get_override_parameters(self):
        parameters = [
            (IF_MATCH, self._is_of_one_state and self._writes),
            (IF_NONE_MATCH, self._is_of_one_state and not self._writes),
            (IDEMPOTENCY_KEY, self._writes),
        ]
        return super().get_override_parameters() + [each for each, applies in parameters if applies]

    def get_operation(self, *args, **kwargs):
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            self._document_headers(operation["responses"])
            refusals = dict(WITH_A_KEY) if self._writes else {}
            refusals |= OF_ONE_STATE if self._is_of_one_state and self._writes else {}
            operation["responses"] |= _described(refusals)
        return operation

    def _document_headers(self, responses: dict):
        names = ["ETag"] if self._has_one_row and self.method != "DELETE" else []
        names += ["Change-Set", "Idempotency-Replayed"] if self._writes else []
        for response in responses.values():
            if names:
                response["headers"] = {name: ANSWERED[name] for name in names}
        if self._is_of_one_state and not self._writes:
            responses["304"] = {"description": "It is as your `If-None-Match` says."}

    @property
    def _writes(self) -> bool:
        only_reads = getattr(self.view, "only_reads", True)
        return self.method != "GET" and not only_reads

    @property
    def _has_one_row(self) -> bool:
        return getattr(self.view, "has_etag", False) and getattr(self.view, "action", None) != "list"

    @property
    def _is_of_one_state(self) -> bool:
        """Whether it is about a row or a day that is there already; an act on one says so in ``of_one_state``."""
        acts = getattr(self.view, "of_one_state", ())
        return self._has_one_row and (self.method != "POST" or getattr(self.view, "action", None) in acts)


def document_refusals(result: dict, generator, request, public) -> dict:
    """drf-spectacular's hook: adds to every operation how it refuses."""
    result["components"]["schemas"] |= SHAPES
    for methods in result["paths"].values():
        for method, operation in methods.items():
            refusals = dict(ALWAYS)
            refusals |= WITH_A_BODY if "requestBody" in operation else {}
            refusals |= CHANGING if method != "get" else {}
            operation["responses"] |= _described(refusals)
    return result


def _described(refusals: dict[str, tuple[str, str]]) -> dict:
    return {
        status: {"description": said, "content": {JSON: {"schema": {"$ref": f"{REF}{shape}"}}}}
        for status, (shape, said) in refusals.items()
    }
