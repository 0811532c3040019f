"""What is printed: the notice, the agenda with the rules, the sheet on which people sign in."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from consult import options
from consult.documents import qr_svg
from sessions import services
from sessions.heads import came_of, expected_of, standing
from sessions.states import RECORD_WORKFLOW, SessionState
from sessions.views.base import find
from sessions.views.sign_ups import sign_up_code
from sessions.views.slips import printed
from sessions.views.workspace import grouped, with_times

#: Empty lines under each sheet, for whoever walks in.
SPARE = 8


class Paper(TemplateView):
    http_method_names = ["get", "head"]
    bears_names = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.request.user
        session = find(reader, self.kwargs["uuid"])
        if self.bears_names and not reader.has_perm("consult_sessions.see_names_session", session):
            raise Http404
        return super().get_context_data(
            **{
                "session": session,
                "links": list(session.session_topics.all()),
                "agenda": with_times(session),
                "parties": grouped(session),
                "total": services.party_share(session)[0],
                "phone": options.get(session.host_id, "contact.phone"),
                "spare": range(SPARE),
                **kwargs,
            }
        )


class NoticePaper(Paper):
    """会议通知 with its return slip."""

    template_name = "sessions/print_notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        session = context["session"]
        return {**context, "slips": printed(self.request, session), "sign_up": sign_up_code(self.request, session)}


class AgendaPaper(Paper):
    bears_names = False
    template_name = "sessions/print_agenda.html"


class SignInPaper(Paper):
    """签到表: paper first; the rows are those of the one roster, numbered as they stand on the sheet. Once people have
    signed in, when they came and left and who stood in for whom stands on it."""

    template_name = "sessions/print_sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = standing(context["session"].participants.all())
        rows = [{"line": line, "label": party["label"]} for party in context["parties"] for line in party["lines"]]
        over = context["session"].state == SessionState.HELD
        return {
            **context,
            "rows": rows,
            "came": came_of(lines),
            "expected": expected_of(lines),
            "counts": services.sign_in.counts(context["session"]),
            "has_marks": any(line.attendance for line in lines),
            "spare": range(0 if over else SPARE),
        }


class SignInPoster(Paper):
    """签到码, for the door: where to scan or type; the six characters once the session runs."""

    bears_names = False
    template_name = "sessions/print_poster.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        address = self.request.build_absolute_uri(reverse("sign_in:code"))
        keeps = self.request.user.has_perm(RECORD_WORKFLOW.perm("mark_attendance"), context["session"])
        code = services.sign_in.sign_in_code(context["session"]) if keeps else ""
        return {**context, "address": address, "qr": qr_svg(address, _("QR code for signing in")), "code": code}
