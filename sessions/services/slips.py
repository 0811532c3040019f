"""Reply slips without an account: each line of the list has a link of its own, on paper as a QR code.

The link names the line and the number of its issue, signed. Renewing it raises the number, so the old link is void; a
line that was taken off the list leaves a link that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.text import typed
from members.models import Account
from sessions.models import ConsultSession, Participant
from sessions.services import tokens, tries
from sessions.services.moves import keep, locked, note
from sessions.services.roster import line_about
from sessions.states import Reply, SessionState

CHANGES = 20  # of one reply within ten minutes: more is not a person who makes up his mind


@dataclass(frozen=True)
class Slip:
    """What a link opens. Without a line it was taken back; ``trouble`` says why nothing can be answered now."""

    line: Participant | None
    trouble: str = ""
    is_void: bool = False

    @property
    def is_open(self) -> bool:
        return self.line is not None and not self.trouble


def slip_link(line: Participant) -> str:
    """The path of the line's reply slip; nobody's name stands in it."""
    return reverse("sign_in:slip", args=[slip_token(line)])


def slip_token(line: Participant) -> str:
    return tokens.seal("slip", line.uuid, line.slip_version)


def open_slip(token: str) -> Slip | None:
    """None for an address that we never made; else what it opens, or why it opens nothing any more."""
    found = tokens.unseal("slip", token)
    if found is None:
        return None
    lines = Participant.objects.select_related("session__host", "session__room")
    line = lines.filter(uuid=found.uuid).first()
    if line is None:
        return Slip(None, _("This invitation was taken back or replaced by another one. Ask the office."), True)
    if line.slip_version != found.number:
        return Slip(None, _("This link was replaced by a new one. Use the latest that you were given."), True)
    return Slip(line, trouble_of(line.session))


def trouble_of(session: ConsultSession) -> str:
    """Why a reply cannot be given or changed now."""
    return {
        SessionState.ANNOUNCED: "",
        SessionState.PLANNED: _("The time is being settled anew; you will be told. Then you can reply with this link."),
        SessionState.IN_PROGRESS: _("The session has begun; what you replied stands."),
        SessionState.HELD: _("The session is over. Thank you."),
        SessionState.CANCELLED: _("The session was called off; you need not come."),
    }.get(SessionState(session.state), _("This session takes no replies."))


@transaction.atomic
def reply_by_link(token: str, *, reply: str, reason: str = "") -> Slip:
    """参加 or 请假 with a reason, by whoever holds the link; changeable until the session opens."""
    slip = open_slip(token)
    if slip is None or slip.line is None:
        raise Missing(slip.trouble if slip else _("This link is not complete."))
    session = locked(slip.line.session)
    line = Participant.objects.select_for_update(of=("self",)).filter(pk=slip.line.pk).first()
    if line is None or line.slip_version != slip.line.slip_version:
        raise Missing(_("This link was replaced by a new one. Use the latest that you were given."))
    line.session = session
    if trouble := trouble_of(session):
        raise Missing(trouble)
    if reply not in Reply.values:
        raise Missing(reply=_("Say whether you come."))
    reason = typed.line("reason", reason, 200) if reply == Reply.EXCUSED else ""
    if reply == Reply.EXCUSED and not reason:
        raise Missing(reason=_("Say why you ask for leave."))
    if (line.reply, line.reply_reason) == (reply, reason):
        return Slip(line)
    if tries.note("slip", str(line.uuid)) > CHANGES:
        raise tries.TooOften
    line.reply, line.reply_reason, line.replied_at, line.replied_by_link = reply, reason, timezone.now(), True
    line.save(update_fields=["reply", "reply_reason", "replied_at", "replied_by_link"])
    clerk = Account.objects.system()
    data = {**line_about(line), "by_link": True, "reply": reply}
    note(session, "reply", actor=clerk, before=session.state, on_behalf_of=str(line), data=data, participant_id=line.pk)
    return Slip(line)


@transaction.atomic
def renew_slip(line: Participant, *, actor: Any) -> Participant:
    """Another link for this line; the one that went out opens nothing any more."""
    session = keep(line.session, "renew_slip", actor=actor)
    Participant.objects.filter(pk=line.pk).update(slip_version=F("slip_version") + 1)
    line.refresh_from_db(fields=["slip_version"])
    note(session, "renew_slip", actor=actor, before=session.state, data=line_about(line), participant_id=line.pk)
    return line
