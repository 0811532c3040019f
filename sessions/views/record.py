"""记录: who came, who said what, what was agreed. Each line is one POST; two recorders see each other's lines."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView, View

from sessions import services
from sessions.forms import ConsensusForm, DissentForm, StatementForm, WalkInForm
from sessions.forms.record import LanguagesForm
from sessions.heads import came_of, expected_of, heads
from sessions.models import ConsultSession, Statement
from sessions.states import SESSION_WORKFLOW, SessionState
from sessions.views.base import find, frame
from sessions.views.workspace import grouped

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
        # Who came besides the people listed together is not to be counted with them.
        besides = [line for line in party["lines"] if line.is_walk_in and not line.listed_in_id]
        party["by_themselves"] = sum(heads(line) for line in besides)
        party["groups"] = [line for line in party["lines"] if line.count > 1 and not line.is_walk_in]
    pulse = services.pulse_of(session)
    others = services.others_at(session, reader)
    statements = list(session.statements.order_by("position", "pk"))
    points = list(
        session.consensus_points.select_related("topic")
        .prefetch_related(Prefetch("statements", queryset=Statement.objects.order_by("position")), "dissents")
        .order_by("topic_id", "number")
    )
    for one in statements:
        late = one.claimed_at is not None and one.created_at - one.claimed_at > TYPED_EARLIER
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
        "share": services.resident_share(statements),
        "others": others,
        "now": pulse.now,
        "stamp": stamp_of(pulse, others),
    }


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
