"""The one roster of a session and its agenda: invite, reply, sign in; the clock and the queue of speakers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, IntegerField, Max, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing
from consult.text import typed
from members.models import Member
from sessions.models import AgendaItem, ConsultSession, Participant
from sessions.services import among, check_ins, seating, ticks
from sessions.services.moves import keep, moment, note
from sessions.states import Attendance, Reply, SessionState, SignInHow
from topics.states import PartyCategory

_FIELDS = frozenset(
    [
        "category",
        "organisation",
        "organisation_name",
        "name",
        "title",
        "count",
        "count_about",
        "came",
        "chosen_how",
        "account",
        "member",
        "attendance",
    ]
)
LONGEST_LIST = 300


# the list -------------------------------------------------------------------------------------------------------------


def write_participants(session: ConsultSession, lines: Sequence[dict[str, Any]], *, actor: Any) -> None:
    """The list as it is planned, in its order; attendance only where the session is over already."""
    if len(lines) > LONGEST_LIST:
        raise Missing(participants=_("At most %(most)s lines fit on a list.") % {"most": LONGEST_LIST})
    over = session.is_backfilled or session.state in (SessionState.HELD, SessionState.NEEDS_DECISION)
    for position, line in enumerate(lines, 1):
        _add_line(session, line, position=position, attendance=over)


def _add_line(
    session: ConsultSession, line: dict[str, Any], *, position: int, attendance: bool, **more: Any
) -> Participant:
    if unknown := sorted(set(line) - _FIELDS):
        raise Missing({name: _("The list has no such column.") for name in unknown})
    values = {name: value for name, value in line.items() if value is not None}
    if values.get("attendance") and not attendance:
        raise Missing(attendance=_("Attendance is marked while the session is in progress."))
    participant = Participant(session=session, position=position, **{**_named(values), **more})
    if participant.account is not None and participant.member is None:
        # The record of his duties asks by the member, whichever way he was put on the list.
        serving = Member.objects.serving().filter(account=participant.account, host_id__in=_hosts(session))
        participant.member = serving.first()
    if participant.attendance and participant.signed_in_at is None and participant.attendance == Attendance.PRESENT:
        participant.signed_in_at = session.starts_at
    refuse_line(participant)
    try:
        with transaction.atomic():
            participant.save()
    except IntegrityError as error:
        raise LostRace(_("%(name)s is on the list already.") % {"name": participant}, code="listed_twice") from error
    return participant


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Names are copied: people and units change theirs. A member brings his account with him."""
    member, organisation, account = (values.get(key) for key in ("member", "organisation", "account"))
    if member is not None:
        values.setdefault("account", member.account)
        values["name"] = values.get("name") or member.name
    elif account is not None:
        values["name"] = values.get("name") or account.display_name
    if organisation is not None:
        values["organisation_name"] = values.get("organisation_name") or organisation.name
    return values


def refuse_line(participant: Participant) -> None:
    if participant.category not in PartyCategory.values:
        raise Missing(category=_("Choose to which class they belong."))
    if not participant.name.strip() and not participant.organisation_name.strip():
        raise Missing(name=_("Write a name, a role or a unit."))
    hosts = _hosts(participant.session)
    for name in ("organisation", "member"):
        related = getattr(participant, name)
        if related is not None and related.host_id not in hosts:
            raise Missing({name: _("“%(name)s” belongs to another CPPCC.") % {"name": related}})
    account = participant.account
    strange = account is not None and account.home_id not in hosts
    if strange and not account.mandates.filter(host_id__in=hosts).exists():
        raise Missing(account=_("This person belongs to another CPPCC."))
    participant.full_clean(validate_constraints=False, validate_unique=False, exclude=["session"])


def _hosts(session: ConsultSession) -> set[int]:
    """The CPPCC of the session and those with which its topics are filed jointly; asked once for a whole list."""
    known = session.__dict__.get("_hosts")
    if known is None:
        known = session.__dict__["_hosts"] = _ask_hosts(session)
    return known


def _ask_hosts(session: ConsultSession) -> set[int]:
    joint = session.topics.values_list("joint_hosts", flat=True)
    return {session.host_id, *(key for key in joint if key is not None)}


@transaction.atomic
def add_participant(
    session: ConsultSession, *, actor: Any, key: UUID | None = None, at: datetime | None = None, **line: Any
) -> Participant:
    """Invite one more; in a running session whoever walks in is added and signed in at once, once for a key."""
    walks_in = session.state == SessionState.IN_PROGRESS
    session = keep(session, "walk_in" if walks_in else "invite", actor=actor)
    if walks_in and (noted := ticks.signed_by(session, key)):
        return noted
    last = session.participants.filter(is_walk_in=False).aggregate(last=Max("position"))["last"] or 0
    position = check_ins.WALK_IN_PLACE if walks_in else last + 1
    more: dict[str, Any] = {}
    if walks_in:
        line["attendance"] = Attendance.PRESENT
        more = {"is_walk_in": True, "signed_in_at": timezone.now(), "signed_in_by": actor}
    elif session.state == SessionState.ANNOUNCED:
        more = {"invited_at": timezone.now()}
    participant = _add_line(session, line, position=position, attendance=walks_in, **more)
    came_at = ticks.happened(session, at) if walks_in else None
    if walks_in:
        by = {"how": SignInHow.RECORDER, "by": actor, "key": key, "claimed_at": at}
        signed = check_ins.replace(participant, came=participant.came, **by)
        if signed is None:
            raise LostRace(_("This was sent before for another line."), code="key_reused")
        participant.signed_in_at = came_at or signed.at
        participant.save(update_fields=["signed_in_at"])
    verb, data = "walk_in" if walks_in else "invite", line_about(participant)
    note(session, verb, actor=actor, before=session.state, at=came_at, data=data, participant_id=participant.pk)
    return participant


@transaction.atomic
def remove_participant(participant: Participant, *, actor: Any) -> None:
    """Take a line off the list; once the session runs nobody is struck off, he is marked absent."""
    session = keep(participant.session, "uninvite", actor=actor)
    found = session.participants.filter(pk=participant.pk).first()
    if found is None:
        return
    told: dict[str, Any] = {"account_id": found.account_id} if found.invited_at else {}
    note(session, "uninvite", actor=actor, before=session.state, data=line_about(found), **told)
    if row := seating.sign_up_of(found):
        seating.give_up(row)
        seating.fill(session)
        return
    found.delete()


@transaction.atomic
def reply_invitation(participant: Participant, *, actor: Any, reply: str, reason: str = "") -> Participant:
    """参加 or 请假 with a reason; the last word before the session counts."""
    keep(participant.session, "reply", actor=actor, subject=participant)
    if reply not in Reply.values:
        raise Missing(reply=_("Say whether you come."))
    if reply == Reply.EXCUSED and not reason.strip():
        raise Missing(reason=_("Say why you ask for leave."))
    row = Participant.objects.select_for_update(of=("self",)).select_related("session").get(pk=participant.pk)
    if (row.reply, row.reply_reason) == (reply, reason.strip()):
        return row
    row.reply, row.reply_reason, row.replied_at = reply, reason.strip(), timezone.now()
    row.replied_by_link = False
    row.full_clean(validate_constraints=False, validate_unique=False)
    row.save(update_fields=["reply", "reply_reason", "replied_at", "replied_by_link"])
    behalf = "" if _is_his(row, actor) else str(row)
    note(row.session, "reply", actor=actor, before=row.session.state, on_behalf_of=behalf, participant_id=row.pk)
    return row


def _is_his(participant: Participant, actor: Any) -> bool:
    return actor.pk in (participant.account_id, participant.member.account_id if participant.member else None)


# signing in -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_attendance(
    participant: Participant,
    attendance: str,
    *,
    actor: Any,
    at: datetime | None = None,
    came: int | None = None,
    key: UUID | None = None,
    proxy_name: str = "",
    proxy_reason: str = "",
    claimed_at: datetime | None = None,
    was: str | None = None,
) -> Participant:
    """Sign in, also by proxy with a reason, or mark excused or absent; an empty mark takes back what was marked.

    Said again it changes nothing; after the session the roster is frozen. Who names how the line stood for him
    (``was``) is refused if somebody else has marked it otherwise meanwhile.
    """
    session = keep(participant.session, "mark_attendance", actor=actor)
    proxy_name, proxy_reason = _proxy(attendance, proxy_name, proxy_reason)
    row = Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    row.session = session
    came = came if attendance == Attendance.PRESENT and came != row.count else None
    if came is not None and not 1 <= came <= row.count:
        raise Missing(
            came=_("%(count)s are on the list in this line; write a number up to that.") % {"count": row.count}
        )
    among.refuse_fewer(row, attendance, came)
    if (row.attendance, row.came, row.proxy_name) == (attendance, came, proxy_name):
        return row
    ticks.refuse_otherwise(row, was, attendance)
    row.attendance, row.came, row.proxy_name, row.left_at = attendance, came, proxy_name, None
    if attendance == Attendance.PRESENT:
        how = SignInHow.PROXY if proxy_name else SignInHow.RECORDER
        signed = check_ins.replace(
            row,
            how=how,
            by=actor,
            came=came,
            key=key,
            proxy_name=proxy_name,
            proxy_reason=proxy_reason,
            claimed_at=claimed_at,
        )
        if signed is None:
            raise LostRace(_("This was sent before for another line."), code="key_reused")
        row.signed_in_at, row.signed_in_by = row.signed_in_at or (moment(at) if at else signed.at), actor
    else:
        check_ins.take_back(row, by=actor)
        row.signed_in_at = row.signed_in_by = row.asked_at = None
    row.save(update_fields=["attendance", "came", "proxy_name", "left_at", "signed_in_at", "signed_in_by", "asked_at"])
    data = {**line_about(row), "attendance": attendance, "by_proxy": bool(proxy_name)}
    note(
        session,
        "mark_attendance",
        actor=actor,
        before=session.state,
        at=at,
        reason=proxy_reason,
        data=data,
        participant_id=row.pk,
    )
    return row


def _proxy(attendance: str, name: str, reason: str) -> tuple[str, str]:
    """Who came instead, and why; both or neither."""
    if attendance not in ("", *Attendance.values):
        raise Missing(attendance=_("Choose present, excused or absent."))
    name, reason = typed.line("proxy_name", name, 60), typed.line("proxy_reason", reason, 200)
    if name and attendance != Attendance.PRESENT:
        raise Missing(proxy_name=_("Nobody came in his place if he is not marked present."))
    if name and not reason:
        raise Missing(proxy_reason=_("Say why somebody else came."))
    if reason and not name:
        raise Missing(proxy_name=_("Write who came in his place."))
    return name, reason


@transaction.atomic
def mark_left(participant: Participant, *, actor: Any, at: datetime | None = None, back: bool = False) -> Participant:
    """He has gone before the end; or came back, or was noted as gone by mistake. Who was there has been there."""
    session = keep(participant.session, "leave", actor=actor)
    row = Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    row.session = session
    if row.attendance != Attendance.PRESENT:
        raise Missing(participant=_("Only who has signed in can leave."))
    if bool(row.left_at) != back:
        return row
    row.left_at = None if back else max(moment(at), row.signed_in_at)
    row.asked_at = None
    row.save(update_fields=["left_at", "asked_at"])
    data = {**line_about(row), "back": back}
    note(session, "leave", actor=actor, before=session.state, at=at, data=data, participant_id=row.pk)
    return row


def freeze_roster(session: ConsultSession) -> None:
    """At the close whoever is not marked counts as absent, or as excused if he asked for leave."""
    among.settle(session)
    unmarked = session.participants.filter(attendance="")
    unmarked.filter(reply=Reply.EXCUSED).update(attendance=Attendance.EXCUSED)
    unmarked.update(attendance=Attendance.ABSENT)
    session.participants.exclude(asked_at=None).update(asked_at=None)


# agenda ---------------------------------------------------------------------------------------------------------------


def write_agenda(session: ConsultSession, lines: Sequence[Any]) -> None:
    """Set the agenda anew: texts, or dicts with text, minutes and by."""
    session.agenda.all().delete()
    for position, line in enumerate(lines, 1):
        values = {"text": line} if isinstance(line, str) else dict(line)
        item = AgendaItem(session=session, position=position, **values)
        item.full_clean(validate_constraints=False, validate_unique=False, exclude=["session"])
        item.save()


@transaction.atomic
def set_agenda(session: ConsultSession, *, actor: Any, agenda: Sequence[Any]) -> ConsultSession:
    """Write the agenda anew; a running session keeps the clock of the items it has gone through."""
    session = keep(session, "set_agenda", actor=actor)
    if session.agenda.exclude(started_at=None).exists():
        raise Missing(agenda=_("The session is on its way through the agenda; add an item instead."))
    if not agenda:
        raise Missing(agenda=_("Write down the agenda, one item a line."))
    write_agenda(session, agenda)
    note(session, "set_agenda", actor=actor, before=session.state)
    return session


@transaction.atomic
def add_agenda_item(
    session: ConsultSession, *, actor: Any, text: str, minutes: int | None = None, by: str = ""
) -> AgendaItem:
    session = keep(session, "set_agenda", actor=actor)
    position = (session.agenda.aggregate(last=Max("position"))["last"] or 0) + 1
    item = AgendaItem(session=session, position=position, text=text, minutes=minutes, by=by)
    item.full_clean(validate_constraints=False, validate_unique=False)
    item.save()
    note(session, "set_agenda", actor=actor, before=session.state)
    return item


@transaction.atomic
def change_agenda_item(item: AgendaItem, *, actor: Any, **changes: Any) -> AgendaItem:
    session = keep(item.session, "set_agenda", actor=actor)
    item = session.agenda.select_for_update(of=("self",)).get(pk=item.pk)
    for name in ("text", "minutes", "by"):
        if name in changes:
            setattr(item, name, changes[name])
    item.full_clean(validate_constraints=False, validate_unique=False)
    item.save()
    note(session, "set_agenda", actor=actor, before=session.state)
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, actor: Any) -> None:
    session = keep(item.session, "set_agenda", actor=actor)
    session.agenda.filter(pk=item.pk, started_at=None).delete()
    note(session, "set_agenda", actor=actor, before=session.state)


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, actor: Any, up: bool) -> ConsultSession:
    """One place up or down; the first stays first."""
    session = keep(item.session, "set_agenda", actor=actor)
    order = list(session.agenda.order_by("position", "pk"))
    here = next((index for index, one in enumerate(order) if one.pk == item.pk), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(order):
        return session
    order[here], order[there] = order[there], order[here]
    _renumber(session.agenda.all(), order)
    note(session, "set_agenda", actor=actor, before=session.state)
    return session


def _renumber(rows: QuerySet[Any], order: list[Any]) -> None:
    """Positions are unique at every moment, so they step aside first."""
    rows.update(position=F("position") + 1000)
    places = [When(pk=one.pk, then=Value(place)) for place, one in enumerate(order, 1)]
    rows.update(position=Case(*places, default=F("position"), output_field=IntegerField()))


def line_about(participant: Participant) -> dict[str, Any]:
    """Which line, without a resident's name."""
    return {"line": participant.position, "category": participant.category, "count": participant.count}
