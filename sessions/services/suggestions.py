"""Whom to invite as well: who was invited when something like it was consulted about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult import options
from consult.errors import Missing
from consult.search import similar
from sessions.models import ConsultSession, Participant
from sessions.services.moves import keep
from sessions.services.plans import hosts_of
from sessions.services.roster import add_participant
from topics.models import Topic
from topics.states import PartyCategory

MOST = 5
_ALIKE, _OF_CATEGORY, _LINES = 5, 20, 400


@dataclass(frozen=True)
class Suggestion:
    """A unit or a member, with how often they were invited to something like it."""

    category: str
    label: str
    times: int
    organisation: Any = None
    member: Any = None

    @property
    def key(self) -> str:
        return f"u{self.organisation.uuid}" if self.organisation else f"m{self.member.uuid}"


def suggestions(session: ConsultSession, *, reader: Any) -> list[Suggestion]:
    """At most five units and members from sessions on similar topics and topics of the same category, as far as the
    reader may know who was there. Residents are never suggested by name."""
    alike = _alike(session, reader)
    if not alike:
        return []
    held = ConsultSession.objects.named_to(reader).exclude(pk=session.pk).filter(session_topics__topic__in=alike)
    lines = (
        Participant.objects.filter(session__in=held.values("pk"))
        .exclude(organisation=None, member=None)
        .select_related("organisation", "member")
        .order_by("-pk")[:_LINES]
    )
    hosts = hosts_of(session)
    listed = list(session.participants.all())
    units = {line.organisation_id for line in listed} | {line.organisation_name for line in listed}
    members = {line.member_id for line in listed}
    times: Counter[tuple[str, int]] = Counter()
    first: dict[tuple[str, int], Participant] = {}
    for line in lines:
        key = _key(line, hosts)
        if key is None or (key[0] == "m" and key[1] in members):
            continue
        if key[0] == "u" and (key[1] in units or line.organisation.name in units):
            continue
        times[key] += 1
        first.setdefault(key, line)
    return [_suggestion(first[key], count) for key, count in times.most_common(MOST)]


def _alike(session: ConsultSession, reader: Any) -> list[int]:
    """Topics like those of the session: by their titles, and by their category."""
    topics = [link.topic for link in session.session_topics.all()]
    seen = Topic.objects.visible_to(reader).exclude(pk__in=[topic.pk for topic in topics])
    found: list[int] = []
    for topic in topics:
        found += similar(seen, topic.title, _ALIKE).values_list("pk", flat=True)
        if topic.category:
            found += seen.filter(category=topic.category).order_by("-pk").values_list("pk", flat=True)[:_OF_CATEGORY]
    return list(dict.fromkeys(found))


def _key(line: Participant, hosts: set[int]) -> tuple[str, int] | None:
    """The member before his unit; only those who still belong to one of the hosts and still serve."""
    if line.member is not None:
        serves = line.member.host_id in hosts and line.member.until is None
        return ("m", line.member_id) if serves else None
    unit = line.organisation
    return ("u", line.organisation_id) if unit.host_id in hosts and unit.closed_on is None else None


def _suggestion(line: Participant, times: int) -> Suggestion:
    if line.member is not None:
        return Suggestion(line.category, line.member.name, times, member=line.member)
    return Suggestion(line.category, line.organisation.name, times, organisation=line.organisation)


@transaction.atomic
def invite_suggested(session: ConsultSession, *, actor: Any, key: str) -> Participant:
    """Put one of the suggested on the list; what is not suggested any more is asked for by hand."""
    for one in suggestions(session, reader=actor):
        if one.key == key:
            return add_participant(
                session, actor=actor, category=one.category, organisation=one.organisation, member=one.member
            )
    keep(session, "invite", actor=actor)
    raise Missing(_("This one is on the list already, or cannot be invited any more."))


@transaction.atomic
def invite_class(session: ConsultSession, *, actor: Any, category: str) -> Participant:
    """A line for a class that the matter concerns; who exactly comes for it is written down later."""
    session = keep(session, "invite", actor=actor)
    words = dict(options.words(session.host_id, "lists.stakeholders"))
    if category not in PartyCategory.values:
        raise Missing(category=_("Choose to which class they belong."))
    label = words.get(category) or str(dict(PartyCategory.choices)[category])
    name = _("Representatives of %(class)s") % {"class": label}
    known = session.participants.filter(category=category, is_walk_in=False).first()
    if known is not None:
        return known
    return add_participant(session, actor=actor, category=category, name=name)
