"""What all lines of the record share: sent twice they are one, a stale edit is refused, struck out they can return."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.errors import LostRace
from sessions.models import ConsensusPoint, ConsultSession, DissentPoint, Participant, Statement, StruckLine
from sessions.services.matters import locked_topics
from sessions.services.moves import keep, note
from sessions.states import RECORD_WORKFLOW

#: What of a line may be mended, and what both sides are shown of when two mended it at once.
WORDS: dict[type[Model], tuple[str, ...]] = {
    Statement: ("by", "category", "kind", "language", "text"),
    ConsensusPoint: ("text", "level", "unit_name", "due_on"),
    DissentPoint: ("text", "by"),
    Participant: (
        *("category", "organisation", "organisation_name", "member", "account", "name", "title", "count"),
        "chosen_how",
    ),
}


class StaleLine(LostRace):
    """Somebody else mended the same line meanwhile; both stand side by side, and no word is lost."""

    code = "stale_line"
    sentence = gettext_lazy("Somebody else has changed this line meanwhile. Both stand here; nothing is lost.")

    def __init__(self, row: Any, mine: dict[str, Any]):
        super().__init__()
        self.row, self.mine, self.version = row, mine, row.version
        self.theirs = {name: getattr(row, name) for name in WORDS[type(row)]}

    def as_dict(self) -> dict[str, Any]:
        current = {"version": self.version, **_plain(self.theirs)}
        return {**super().as_dict(), "current": current, "yours": _plain(self.mine)}


class LineStruck(LostRace):
    """The line had arrived, and the other recorder has struck it out since: sending it again brings nothing back."""

    code = "line_struck"
    sentence = gettext_lazy("This line was noted and has been struck out since.")


def _plain(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value if value is None else str(value) for name, value in words.items()}


def known(model: Any, session: ConsultSession, client_id: Any, *, actor: Any) -> Any:
    """The line that arrived already. Asked before the state: an answer that was lost is given once more even when the
    session has been closed meanwhile."""
    if client_id is None or not actor.has_perm(RECORD_WORKFLOW.perm("add_statement"), session):
        return None
    found = model.objects.filter(client_id=client_id, session=session).first()
    if found is None and StruckLine.objects.filter(client_id=client_id, restored_at=None).exists():
        raise LineStruck
    return found


def keep_once(
    model: Any, session: ConsultSession, verb: str, client_id: Any, *, actor: Any
) -> tuple[ConsultSession, Any]:
    """The session, locked for a new line; or the line that arrived already, before or while we waited for the lock."""
    noted = known(model, session, client_id, actor=actor)
    if noted is None:
        session = keep(session, verb, actor=actor)
        noted = known(model, session, client_id, actor=actor)
    return session, noted


def alive(rows: Any, row: Any) -> Any:
    """The line, unless the other recorder has just removed it."""
    found = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise LostRace(_("This line has been removed meanwhile."))
    return found


def mend(row: Any, version: int | None, changes: dict[str, Any]) -> bool:
    """Write what changed; over another version than the one at hand only if both say the same."""
    asked = {name: changes[name] for name in WORDS[type(row)] if name in changes}
    changed = {name: value for name, value in asked.items() if getattr(row, name) != value}
    if not changed:
        return False
    if version is not None and version != row.version:
        raise StaleLine(row, asked)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.full_clean(validate_constraints=False, validate_unique=False)
    return True


# striking out ---------------------------------------------------------------------------------------------------------


def strike(session: ConsultSession, row: Any, *, actor: Any) -> StruckLine:
    """Keep the whole line beside the record, then take it out."""
    kind = {Statement: "statement", ConsensusPoint: "point", DissentPoint: "dissent"}[type(row)]
    kept = {name: value for name, value in _plain(_columns(row)).items() if name not in ("id", "session_id")}
    if isinstance(row, Statement):
        kept["points"] = [str(uuid) for uuid in row.points.values_list("uuid", flat=True)]
    if isinstance(row, ConsensusPoint):
        kept["statements"] = [str(uuid) for uuid in row.statements.values_list("uuid", flat=True)]
        kept["dissents"] = [str(uuid) for uuid in row.dissents.values_list("uuid", flat=True)]
    struck = StruckLine.objects.create(
        session=session,
        kind=kind,
        line_uuid=row.uuid,
        client_id=row.client_id,
        position=getattr(row, "position", None) or getattr(row, "number", 0),
        kept=kept,
        struck_by=actor,
    )
    row.delete()
    return struck


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@transaction.atomic
def restore_line(struck: StruckLine, *, actor: Any) -> Any:
    """Put a line back where it stood, with what hung on it."""
    session = keep(struck.session, "restore_line", actor=actor)
    struck = StruckLine.objects.select_for_update(of=("self",)).get(pk=struck.pk)
    model: Any = {"statement": Statement, "point": ConsensusPoint, "dissent": DissentPoint}[struck.kind]
    if standing := model.objects.filter(uuid=struck.line_uuid).first():
        return standing
    words = dict(struck.kept)
    linked = {name: words.pop(name, []) for name in ("points", "statements", "dissents")}
    columns = [field for field in model._meta.concrete_fields if field.attname in words]
    fields = {field.attname: field.to_python(words[field.attname]) for field in columns}
    row = model(session=session, **fields)
    row.version += 1
    if isinstance(row, Statement) and not Participant.objects.filter(pk=row.participant_id).exists():
        row.participant_id = None
    if isinstance(row, DissentPoint) and not ConsensusPoint.objects.filter(pk=row.point_id).exists():
        row.point_id = None
    if isinstance(row, ConsensusPoint):
        row.number = _make_room(session, row)
    row.save()
    if isinstance(row, Statement):
        Statement.objects.filter(pk=row.pk).update(created_at=fields["created_at"])
        row.created_at = fields["created_at"]
        row.points.set(session.consensus_points.filter(uuid__in=linked["points"]))
    if isinstance(row, ConsensusPoint):
        row.statements.set(session.statements.filter(uuid__in=linked["statements"]))
        session.dissent_points.filter(uuid__in=linked["dissents"]).update(point=row)
    struck.restored_at = timezone.now()
    struck.save(update_fields=["restored_at"])
    data = {"kind": struck.kind, "position": struck.position}
    note(session, "restore_line", actor=actor, before=session.state, data=data)
    return row


def _make_room(session: ConsultSession, point: ConsensusPoint) -> int:
    """Its old number, as long as those after it belong to this session and can step aside; else the next free one."""
    topic = locked_topics([point.topic_id])[0]
    numbers = list(topic.consensus_points.order_by("-number").values_list("pk", "number", "session_id"))
    later = [one for one in numbers if one[1] >= point.number]
    if any(session_id != session.pk for _pk, _number, session_id in later):
        return int(numbers[0][1]) + 1
    for pk, _number, _session in later:
        topic.consensus_points.filter(pk=pk).update(number=F("number") + 1)
    before = [number for _pk, number, _session in numbers if number < point.number]
    return min(point.number, (before[0] if before else 0) + 1)
