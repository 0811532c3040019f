"""Moves with one line of the roster: whose people it is, that he wants to speak, that he remarks by a link."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from consult.errors import Missing, NotAllowed
from consult.rest.serializers import LineField, Reference, StrictSerializer
from members.models import Account, Member, Organisation
from sessions import services
from sessions.api.inputs import WhoInput
from sessions.api.moves import minutes_for, own
from sessions.models import ConsultSession, Minutes, Participant, RemarkLink, SignUp
from sessions.services import remark_links
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


# open sign-up --------------------------------------------------------------------------------------------------------


class OfferSeatsInput(StrictSerializer):
    """How many seats; null, and nobody signs up by himself."""

    seats = serializers.IntegerField(min_value=1, max_value=500, allow_null=True)


class SignUpInput(StrictSerializer):
    sign_up = Reference(
        choose=lambda reader: SignUp.objects.filter(session__in=ConsultSession.objects.visible_to(reader).values("pk"))
    )


def withdraw_sign_up(session: ConsultSession, *, actor: Any, sign_up: SignUp) -> Any:
    """Withdraw a sign-up; its seat goes to who waits first."""
    return services.withdraw_sign_up(own(session, sign_up, "sign_up"), actor=actor)


# links for remarks on the minutes; their addresses stand on the page of the links only --------------------------------


class MakeRemarkLinkInput(StrictSerializer):
    """For these parties, or for all who were there without an account."""

    participants = Reference(choose=_lines_seen, many=True, required=False)
    days = serializers.IntegerField(min_value=1, max_value=120, required=False)


class WhoHasLinkInput(WhoInput):
    """The link of this party."""


class RemarkLinkInput(WhoHasLinkInput):
    days = serializers.IntegerField(min_value=1, max_value=120, required=False)


def make_remark_link(session: ConsultSession, *, actor: Any, **words: Any) -> list[RemarkLink]:
    """A link for each party without an account; who has one keeps it."""
    return remark_links.make_remark_link(minutes_for(session, "make_remark_link"), actor=actor, **words)


def renew_remark_link(session: ConsultSession, *, actor: Any, participant: Participant, **words: Any) -> RemarkLink:
    """Another address with a new term; the old one opens nothing any more."""
    minutes, link = _link_of(session, participant, "renew_remark_link")
    return remark_links.renew_remark_link(minutes, actor=actor, link=link, **words)


def revoke_remark_link(session: ConsultSession, *, actor: Any, participant: Participant) -> RemarkLink:
    """Take the link of a party back."""
    minutes, link = _link_of(session, participant, "revoke_remark_link")
    return remark_links.revoke_remark_link(minutes, actor=actor, link=link)


def _link_of(session: ConsultSession, participant: Participant, verb: str) -> tuple[Minutes, RemarkLink]:
    minutes = minutes_for(session, verb)
    link = minutes.remark_links.filter(participant=own(session, participant, "participant")).first()
    if link is None:
        raise Missing(participant=_("This party has no link to these minutes."))
    return minutes, link
