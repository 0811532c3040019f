"""Keeping consultation rooms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import DomainError, Missing, NotAllowed, WrongState
from consult.outbox import publish
from consult.regions.codes import prefix_of
from consult.text.typed import line
from members.states import Role
from sessions.models import ConsultationRoom, ConsultSession
from sessions.states import Standard

_FIELDS = frozenset(["name", "region_code", "address", "host_unit", "shared_use", "capacity", "standards", "built_on"])


class RoomBusy(DomainError):
    """Sessions are planned in it."""

    code = "room_busy"


@transaction.atomic
def create_room(*, actor: Any, host: Any, name: str, region_code: str, **values: Any) -> ConsultationRoom:
    """Enter a consultation room with who keeps it, its capacity and the standards it meets."""
    room = ConsultationRoom(host=host, name=line("name", name, 80), region_code=region_code)
    room.is_sample = bool(values.pop("is_sample", False))
    _may_keep(room, actor)
    _set(room, values)
    room.save()
    _note(room, "create", actor=actor)
    return room


@transaction.atomic
def change_room(room: ConsultationRoom, *, actor: Any, **changes: Any) -> ConsultationRoom:
    room = ConsultationRoom.objects.select_for_update(of=("self",), no_key=True).select_related("host").get(pk=room.pk)
    _may_keep(room, actor)
    _set(room, changes)
    _may_keep(room, actor)
    room.save()
    _note(room, "change", actor=actor, data={"changed": sorted(changes)})
    return room


@transaction.atomic
def close_room(room: ConsultationRoom, *, actor: Any, on: date | None = None, reason: str = "") -> ConsultationRoom:
    """A room is given up: kept for what was held in it, offered no more."""
    room = ConsultationRoom.objects.select_for_update(of=("self",), no_key=True).select_related("host").get(pk=room.pk)
    _may_keep(room, actor)
    if room.closed_on is not None:
        raise WrongState(_("This room is closed already."))
    waiting = ConsultSession.objects.booking().filter(room=room).order_by("starts_at").first()
    if waiting is not None:
        raise RoomBusy(_("“%(title)s” is still to be held there; move it first.") % {"title": waiting.title})
    today = timezone.localdate()
    if on is not None and on > today:
        raise Missing(on=_("This day is still to come; give the day on which it happened."))
    room.closed_on = on or today
    room.save(update_fields=["closed_on"])
    _note(room, "close", actor=actor, reason=reason)
    return room


@transaction.atomic
def reopen_room(room: ConsultationRoom, *, actor: Any) -> ConsultationRoom:
    room = ConsultationRoom.objects.select_for_update(of=("self",), no_key=True).select_related("host").get(pk=room.pk)
    _may_keep(room, actor)
    if room.closed_on is None:
        raise WrongState(_("This room is in use."))
    room.closed_on = None
    room.save(update_fields=["closed_on"])
    _note(room, "reopen", actor=actor)
    return room


def _may_keep(room: ConsultationRoom, actor: Any) -> None:
    if not actor.has_perm("consult_sessions.keep_room", room):
        raise NotAllowed(_("Rooms are kept by the office, and by the convenor of the township."))


def _set(room: ConsultationRoom, values: dict[str, Any]) -> None:
    if unknown := sorted(set(values) - _FIELDS):
        raise Missing({name: _("This cannot be changed here.") for name in unknown})
    for name, value in values.items():
        setattr(room, name, value)
    if not room.region_code.startswith(prefix_of(room.host.region_code)):
        raise Missing(region_code=_("The division lies outside that of the CPPCC."))
    room.standards = [standard for standard in Standard.values if standard in room.standards]
    if not room.name.strip():
        raise Missing(name=_("Give the room a name."))
    room.full_clean()


def _note(
    room: ConsultationRoom, verb: str, *, actor: Any, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    mandate = actor.mandate_for(Role.OFFICE, Role.CONVENOR, host_id=room.host_id, code=room.region_code)
    record(
        actor=actor,
        verb=f"room.{verb}",
        subject=room,
        mandate=mandate,
        host_id=room.host_id,
        reason=reason,
        data=data,
    )
    publish(f"room.{verb}", host_id=room.host_id, room_id=room.pk, actor_id=actor.pk)
