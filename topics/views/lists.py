"""议题库, and for members what waits to be taken up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from consult import options
from consult.web.views import ListPage, Tab
from members.states import Role
from topics.filters import TopicPageFilter
from topics.models import Topic
from topics.querysets import FILING, OFFICIAL
from topics.states import TOPIC_WORKFLOW, Profile, TopicState

S = TopicState
SUBMITTED = Tab("submitted", _("To be screened"), Q(state=S.SUBMITTED))
DECIDED = (S.RETURNED, S.POOLED, S.DECLINED, S.TRANSFERRED, S.MERGED)
ALL = Tab("all", _("All"), Q())
OFFICIAL_TABS = (
    SUBMITTED,
    Tab("returned", _("To be completed"), Q(state=S.RETURNED)),
    Tab("approve", _("To be approved"), Q(state=S.POOLED, profile=Profile.FORMAL)),
    Tab("claim", _("To be taken up"), Q(state=S.POOLED, profile=Profile.MICRO)),
    Tab("consult", _("To be consulted"), Q(state__in=(S.APPROVED, S.CLAIMED, S.SCHEDULED))),
    Tab("handle", _("Being handled"), Q(state=S.CONSULTED)),
    Tab("closed", _("Settled"), Q(state=S.CLOSED)),
    Tab("answered", _("Answered"), Q(state__in=(S.DECLINED, S.TRANSFERRED, S.WITHDRAWN))),
    Tab("merged", _("Merged"), Q(state=S.MERGED)),
    ALL,
)
MEMBER_TABS = (
    Tab("claim", _("To be taken up"), Q(state=S.POOLED, profile=Profile.MICRO)),
    Tab("mine", _("Under way"), Q(state__in=(S.CLAIMED, S.APPROVED, S.SCHEDULED, S.CONSULTED))),
    Tab("closed", _("Settled"), Q(state=S.CLOSED)),
    ALL,
)


class TopicList(ListPage):
    template_name, partial_template_name = "topics/list.html", "topics/_table.html"
    filterset_class = TopicPageFilter
    ordering = ("-pk",)
    sorts = {"waiting": ("moved_on", "pk"), "-waiting": ("-moved_on", "-pk")}
    tab_param = "tab"
    heading: Any = _("Topics")

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Topic.objects.visible_to(reader).with_sight(reader).for_list()

    def get_tabs(self) -> Sequence[Tab]:
        return OFFICIAL_TABS if self.is_official else MEMBER_TABS

    @property
    def is_official(self) -> bool:
        return any(mandate.role in (*OFFICIAL, Role.SUPERVISOR) for mandate in self.request.user.mandates_now())

    def _tab(self) -> Tab | None:
        """Without a word the desk shows what is to be screened; a filter alone searches in everything."""
        if self._tab_param in self.request.GET:
            return super()._tab()
        asked = set(self.request.GET) & set(self.filterset.filters)
        return ALL if asked or not self.is_official else SUBMITTED

    def get_ordering(self) -> Sequence[str]:
        """Who has waited longest is looked at first."""
        return ("moved_on", "pk") if self.tab is SUBMITTED else self.ordering

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        mandates = self.request.user.mandates_now()
        words = dict(options.words(mandates[0].host_id if mandates else None, "lists.sources"))
        for topic in self.page.rows:
            topic.source_word = words.get(topic.source, topic.get_source_display())
            topic.waited = (today - topic.moved_on).days
            topic.where = where_of(topic.region_path or "", topic.place)
        reader = self.request.user
        return super().get_context_data(
            heading=self.heading,
            may_file=any(mandate.role in FILING for mandate in reader.mandates_now()),
            may_decide=reader.mandate_for(Role.OFFICE) is not None,
            screening=self.tab is SUBMITTED,
            **kwargs,
        )


class ToClaim(TopicList):
    """接单: what the members of the division can take up."""

    heading = _("To be taken up")

    def get_tabs(self) -> Sequence[Tab]:
        return MEMBER_TABS

    def _tab(self) -> Tab | None:
        return super()._tab() if self._tab_param in self.request.GET else MEMBER_TABS[0]


class DealtWithToday(View):
    """What was decided today, and can still be taken back; fetched after the list has been shown."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        reader = request.user
        rows = Topic.objects.visible_to(reader).filter(moved_on=timezone.localdate(), state__in=DECIDED)
        decided = list(rows.for_list().order_by("-pk")[:20])
        for topic in decided:
            topic.where = where_of(topic.region_path or "", topic.place)
            topic.may_reconsider = any(s.verb == "reconsider" for s in TOPIC_WORKFLOW.available(topic, reader))
        return render(request, "topics/_today.html", {"decided": decided})


def where_of(path: str, place: str = "") -> str:
    """施集镇 井楠村 赵洼组: the last parts of the path say enough within one county."""
    parts = path.split(" / ")
    shown = parts[3:] or parts[-1:]
    return " ".join(part for part in (*shown, place) if part)
