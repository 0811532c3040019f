"""One family of refusals: services raise them, each door maps them once.

Pages show the sentence, the API answers ``{"code", "detail"[, "fields"]}`` with ``status``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """The procedure refuses; the sentence says why and what to do."""

    code: str = "conflict"
    status: ClassVar[int] = 409
    sentence: ClassVar[Any] = _("This is not possible as things stand.")

    def __init__(self, message: Any = "", code: str | None = None):
        super().__init__(message or self.sentence)
        self.code = code or self.code

    def __str__(self) -> str:
        return str(self.args[0])

    @property
    def message(self) -> str:
        return str(self)

    def as_dict(self) -> dict[str, Any]:
        """The body of the API's answer."""
        return {"code": self.code, "detail": str(self)}


class WrongState(DomainError):
    """The move does not exist from the state the thing is in."""

    code = "wrong_state"
    sentence = _("This move is not possible in the present state.")


class LostRace(DomainError):
    """Somebody was faster, or the version at hand is stale."""

    code = "lost_race"
    sentence = _("Somebody else was faster; reload to see how it stands now.")


class NotAllowed(DomainError):
    """The actor holds no mandate for this."""

    code = "not_allowed"
    status = 403
    sentence = _("You hold no mandate for this.")


class FourEyes(NotAllowed):
    """The actor would check his own work."""

    code = "four_eyes"
    sentence = _("Somebody else has to do this: nobody decides on his own matter.")


class Missing(DomainError):
    """A gate is closed: an input or a precondition is missing.

    ``Missing(reason=_("…"))``, ``Missing({"field": "…"})`` or ``Missing("a sentence")``;
    a value may be one sentence or a list of them.
    """

    code = "missing"
    status = 400
    sentence = _("Something is missing.")

    def __init__(self, what: Any = "", /, **by_field: Any):
        named = {**what, **by_field} if isinstance(what, Mapping) else by_field
        self._fields = {
            field: list(texts) if isinstance(texts, list | tuple) else [texts] for field, texts in named.items()
        }
        first = next((text for texts in self._fields.values() for text in texts), "")
        super().__init__(first if isinstance(what, Mapping) or not what else what)

    @property
    def fields(self) -> dict[str, list[str]]:
        return {field: [str(text) for text in texts] for field, texts in self._fields.items()}

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), **({"fields": self.fields} if self._fields else {})}
