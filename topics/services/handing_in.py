"""From the slip to the desk of whoever screens it: hand in, return, hand in again, let lapse, withdraw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import options
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from consult.regions.codes import prefix_of
from consult.search import search_vector
from consult.text.typed import line, text
from members.models import Organisation
from members.states import Role
from topics.models import Topic, TopicJoint
from topics.rules import raises
from topics.services.moving import Move, business_date, note, said, tell
from topics.services.receipts import add_raiser
from topics.states import PartyCategory, RaiserKind, Source, TopicState

#: Sources that reach the platform through the office.
THROUGH_THE_OFFICE = (Source.PARTY, Source.GOVERNMENT)
#: What the raiser may complete when his slip came back.
COMPLETABLE = frozenset(
    {
        *("title", "problem", "expectation", "place", "region_code", "category", "stakeholders"),
        *("households", "households_about", "people", "people_about"),
        *("pending_since", "pending_event", "blocked_by"),
    }
)
_SINCE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@transaction.atomic
def hand_in(
    *,
    actor: Any,
    host: Organisation,
    region_code: str,
    source: str,
    title: str,
    problem: str,
    raiser: dict[str, Any] | None = None,
    on: date | None = None,
    place: str = "",
    expectation: str = "",
    category: str = "",
    tags: Sequence[str] = (),
    households: int | None = None,
    households_about: str = "",
    people: int | None = None,
    people_about: str = "",
    pending_since: Any = "",
    pending_event: str = "",
    blocked_by: str = "",
    stakeholders: Sequence[str] = (),
    programme: str = "",
    joint_hosts: Iterable[Organisation] = (),
    draft: bool = False,
    client_id: UUID | str | None = None,
    case_key: str = "",
    case_sha256: str = "",
    marks: Sequence[str] = (),
    is_sample: bool = False,
) -> Topic:
    """点单: enter a matter; whoever raised it gets a receipt. The same ``client_id`` twice is the same slip."""
    if client_id and (known := Topic.objects.filter(client_id=client_id).first()):
        return _same_slip(known, actor)
    on = business_date(on)
    topic = Topic(
        host=host,
        region_code=region_code,
        state=TopicState.DRAFT,
        moved_on=on,
        raised_on=on,
        source=source,
        title=line("title", title, 100),
        problem=text("problem", problem, 3000),
        place=line("place", place, 100),
        expectation=text("expectation", expectation, 1000),
        category=line("category", category, 40),
        tags=list(tags),
        households=households,
        households_about=households_about if households is not None else "",
        people=people,
        people_about=people_about if people is not None else "",
        pending_since=since(pending_since, on),
        pending_event=line("pending_event", pending_event, 60),
        blocked_by=line("blocked_by", blocked_by, 300),
        stakeholders=_classes(stakeholders),
        programme=line("programme", programme, 60),
        entered_by=actor,
        client_id=client_id or None,
        case_key=case_key,
        case_sha256=case_sha256,
        marks=list(marks),
        is_sample=is_sample,
    )
    _may_enter(topic, actor)
    topic.full_clean(exclude=["host", "entered_by", "client_id", "uuid", "search"])
    topic.search = search_vector(topic.title, topic.problem, topic.place)
    try:
        with transaction.atomic():
            topic.save(force_insert=True)
    except IntegrityError:
        if client_id and (known := Topic.objects.filter(client_id=client_id).first()):
            return _same_slip(known, actor)
        raise
    who = add_raiser(topic, actor=actor, **(raiser or {}))
    file_with(topic, joint_hosts)
    behalf = (who.name or who.organisation or who.get_category_display()) if who.on_behalf else ""
    if draft:
        move = Move(topic, "draft", actor, on, "", behalf, False)
        note(move, topic, "draft", before="")
        tell(move, topic, "draft")
        return topic
    move = Move.begin(topic, "submit", actor=actor, on=on, on_behalf_of=behalf)
    move.before = ""
    return move.finish()


def _same_slip(known: Topic, actor: Any) -> Topic:
    if known.entered_by_id != actor.pk:
        raise LostRace(_("This slip has been entered by somebody else already."))
    return known


def _may_enter(topic: Topic, actor: Any) -> None:
    in_host(topic.host, topic.region_code)
    if not actor.has_perm("topics.hand_in_topic", topic):
        raise NotAllowed(_("Your mandate does not cover slips from this place."))
    own = actor.is_system or actor.mandate_for(Role.OFFICE, host_id=topic.host_id, code=topic.region_code)
    if topic.source in THROUGH_THE_OFFICE and not own:
        raise NotAllowed(_("Topics of the Party committee and the government come in through the office."))


def in_host(host: Organisation, region_code: str) -> None:
    """The matter lies in one division inside the host's."""
    if not str(region_code).startswith(prefix_of(host.region_code)):
        raise Missing({"region_code": _("This place lies outside the division of %(host)s.") % {"host": host.name}})


def file_with(topic: Topic, hosts: Iterable[Organisation]) -> None:
    """Joint filing: the other CPPCC sees the matter too; it counts once."""
    for host in sorted(set(hosts), key=lambda one: one.pk):
        if not host.is_host or host.pk == topic.host_id:
            raise Missing({"joint_hosts": _("A matter is filed jointly with another CPPCC.")})
        TopicJoint.objects.create(topic=topic, host=host)


@transaction.atomic
def submit_topic(topic: Topic, *, actor: Any, on: date | None = None) -> Topic:
    """Hand in what was kept as a draft."""
    move = Move.begin(topic, "submit", actor=actor, on=on)
    return move.finish(raised_on=move.on)


@transaction.atomic
def return_topic(topic: Topic, *, actor: Any, reason: str, on: date | None = None) -> Topic:
    """退回补正: ask the raiser for what is missing."""
    move = Move.begin(topic, "return_topic", actor=actor, on=on)
    reason = said("reason", reason, _("Say what has to be completed; the raiser reads this."))
    return move.finish(reason=reason)


@transaction.atomic
def resubmit_topic(
    topic: Topic,
    *,
    actor: Any,
    changes: dict[str, Any] | None = None,
    on: date | None = None,
    on_behalf_of: str = "",
) -> Topic:
    """The raiser completes his slip, or the office for him, and it waits for screening again."""
    move = Move.begin(topic, "resubmit", actor=actor, on=on)
    changes = dict(changes or {})
    if unknown := set(changes) - COMPLETABLE:
        raise Missing({name: _("This cannot be changed here.") for name in sorted(unknown)})
    if "pending_since" in changes:
        changes["pending_since"] = since(changes["pending_since"], move.topic.raised_on)
    if "stakeholders" in changes:
        changes["stakeholders"] = _classes(changes["stakeholders"])
    if "region_code" in changes:
        in_host(move.topic.host, changes["region_code"])
    for name in ("title", "place", "category", "pending_event", "blocked_by"):
        if name in changes:
            changes[name] = line(name, changes[name], _limit(name))
    for name in ("problem", "expectation"):
        if name in changes:
            changes[name] = text(name, changes[name], _limit(name))
    changed = sorted(name for name, value in changes.items() if getattr(move.topic, name) != value)
    move.behalf = on_behalf_of or behalf_of_raiser(move)
    return move.finish(data={"changed": changed}, **changes)


@transaction.atomic
def lapse_topic(topic: Topic, *, actor: Any, on: date | None = None) -> Topic:
    """逾期未补: a returned slip that nobody completed in time is closed as unanswered."""
    move = Move.begin(topic, "lapse", actor=actor, on=on)
    days = options.promised(move.topic.host_id, "limits.returned_lapse_days", move.topic.moved_on)
    due = move.topic.moved_on + timedelta(days=days)
    if move.on < due:
        raise WrongState(
            _("The raiser still has until %(day)s to complete it.") % {"day": (due - timedelta(days=1)).isoformat()}
        )
    reason = _("Returned for completion on %(day)s and not completed within %(days)s days.") % {
        "day": move.topic.moved_on.isoformat(),
        "days": days,
    }
    return move.finish(reason=reason)


def lapse_due(*, actor: Any, on: date | None = None, limit: int = 500) -> int:
    """Let every returned slip lapse whose time is over; rerun as often as you like."""
    today = on or timezone.localdate()
    lapsed = 0
    for topic in Topic.objects.unanswered(today).order_by("pk").only("host_id", "moved_on").iterator():
        days = options.promised(topic.host_id, "limits.returned_lapse_days", topic.moved_on)
        if topic.moved_on + timedelta(days=days) > today:
            continue
        try:
            lapse_topic(topic, actor=actor, on=today)
        except WrongState:  # completed in this very moment
            continue
        lapsed += 1
        if lapsed == limit:
            break
    return lapsed


@transaction.atomic
def withdraw_topic(topic: Topic, *, actor: Any, reason: str, on: date | None = None, on_behalf_of: str = "") -> Topic:
    """撤回: the raiser takes his matter back, or the office records that he did."""
    move = Move.begin(topic, "withdraw", actor=actor, on=on)
    reason = said("reason", reason, _("Say why it is withdrawn."))
    move.behalf = on_behalf_of or behalf_of_raiser(move)
    return move.finish(reason=reason)


def _limit(name: str) -> int:
    """How long a field of the matter may be."""
    return int(getattr(Topic._meta.get_field(name), "max_length", None) or 0)


def behalf_of_raiser(move: Move) -> str:
    """When the office acts for the raiser, the record names him."""
    if move.actor.is_system or raises.test(move.actor, move.topic):
        return ""
    raiser = move.topic.raisers.filter(kind=RaiserKind.RAISER).first()
    return (raiser.name or raiser.organisation or raiser.get_category_display()) if raiser else ""


def _classes(stakeholders: Sequence[str]) -> list[str]:
    known = set(PartyCategory.values)
    if unknown := [one for one in stakeholders if one not in known]:
        raise Missing({"stakeholders": _("“%(what)s” is no class of stakeholders.") % {"what": unknown[0]}})
    return list(dict.fromkeys(stakeholders))


def since(value: Any, on: date) -> str:
    """A year, a month or a day in the past: 2014, 2014-06, 2014-06-30."""
    written = str(value or "").strip()
    if not written:
        return ""
    found = _SINCE.fullmatch(written)
    try:
        first = date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        first = None
    if first is None:
        raise Missing({"pending_since": _("Write a year, a month or a day, for example 2014, 2014-06 or 2014-06-30.")})
    if first > on:
        raise Missing({"pending_since": _("It cannot be pending since a day to come.")})
    return written
