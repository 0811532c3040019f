"""调研走访: what was found on the spot, before the parties meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing
from consult.text.typed import line
from members.states import Role
from topics.models import FieldStudy, Topic
from topics.rules import claims, leads
from topics.services.moving import Move, business_date
from topics.services.taking_up import claimer_of
from topics.states import About


@transaction.atomic
def study_topic(
    topic: Topic,
    *,
    actor: Any,
    date_from: date,
    date_to: date | None = None,
    places: Sequence[str] = (),
    method: str = "",
    households: int | None = None,
    households_about: str = "",
    findings: Sequence[str] = (),
    support: Sequence[dict[str, Any]] = (),
    client_id: UUID | str | None = None,
    on: date | None = None,
    on_behalf_of: str = "",
) -> FieldStudy:
    """Write down a visit or a series of them. Made without a network, it may arrive late; twice it is one."""
    if client_id and (known := FieldStudy.objects.filter(client_id=client_id).first()):
        if known.recorded_by_id != actor.pk:
            raise LostRace(_("This study has been entered by somebody else already."))
        return known
    if date_from is None:
        raise Missing({"date_from": _("Give the day of the visit.")})
    date_to = date_to or date_from
    _ask_dates(date_from, date_to, topic)
    move = Move.begin(topic, "study", actor=actor, on=on or date_to, dated=False)
    if not (move.acts_as(Role.CONVENOR) or claims.test(actor, move.topic) or leads.test(actor, move.topic)):
        move.behalf = on_behalf_of or claimer_of(move.topic) or str(move.topic.lead_committee or "")
    study = FieldStudy(
        topic=move.topic,
        date_from=date_from,
        date_to=date_to,
        places=[line("places", one, 100) for one in places if one.strip()],
        method=line("method", method, 100),
        households=households,
        households_about=households_about if households is not None and households_about in About.values else "",
        findings=[line("findings", one, 300) for one in findings if one.strip()],
        support=[_support(row) for row in support],
        recorded_by=actor,
        client_id=client_id or None,
    )
    if not actor.is_system and not (study.places and study.findings):
        missing = {"places": _("Say which places were visited."), "findings": _("Say what was found.")}
        raise Missing({name: text for name, text in missing.items() if not getattr(study, name)})
    study.full_clean(exclude=["topic", "recorded_by", "uuid", "client_id"])
    study.save(force_insert=True)
    move.finish(stay=True, data={"study": str(study.uuid), "from": date_from.isoformat(), "to": date_to.isoformat()})
    return study


def _ask_dates(date_from: date, date_to: date, topic: Topic) -> None:
    if date_to < date_from:
        raise Missing({"date_to": _("The last day cannot lie before the first.")})
    business_date(date_to)
    if date_from < topic.raised_on:
        raise Missing({"date_from": _("The visit cannot have been made before the matter was raised.")})


def _support(row: dict[str, Any]) -> dict[str, Any]:
    """How many households of a villager group agree, before and after; unknown stays unknown."""
    counts = {name: row.get(name) for name in ("households", "before", "after") if row.get(name) is not None}
    if any(not isinstance(number, int) or isinstance(number, bool) or number < 0 for number in counts.values()):
        raise Missing({"support": _("Support is counted in whole households.")})
    households = counts.get("households")
    if households is not None and any(counts.get(name, 0) > households for name in ("before", "after")):
        raise Missing({"support": _("More households agree than there are.")})
    return {"group": line("support", str(row.get("group", "")), 60), **counts}
