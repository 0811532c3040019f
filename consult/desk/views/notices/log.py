"""发送记录: what left, what waits, what was given up and why; handlers that fail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import View

from consult.delivery.keeping import failing_events, resend, retry_events
from consult.delivery.kinds import KINDS, label_of
from consult.delivery.models import ChannelName, Outgoing, SendState
from consult.desk.views.notices.base import KeeperMixin
from consult.errors import Missing
from consult.outbox import Event
from consult.outbox.models import MAX_ATTEMPTS
from consult.privacy import mask, mask_phone
from consult.web.views import ListPage, Tab
from consult.web.widgets import DayInput

MOST_PICKED = 500
SINCE, UNTIL = pgettext_lazy("delivery", "Since"), pgettext_lazy("delivery", "Until")
_OTHER_KINDS = {"digest": gettext_lazy("Daily digest"), "test": gettext_lazy("Test message")}
KIND_CHOICES = [*((kind.name, kind.label) for kind in KINDS.values()), *_OTHER_KINDS.items()]


class LogFilter(filters.FilterSet):
    channel = filters.ChoiceFilter(choices=ChannelName.choices, label=gettext_lazy("By what"))
    kind = filters.ChoiceFilter(choices=KIND_CHOICES, label=pgettext_lazy("delivery", "Kind of notice"))
    since = filters.DateFilter(
        field_name="created_at", lookup_expr="date__gte", label=SINCE, widget=DayInput({"title": SINCE})
    )
    until = filters.DateFilter(
        field_name="created_at", lookup_expr="date__lte", label=UNTIL, widget=DayInput({"title": UNTIL})
    )

    class Meta:
        model = Outgoing
        fields: list[str] = []


TABS = (
    Tab("", gettext_lazy("All")),
    Tab("waiting", pgettext_lazy("sending", "Waiting"), Q(state=SendState.QUEUED, last_error="")),
    Tab("failing", pgettext_lazy("sending", "Tried again"), Q(state=SendState.QUEUED) & ~Q(last_error="")),
    Tab("dead", pgettext_lazy("sending", "Given up"), Q(state=SendState.DEAD)),
    Tab("sent", pgettext_lazy("sending", "Sent"), Q(state=SendState.SENT)),
    Tab("recalled", pgettext_lazy("sending", "Recalled"), Q(state=SendState.RECALLED)),
)


class Log(KeeperMixin, ListPage):
    """One's own CPPCC only; addresses are masked, texts are not shown."""

    template_name, partial_template_name = "desk/notices/log.html", "desk/notices/_log.html"
    filterset_class = LogFilter
    ordering = ("-pk",)
    tab_param = "tab"
    tabs = TABS

    def get_queryset(self) -> Any:
        rows = Outgoing.objects.of_host(self.host.pk).select_related("account", "robot")
        return rows.defer("body", "robot__sealed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for row in self.page.rows:
            row.masked, row.kind_label = masked_address(row), kind_label(row.kind)
            row.why = why_words(row.last_error)
        return {**context, "failing_events": failing_events(self.host.pk)[:100].count()}


def masked_address(row: Outgoing) -> str:
    """z***@example.org, 138****5566; of a robot the name of its group."""
    if row.robot_id:
        return str(row.robot)
    if row.channel == ChannelName.SMS:
        return mask_phone(row.to)
    name, _at, domain = row.to.partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"


#: What a channel noted, in words; what stands first in the note decides.
_WHY = (
    ("server away", gettext_lazy("The receiving server cannot be reached.")),
    ("ConnectionRefused", gettext_lazy("The receiving server cannot be reached.")),
    ("gaierror", gettext_lazy("The name of the receiving server is not known.")),
    ("Timeout", gettext_lazy("The receiving server did not answer in time.")),
    ("SMTPRecipientsRefused", gettext_lazy("The receiving server does not take this address.")),
    ("SMTPAuthentication", gettext_lazy("The mail server does not accept our name and password.")),
    ("SMTP", gettext_lazy("The mail server refused.")),
    ("HTTP 429", gettext_lazy("The receiving server is busy.")),
    ("HTTP 5", gettext_lazy("The receiving server is broken.")),
    ("HTTP", gettext_lazy("The receiving server refused.")),
    ("busy", gettext_lazy("The receiving server is busy.")),
    ("code", gettext_lazy("The group robot refused; look at its settings.")),
    ("refused", gettext_lazy("The text gateway refused.")),
    ("no answer", gettext_lazy("The text gateway said nothing about this message.")),
    ("unreadable", gettext_lazy("The receiving server answered something unreadable.")),
    ("ValueError", gettext_lazy("The receiving server answered something unreadable.")),
    ("", gettext_lazy("The connection broke.")),
)


def why_words(note: str) -> str:
    """A sentence; addresses in what other servers say were never noted."""
    if note.endswith(("。", ".")) or any("\u4e00" <= letter <= "\u9fff" for letter in note):
        return note  # our own sentence already
    return str(next(words for begin, words in _WHY if note.startswith(begin))) if note else ""


def kind_label(kind: str) -> str:
    return str(_OTHER_KINDS.get(kind) or label_of(kind))


class Resend(KeeperMixin, View):
    """One, those ticked, or all that the filters show."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        done = resend(self.host.pk, actor=request.user, rows=self._rows())
        said = ngettext("%(count)s message is sent again", "%(count)s messages are sent again", done)
        messages.success(request, said % {"count": done})
        query = request.GET.urlencode()
        return redirect(reverse("desk:log") + (f"?{query}" if query else ""))

    def _rows(self) -> Any:
        rows = Outgoing.objects.of_host(self.host.pk)
        if "all" in self.request.POST:
            chosen = LogFilter(self.request.GET, queryset=rows)
            if not chosen.is_valid():
                raise Missing(gettext_lazy("Correct the filters first."))
            return chosen.qs
        picked = [self.request.POST["one"]] if "one" in self.request.POST else self.request.POST.getlist("pick")
        if not picked:
            raise Missing(gettext_lazy("Tick at least one message."))
        try:
            return rows.filter(uuid__in=[UUID(word) for word in picked[:MOST_PICKED]])
        except ValueError:
            raise Missing(gettext_lazy("Tick at least one message.")) from None


class EventFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="startswith", label=pgettext_lazy("event", "What happened"), max_length=60)

    class Meta:
        model = Event
        fields: list[str] = []


class Events(KeeperMixin, ListPage):
    """What happened and could not be passed on: some handler fails."""

    template_name, partial_template_name = "desk/notices/events.html", "desk/notices/_events.html"
    filterset_class = EventFilter
    ordering = ("-pk",)
    tab_param = "tab"
    tabs = (
        Tab("", gettext_lazy("All")),
        Tab("failing", pgettext_lazy("sending", "Tried again"), Q(attempts__lt=MAX_ATTEMPTS)),
        Tab("dead", pgettext_lazy("sending", "Given up"), Q(attempts__gte=MAX_ATTEMPTS)),
    )

    def get_queryset(self) -> Any:
        return failing_events(self.host.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for row in self.page.rows:
            row.why = " ".join(mask(row.last_error[:300]).split())[:200]
        return context


class RetryEvents(KeeperMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = failing_events(self.host.pk)
        picked = [pk for pk in request.POST.getlist("pick")[:MOST_PICKED] if pk.isdecimal() and len(pk) < 19]
        if "all" not in request.POST:
            rows = rows.filter(pk__in=picked)
        if not rows.exists():
            raise Missing(gettext_lazy("Tick at least one."))
        done = retry_events(self.host.pk, actor=request.user, events=rows)
        messages.success(
            request, ngettext("%(count)s is tried again", "%(count)s are tried again", done) % {"count": done}
        )
        return redirect("desk:events")
