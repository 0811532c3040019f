"""一事一档: everything about one matter on one paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from consult.audit import Entry
from consult.desk.queries.news import label_of
from consult.desk.queries.paper import paper_of
from consult.errors import NotAllowed
from consult.web.views.detail import ByUuid
from outcomes.chain import build_chain
from outcomes.chain.people import PRIVATE, hide_in
from outcomes.models import Outcome, PublicNotice
from outcomes.states import NoticeState
from sessions.models import ConsultSession, Minutes, Participant
from topics.models import Topic


class ChainPaper(ByUuid, DetailView):
    """For everybody who sees the matter whole; without names where the reader may read none."""

    template_name, context_object_name = "desk/chain.html", "topic"

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Topic.objects.visible_to(reader).with_sight(reader).select_related("host", "merged_into")

    def get_object(self, queryset: Any = None) -> Topic:
        topic = super().get_object(queryset)
        if not topic.is_whole:
            raise NotAllowed(
                _("The whole chain is for who sees the whole matter. Ask the office of %(host)s.")
                % {"host": topic.host.name}
            )
        return topic

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic, reader = self.object, self.request.user
        names = reader.has_perm("topics.see_names_topic", topic)
        chain = without_drafts(build_chain(topic, public=not names), topic, reader)
        return super().get_context_data(
            parts=paper_of(chain, topic.host_id),
            entries=entries_of(topic, names=names),
            notices=notices_of(topic, reader),
            coming=ConsultSession.objects.visible_to(reader).open().filter(topics=topic).select_related("room"),
            names=names,
            has_marks=bool(chain.get("illustrative")),
            back_url=topic.get_absolute_url(),
            printed_at=timezone.now(),
            printed_by=reader,
            demo=topic.is_sample or topic.host.is_sample,
            **kwargs,
        )


def without_drafts(chain: dict[str, Any], topic: Topic, reader: Any) -> dict[str, Any]:
    """A draft of the outcome is read by who writes it."""
    seen = set(Outcome.objects.visible_to(reader).filter(topic=topic).values_list("round", flat=True))
    if chain.get("outcome", {}).get("round") not in seen:
        chain.pop("outcome", None)
    return chain


def notices_of(topic: Topic, reader: Any) -> Any:
    rows = PublicNotice.objects.visible_to(reader).filter(topic=topic).select_related("host")
    return rows.exclude(state=NoticeState.DRAFTED).defer("snapshot", "text", "row_html", "search").order_by("pk")


def entries_of(topic: Topic, *, names: bool) -> list[dict[str, Any]]:
    """The record of the matter, whatever the thing, oldest first."""
    sessions = ConsultSession.objects.filter(topics=topic)
    of_session = Q(subject_type=ConsultSession._meta.label_lower, subject_id__in=sessions.values("pk"))
    minutes = Minutes.objects.filter(session__in=sessions)
    of_minutes = Q(subject_type=Minutes._meta.label_lower, subject_id__in=minutes.values("pk"))
    rows = Entry.objects.filter(Q(matter_id=topic.pk) | of_session | of_minutes).order_by("pk")
    hidden = [] if names else names_of(topic)
    return [_entry(row, names, hidden) for row in rows]


def _entry(row: Entry, names: bool, hidden: Iterable[str]) -> dict[str, Any]:
    happened, recorded = timezone.localtime(row.happened_at), timezone.localtime(row.recorded_at)
    return {
        "label": label_of(row.verb),
        "happened": happened,
        "is_dated": happened.hour == happened.minute == happened.second == 0,
        "recorded": recorded if recorded.date() != happened.date() else None,
        "who": row.actor_name if names else "",
        "mandate": row.mandate_text,
        "behalf": (row.on_behalf_of if names else _("somebody else")) if row.on_behalf_of else "",
        "reason": hide_in(row.reason, hidden) if hidden else row.reason,
        "implied": row.implied,
    }


def names_of(topic: Topic) -> list[str]:
    """Names of residents that the matter knows, the longest first."""
    raisers = topic.raisers.filter(category__in=PRIVATE).values_list("name", flat=True)
    roster = Participant.objects.filter(session__topics=topic, category__in=PRIVATE).values_list("name", flat=True)
    return sorted({name for name in (*raisers, *roster) if len(name) > 1}, key=len, reverse=True)
