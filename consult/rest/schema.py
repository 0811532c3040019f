"""What OpenAPI says of every address: the errors it may answer, and the key that unsafe calls carry."""

from __future__ import annotations

from typing import Any

PROBLEM = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "For machines: not_allowed, four_eyes, wrong_state, invalid …"},
        "detail": {"type": "string", "description": "One sentence for people, in Chinese."},
        "fields": {
            "type": "object",
            "description": "What is wrong with which field; nested ones by dotted path.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
_READ = {
    "400": "Something in the request is not right (unknown parameter, bad cursor).",
    "401": "Not signed in (`not_signed_in`).",
    "404": "Nothing here that the caller can see (`not_found`).",
    "406": "Only application/json is given.",
    "429": "Too many requests (`throttled`); see Retry-After.",
}
_WRITE = {
    **_READ,
    "400": "Missing input or gate (`invalid`, `missing`), or no key (`idempotency_key_required`).",
    "403": "No mandate (`not_allowed`), or one's own matter (`four_eyes`).",
    "409": "Wrong state (`wrong_state`), lost race (`lost_race`), or the same key in flight (`in_flight`).",
    "412": "If-Match names an older copy (`stale`).",
    "413": "The body is too large (`too_large`).",
    "415": "Send application/json.",
    "422": "The Idempotency-Key was used for another request (`key_reused`).",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Required with a token. The same key and body: the stored answer; kept 45 days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "patch", "delete"):
                _describe(operation, reads=method == "get")
    return result


def _describe(operation: dict[str, Any], *, reads: bool) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, words in (_READ if reads else _WRITE).items():
        operation["responses"].setdefault(status, {"description": words, "content": content})
    if not reads:
        operation.setdefault("parameters", []).append(_KEY)
