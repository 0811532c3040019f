"""Programs on telephones live long: one that nobody understands any more is told so, and keeps what it has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from consult.errors import DomainError

HEADER = "X-Phone-Version"
#: What the pages of today write; and everything that is still understood.
CURRENT = "1"
UNDERSTOOD = frozenset({CURRENT})


class UnknownClient(DomainError):
    """Nothing was taken in; the telephone keeps its records and fetches the new program."""

    code = "client_version"


def refuse_unknown_client(request: Any) -> None:
    """Only programs that say who they are are asked; 409, and not a word of the body is read."""
    version = request.headers.get(HEADER)
    if version is not None and version not in UNDERSTOOD:
        raise UnknownClient(
            _(
                "This telephone runs a version of the program that is not known here. Your records stay on it: "
                "open the page once with a network, then send again."
            )
        )
