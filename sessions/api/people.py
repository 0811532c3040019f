"""Moves with one line of the roster that came later: who of a line's people it is, and that he wants to speak."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from consult.errors import NotAllowed
from consult.rest.serializers import Reference, StrictSerializer
from sessions import services
from sessions.api.inputs import WhoInput
from sessions.api.moves import own
from sessions.models import ConsultSession, Participant
from sessions.services.sign_in import own_line


class AskFloorInput(StrictSerializer):
    """``back``: he does not want to speak any more."""

    back = serializers.BooleanField(required=False)


def ask_floor(session: ConsultSession, *, actor: Any, back: bool = False) -> Participant:
    """Ask for the floor oneself, having signed in; asked twice, the first place holds."""
    line = own_line(session, actor)
    if line is None:
        raise NotAllowed(_("You are not on the list of this session. Scan the code on the screen to sign in."))
    line.session = session
    return services.ask_floor(line, actor=actor, back=back)


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
