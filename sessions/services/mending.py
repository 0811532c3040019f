"""A line of the roster is mended until attendance freezes: who it is, whom he stands for, how he is reached.

Over the version that was seen: whoever mends an older one is told what stands there now.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing, NotAllowed
from consult.text import typed
from sessions.models import ConsultSession, Participant
from sessions.services import among
from sessions.services.lines import StaleLine
from sessions.services.moves import keep, note
from sessions.services.roster import line_about, refuse_line
from sessions.states import SessionState

FIELDS = (
    *("category", "organisation", "organisation_name", "name", "title", "count", "chosen_how"),
    *("account", "member", "phone"),
)


@transaction.atomic
def mend_line(line: Participant, *, actor: Any, version: int | None = None, **changes: Any) -> Participant:
    """Give a line a name, a telephone number, a unit, an account or member, another class, or a count."""
    session = keep(line.session, "mend_line", actor=actor)
    row = session.participants.select_for_update(of=("self",)).filter(pk=line.pk).first()
    if row is None:
        raise LostRace(_("This line was taken off the list meanwhile."))
    row.session = session
    if unknown := sorted(set(changes) - set(FIELDS)):
        raise Missing({name: _("The list has no such column.") for name in unknown})
    if version is not None and version != row.version:
        raise StaleLine(row, {name: value for name, value in changes.items() if name != "phone"})
    before = {name: getattr(row, name) for name in FIELDS}
    for name, value in _completed(row, changes).items():
        setattr(row, name, value)
    changed = [name for name in FIELDS if getattr(row, name) != before[name]]
    if not changed:
        return row
    _refuse(row, before)
    row.version += 1
    _save(row)
    note(
        session,
        "mend_line",
        actor=actor,
        before=session.state,
        data={**line_about(row), "changed": changed},
        participant_id=row.pk,
    )
    if row.account is not None and "account" in changed and session.state == SessionState.ANNOUNCED:
        # He is told as those were to whom the notices went; whoever was told hears nothing twice.
        note(session, "invite", actor=actor, before=session.state, implied=True, participant_id=row.pk)
    return row


@transaction.atomic
def show_phone(line: Participant, *, actor: Any) -> str:
    """The telephone number in full; each look at it is written down."""
    session = line.session
    if not actor.has_perm("consult_sessions.show_phone_session", session):
        raise NotAllowed(_("Telephone numbers of those invited are shown to the office and the convenor only."))
    note(session, "show_phone", actor=actor, before=session.state, data=line_about(line))
    return line.phone


def _completed(row: Participant, changes: dict[str, Any]) -> dict[str, Any]:
    """A member brings his account and his name, a unit its name, where nobody wrote another one."""
    found = dict(changes)
    if "phone" in found:
        found["phone"] = typed.phone(found["phone"])
    if "count" in found:
        found["count"] = found["count"] or 1
    member, account = found.get("member"), found.get("account")
    if member is not None and member != row.member:
        if account in (None, row.account):
            account = found["account"] = member.account
        _rename(row, found, member.name)
    elif account is not None and account != row.account:
        _rename(row, found, account.display_name)
    unit = found.get("organisation")
    is_unnamed = found.get("organisation_name", "") in ("", row.organisation_name)
    if unit is not None and unit != row.organisation and is_unnamed:
        found["organisation_name"] = unit.name
    return found


def _rename(row: Participant, found: dict[str, Any], name: str) -> None:
    if found.get("name", row.name) in ("", row.name):
        found["name"] = name


def _refuse(row: Participant, before: dict[str, Any]) -> None:
    refuse_line(row)
    people = among.signed_in_of(row) if before["count"] > 1 else 0
    if people and (row.count < 2 or row.category != before["category"]):
        text = _("%(count)s of this line have signed in by themselves; it stays a line of several, of its class.")
        raise Missing({"count" if row.count < 2 else "category": text % {"count": people}})
    if row.listed_in_id and (row.count != 1 or row.category != before["category"]):
        raise Missing(category=_("He is counted by a line of several people; say first that he came besides."))
    if row.came is not None and row.came > row.count:
        raise Missing(count=_("%(came)s of them have been marked as present.") % {"came": row.came})


def _save(row: Participant) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=[*FIELDS, "version"])
    except IntegrityError as error:
        raise LostRace(_("%(name)s is on the list already.") % {"name": row}, code="listed_twice") from error


def may_see_phone(session: ConsultSession, reader: Any) -> bool:
    return reader.has_perm("consult_sessions.show_phone_session", session)
