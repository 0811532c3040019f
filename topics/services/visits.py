"""走访记录本: doors knocked at. A visit for a matter is its field study; one without stays in the writer's own book.

Written in a yard without a network, it may arrive late, twice, or after its writer's term: nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import DomainError, LostRace, Missing
from consult.outbox import publish
from consult.regions import Region
from consult.regions.codes import prefix_of
from consult.text.typed import line
from members.states import Role
from topics.models import FieldStudy, Topic, Visit
from topics.querysets import FILING
from topics.services.moving import FIRST_DAY, said
from topics.services.studies import study_topic
from topics.states import VISIT_WORKFLOW

#: What is older than this when it comes in is looked at first.
OLD = timedelta(days=400)
ON_THE_DOORSTEP = "走访"
_ROLES = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER, Role.MEMBER, Role.VILLAGE_LIAISON)


@transaction.atomic
def note_visit(
    *,
    actor: Any,
    host: Any,
    visited_on: date,
    region_code: str = "",
    place: str = "",
    households: int | None = None,
    findings: Sequence[str] = (),
    topic_uuid: Any = None,
    method: str = "",
    client_id: UUID | str | None = None,
    claimed_at: datetime | None = None,
    is_sample: bool = False,
) -> Visit | FieldStudy:
    """Write down a visit. The same ``client_id`` sent again is the same visit, whatever became of it."""
    if client_id and (known := _known(client_id)):
        return _same(known, actor)
    findings = [one for one in (line("findings", text, 300) for text in findings) if one]
    place = line("place", place, 100)
    _refuse(visited_on, findings)
    code, doubt = _placed(host, region_code, actor)
    if topic_uuid and not doubt and _in_time(visited_on):
        study, doubt = _as_study(
            topic_uuid, actor, visited_on, place or _village(code), households, findings, client_id
        )
        if study is not None:
            return study
    visit = Visit(
        host=host,
        region_code=code,
        visited_on=visited_on,
        place=place,
        households=households,
        findings=findings,
        topic_named=UUID(str(topic_uuid)) if topic_uuid else None,
        recorded_by=actor,
        client_id=client_id or None,
        claimed_at=claimed_at,
        is_sample=is_sample,
    )
    doubt = doubt or _doubt(visit, actor)
    verb = "keep_undecided" if doubt else "note"
    VISIT_WORKFLOW.advance(visit, verb, actor=actor)
    visit.decision_note = doubt[:300]
    visit.full_clean(exclude=["host", "recorded_by", "uuid", "client_id"])
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        if client_id and (known := _known(client_id)):
            return _same(known, actor)
        raise
    _write_down(visit, verb, actor=actor, reason=doubt)
    return visit


@transaction.atomic
def accept_visit(visit: Visit, *, actor: Any, visited_on: date | None = None, region_code: str = "") -> Visit:
    """Somebody has looked at a kept entry: it stands, with what he corrected."""
    visit = _locked(visit)
    before = visit.state
    VISIT_WORKFLOW.advance(visit, "accept", actor=actor)
    visit.visited_on = visited_on or visit.visited_on
    if visit.visited_on > timezone.localdate():
        raise Missing({"visited_on": _("This day is still to come; correct it, or set the entry aside.")})
    if region_code:
        visit.region_code = region_code
    visit.decision_note = ""
    visit.full_clean(exclude=["host", "recorded_by", "uuid", "client_id"])
    visit.save(update_fields=["state", "visited_on", "region_code", "decision_note"])
    _write_down(visit, "accept", actor=actor, before=before)
    return visit


@transaction.atomic
def set_aside_visit(visit: Visit, *, actor: Any, reason: str) -> Visit:
    """It did not happen so, or is there already: it stays readable, and counts for nothing."""
    visit = _locked(visit)
    before = visit.state
    VISIT_WORKFLOW.advance(visit, "set_aside", actor=actor)
    visit.reason = line("reason", said("reason", reason, _("Say why it is set aside.")), 300)
    visit.save(update_fields=["state", "reason"])
    _write_down(visit, "set_aside", actor=actor, before=before, reason=visit.reason)
    return visit


# what was sent --------------------------------------------------------------------------------------------------------


def _known(client_id: UUID | str) -> Visit | FieldStudy | None:
    return Visit.objects.filter(client_id=client_id).first() or FieldStudy.objects.filter(client_id=client_id).first()


def _same(known: Visit | FieldStudy, actor: Any) -> Visit | FieldStudy:
    if known.recorded_by_id != actor.pk:
        raise LostRace(_("This visit has been entered by somebody else already."))
    return known


def _refuse(visited_on: date | None, findings: list[str]) -> None:
    missing: dict[str, Any] = {}
    if visited_on is None:
        missing["visited_on"] = _("Give the day of the visit.")
    elif visited_on < FIRST_DAY:
        missing["visited_on"] = _("The date must not be before %(day)s") % {"day": FIRST_DAY.isoformat()}
    if not findings:
        missing["findings"] = _("Say what was found.")
    if missing:
        raise Missing(missing)


def _placed(host: Any, region_code: str, actor: Any) -> tuple[str, str]:
    """The village as given; without one, or with one that does not exist, the writer's own division."""
    code = str(region_code or "").strip()
    mandate = actor.mandate_for(*_ROLES, host_id=host.pk)
    own = mandate.region_code if mandate else host.region_code
    if not code:
        return own, ""
    known = code.isascii() and code.isdigit() and Region.objects.in_force().filter(code=code).exists()
    if known and code.startswith(prefix_of(host.region_code)):
        return code, ""
    return own, _("The village “%(code)s” is not in the division table of this CPPCC.") % {"code": code[:20]}


def _in_time(day: date) -> bool:
    today = timezone.localdate()
    return today - OLD <= day <= today


def _as_study(
    topic_uuid: Any, actor: Any, day: date, place: str, households: int | None, findings: list[str], client_id: Any
) -> tuple[FieldStudy | None, str]:
    """The field study of the matter it names; where that cannot be, the reason why."""
    topic = Topic.objects.visible_to(actor).filter(uuid=topic_uuid).first()
    if topic is None:
        return None, _("The topic it names is not known.")
    try:
        with transaction.atomic():
            study = study_topic(
                topic,
                actor=actor,
                date_from=day,
                places=[place],
                method=ON_THE_DOORSTEP,
                households=households,
                findings=findings,
                client_id=client_id,
            )
    except (DomainError, ValidationError) as error:
        words = error.messages[0] if isinstance(error, ValidationError) else str(error)
        return None, _("It could not be written to “%(topic)s”: %(why)s") % {"topic": topic.title, "why": words}
    return study, ""


def _village(code: str) -> str:
    return Region.objects.filter(code=code).values_list("name", flat=True).first() or code


def _doubt(visit: Visit, actor: Any) -> str:
    """Why somebody has to look at it first; empty when it simply stands."""
    if visit.visited_on > timezone.localdate():
        return _("Its day lies in the future; the telephone's clock may be wrong.")
    if visit.visited_on < timezone.localdate() - OLD:
        return _("It is more than a year old.")
    if not actor.is_system and actor.mandate_for(*FILING, host_id=visit.host_id) is None:
        return _("Who wrote it holds no mandate any more.")
    return ""


def _locked(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)


def _write_down(visit: Visit, verb: str, *, actor: Any, before: str = "", reason: str = "") -> None:
    """One entry and one event, in the transaction of the move."""
    past = visit.visited_on <= timezone.localdate()
    record(
        actor=actor,
        verb=f"visit.{verb}",
        subject=visit,
        before=before,
        after=visit.state,
        happened_at=visit.visited_on if verb == "note" and past else None,
        mandate=actor.mandate_for(*_ROLES, host_id=visit.host_id) if not actor.is_system else None,
        host_id=visit.host_id,
        reason=reason,
    )
    publish(f"visit.{verb}", host_id=visit.host_id, visit_id=visit.pk, actor_id=actor.pk)
