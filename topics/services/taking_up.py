"""Who takes a matter up: approved with the Party's word (formal), or claimed with a promised day (micro)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import FourEyes, Missing, NotAllowed
from consult.text.typed import line
from members.models import Member, MemberGroup, Organisation
from members.states import Role
from topics.models import Topic
from topics.rules import claims, groups_of, member_of, raises
from topics.services.moving import Move, said


@transaction.atomic
def approve_topic(
    topic: Topic,
    *,
    actor: Any,
    council_on: date | None,
    party_on: date | None,
    party_text: str,
    plan_year: int | None,
    lead_committee: Organisation | None,
    on_paper: bool = False,
    on: date | None = None,
    on_behalf_of: str = "",
    implied: bool = False,
) -> Topic:
    """审定: the chairpersons' council and the Party committee have agreed; a committee leads."""
    move = Move.begin(topic, "approve", actor=actor, on=on, implied=implied)
    own = move.acts_as(Role.APPROVER) and not on_paper
    if not own:
        _record_paper(move, on_paper, on_behalf_of)
    elif raises.test(actor, move.topic):
        raise FourEyes()
    if not actor.is_system:
        _ask_approval(council_on, party_on, party_text, plan_year, lead_committee)
    _ask_order(move, council_on, party_on)
    if lead_committee is not None and lead_committee.host_id != move.topic.host_id:
        raise Missing({"lead_committee": _("The leading committee must be one of this CPPCC.")})
    return move.finish(
        council_on=council_on,
        party_on=party_on,
        party_text=line("party_text", party_text, 300),
        plan_year=plan_year or move.on.year,
        lead_committee=lead_committee,
        approved_on=move.on,
        approved_by=actor if own and not actor.is_system else None,
        data={"on_paper": True} if on_paper else None,
    )


def _record_paper(move: Move, on_paper: bool, on_behalf_of: str) -> None:
    """The office records the paper of a leader who does not sign in; it approves nothing itself."""
    if not on_paper:
        raise Missing({"on_paper": _("The office records the approval on paper; tick that you have the paper.")})
    move.behalf = on_behalf_of or _("The approving leader, on paper")


def _ask_approval(
    council_on: date | None, party_on: date | None, party_text: str, plan_year: int | None, lead_committee: Any
) -> None:
    missing = {
        "council_on": not council_on and _("Give the day of the chairpersons' council."),
        "party_on": not party_on and _("Give the day of the Party committee's approval."),
        "party_text": not (party_text or "").strip() and _("Write down the words of the Party committee."),
        "plan_year": not plan_year and _("Give the year of the plan it belongs to."),
        "lead_committee": not lead_committee and _("Choose the committee that leads it."),
    }
    if found := {name: sentence for name, sentence in missing.items() if sentence}:
        raise Missing(found)


def _ask_order(move: Move, council_on: date | None, party_on: date | None) -> None:
    """Raised, council, Party committee, approval: in this order."""
    raised_on = move.topic.raised_on
    if council_on and council_on < raised_on:
        raise Missing({"council_on": _("The council cannot have met on it before it was raised.")})
    if council_on and party_on and party_on < council_on:
        raise Missing({"party_on": _("The Party committee approves after the chairpersons' council.")})
    for name, day in (("council_on", council_on), ("party_on", party_on)):
        if day and day > move.on:
            raise Missing({name: _("This day lies after the approval itself.")})


@transaction.atomic
def drop_topic(topic: Topic, *, actor: Any, reason: str, on: date | None = None, on_behalf_of: str = "") -> Topic:
    """撤题: the matter leaves the plan and waits in the pool again."""
    move = Move.begin(topic, "drop", actor=actor, on=on)
    reason = said("reason", reason, _("Say why it leaves the plan."))
    if not move.acts_as(Role.APPROVER):
        move.behalf = on_behalf_of or _("The approving leader, on paper")
    return move.finish(
        reason=reason,
        council_on=None,
        party_on=None,
        party_text="",
        plan_year=None,
        lead_committee=None,
        approved_on=None,
        approved_by=None,
    )


@transaction.atomic
def claim_topic(
    topic: Topic,
    *,
    actor: Any,
    promised_on: date | None,
    group: MemberGroup | None = None,
    member: Member | None = None,
    claimed_name: str = "",
    on: date | None = None,
    on_behalf_of: str = "",
    implied: bool = False,
) -> Topic:
    """接单: a group, a member or the convenor takes the matter up and promises a day."""
    move = Move.begin(topic, "claim", actor=actor, on=on, implied=implied)
    own = not actor.is_system and move.acts_as(Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR)
    claimed_name = line("claimed_name", claimed_name, 100)
    for name, one in (("group", group), ("member", member)):
        if one is not None and one.host_id != move.topic.host_id:
            raise Missing({name: _("Choose one of this CPPCC.")})
    if own:
        group, member = _own_claim(move, group, member)
    elif not (group or member or claimed_name):
        raise Missing({"group": _("Say which group or member takes it up.")})
    else:
        move.behalf = on_behalf_of or (str(group or member or claimed_name) if not actor.is_system else "")
    if promised_on is None and not actor.is_system:
        raise Missing({"promised_on": _("Promise a day by which residents hear of it.")})
    if promised_on is not None and promised_on < move.on:
        raise Missing({"promised_on": _("The promised day cannot lie before the day it is taken up.")})
    return move.finish(
        claimed_on=move.on,
        claimed_by=actor if own else None,
        claimed_group=group,
        claimed_member=member,
        claimed_name=claimed_name,
        promised_on=promised_on,
    )


def _own_claim(
    move: Move, group: MemberGroup | None, member: Member | None
) -> tuple[MemberGroup | None, Member | None]:
    """A member claims for himself or his own group, a leader for the group he leads; a convenor names whom he likes."""
    actor = move.actor
    me: Member | None = member_of(actor)
    if move.acts_as(Role.CONVENOR) or move.acts_as(Role.OFFICE):
        return group, member or (me if group is None else None)
    if member is not None and member != me:
        raise NotAllowed(_("You can take it up for yourself or your group, not for another member."))
    mine = groups_of(me) if me else set()
    if group is not None and group.pk not in mine:
        raise NotAllowed(_("You can take it up for your own group only."))
    if group is None and me is not None and move.acts_as(Role.GROUP_LEADER):
        group = _led_by(me)
    return group, me


def _led_by(member: Member) -> MemberGroup | None:
    """The group he leads, if it is one."""
    today = timezone.localdate()
    leading = member.memberships.filter(is_leader=True, since__lte=today).exclude(until__lt=today)
    led = [one.group for one in leading.select_related("group")]
    return led[0] if len(led) == 1 else None


@transaction.atomic
def release_claim(topic: Topic, *, actor: Any, reason: str, on: date | None = None, on_behalf_of: str = "") -> Topic:
    """退单: the claim is given back, and others can take the matter up."""
    move = Move.begin(topic, "release_claim", actor=actor, on=on)
    reason = said("reason", reason, _("Say why it is given back."))
    if not move.acts_as(Role.CONVENOR) and not claims.test(actor, move.topic):
        move.behalf = on_behalf_of or claimer_of(move.topic)
    return move.finish(
        reason=reason,
        claimed_on=None,
        claimed_by=None,
        claimed_group=None,
        claimed_member=None,
        claimed_name="",
        promised_on=None,
    )


def claimer_of(topic: Topic) -> str:
    """Who took it up, in words."""
    return str(topic.claimed_group or topic.claimed_member or topic.claimed_name or topic.claimed_by or "")
