"""查我的点单: the matter of one receipt, told to who raised it, in the order of the four slips.

Everything is read from the public form of the chain: no names of people, no contacts. Without a telephone left at the
slip the same story is told by its dates alone.
"""

from __future__ import annotations

from typing import Any

from consult import options
from consult.desk.tracking.story import Story
from consult.desk.tracking.told import Tracked
from outcomes.chain.people import hide_in
from outcomes.models import SatisfactionSurvey
from outcomes.services import invitation_of, link_of
from outcomes.services.rating import trouble_of
from topics.models import Raiser, Topic
from topics.services import find_by_receipt
from topics.states import RaiserKind, TopicState

__all__ = ["Tracked", "tell", "track"]

#: A chain of merged matters is followed so far; more would be a circle.
MERGES = 10


def track(receipt: str, phone_tail: str) -> Tracked | None:
    """The matter of the receipt when the last four digits are right; None alike for a wrong one and an unknown one."""
    raiser = find_by_receipt(receipt, phone_tail)
    return tell(raiser) if raiser is not None else None


def tell(raiser: Raiser) -> Tracked:
    own = raiser.topic
    topic = _goes_on_in(own)
    told_whole = bool(raiser.phone_tail)
    story = Story(topic, told_whole, merged_from=own if topic.pk != own.pk else None)
    return Tracked(
        receipt=raiser.receipt,
        topic=topic,
        title=own.title if told_whole else "",
        raised_on=own.raised_on,
        raised_sample=topic.pk == own.pk and story.marks.covers("topic.raised_on"),
        next=story.next(),
        slips=story.slips(),
        told_whole=told_whole,
        is_merged=topic.pk != own.pk,
        phone=options.get(own.host_id, "contact.phone") or own.host.phone,
        hours=options.get(own.host_id, "contact.hours"),
        has_samples=bool(story.marks),
        **_asked(raiser, topic, told_whole),
    )


def _asked(raiser: Raiser, topic: Topic, told_whole: bool) -> dict[str, Any]:
    """The address by which the raiser says how satisfied he is, and what he was told when he was not."""
    invitation = invitation_of(raiser) if raiser.kind == RaiserKind.RAISER else None
    found = {"rating_url": link_of(invitation) if invitation is not None and not trouble_of(invitation) else ""}
    answered = SatisfactionSurvey.objects.filter(outcome__topic=topic, explained_on__isnull=False).order_by("-pk")
    survey = answered.first() if told_whole else None
    if survey is None:
        return found
    return {**found, "explanation": hide_in(survey.explanation, ()), "explained_on": survey.explained_on}


def _goes_on_in(topic: Topic) -> Topic:
    """A merged matter goes on in another one; its raiser hears of that."""
    for _step in range(MERGES):
        if topic.state != TopicState.MERGED or topic.merged_into_id is None:
            break
        topic = Topic.objects.select_related("host").get(pk=topic.merged_into_id)
    return topic
