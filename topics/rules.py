"""Who may do what with a matter, one line per move of PROCEDURE «Topic»; when it is possible, the table says.

The office may also record what others did (代录); then the services ask for whom, and mark it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rules
from django.utils import timezone
from rules import Predicate

from consult.workflow import four_eyes
from members.rules import had, holds
from members.states import Role
from topics.models import Topic
from topics.querysets import FILING, OFFICIAL
from topics.states import TOPIC_WORKFLOW, VISIT_WORKFLOW, RaiserKind


@rules.predicate
def sees(actor: Any, topic: Any) -> bool:
    """The queryset answers, so that list and page cannot disagree."""
    return Topic.objects.visible_to(actor).filter(pk=topic.pk).exists()


@rules.predicate
def sees_whole(actor: Any, topic: Any) -> bool:
    """He sees more of it than the unit that handles an assignment."""
    known = getattr(topic, "is_whole", None)
    if known is not None:
        return known
    return Topic.objects.visible_to(actor).with_sight(actor).filter(pk=topic.pk, is_whole=True).exists()


@rules.predicate
def raises(actor: Any, topic: Any) -> bool:
    """He raised the matter himself; entering a slip for somebody else (代录) does not make one the raiser."""
    return any(
        raiser.account_id == actor.pk
        or (raiser.account_id is None and raiser.entered_by_id == actor.pk and not raiser.on_behalf)
        for raiser in topic.raisers.all()
        if raiser.kind == RaiserKind.RAISER
    )


@rules.predicate
def enters(actor: Any, topic: Any) -> bool:
    return topic.entered_by_id == actor.pk


@rules.predicate
def claims(actor: Any, topic: Any) -> bool:
    """He took the matter up, alone or with his group."""
    if topic.claimed_by_id == actor.pk:
        return True
    if topic.claimed_member_id is None and topic.claimed_group_id is None:
        return False
    member = member_of(actor)
    if member is None:
        return False
    return topic.claimed_member_id == member.pk or topic.claimed_group_id in groups_of(member)


@rules.predicate
def leads(actor: Any, topic: Any) -> bool:
    """He works for the committee that leads the matter."""
    mine = {mandate.organisation_id for mandate in actor.mandates_now() if mandate.host_id == topic.host_id}
    return topic.lead_committee_id is not None and topic.lead_committee_id in mine


@rules.predicate
def oversees(actor: Any, subject: Any) -> bool:
    """A supervising CPPCC whose division contains the subject; it reads, asks, and does nothing else."""
    return any(subject.region_code.startswith(prefix) for prefix in actor.prefixes(Role.SUPERVISOR))


def answers_in(*roles: str) -> Predicate:
    """A mandate under the host or a CPPCC the matter is filed with jointly: for reading, not for moves."""

    def _answers(actor: Any, topic: Any) -> bool:
        if actor.mandate_for(*roles, host_id=topic.host_id, code=topic.region_code) is not None:
            return True
        return any(actor.mandate_for(*roles, host_id=joint.pk) is not None for joint in topic.joint_hosts.all())

    return Predicate(_answers, name=f"answers_as_{'_or_'.join(sorted(roles))}")


def member_of(actor: Any) -> Any:
    """The committee member behind an account, asked once per request (the instance is the request's own)."""
    if "_as_member" not in actor.__dict__:
        actor.__dict__["_as_member"] = getattr(actor, "member", None)
    return actor.__dict__["_as_member"]


def groups_of(member: Any) -> set[int]:
    """The groups the member belongs to today."""
    today = timezone.localdate()
    open_ones = member.memberships.filter(since__lte=today).exclude(until__lt=today)
    return set(open_ones.values_list("group_id", flat=True))


#: By which role each move is made, the nearest first; the record names the mandate.
ROLES: dict[str, tuple[str, ...]] = {
    "submit": FILING,
    "return_topic": (Role.OFFICE, Role.CONVENOR),
    "resubmit": (Role.OFFICE,),
    "lapse": (Role.OFFICE,),
    "pool": (Role.OFFICE, Role.CONVENOR),
    "decline": (Role.OFFICE,),
    "transfer": (Role.OFFICE,),
    "merge": (Role.OFFICE,),
    "split": (Role.OFFICE,),
    "reconsider": (Role.OFFICE,),
    "change_profile": (Role.OFFICE, Role.CONVENOR),
    "approve": (Role.APPROVER, Role.OFFICE),
    "drop": (Role.APPROVER, Role.OFFICE),
    "claim": (Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR, Role.OFFICE),
    "release_claim": (Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR, Role.OFFICE),
    "study": (Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR, Role.OFFICE),
    "reopen": (Role.OFFICE, Role.CONVENOR),
    "withdraw": (Role.OFFICE,),
    "urge_note": (Role.SUPERVISOR,),
    "answer_note": (Role.OFFICE,),
}

office = holds(Role.OFFICE)
office_or_convenor = holds(Role.OFFICE, Role.CONVENOR)
takes_up = holds(Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR)

#: The right to each move. The office stands beside group, member and raiser, because it records their paper.
RIGHTS: dict[str, Predicate] = {
    "submit": holds(*FILING) & enters,
    "return_topic": office_or_convenor,
    "resubmit": raises | office,
    "lapse": office,
    "pool": office_or_convenor,
    "decline": office,
    "transfer": office,
    "merge": office,
    "split": office,
    "reconsider": office,
    "change_profile": office_or_convenor,
    "approve": holds(Role.APPROVER, Role.OFFICE),
    "drop": holds(Role.APPROVER, Role.OFFICE),
    "claim": takes_up | office,
    "release_claim": (takes_up & claims) | office_or_convenor,
    "study": (takes_up & claims) | leads | office_or_convenor,
    "reopen": office_or_convenor,
    "withdraw": raises | office,
    "urge_note": oversees,
    "answer_note": office,
}

#: Nobody decides on what he raised himself. Recording the paper approval of a leader is not approving.
FOUR_EYES: dict[str, Predicate] = {
    "pool": ~raises,
    "decline": ~raises,
    "transfer": ~raises,
    "approve": ~raises | office,
}


def _add(rights: Iterable[tuple[str, Predicate]]) -> None:
    for verb, predicate in rights:
        rules.add_perm(TOPIC_WORKFLOW.perm(verb), predicate)


_add(RIGHTS.items())
for _verb, _predicate in FOUR_EYES.items():
    four_eyes(TOPIC_WORKFLOW.perm(_verb), _predicate)

rules.add_perm("topics.view_topic", sees)
rules.add_perm("topics.hand_in_topic", holds(*FILING))
rules.add_perm("topics.follow_topic", sees & holds(*FILING))
#: Who raised it: officials, and those whose matter it is. Supervisors and handling units read no names.
rules.add_perm("topics.see_names_topic", answers_in(*OFFICIAL) | raises | enters | claims)
#: Contacts of residents, masked; each look at the number is written down.
rules.add_perm("topics.show_contact_topic", holds(Role.OFFICE, Role.CONVENOR))
#: More than title and problem: everybody who sees it otherwise than as a handling unit.
rules.add_perm("topics.see_whole_topic", sees_whole)
rules.add_perm("topics.attach_topic", office_or_convenor | raises | enters | claims | leads)
#: Hiding faces, saying that the public may see a photo, taking one away.
rules.add_perm("topics.keep_files_topic", office_or_convenor)
rules.add_perm("topics.see_receipt_topic", office_or_convenor | raises | enters)

# The visit book: everybody who may enter slips keeps one; the office and the convenor decide what becomes of doubts.
rules.add_perm(VISIT_WORKFLOW.perm("note"), holds(*FILING))
rules.add_perm(VISIT_WORKFLOW.perm("keep_undecided"), had(*FILING))
rules.add_perm(VISIT_WORKFLOW.perm("accept"), office_or_convenor)
rules.add_perm(VISIT_WORKFLOW.perm("set_aside"), office_or_convenor)
rules.add_perm("topics.keep_visit_files", office_or_convenor)
