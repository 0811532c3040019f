"""记录: who came, who said what, what was agreed. Each line is one POST; two recorders see each other's lines."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from consult.audit import Entry
from consult.web.views import FormPage
from sessions import services
from sessions.forms import ConsensusForm, DissentForm, StatementForm, WalkInForm
from sessions.forms.record import ConsensusChangeForm, StatementChangeForm
from sessions.models import ConsultSession
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW, Attendance, SessionState
from sessions.views.base import SmallAct, find, frame, number_in
from sessions.views.workspace import grouped


def is_htmx(request: Any) -> bool:
    return request.headers.get("HX-Request") == "true"


def record_of(session: ConsultSession, reader: Any) -> dict[str, Any]:
    """Everything the record shows; asked anew by each recorder every few seconds."""
    parties = grouped(session)
    for party in parties:
        party["came"] = sum(services.heads(line) for line in party["lines"])
        party["expected"] = sum(line.count for line in party["lines"])
    items = list(session.agenda.all())
    now = timezone.now()
    running = next((item for item in items if item.started_at and not item.ended_at), None)
    return {
        **frame(session, reader, "record"),
        "parties": parties,
        "came": sum(party["came"] for party in parties),
        "expected": sum(party["expected"] for party in parties),
        "items": items,
        "running": running,
        "used": int((now - running.started_at).total_seconds() // 60) if running else 0,
        "waiting_items": any(item.started_at is None for item in items),
        "statements": list(session.statements.order_by("position", "pk")),
        "points": list(session.consensus_points.select_related("topic").order_by("topic_id", "number")),
        "dissents": list(session.dissent_points.order_by("pk")),
        "queue": services.queue_of(session),
        "share": services.resident_share(session),
        "stamp": stamp_of(session),
    }


def stamp_of(session: ConsultSession) -> int:
    """Changes whenever something is written into the session."""
    return Entry.objects.about(session).order_by("-pk").values_list("pk", flat=True).first() or 0


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
            }
        return super().get_context_data(
            **{
                **record_of(session, reader),
                "object": session,
                "workflow": SESSION_WORKFLOW,
                "actions": SESSION_WORKFLOW.available(session, reader),
                **forms,
                **kwargs,
            }
        )


class Parts(View):
    """What changed since a recorder looked last; nothing, when nothing did."""

    http_method_names = ["get", "head"]

    def get(self, request: Any, uuid: Any) -> HttpResponse:
        session = ConsultSession.objects.visible_to(request.user).filter(uuid=uuid).first()
        if session is None:
            raise Http404
        if str(stamp_of(session)) == request.GET.get("since", ""):
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
        RECORD_WORKFLOW.check(self.session, self.verb, actor=self.request.user)

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
    """Mending a line that stands in the record."""

    rows = ""
    names: tuple[str, ...] = ()

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = getattr(self.session, self.rows).filter(uuid=kwargs["line"]).first()
        if self.row is None:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.names}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["session"]
        return kwargs

    def go(self, url: str) -> HttpResponse:
        return FormPage.go(self, url)


class SayChange(ChangePage):
    form_class, verb, heading = StatementChangeForm, "change_statement", gettext_lazy("Change a statement")
    rows, names = "statements", ("by", "category", "kind", "text")

    def perform(self, form: Any) -> Any:
        return services.change_statement(self.row, actor=self.request.user, **form.cleaned_data)


class AgreeChange(ChangePage):
    form_class, verb, heading = ConsensusChangeForm, "change_point", gettext_lazy("Change a consensus point")
    rows, names = "consensus_points", ("text", "level", "unit_name", "due_on")

    def perform(self, form: Any) -> Any:
        return services.change_point(self.row, actor=self.request.user, **form.cleaned_data)


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
        service = services.give_floor if request.POST.get("do") == "speak" else services.ask_to_speak
        service(row, actor=request.user)


class ClockAct(RecordAct):
    """The next item of the agenda, or five minutes more for this one."""

    def act(self, request: Any) -> None:
        running = self.session.agenda.filter(started_at__isnull=False, ended_at=None).first()
        if request.POST.get("do") == "extend" and running is not None:
            running.session = self.session
            services.extend_item(running, actor=request.user)
        else:
            services.next_item(self.session, actor=request.user)


class RemoveLine(RecordAct):
    """Take a statement, a point or a reservation out of the record."""

    SERVICES = {
        "statements": services.remove_statement,
        "consensus_points": services.remove_point,
        "dissent_points": services.remove_dissent,
    }
    rows = ""

    def act(self, request: Any, line: Any) -> None:
        row = getattr(self.session, self.rows).filter(uuid=line).first()
        if row is not None:  # the other recorder may have been faster
            row.session = self.session
            self.SERVICES[self.rows](row, actor=request.user)
