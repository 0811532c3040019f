"""Moves with one line of the roster that came later: who of a line's people it is, and that he wants to speak."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from consult.errors import NotAllowed
from consult.rest.serializers import LineField, Reference, StrictSerializer
from members.models import Account, Member, Organisation
from sessions import services
from sessions.api.inputs import WhoInput
from sessions.api.moves import own
from sessions.models import ConsultSession, Participant
from sessions.services.sign_in import own_line
from topics.states import PartyCategory


def _colleagues(reader: Any) -> Any:
    return Account.objects.filter(mandates__host_id__in=reader.host_ids(), is_active=True).distinct()


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


class MendLineInput(WhoInput):
    """What is left out stays as it is; ``version`` is the one that was read."""

    version = serializers.IntegerField(min_value=1, required=False)
    category = serializers.ChoiceField(choices=PartyCategory.choices, required=False)
    organisation = Reference(Organisation.objects.all(), required=False, allow_null=True)
    organisation_name = LineField(max_length=100, required=False, allow_blank=True)
    name = LineField(max_length=60, required=False, allow_blank=True)
    title = LineField(max_length=60, required=False, allow_blank=True)
    phone = LineField(max_length=30, required=False, allow_blank=True)
    count = serializers.IntegerField(min_value=1, max_value=2000, required=False)
    chosen_how = LineField(max_length=60, required=False, allow_blank=True)
    account = Reference(choose=_colleagues, required=False, allow_null=True)
    member = Reference(Member.objects.all(), required=False, allow_null=True)


def mend_line(session: ConsultSession, *, actor: Any, participant: Participant, **changes: Any) -> Participant:
    """Mend a line of the list until attendance freezes; an older version is refused with what stands there now."""
    return services.mend_line(own(session, participant, "participant"), actor=actor, **changes)


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
