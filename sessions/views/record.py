"""记录: who came, who said what, what was agreed. Each line is one POST; two recorders see each other's lines."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from consult.web.views import FormPage
from sessions import services
from sessions.forms import ConsensusForm, DissentForm, StatementForm, WalkInForm
from sessions.forms.record import ConsensusChangeForm, DissentChangeForm, LanguagesForm, StatementChangeForm
from sessions.heads import came_of, expected_of
from sessions.models import ConsultSession, Statement
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW, Attendance, SessionState
from sessions.views.base import SmallAct, find, frame, number_in
from sessions.views.workspace import grouped
from topics.states import PartyCategory

#: A line that waited for the network says when it was typed.
TYPED_EARLIER = timedelta(seconds=90)


def is_htmx(request: Any) -> bool:
    return request.headers.get("HX-Request") == "true"


def record_of(session: ConsultSession, reader: Any) -> dict[str, Any]:
    """Everything the record shows; asked anew by each recorder every few seconds."""
    parties = grouped(session)
    for party in parties:
        party["came"] = came_of(party["lines"])
        party["expected"] = expected_of(party["lines"])
        # Of people listed together some scan the code by themselves; they are not to be counted once more.
        party["by_themselves"] = came_of(line for line in party["lines"] if line.is_walk_in)
        for line in party["lines"]:
            line.to_come = max(1, line.count - party["by_themselves"])
    pulse = services.pulse_of(session)
    others = services.others_at(session, reader)
    statements = list(session.statements.order_by("position", "pk"))
    points = list(
        session.consensus_points.select_related("topic")
        .prefetch_related(Prefetch("statements", queryset=Statement.objects.order_by("position")), "dissents")
        .order_by("topic_id", "number")
    )
    for one in statements:
        late = one.claimed_at is not None and abs(one.created_at - one.claimed_at) > TYPED_EARLIER
        one.late_at = one.claimed_at if late else None
    return {
        **frame(session, reader, "record"),
        "parties": parties,
        "came": sum(party["came"] for party in parties),
        "expected": sum(party["expected"] for party in parties),
        **services.clock_of(session, pulse.now),
        "statements": statements,
        "points": points,
        "to_read": [point for point in points if point.read_back_at is None],
        "dissents": list(session.dissent_points.filter(point=None).order_by("pk")),
        "dissent_count": sum(len(point.dissents.all()) for point in points),
        "struck": list(session.struck_lines.filter(restored_at=None).order_by("-pk")[:5]),
        "queue": services.queue_of(session),
        "speaker": services.speaker_of(session),
        "share": share_of(statements),
        "others": others,
        "now": pulse.now,
        "stamp": stamp_of(pulse, others),
    }


def share_of(statements: list[Statement]) -> int:
    """How much of what was said came from residents, in per cent."""
    spoken = sum(one.category == PartyCategory.RESIDENT for one in statements)
    return round(100 * spoken / len(statements)) if statements else 0


def stamp_of(pulse: Any, others: list[str]) -> str:
    """Changes whenever something is written into the session, or another recorder comes or goes."""
    return f"{pulse.stamp}-{blake2b(repr(others).encode(), digest_size=3).hexdigest()}"


class Record(TemplateView):
    """The desk of the recorder; before the session it says when it begins, afterwards it only shows."""

    template_name = "sessions/record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, reader = find(self.request.user, self.kwargs["uuid"]), self.request.user
        forms = {}
        if session.state == SessionState.IN_PROGRESS:
            forms = {
                "say": StatementForm(session=session),
                "agree": ConsensusForm(session=session, prefix="c"),
                "dissent": DissentForm(session=session, prefix="d"),
                "walk_in": WalkInForm(session=session, prefix="w"),
                "tongues": LanguagesForm(
                    session=session,
                    initial={"languages": "，".join(session.languages), "interpreter": session.interpreter},
                ),
            }
        desk = services.desk_of(session, reader)
        screen = services.screen_of(session) if services.may_show(session, reader) else None
        return super().get_context_data(
            **{
                **record_of(session, reader),
                "object": session,
                "workflow": SESSION_WORKFLOW,
                "actions": SESSION_WORKFLOW.available(session, reader),
                "desk": desk,
                "kept": json.dumps(desk.kept if desk else {}, ensure_ascii=False),
                "lost_words": _unsaid(desk),
                "screen": screen,
                "may_show": services.may_show(session, reader),
                **forms,
                **kwargs,
            }
        )


def _unsaid(desk: Any) -> list[str]:
    """Words that stood on this desk and never became a line."""
    words = {"add_statement": "text", "agree_point": "c-text", "keep_dissent": "d-text"}
    return [fields[words[form]] for form, fields in desk.kept.items() if fields.get(words[form])] if desk else []


class Parts(View):
    """What changed since a recorder looked last; nothing, when nothing did."""

    http_method_names = ["get", "head"]

    def get(self, request: Any, uuid: Any) -> HttpResponse:
        session = ConsultSession.objects.visible_to(request.user).filter(uuid=uuid).first()
        if session is None:
            raise Http404
        pulse = services.pulse_of(session)
        if stamp_of(pulse, services.others_at(session, request.user)) == request.GET.get("since", ""):
            return HttpResponse(status=204)
        return parts(request, session)


def parts(request: Any, session: ConsultSession, **more: Any) -> HttpResponse:
    """All columns of the record, each swapped into its place."""
    context = {**record_of(find(request.user, session.uuid), request.user), "oob": True, **more}
    return render(request, "sessions/_record_parts.html", context)


class LinePage(FormPage):
    """A line of the record: typed on the desk, or on a page of its own when there is no script."""

    template_name, partial_template_name = "sessions/line.html", "sessions/_line_trouble.html"
    verb = ""
    prefix_used: str | None = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        """The service asks once more: a line that is sent again is known to it, even when the session is over."""
        actor, right = self.request.user, RECORD_WORKFLOW.perm(self.verb)
        if self.request.method != "POST" or not actor.has_perm(right, self.session):
            RECORD_WORKFLOW.check(self.session, self.verb, actor=actor)

    def get_prefix(self) -> str | None:
        return self.prefix_used

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session}

    def go(self, url: str) -> HttpResponse:
        if is_htmx(self.request):
            return parts(self.request, self.session, done=self.verb, fresh_key=uuid4())
        return super().go(url)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self._beside(super().form_invalid(form))

    def refused(self, form: Any, error: Any) -> HttpResponse:
        return self._beside(super().refused(form, error))

    def _beside(self, response: HttpResponse) -> HttpResponse:
        """What is wrong goes beside the line that was typed, which stays as it is."""
        if is_htmx(self.request):
            response.headers["HX-Retarget"] = f"#{self.verb} .js-trouble"
            response.headers["HX-Reswap"] = "innerHTML"
        return response

    def get_done_message(self, done: Any) -> str:
        return "" if is_htmx(self.request) else super().get_done_message(done)

    def get_next_url(self, done: Any) -> str:
        return self.get_back_url()

    def get_back_url(self) -> str:
        return reverse("sessions:record", args=[self.session.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.session, **kwargs})


class Say(LinePage):
    form_class, verb, heading = StatementForm, "add_statement", gettext_lazy("Note a statement")

    def perform(self, form: Any) -> Any:
        return services.add_statement(self.session, actor=self.request.user, **form.cleaned_data)


class Agree(LinePage):
    form_class, verb, heading = ConsensusForm, "agree_point", gettext_lazy("Note a consensus point")
    prefix_used = "c"

    def get_initial(self) -> dict[str, Any]:
        """Without scripts: from a statement, its words and the link to it."""
        try:
            said = self.session.statements.filter(uuid=self.request.GET.get("from") or None).first()
        except ValidationError:
            said = None
        return {"text": said.text[:500], "statements": str(said.uuid)} if said else {}

    def perform(self, form: Any) -> Any:
        return services.agree_point(self.session, actor=self.request.user, **form.cleaned_data)


class Dissent(LinePage):
    form_class, verb, heading = DissentForm, "keep_dissent", gettext_lazy("Keep a reservation")
    prefix_used = "d"

    def perform(self, form: Any) -> Any:
        return services.keep_dissent(self.session, actor=self.request.user, **form.cleaned_data)


class WalkIn(LinePage):
    form_class, verb, heading = WalkInForm, "walk_in", gettext_lazy("Add to the roster")
    prefix_used = "w"

    def perform(self, form: Any) -> Any:
        return services.add_participant(self.session, actor=self.request.user, **form.cleaned_data)


class ChangePage(LinePage):
    """Mending a line that stands in the record. Who saves over an older version gets both side by side."""

    template_name, partial_template_name = "sessions/mend.html", "sessions/_mend.html"
    rows = ""
    names: tuple[str, ...] = ()

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = getattr(self.session, self.rows).filter(uuid=kwargs["line"]).first()
        if self.row is None:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.row.version, **{name: getattr(self.row, name) for name in self.names}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = f"mend-{self.row.uuid}"
        return super().get_context_data(**{"row": self.row, "url": self.request.path, "draft": kept, **kwargs})

    def refused(self, form: Any, error: Any) -> HttpResponse:
        if not isinstance(error, services.StaleLine):
            return super().refused(form, error)
        # The words typed stay in the form; sent once more, they are written over what the other wrote.
        again = self.form_class(
            initial={**self.get_initial(), **error.mine, "version": error.version}, session=self.session
        )
        fields = [
            {
                "label": again.fields[name].label,
                "theirs": _said(again, name, text),
                "mine": _said(again, name, error.mine[name]),
            }
            for name, text in error.theirs.items()
            if name in again.fields and name in error.mine and error.mine[name] != text
        ]
        context = self.get_context_data(form=again, stale=error, fields=fields)
        return self.render_to_response(context, status=error.status)

    def _beside(self, response: HttpResponse) -> HttpResponse:
        return response


def _said(form: Any, name: str, value: Any) -> str:
    """As the form shows it: a choice by its words."""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, "" if value is None else value))


class SayChange(ChangePage):
    form_class, verb, heading = StatementChangeForm, "change_statement", gettext_lazy("Change a statement")
    rows, names = "statements", ("by", "category", "kind", "language", "text")

    def perform(self, form: Any) -> Any:
        return services.change_statement(self.row, actor=self.request.user, **form.cleaned_data)


class AgreeChange(ChangePage):
    form_class, verb, heading = ConsensusChangeForm, "change_point", gettext_lazy("Change a consensus point")
    rows, names = "consensus_points", ("text", "level", "unit_name", "due_on")

    def perform(self, form: Any) -> Any:
        return services.change_point(self.row, actor=self.request.user, **form.cleaned_data)


class DissentChange(ChangePage):
    form_class, verb, heading = DissentChangeForm, "change_dissent", gettext_lazy("Change a reservation")
    rows, names = "dissent_points", ("text", "by")

    def perform(self, form: Any) -> Any:
        return services.change_dissent(self.row, actor=self.request.user, **form.cleaned_data)


class Tongues(LinePage):
    """Languages and interpreter, as they turn out to be in the room."""

    form_class, verb, heading = LanguagesForm, "set_languages", gettext_lazy("Languages and interpreter")

    def get_initial(self) -> dict[str, Any]:
        return {"languages": "，".join(self.session.languages), "interpreter": self.session.interpreter}

    def perform(self, form: Any) -> Any:
        return services.set_languages(self.session, actor=self.request.user, **form.cleaned_data)


class RecordAct(SmallAct):
    """A button on the desk of the recorder."""

    def respond(self, request: Any) -> HttpResponse:
        return parts(request, self.session) if is_htmx(request) else super().respond(request)

    def get_back_url(self) -> str:
        return reverse("sessions:record", args=[self.session.uuid])


class AttendanceAct(RecordAct):
    """Sign in, excuse, mark absent, or take the mark back."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.participants.all(), line)
        mark = request.POST.get("mark", "")
        came = number_in(request, "came", row.count) if mark == Attendance.PRESENT else None
        services.mark_attendance(row, mark, actor=request.user, came=came)


class QueueAct(RecordAct):
    """Into the queue of speakers, or out of it."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.participants.all(), line)
        acts = {"speak": services.give_floor, "back": services.step_back}
        acts.get(request.POST.get("do", ""), services.ask_to_speak)(row, actor=request.user)


class FloorFree(RecordAct):
    """Who had the floor has finished."""

    def act(self, request: Any) -> None:
        services.end_floor(self.session, actor=request.user)


class ClockAct(RecordAct):
    """The next item of the agenda, back to the one before, or five minutes more for this one."""

    def act(self, request: Any) -> None:
        running = services.running_item(self.session)
        seen = request.POST.get("after") or None
        if request.POST.get("do") == "extend" and running is not None:
            running.session = self.session
            services.extend_item(running, actor=request.user)
        elif request.POST.get("do") == "back":
            services.previous_item(self.session, actor=request.user, after=seen)
        else:
            services.next_item(self.session, actor=request.user, after=seen)


class ReadBack(RecordAct):
    """宣读: read out, or to be read again."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.consensus_points.all(), line)
        services.read_back(row, actor=request.user, done=request.POST.get("do") != "again")


class Restore(RecordAct):
    """A line that was struck out stands again where it stood."""

    def act(self, request: Any, line: Any) -> None:
        services.restore_line(self.line(self.session.struck_lines.all(), line), actor=request.user)


class RemoveLine(RecordAct):
    """Take a statement, a point or a reservation out of the record."""

    SERVICES = {
        "statements": services.remove_statement,
        "consensus_points": services.remove_point,
        "dissent_points": services.remove_dissent,
    }
    rows = ""

    def act(self, request: Any, line: Any) -> None:
        self.struck = None
        row = getattr(self.session, self.rows).filter(uuid=line).first()
        if row is not None:  # the other recorder may have been faster
            row.session = self.session
            self.struck = self.SERVICES[self.rows](row, actor=request.user)

    def respond(self, request: Any) -> HttpResponse:
        return parts(request, self.session, undo=self.struck) if is_htmx(request) else super().respond(request)
