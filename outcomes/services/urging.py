"""催办 and 上报: a letter to the unit, a note to those above; of each at most one a day for an assignment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import options
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from members.models import Account, Organisation
from members.states import Role
from outcomes.models import Assignment, Urging
from outcomes.people import holders, supervisors, unit_or_office
from outcomes.rules.assignments import ISSUERS
from outcomes.services.moving import lock_assignment, need, note
from outcomes.states import ASSIGNMENT_WORKFLOW, UrgingKind

#: So many are named in a letter; the others are counted.
NAMED = 10
LONGEST = 1000
#: So many are urged at once.
MOST = 200
#: What came of each when several were asked for.
URGED = ("sent", "already", "moved", "not_overdue", "not_found")
_MAYBE = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{(unit|n|items|host|phone|today)\}")


@dataclass
class Urged:
    """What a bulk urging came to."""

    sent: list[Urging] = field(default_factory=list)
    already: list[Assignment] = field(default_factory=list)
    moved: list[Assignment] = field(default_factory=list)

    @property
    def units(self) -> int:
        return len({one.assignment.lead_unit_id for one in self.sent})


def letter_to(unit: Organisation, rows: list[Assignment], host: Organisation) -> str:
    """The county's letter with its places filled in, once; what stands in them is never read again."""
    words = options.get_many(host.pk, "letters.urge", "contact.phone")
    named = "；".join(f"{row.matter}（{row.number}，{row.due_on:%Y-%m-%d}）" for row in rows[:NAMED])
    if len(rows) > NAMED:
        named += _(" and %(n)s more") % {"n": len(rows) - NAMED}
    facts = {
        "unit": unit.name,
        "n": str(len(rows)),
        "items": named,
        "host": host.name,
        "phone": words["contact.phone"] or host.phone or "",
        "today": timezone.localdate().isoformat(),
    }
    pattern = _MAYBE.sub(lambda found: _maybe(found.group(1), facts), words["letters.urge"])
    return _PLACE.sub(lambda found: facts[found.group(1)], pattern)[:LONGEST]


def _maybe(part: str, facts: Mapping[str, str]) -> str:
    """«[telephone {phone}]» disappears where no telephone is known."""
    return part if all(facts[name] for name in _PLACE.findall(part)) else ""


@transaction.atomic
def urge(assignment: Assignment, *, actor: Account, text: str) -> Urging:
    """Urge the unit by a letter; it reaches its liaisons and chiefs, or the office where it has no account."""
    assignment = lock_assignment(assignment.pk)
    return _send(assignment, UrgingKind.URGE, text, actor=actor)


@transaction.atomic
def escalate(assignment: Assignment, *, actor: Account, text: str) -> Urging:
    """Tell the approving leaders and the supervising CPPCCs, with a note, before the ladder does."""
    assignment = lock_assignment(assignment.pk)
    return _send(assignment, UrgingKind.ESCALATE, text, actor=actor)


@transaction.atomic
def urge_all(rows: Iterable[Assignment], *, actor: Account, letters: Mapping[int, str]) -> Urged:
    """Urge several, one letter for each unit. What was urged today or has moved is left alone and told."""
    chosen = sorted({row.pk for row in rows})
    if not chosen:
        raise Missing(items=_("Choose at least one assignment."))
    if len(chosen) > MOST:
        raise Missing(items=_("At most %(most)s at once.") % {"most": MOST})
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=chosen).order_by("pk")
    found = Urged()
    for row in locked.select_related("topic", "host", "lead_unit", "outcome"):
        try:
            found.sent.append(_send(row, UrgingKind.URGE, letters.get(row.lead_unit_id, ""), actor=actor))
        except LostRace:
            found.already.append(row)
        except WrongState:
            found.moved.append(row)
    return found


def urge_named(items: Iterable[UUID], *, actor: Account, text: str = "") -> dict[UUID, str]:
    """Urge those of these that are overdue; what came of each, in the order asked (one of ``URGED``).

    Without a text each unit gets the county's own letter, naming what of it is urged. What the caller may not urge is
    not there for him.
    """
    if actor.mandate_for(*ISSUERS) is None:
        raise NotAllowed
    items = list(dict.fromkeys(items))
    seen = Assignment.objects.visible_to(actor).filter(uuid__in=items).select_related("host", "lead_unit")
    rows = {row.uuid: row for row in seen if actor.has_perm("outcomes.urge_assignment", row)}
    overdue = Assignment.objects.filter(pk__in=[row.pk for row in rows.values()]).overdue()
    late = set(overdue.values_list("pk", flat=True))
    chosen = [row for row in rows.values() if row.pk in late]
    results = dict.fromkeys(rows, "not_overdue")
    if chosen:
        found = urge_all(chosen, actor=actor, letters=_letters(chosen, text))
        results |= {one.assignment.uuid: "sent" for one in found.sent}
        results |= {row.uuid: "already" for row in found.already} | {row.uuid: "moved" for row in found.moved}
    return {uuid: results.get(uuid, "not_found") for uuid in items}


def _letters(rows: list[Assignment], text: str) -> dict[int, str]:
    units = {row.lead_unit_id: [one for one in rows if one.lead_unit_id == row.lead_unit_id] for row in rows}
    return {pk: text or letter_to(those[0].lead_unit, those, those[0].host) for pk, those in units.items()}


def _send(assignment: Assignment, kind: UrgingKind, text: str, *, actor: Account) -> Urging:
    """The row is locked: of two clerks at once the second finds the letter of the first."""
    verb = str(kind.value)
    ASSIGNMENT_WORKFLOW.check(assignment, verb, actor=actor)
    text = need(text, "text", _("Write the letter."))
    if len(text) > LONGEST:
        raise Missing(text=_("At most %(most)s characters.") % {"most": LONGEST})
    today = timezone.localdate()
    if assignment.urgings.filter(kind=kind, on=today).exists():
        raise SentToday
    urging = Urging(assignment=assignment, kind=kind, on=today, due_on=assignment.due_on, text=text, sent_by=actor)
    urging.full_clean(exclude=["assignment", "sent_by"])
    urging.save()
    note(
        assignment,
        verb,
        actor=actor,
        on=today,
        reason=text,
        data={"urging": str(urging.uuid)},
        payload={"urging_id": urging.pk},
    )
    return urging


class SentToday(LostRace):
    """Somebody was faster today."""

    code = "sent_today"
    sentence = gettext_lazy("A letter about this went out today already. It stands in the record.")


def reached_by(assignment: Assignment, kind: str) -> list[Account]:
    """Whom a letter reaches."""
    if kind == UrgingKind.URGE:
        return unit_or_office(assignment, Role.LIAISON, Role.UNIT_CHIEF)
    return [*holders(assignment, Role.APPROVER), *supervisors(assignment)]
