"""The three tables of moves behind one address: of the session, of its record, of its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from consult.errors import Missing, WrongState
from consult.workflow import Transition
from sessions import services
from sessions.models import ConsultSession, Minutes, MinutesComment, Participant
from sessions.services import sign_in as sign_ins
from sessions.services import slips, ticks
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW, SessionState, SignInHow


class Moves:
    """Answers as a workflow does; ``reply`` belongs to the invitation, the rest of the minutes to the minutes."""

    noun = "session"

    def __init__(self, *, with_minutes: bool) -> None:
        self.with_minutes = with_minutes

    def __iter__(self) -> Iterator[Transition]:
        return chain(SESSION_WORKFLOW, RECORD_WORKFLOW, MINUTES_WORKFLOW)

    def __contains__(self, verb: str) -> bool:
        return verb in SESSION_WORKFLOW or verb in RECORD_WORKFLOW or verb in MINUTES_WORKFLOW

    def check(self, session: ConsultSession, verb: str, *, actor: Any) -> Any:
        """The right first, then the state."""
        if verb in SESSION_WORKFLOW:
            return SESSION_WORKFLOW.check(session, verb, actor=actor)
        if verb in ("reply", "sign_in", "ask_floor"):
            return None  # asked of the invitation, once it is known which
        if verb in RECORD_WORKFLOW:
            return RECORD_WORKFLOW.check(session, verb, actor=actor)
        return MINUTES_WORKFLOW.check(minutes_for(session, verb), verb, actor=actor)

    def available(self, session: ConsultSession, actor: Any) -> list[Transition]:
        steps = services.workflow_moves(session, actor)
        if self.with_minutes and session.state == SessionState.HELD:
            steps += self._of_minutes(session, actor)
        if self.with_minutes and session.state == SessionState.ANNOUNCED and _invited(session, actor):
            steps.append(RECORD_WORKFLOW.step("reply"))
        if self.with_minutes and session.state == SessionState.IN_PROGRESS and _invited(session, actor):
            steps += [RECORD_WORKFLOW.step("sign_in"), RECORD_WORKFLOW.step("ask_floor")]
        return steps

    def _of_minutes(self, session: ConsultSession, actor: Any) -> list[Transition]:
        minutes = session.minutes.visible_to(actor).order_by("-pk").first()
        if minutes is not None:
            minutes.session = session
            return MINUTES_WORKFLOW.available(minutes, actor)
        draft = MINUTES_WORKFLOW.step("draft_minutes")
        return [draft] if actor.has_perm(MINUTES_WORKFLOW.perm(draft.verb), Minutes(session=session)) else []


def _invited(session: ConsultSession, actor: Any) -> bool:
    return any(
        actor.pk in (line.account_id, line.member.account_id if line.member else None)
        for line in session.participants.all()
    )


def minutes_for(session: ConsultSession, verb: str) -> Minutes:
    """The minutes a move means: the latest; for drafting, new ones."""
    if verb == "draft_minutes":
        return Minutes(session=session)
    minutes = session.minutes.select_related("session__host", "drafted_by").order_by("-pk").first()
    if minutes is None:
        raise WrongState(_("There are no minutes yet; draft them first."))
    return minutes


def own(session: ConsultSession, row: Any, field: str) -> Any:
    """A line belongs to the session in the address."""
    if row.session_id != session.pk:
        raise Missing({field: _("This is not part of this session.")})
    row.session = session
    return row


# services by the address of the session ------------------------------------------------------------------------------


def uninvite(session: ConsultSession, *, actor: Any, participant: Participant) -> None:
    """Take a line off the list."""
    services.remove_participant(own(session, participant, "participant"), actor=actor)


def reply(session: ConsultSession, *, actor: Any, participant: Participant, **words: Any) -> Participant:
    """参加 or 请假 with a reason."""
    return services.reply_invitation(own(session, participant, "participant"), actor=actor, **words)


def mark_attendance(
    session: ConsultSession, *, actor: Any, participant: Participant, at: Any = None, **mark: Any
) -> Participant:
    """Sign in, or mark excused or absent; said again it changes nothing."""
    mark = {**mark, "at": ticks.happened(session, at), "claimed_at": mark.get("claimed_at") or at}
    return services.mark_attendance(own(session, participant, "participant"), actor=actor, **mark)


def sign_in(session: ConsultSession, *, actor: Any, key: Any, token: str = "", code: str = "", **words: Any) -> Any:
    """Sign in oneself. The same key sent again is the same signing in."""
    admission: Any = session
    how = str(SignInHow.SELF)
    if token or code:
        admission = sign_ins.admit(token or sign_ins.token_of_code(code, caller=f"account {actor.pk}"))
        how = admission.how
        if admission.session_uuid != session.uuid:
            raise Missing({"token" if token else "code": _("This is the code of another session.")})
    return sign_ins.check_in(admission, actor=actor, key=key, how=how, **words)


def leave(session: ConsultSession, *, actor: Any, participant: Participant, **words: Any) -> Participant:
    """Note that somebody has left before the end, or has come back."""
    return services.mark_left(own(session, participant, "participant"), actor=actor, **words)


def renew_slip(session: ConsultSession, *, actor: Any, participant: Participant) -> Participant:
    """Another link to the reply slip; the old one opens nothing any more."""
    return slips.renew_slip(own(session, participant, "participant"), actor=actor)


def queue(session: ConsultSession, *, actor: Any, participant: Participant) -> Participant:
    """Ask to speak."""
    return services.ask_to_speak(own(session, participant, "participant"), actor=actor)


def add_statement(session: ConsultSession, *, actor: Any, **line: Any) -> Any:
    """Note what one party said."""
    if not line.get("participant") and not line.get("by"):
        raise Missing(by=_("Who says this?"))
    if not line.get("participant") and not line.get("category"):
        raise Missing(category=_("Choose to which class they belong."))
    return services.add_statement(session, actor=actor, **line)


def change_statement(session: ConsultSession, *, actor: Any, statement: Any, **changes: Any) -> Any:
    """Mend a line of the record."""
    return services.change_statement(own(session, statement, "statement"), actor=actor, **changes)


def remove_statement(session: ConsultSession, *, actor: Any, statement: Any) -> None:
    """Take a line out of the record."""
    services.remove_statement(own(session, statement, "statement"), actor=actor)


def change_point(session: ConsultSession, *, actor: Any, point: Any, **changes: Any) -> Any:
    """Mend a consensus point."""
    return services.change_point(own(session, point, "point"), actor=actor, **changes)


def remove_point(session: ConsultSession, *, actor: Any, point: Any) -> None:
    """Take a consensus point out."""
    services.remove_point(own(session, point, "point"), actor=actor)


def remove_dissent(session: ConsultSession, *, actor: Any, dissent: Any) -> None:
    """Take a reservation out."""
    services.remove_dissent(own(session, dissent, "dissent"), actor=actor)


def change_dissent(session: ConsultSession, *, actor: Any, dissent: Any, **changes: Any) -> Any:
    """Mend a reservation."""
    return services.change_dissent(own(session, dissent, "dissent"), actor=actor, **changes)


def read_back(session: ConsultSession, *, actor: Any, point: Any, done: bool = True) -> Any:
    """Note that a point was read out, or that it has to be read again."""
    return services.read_back(own(session, point, "point"), actor=actor, done=done)


def restore_line(session: ConsultSession, *, actor: Any, line: Any) -> Any:
    """Put back a line that was struck out."""
    return services.restore_line(own(session, line, "line"), actor=actor)


def answer_comment(session: ConsultSession, *, actor: Any, comment: MinutesComment, **words: Any) -> MinutesComment:
    """Answer a remark, with the words that are to stand there if need be."""
    return services.answer_comment(_remark(session, comment), actor=actor, **words)


def adopt_comment(session: ConsultSession, *, actor: Any, comment: MinutesComment) -> MinutesComment:
    """Take the proposed words into the text, as a new version."""
    return services.adopt_comment(_remark(session, comment), actor=actor)


def _remark(session: ConsultSession, comment: MinutesComment) -> MinutesComment:
    if comment.minutes.session_id != session.pk:
        raise Missing(comment=_("This is not part of this session."))
    return comment


def of_minutes(verb: str, service: Any) -> Any:
    """The move of the session's minutes, by the address of the session."""

    def move(session: ConsultSession, *, actor: Any, **words: Any) -> Any:
        return service(minutes_for(session, verb), actor=actor, **words)

    move.__doc__ = service.__doc__
    return move


LIST_MOVES = Moves(with_minutes=False)
DETAIL_MOVES = Moves(with_minutes=True)
