"""Moves with one line of the roster that came later: who of a line's people it is."""

from __future__ import annotations

from typing import Any

from consult.rest.serializers import Reference
from sessions import services
from sessions.api.inputs import WhoInput
from sessions.api.moves import own
from sessions.models import ConsultSession, Participant


def _lines_seen(reader: Any) -> Any:
    return Participant.objects.filter(session__in=ConsultSession.objects.visible_to(reader).values("pk"))


class CountAmongInput(WhoInput):
    """``line``: the line of several people that counts him; none, and he came besides."""

    line = Reference(choose=_lines_seen, required=False, allow_null=True)


def count_among(
    session: ConsultSession, *, actor: Any, participant: Participant, line: Participant | None = None
) -> Participant:
    """Whoever walked in is one of the people of a line of the list, or came besides."""
    if line is not None:
        own(session, line, "line")
    return services.count_among(own(session, participant, "participant"), actor=actor, line=line)
