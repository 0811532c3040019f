"""Who may: plan, run and log sessions, keep their record, draft and sign their minutes, keep rooms."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q

from consult.workflow import four_eyes
from members.rules import had, holds
from members.states import Role
from sessions.models import ConsultSession, Participant
from sessions.querysets import MICRO_FORMS

office = holds(Role.OFFICE)
approves = holds(Role.APPROVER)
prepares = holds(Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)
logs = holds(Role.MEMBER, Role.GROUP_LEADER, Role.CONVENOR, Role.OFFICE)
had_logged = had(Role.MEMBER, Role.GROUP_LEADER, Role.CONVENOR, Role.OFFICE)
decides_on_logs = holds(Role.OFFICE, Role.CONVENOR)
keeps_rooms = holds(Role.OFFICE, Role.CONVENOR)
signs_in_micro = holds(Role.CONVENOR, Role.GROUP_LEADER)
leads_group = holds(Role.GROUP_LEADER)


@rules.predicate
def moderates(actor: Any, session: Any = None) -> bool:
    return session is not None and session.moderator_id is not None and session.moderator_id == actor.pk


@rules.predicate
def records(actor: Any, session: Any = None) -> bool:
    return session is not None and session.recorder_id is not None and session.recorder_id == actor.pk


@rules.predicate
def planned_or_logged(actor: Any, session: Any = None) -> bool:
    """Whoever entered the session himself; the photo of a bench session follows its record."""
    return session is not None and session.created_by_id is not None and session.created_by_id == actor.pk


@rules.predicate
def is_invited(actor: Any, participant: Any = None) -> bool:
    """The invitation is his own: by his account, or as the committee member he is."""
    if not _is_line(participant):
        return False
    if participant.account_id == actor.pk:
        return True
    return participant.member is not None and participant.member.account_id == actor.pk


@rules.predicate
def prepares_for(actor: Any, participant: Any = None) -> bool:
    """Recording a reply that came by telephone is the right of those who prepare the session."""
    return _is_line(participant) and prepares.test(actor, participant.session)


def _is_line(subject: Any) -> bool:
    """A line of a roster; of the session itself nobody can say that he comes."""
    return isinstance(subject, Participant) and subject.pk is not None


def _on_session(predicate: rules.Predicate) -> rules.Predicate:
    def ask(actor: Any, minutes: Any = None) -> bool:
        return minutes is not None and predicate.test(actor, minutes.session)

    return rules.Predicate(ask, name=f"{predicate.name}_its_session")


@rules.predicate
def is_micro(actor: Any, minutes: Any = None) -> bool:
    return minutes is not None and minutes.session.form in MICRO_FORMS


@rules.predicate
def was_asked(actor: Any, minutes: Any = None) -> bool:
    """The text went round, and he is on the roster with his account or as the committee member he is."""
    if minutes is None or minutes.circulated_at is None:
        return False
    mine = Q(account_id=actor.pk) | Q(member__account_id=actor.pk)
    return minutes.session.participants.filter(mine).exists()


@rules.predicate
def drafted(actor: Any, minutes: Any = None) -> bool:
    return minutes is not None and minutes.drafted_by_id == actor.pk


@rules.predicate
def sees(actor: Any, session: Any = None) -> bool:
    """The queryset answers, so that list and page cannot disagree."""
    return session is not None and ConsultSession.objects.visible_to(actor).filter(pk=session.pk).exists()


@rules.predicate
def sees_names(actor: Any, session: Any = None) -> bool:
    return session is not None and ConsultSession.objects.named_to(actor).filter(pk=session.pk).exists()


# sessions
rules.add_perm("consult_sessions.view_session", sees)
rules.add_perm("consult_sessions.see_names_session", sees_names)
rules.add_perm("consult_sessions.plan_session", prepares)
rules.add_perm("consult_sessions.announce_session", prepares)
rules.add_perm("consult_sessions.postpone_session", prepares)
rules.add_perm("consult_sessions.cancel_session", prepares)
rules.add_perm("consult_sessions.open_session", moderates | records | office)
rules.add_perm("consult_sessions.close_session", moderates | records | office)
rules.add_perm("consult_sessions.log_session", logs)
rules.add_perm("consult_sessions.accept_log_session", decides_on_logs)
rules.add_perm("consult_sessions.keep_undecided_session", logs | had_logged)

# what is written into a session
rules.add_perm("consult_sessions.prepare_record", prepares)
rules.add_perm("consult_sessions.mend_record", moderates | records | prepares)
rules.add_perm("consult_sessions.show_phone_session", holds(Role.OFFICE, Role.CONVENOR))
rules.add_perm("consult_sessions.keep_record", moderates | records | office)
rules.add_perm("consult_sessions.reply_record", is_invited | prepares_for)
rules.add_perm("consult_sessions.sign_in_record", is_invited)
rules.add_perm("consult_sessions.ask_floor_record", is_invited)
rules.add_perm("consult_sessions.photo_record", moderates | records | prepares | planned_or_logged)
rules.add_perm("consult_sessions.keep_files_session", prepares)

# minutes; ``signs`` signs himself, the office records a signature on paper
keeps_minutes = _on_session(records) | _on_session(office) | (is_micro & _on_session(leads_group))
signs = _on_session(approves) | (is_micro & (_on_session(moderates) | _on_session(signs_in_micro)))
records_signature = _on_session(office)
rules.add_perm("consult_sessions.draft_minutes_minutes", keeps_minutes)
rules.add_perm("consult_sessions.revise_minutes_minutes", keeps_minutes)
rules.add_perm("consult_sessions.file_minutes_minutes", keeps_minutes)
rules.add_perm("consult_sessions.return_minutes_minutes", signs | records_signature)
rules.add_perm("consult_sessions.sign_minutes_minutes", signs | records_signature)
rules.add_perm("consult_sessions.amend_minutes_minutes", keeps_minutes)
works_on_minutes = keeps_minutes | signs | _on_session(moderates)
rules.add_perm("consult_sessions.circulate_minutes_minutes", keeps_minutes)
rules.add_perm("consult_sessions.comment_minutes_minutes", works_on_minutes | was_asked)
rules.add_perm("consult_sessions.answer_comment_minutes", keeps_minutes)
rules.add_perm("consult_sessions.make_remark_link_minutes", keeps_minutes)
rules.add_perm("consult_sessions.renew_remark_link_minutes", keeps_minutes)
rules.add_perm("consult_sessions.revoke_remark_link_minutes", keeps_minutes)
rules.add_perm("consult_sessions.adopt_comment_minutes", keeps_minutes)
rules.add_perm("consult_sessions.read_versions_minutes", works_on_minutes)
four_eyes("consult_sessions.sign_minutes_minutes", ~drafted | records_signature)

# rooms
rules.add_perm("consult_sessions.keep_room", keeps_rooms)
