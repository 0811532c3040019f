"""One session: the page of preparing it (which is also its home), its moves, and the reply of who is invited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from consult import options
from consult.regions import path_of
from consult.web.views import DetailPage, MovePage
from sessions import services
from sessions.forms import AgendaItemForm, ReplyForm
from sessions.heads import came_of, standing
from sessions.models import ConsultSession, Minutes, Participant
from sessions.services import asking
from sessions.services.plans import duration
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW, SessionState
from sessions.views.base import frame
from sessions.views.photos import photo_panel
from sessions.views.sign_ups import seats_of


class SessionDetail(DetailPage):
    """筹备: seven things to get ready; afterwards what was prepared."""

    template_name, workflow = "sessions/detail.html", SESSION_WORKFLOW
    context_object_name = "session"

    def get_queryset(self) -> Any:
        return ConsultSession.objects.visible_to(self.request.user).for_detail()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, reader = self.object, self.request.user
        hints = services.hints(session) if session.state in (SessionState.PLANNED, SessionState.ANNOUNCED) else []
        words = dict(options.words(session.host_id, "lists.stakeholders"))
        own = [line for line in session.participants.all() if _is_his(line, reader)]
        tasks = tasks_of(session)
        total, parties, share = services.party_share(session)
        return super().get_context_data(
            **{
                **frame(session, reader, "prepare"),
                "region": path_of(session.region_code, below=session.host.region_code),
                "parties": grouped(session),
                "total": total,
                "party_count": parties,
                "share": share,
                "hints": hints,
                "missing": [(key, words.get(key, key)) for key in services.missing_classes(session)] if hints else [],
                "tasks": tasks,
                "tasks_ready": sum(task["ready"] for task in tasks),
                **agenda_of(session),
                "item_form": AgendaItemForm(),
                **inviting_of(session, reader, words),
                "studies": [study for link in session.session_topics.all() for study in link.topic.studies.all()],
                "own_invitations": own if session.state == SessionState.ANNOUNCED else [],
                "own_lines": [line for line in own if session.state == SessionState.IN_PROGRESS],
                "turn": _turn(session, own),
                "due_on": services.minutes_due_on(session),
                "may_draft_minutes": _may_draft(session, reader),
                **photo_panel(session, reader),
                **seats_of(self.request, session),
                **kwargs,
            }
        )


def inviting_of(session: ConsultSession, reader: Any, words: dict[str, str]) -> dict[str, Any]:
    """请谁来: each class that the topics name, with how many are invited; and who was invited to something like it."""
    if not reader.has_perm(RECORD_WORKFLOW.perm("invite"), session):
        return {"classes": [], "suggested": []}
    if session.state not in (SessionState.PLANNED, SessionState.ANNOUNCED):
        return {"classes": [], "suggested": []}
    concerned = dict.fromkeys(name for link in session.session_topics.all() for name in link.topic.stakeholders)
    lines = list(session.participants.all())
    classes = [
        {"key": key, "label": words.get(key, key), "heads": sum(x.count for x in lines if x.category == key)}
        for key in concerned
    ]
    found = services.suggestions.suggestions(session, reader=reader)
    for one in found:
        one.__dict__["class_label"] = words.get(one.category, one.category)
    return {"classes": classes, "suggested": found}


def _turn(session: ConsultSession, own: list[Participant]) -> asking.Turn | None:
    """Where he stands among those who wait to speak; nothing before he has signed in."""
    if not own or session.state != SessionState.IN_PROGRESS:
        return None
    own[0].session = session
    return asking.turn_of(own[0]) if asking.may_ask(own[0]) else None


def _may_draft(session: ConsultSession, reader: Any) -> bool:
    return reader.has_perm(MINUTES_WORKFLOW.perm("draft_minutes"), Minutes(session=session))


def _is_his(line: Participant, reader: Any) -> bool:
    return reader.pk in (line.account_id, line.member.account_id if line.member else None)


def grouped(session: ConsultSession) -> list[dict[str, Any]]:
    """The list by relation to the matter, in the order of the host's words."""
    words = dict(options.words(session.host_id, "lists.stakeholders"))
    lines = standing(session.participants.all())
    found = []
    for key in [*words, *{line.category for line in lines} - set(words)]:
        of_class = _people_behind([line for line in lines if line.category == key])
        if of_class:
            found.append({"key": key, "label": words.get(key, of_class[0].get_category_display()), "lines": of_class})
    return found


def _people_behind(lines: list[Participant]) -> list[Participant]:
    """Whoever is one of a line's people stands behind it."""
    places = {line.pk: number for number, line in enumerate(lines)}
    return sorted(lines, key=lambda line: (places.get(line.listed_in_id, places[line.pk]), places[line.pk]))


def agenda_of(session: ConsultSession) -> dict[str, Any]:
    """The agenda with its times, and by how much it is longer than the session."""
    minutes = sum(item.minutes or 0 for item in session.agenda.all())
    return {
        "agenda": with_times(session),
        "agenda_minutes": minutes,
        "agenda_over": max(0, minutes - duration(session)),
    }


def with_times(session: ConsultSession) -> list[dict[str, Any]]:
    """Items of the agenda with the time at which each is planned to begin."""
    at = 0
    found = []
    for item in session.agenda.all():
        found.append({"item": item, "after": at})
        at += item.minutes or 0
    for one in found:
        one["begins"] = session.starts_at + timedelta(minutes=one["after"])
    return found


def tasks_of(session: ConsultSession) -> list[dict[str, Any]]:
    """筹备事项: what is ready, and what is still lacking, each with its place on the page."""
    lines = list(session.participants.all())
    missing = services.missing_classes(session)
    silent = [one for one in lines if not one.reply]
    announced = session.state != SessionState.PLANNED
    three = (session.convenor_id or session.convenor_name) and (session.lead_member_id or session.lead_name)
    runs = (session.moderator_id or session.moderator_name) and (session.recorder_id or session.recorder_name)
    studied = any(link.topic.studies.all() for link in session.session_topics.all())
    return [
        _task("topics", _("Topic and background"), bool(session.session_topics.all())),
        _task("people", _("Who is to come"), bool(lines) and not missing, len(missing)),
        _task("agenda", _("Agenda"), bool(session.agenda.all())),
        _task("facts", _("Place and time"), bool(session.where or session.venue_kind == "online")),
        _task("facts", _("Who convenes, leads, moderates, records"), bool(three and runs)),
        _task("people", _("Replies"), announced and not silent, len(silent) if announced else 0),
        _task("studies", _("Field study"), studied),
    ]


def _task(anchor: str, label: str, ready: bool, lacking: int = 0) -> dict[str, Any]:
    return {"anchor": anchor, "label": label, "ready": ready, "lacking": lacking}


class SessionMove(MovePage):
    """One page for every move of a session."""

    workflow, template_name = SESSION_WORKFLOW, "sessions/move.html"

    def get_queryset(self) -> Any:
        return ConsultSession.objects.visible_to(self.request.user).for_detail()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.object, "reader": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"session": self.object}
        if self.verb == "announce":
            # Short notice asks for its reason at the field.
            hints = [hint for hint in services.hints(self.object) if hint.code != "short_notice"]
            words |= {"hints": hints, "lines": list(self.object.participants.all())}
        if self.verb == "cancel":
            words["signed_in"] = self.object.participants.exclude(signed_in_at=None).count()
        return super().get_context_data(**{**words, **kwargs})


class CloseSession(SessionMove):
    """What the record still lacks, before the sitting ends."""

    template_name = "sessions/close.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.object
        gaps = services.gaps_before_closing(session, actor=self.request.user)
        return super().get_context_data(
            **{
                "lacking": [gap for gap in gaps if gap.stops],
                "hints": [gap for gap in gaps if not gap.stops],
                "came": came_of(session.participants.all()),
                "statements": session.statements.count(),
                "points": list(session.consensus_points.order_by("topic_id", "number")),
                "dissents": list(session.dissent_points.all()),
                **kwargs,
            }
        )


class InvitationReply(MovePage):
    """参加 or 请假: for who is invited, or by the office after a telephone call."""

    workflow, template_name, verb = RECORD_WORKFLOW, "sessions/reply.html", "reply"
    service = staticmethod(services.reply_invitation)
    form_class = ReplyForm

    def get_queryset(self) -> Any:
        sessions = ConsultSession.objects.visible_to(self.request.user)
        rows = Participant.objects.filter(session__in=sessions.values("pk"))
        return rows.select_related("session__host", "session__room", "member", "account")

    def get_object(self, queryset: Any = None) -> Any:
        line = super().get_object(queryset)
        if not self.request.user.has_perm("consult_sessions.reply_record", line):
            # Of others' invitations nobody learns here.
            raise Http404
        return line

    def get_initial(self) -> dict[str, Any]:
        return {"reply": self.object.reply or "attending", "reason": self.object.reply_reason}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.object.session, "reader": self.request.user}

    def get_back_url(self) -> str:
        return self.object.session.get_absolute_url()

    def get_next_url(self, done: Any) -> str:
        return self.get_back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.object.session, **kwargs})
