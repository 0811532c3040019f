"""What is printed: the notice, the agenda with the rules, the sheet on which people sign in."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from consult import options
from sessions import services
from sessions.views.base import find
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


class AgendaPaper(Paper):
    bears_names = False
    template_name = "sessions/print_agenda.html"


class SignInPaper(Paper):
    """签到表: paper first; the rows are those of the one roster."""

    template_name = "sessions/print_sheet.html"
