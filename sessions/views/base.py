"""What the pages of one session share: its tabs, its step on the rule of nine, and small acts without a page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from consult.errors import DomainError
from consult.web.trouble import answer
from sessions.models import ConsultSession
from sessions.states import RECORD_WORKFLOW, SessionForm, SessionState

#: Where a formal session stands among the nine steps.
NINE = {
    SessionState.PLANNED: 3,
    SessionState.ANNOUNCED: 3,
    SessionState.IN_PROGRESS: 4,
    SessionState.HELD: 5,
}


def find(reader: Any, uuid: Any) -> ConsultSession:
    """The session as its pages need it; what is not visible does not exist."""
    session = ConsultSession.objects.visible_to(reader).for_detail().filter(uuid=uuid).first()
    if session is None:
        raise Http404
    return session


def nine_of(session: ConsultSession) -> int | None:
    """Only formal sessions stand on the rule of nine; micro sessions have the four slips."""
    if session.form != SessionForm.FORMAL or session.state not in NINE:
        return None
    return 6 if getattr(session, "has_signed_minutes", False) else NINE[SessionState(session.state)]


def minutes_shown(session: ConsultSession, reader: Any) -> Any:
    """The minutes this reader may open: those being worked on, else those in force."""
    rows = session.minutes.visible_to(reader)
    return rows.unsigned().order_by("-pk").first() or rows.in_force().order_by("-pk").first()


def frame(session: ConsultSession, reader: Any, tab: str) -> dict[str, Any]:
    """Head and tabs of the workspace."""
    may = {step.verb for step in RECORD_WORKFLOW.available(session, reader)}
    return {
        "session": session,
        "nine": nine_of(session),
        "tab": tab,
        "minutes": minutes_shown(session, reader),
        "may": may,
        "may_keep": "add_statement" in may,
        "may_prepare": "change_plan" in may,
        "sees_names": reader.has_perm("consult_sessions.see_names_session", session),
        "links": list(session.session_topics.all()),
    }


class SmallAct(View):
    """One POST that needs no page of its own: it calls a service and goes back, or answers htmx with a fragment."""

    http_method_names = ["post"]

    def post(self, request: Any, uuid: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.session = find(request.user, uuid)
        try:
            self.act(request, *args, **kwargs)
        except DomainError as error:
            return answer(request, error)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        return self.respond(request)

    def act(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    def respond(self, request: Any) -> HttpResponse:
        return HttpResponseRedirect(self.get_back_url())

    def get_back_url(self) -> str:
        return self.session.get_absolute_url()

    def line(self, rows: Any, uuid: Any) -> Any:
        """A line of this session; one that is gone was removed by the other recorder."""
        found = rows.filter(uuid=uuid).first()
        if found is None:
            raise Http404
        found.session = self.session
        return found


def number_in(request: Any, name: str, most: int) -> int | None:
    """A whole number from a small form; nothing typed is nothing said."""
    text = str(request.POST.get(name, "")).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:6]) <= most:
        raise ValidationError(_("Write a whole number up to %(most)s.") % {"most": most})
    return int(text)
