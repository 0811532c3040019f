"""Minutes (纪要): draft, revise, file, return, sign, amend. What is signed never changes."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import options
from consult.audit import record
from consult.calendar import add_working_days
from consult.errors import FourEyes, LostRace, Missing, NotAllowed, WrongState
from consult.numbering import take_number
from consult.outbox import publish
from consult.text.typed import line, text
from sessions import rules
from sessions.models import ConsultSession, Minutes, MinutesRevision
from sessions.services.assembly import assemble
from sessions.services.gates import profile_of
from sessions.services.moves import day_of, locked, mandate_of, matter_of
from sessions.states import MINUTES_WORKFLOW, MinutesState, SessionState

LONGEST_BODY = 60_000
#: What is written into minutes between their moves happens when it is written.
WRITTEN = (
    *("revise_minutes", "circulate_minutes", "comment_minutes", "answer_comment", "adopt_comment", "answer_remarks"),
    *("make_remark_link", "renew_remark_link", "revoke_remark_link"),
)


class StaleMinutes(LostRace):
    """Somebody saved another text meanwhile; both are there, side by side, and no word is lost."""

    code = "lost_race"
    sentence = gettext_lazy(
        "Somebody else has changed the minutes meanwhile. Both texts are kept; bring them together."
    )

    def __init__(self, minutes: Minutes, mine: str, version: int):
        super().__init__()
        self.minutes = minutes
        self.mine = mine
        self.base_version = version
        self.theirs = minutes.body
        self.version = minutes.version
        latest = minutes.revisions.filter(version=minutes.version).select_related("edited_by").first()
        self.edited_by = str(latest.edited_by) if latest else ""
        base = minutes.revisions.filter(version=version).first()
        self.base = base.body if base else ""

    def as_dict(self) -> dict[str, Any]:
        current = {"version": self.version, "body": self.theirs, "edited_by": self.edited_by}
        return {**super().as_dict(), "current": current, "yours": self.mine, "base": self.base}


# drafting -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_minutes(
    session: ConsultSession, *, actor: Any, body: str | None = None, on: date | None = None, drafted_name: str = ""
) -> Minutes:
    """Begin the minutes of a held session, assembled from roster, agenda, statements, consensus and dissent."""
    session = locked(session)
    minutes = Minutes(session=session, drafted_by=actor)
    MINUTES_WORKFLOW.advance(minutes, "draft_minutes", actor=actor)
    if session.state != SessionState.HELD:
        raise WrongState(_("Minutes are drafted when the session has been held."))
    if session.minutes.unsigned().exists():
        raise LostRace(_("The minutes of this session are being drafted already."))
    if session.minutes.signed().exists():
        raise WrongState(_("The minutes are signed; amend them, and the signed text stays beside the new one."))
    held = day_of(session.held_at or session.ends_at)
    minutes.drafted_on = minutes.moved_on = _business_date(on, held)
    minutes.drafted_name = line("drafted_name", drafted_name, 60)
    minutes.body = _body(body if body is not None else assemble(session))
    return _begin(minutes, actor=actor, verb="draft_minutes")


@transaction.atomic
def amend_minutes(minutes: Minutes, *, actor: Any, reason: str, on: date | None = None) -> Minutes:
    """A new revision of signed minutes, from draft, that cites the signed one."""
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, "amend_minutes", actor=actor)
    if not reason.strip():
        raise Missing(reason=_("Say what has to be amended."))
    if Minutes.objects.filter(amends=minutes).exists():
        raise LostRace(_("An amendment of these minutes exists already."))
    fresh = Minutes(session=minutes.session, drafted_by=actor, amends=minutes, state=MinutesState.DRAFT)
    fresh.drafted_on = fresh.moved_on = _business_date(on, minutes.moved_on)
    fresh.reason = line("reason", reason, 300)
    fresh.body = minutes.body
    return _begin(fresh, actor=actor, verb="amend_minutes", reason=reason, data={"amends": minutes.number})


def _begin(minutes: Minutes, *, actor: Any, verb: str, reason: str = "", data: dict[str, Any] | None = None) -> Minutes:
    minutes.full_clean(exclude=["session"], validate_constraints=False)
    minutes.save()
    MinutesRevision.objects.create(minutes=minutes, version=1, body=minutes.body, edited_by=actor)
    note_minutes(minutes, verb, actor=actor, reason=reason, data=data)
    return minutes


@transaction.atomic
def revise_minutes(minutes: Minutes, *, actor: Any, body: str, version: int) -> Minutes:
    """Save a new text over the version it was made from; over any other it is refused, with both texts."""
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, "revise_minutes", actor=actor)
    body = _body(body)
    if body == minutes.body:
        return minutes
    if version != minutes.version:
        raise StaleMinutes(minutes, body, version)
    minutes.version += 1
    minutes.body = body
    minutes.save(update_fields=["version", "body"])
    MinutesRevision.objects.create(minutes=minutes, version=minutes.version, body=body, edited_by=actor)
    note_minutes(minutes, "revise_minutes", actor=actor, before=minutes.state, data={"version": minutes.version})
    return minutes


@transaction.atomic
def set_aside(minutes: Minutes, *, actor: Any, body: str, version: int) -> Minutes:
    """What somebody else saved stands; one's own text is kept right under it, as a version, so that no word is lost."""
    theirs = locked_minutes(minutes).body
    mine = revise_minutes(minutes, actor=actor, body=body, version=version)
    return revise_minutes(mine, actor=actor, body=theirs, version=mine.version)


# signing --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def file_minutes(minutes: Minutes, *, actor: Any, on: date | None = None) -> Minutes:
    """Send the text for signature; from now on nobody changes it."""
    return _advance(minutes, "file_minutes", actor=actor, on=on, date_field="filed_on")


@transaction.atomic
def return_minutes(minutes: Minutes, *, actor: Any, reason: str, on: date | None = None) -> Minutes:
    """Back to the drafter, with what has to be mended."""
    if not reason.strip():
        MINUTES_WORKFLOW.check(locked_minutes(minutes), "return_minutes", actor=actor)
        raise Missing(reason=_("Say what has to be mended."))
    return _advance(
        minutes, "return_minutes", actor=actor, on=on, reason=reason, changes={"reason": line("reason", reason, 300)}
    )


@transaction.atomic
def sign_minutes(
    minutes: Minutes, *, actor: Any, signed_name: str = "", on_paper: bool = False, on: date | None = None
) -> Minutes:
    """Sign: the text is frozen with its SHA-256 and takes a number. The office may record a signature on paper."""
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, "sign_minutes", actor=actor)
    signed_name = line("signed_name", signed_name, 60)
    _refuse_signature(minutes, actor=actor, signed_name=signed_name, on_paper=on_paper)
    day = _business_date(on, minutes.moved_on)
    host = minutes.session.host
    number = take_number(
        organisation_id=host.pk,
        kind="minutes",
        year=day.year,
        pattern=options.get(host.pk, "numbers.minutes", on=day),
        short_name=host.short_name or host.name,
    )
    changes = {
        "number": number.text,
        "sha256": hashlib.sha256(minutes.body.encode()).hexdigest(),
        "signed_by": None if on_paper else actor,
        "signed_name": signed_name or str(actor)[:60],
        "on_paper": on_paper,
    }
    behalf = signed_name if on_paper else ""
    return _advance(
        minutes, "sign_minutes", actor=actor, on=day, date_field="signed_on", changes=changes, on_behalf_of=behalf
    )


def _refuse_signature(minutes: Minutes, *, actor: Any, signed_name: str, on_paper: bool) -> None:
    """Who signs has not drafted it; who records a paper names the signer and is not taken for him."""
    if on_paper and not signed_name:
        raise Missing(signed_name=_("Whose signature does the paper bear?"))
    if signed_name and minutes.drafted_name and signed_name == minutes.drafted_name:
        raise FourEyes(_("%(name)s drafted these minutes; somebody else has to sign them.") % {"name": signed_name})
    if actor.is_system:
        return
    if on_paper:
        if not rules.records_signature.test(actor, minutes):
            raise NotAllowed(_("A signature on paper is recorded by the office."))
        if signed_name == str(minutes.drafted_by):
            raise FourEyes(_("%(name)s drafted these minutes; somebody else has to sign them.") % {"name": signed_name})
        return
    if not rules.signs.test(actor, minutes):
        raise NotAllowed(
            _("These minutes are signed by the approving leader; the office records his signature on paper.")
        )
    if minutes.drafted_by_id == actor.pk:
        raise FourEyes(_("You drafted these minutes; somebody else has to sign them."))


# what is shared -------------------------------------------------------------------------------------------------------


def locked_minutes(minutes: Minutes) -> Minutes:
    """The session first, then its minutes, so that nobody waits in a circle."""
    locked(ConsultSession(pk=minutes.session_id))
    rows = Minutes.objects.select_for_update(of=("self",), no_key=True).select_related("session__host", "drafted_by")
    return rows.get(pk=minutes.pk)


def _advance(
    minutes: Minutes,
    verb: str,
    *,
    actor: Any,
    on: date | None,
    reason: str = "",
    date_field: str = "",
    on_behalf_of: str = "",
    changes: dict[str, Any] | None = None,
) -> Minutes:
    minutes = locked_minutes(minutes)
    before = minutes.state
    MINUTES_WORKFLOW.advance(minutes, verb, actor=actor)
    minutes.moved_on = _business_date(on, minutes.moved_on)
    values = {**(changes or {}), **({date_field: minutes.moved_on} if date_field else {})}
    for name, value in values.items():
        setattr(minutes, name, value)
    minutes.save(update_fields=["state", "moved_on", *values])
    note_minutes(minutes, verb, actor=actor, before=before, reason=reason, on_behalf_of=on_behalf_of)
    return minutes


def _business_date(on: date | None, not_before: date) -> date:
    today = timezone.localdate()
    on = on or today
    if on > today:
        raise Missing(on=_("This day is still to come; give the day on which it happened."))
    if on < not_before:
        text = _("The step before this one was on %(day)s; this one cannot be earlier.")
        raise Missing(on=text % {"day": not_before.isoformat()})
    return on


def _body(body: str) -> str:
    body = text("body", body, LONGEST_BODY)
    if not body:
        raise Missing(body=_("The minutes are empty."))
    return body


def note_minutes(
    minutes: Minutes,
    verb: str,
    *,
    actor: Any,
    before: str = "",
    reason: str = "",
    on_behalf_of: str = "",
    data: dict[str, Any] | None = None,
    **payload: Any,
) -> None:
    session = minutes.session
    matter = matter_of(session)
    record(
        actor=actor,
        verb=f"minutes.{verb}",
        subject=minutes,
        before=before,
        after=minutes.state,
        happened_at=None if verb in WRITTEN else minutes.moved_on,
        mandate=mandate_of(actor, session),
        on_behalf_of=on_behalf_of,
        matter_id=matter,
        host_id=session.host_id,
        reason=reason,
        data=data,
    )
    publish(
        f"minutes.{verb}",
        host_id=session.host_id,
        matter_id=matter,
        minutes_id=minutes.pk,
        session_id=session.pk,
        actor_id=actor.pk,
        **payload,
    )


def minutes_due_on(session: ConsultSession) -> date | None:
    """By when the minutes are owed; a bench session owes none."""
    if session.state != SessionState.HELD or session.form == "bench":
        return None
    return minutes_due(session.host_id, session.form, day_of(session.held_at or session.ends_at))


def minutes_due(host_id: int, form: str, held_on: date) -> date:
    """So many working days after the session, by the limit that was in force then."""
    days = options.promised(host_id, f"limits.minutes_days_{profile_of(form)}", held_on)
    return add_working_days(held_on, days, host_id)


def seal_of(minutes: Minutes) -> str:
    """SHA-256 of the text as it stands: UTF-8, lines ended by a line feed, nothing before or after."""
    return hashlib.sha256(minutes.body.encode()).hexdigest()


def is_intact(minutes: Minutes) -> bool:
    """Is the signed text still the one that was signed?"""
    return minutes.sha256 == seal_of(minutes)


def broken_chains() -> list[str]:
    """Minutes whose versions have a gap, or whose text is not their latest version (I11)."""
    found = []
    for minutes in Minutes.objects.prefetch_related("revisions").iterator(chunk_size=500):
        versions = [revision.version for revision in minutes.revisions.all()]
        latest = minutes.revisions.all()[len(versions) - 1].body if versions else None
        if versions != list(range(1, minutes.version + 1)) or latest != minutes.body:
            found.append(f"minutes {minutes.pk}: versions {versions}, at {minutes.version}")
        if minutes.state == MinutesState.SIGNED and not is_intact(minutes):
            found.append(f"minutes {minutes.pk}: the signed text does not match its SHA-256")
    return found
