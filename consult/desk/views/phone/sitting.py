"""现场: whoever runs a session ticks who came and writes down what is agreed, with a network or without.

The page is a list and three small forms; the telephone keeps each mark as a record of its own and sends it through the
moves of the session. Opening can be done here as well. Closing cannot: it freezes the roster for everybody.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult import options
from consult.desk.views.phone.pages import PhonePage
from consult.web.views.detail import ByUuid
from sessions.heads import came_of, expected_of
from sessions.models import ConsultSession
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW, SessionState
from sessions.views.workspace import grouped
from topics.states import PartyCategory

#: Where there is something to tick, or was a moment ago.
SHOWN = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS, SessionState.HELD)


class Sitting(PhonePage, ByUuid, TemplateView):
    """One session, for who keeps its record."""

    template_name, tab = "phone/sitting.html", "home"
    heading = gettext_lazy("On the spot")

    def get_queryset(self) -> Any:
        return ConsultSession.objects.visible_to(self.request.user).filter(state__in=SHOWN).for_detail()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        if not request.user.has_perm(RECORD_WORKFLOW.perm("mark_attendance"), self.object):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.object
        classes = dict(options.words(session.host_id, "lists.stakeholders")) or dict(PartyCategory.choices)
        steps = {step.verb for step in SESSION_WORKFLOW.available(session, self.request.user)}
        parties = grouped(session)
        lines = [line for party in parties for line in party["lines"]]
        return super().get_context_data(
            **{
                "heading": self.heading,
                "session": session,
                "parties": parties,
                "came": came_of(lines),
                "expected": expected_of(lines),
                "classes": classes.items(),
                "links": list(session.session_topics.all()),
                "statements": list(session.statements.order_by("-position", "-pk")[:30]),
                "points": list(session.consensus_points.order_by("topic_id", "number")),
                "may_open": "open" in steps,
                "runs": session.state == SessionState.IN_PROGRESS,
                "over": session.state == SessionState.HELD,
                "now": int(timezone.now().timestamp() * 1000),
                "back": reverse("phone:home"),
                **kwargs,
            }
        )
