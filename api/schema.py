"""What drf-spectacular cannot see: how requests are refused."""

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
OF_A_DAY = {
    "412": ("Detail", "The day is not as its `tag` says. Nothing was written."),
    "428": ("Detail", "Expenses are left out, and no `tag` says that they were seen. Nothing was written."),
}


def document_refusals(result: dict, generator, request, public) -> dict:
    """drf-spectacular's hook: adds to every operation how it refuses."""
    result["components"]["schemas"] |= SHAPES
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            refusals = dict(ALWAYS)
            refusals |= WITH_A_BODY if "requestBody" in operation else {}
            refusals |= CHANGING if method != "get" else {}
            refusals |= OF_A_DAY if method == "put" and "/days/" in path else {}
            operation["responses"] |= {
                status: {"description": said, "content": {JSON: {"schema": {"$ref": f"{REF}{shape}"}}}}
                for status, (shape, said) in refusals.items()
            }
    return result
