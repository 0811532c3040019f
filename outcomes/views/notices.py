"""公示: notices by state, one notice with its preview and all its moves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from consult import calendar, options
from consult.audit.models import Entry
from consult.errors import DomainError, Missing
from consult.web.trouble import answer
from consult.web.views import DetailPage, FormPage, ListPage, MovePage, Tab
from outcomes import services
from outcomes.board.listing import say_corrected
from outcomes.board.paper import Paper
from outcomes.board.reading import days_left
from outcomes.filters.notices import MatterFilter, NoticeFilter
from outcomes.forms.notices import NOTICE_FORMS, WordsForm
from outcomes.models import Outcome, PublicNotice
from outcomes.services.notices import build_snapshot, find_private, proposal
from outcomes.services.notices.drafting import UNSCREENED
from outcomes.states import BOARD_STATES, NOTICE_WORKFLOW, PUBLIC_STATES, NoticeKind, OutcomeState
from sessions.models import ConsultSession
from topics.models import Topic
from topics.states import TopicState


class NoticeList(ListPage):
    template_name, partial_template_name = "outcomes/notices/list.html", "outcomes/notices/_table.html"
    filterset_class = NoticeFilter
    ordering = ("-moved_on", "-pk")
    tabs = (
        Tab("", gettext_lazy("All")),
        Tab("drafted", pgettext_lazy("notice", "To be reviewed")),
        Tab("reviewed", pgettext_lazy("notice", "To be posted")),
        Tab("posted", pgettext_lazy("notice", "Posted")),
        Tab("expired", pgettext_lazy("notice", "Period over")),
        Tab("withdrawn", pgettext_lazy("notice", "Taken down")),
    )

    def get_queryset(self) -> Any:
        reader = self.request.user
        return PublicNotice.objects.visible_to(reader).kept_by(reader).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.request.user
        may_draft = bool(reader.scopes("office", "convenor"))
        return super().get_context_data(
            **{"may_draft": may_draft, "waiting": self._waiting() if may_draft else [], **kwargs}
        )

    def _waiting(self) -> list[Topic]:
        """Settled, and nothing of it hangs on the board yet; shown above the unfiltered list."""
        if self.request.GET:
            return []
        hosts = self.request.user.host_ids("office", "convenor")
        settled = Topic.objects.visible_to(self.request.user).filter(state=TopicState.CLOSED, host_id__in=hosts)
        return list(
            settled.filter(notices__isnull=True).order_by("-moved_on", "-pk").only("uuid", "title", "moved_on")[:10]
        )


class NoticeDetail(DetailPage):
    template_name, workflow = "outcomes/notices/detail.html", NOTICE_WORKFLOW

    def get_queryset(self) -> Any:
        return PublicNotice.objects.visible_to(self.request.user).for_detail()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.object
        return super().get_context_data(
            **{
                **preview(notice),
                "notice": notice,
                "entries": _entries(notice),
                "can_mask": self._can_mask(),
                "sees_topic": self._sees(Topic, notice.topic_id),
                "sees_outcome": self._sees(Outcome, notice.outcome_id),
                "board_url": self.request.build_absolute_uri(notice.board_url) if notice.number else "",
                **kwargs,
            }
        )

    def _sees(self, model: Any, pk: int | None) -> bool:
        """What is posted is read by more people than the matter behind it."""
        return bool(pk) and model.objects.visible_to(self.request.user).filter(pk=pk).exists()

    def _can_mask(self) -> bool:
        return any(step.verb in ("edit_notice", "review_notice") for step in self.get_actions())


def preview(notice: PublicNotice) -> dict[str, Any]:
    """The paper as the public reads it, or will read it once it is posted; before that, what has to be masked."""
    if notice.state in BOARD_STATES:
        snapshot, found = notice.snapshot, []
    else:
        today = timezone.localdate()
        expires_on = calendar.add_working_days(today, notice.days, notice.host_id)
        snapshot = build_snapshot(notice, number="", posted_on=today, expires_on=expires_on)
        found = find_private(notice, snapshot)
    paper = Paper(snapshot, notice.voices, sha256=notice.sha256)
    return {
        "paper": paper,
        "marks": paper.marks,
        "code": notice.host.region_code,
        "left": days_left(notice.state, notice.expires_on) if notice.expires_on else None,
        "corrected": say_corrected(notice.corrected_by_number) if notice.corrected_by_number else "",
        "found": found,
        "blocking": [one for one in found if one.blocks],
        "is_public": notice.state in PUBLIC_STATES,
    }


def _entries(notice: PublicNotice) -> list[dict[str, Any]]:
    found = Entry.objects.about(notice).filter(verb__startswith="notice.").order_by("-pk")
    return [
        {
            "on": entry.happened_at,
            "what": NOTICE_WORKFLOW.step(entry.verb.partition(".")[2]).label,
            "who": entry.mandate_text or entry.actor_name,
            "text": entry.reason or (_("masked") if "masked" in entry.data else ""),
        }
        for entry in found
    ]


class NoticeMove(MovePage):
    workflow, template_name = NOTICE_WORKFLOW, "outcomes/notices/move.html"

    def get_queryset(self) -> Any:
        return PublicNotice.objects.visible_to(self.request.user).for_detail()

    def get_form_class(self) -> Any:
        return NOTICE_FORMS[self.verb]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self.object, "reader": self.request.user}

    def get_next_url(self, done: Any) -> str:
        return reverse("outcomes:notice", args=[done.uuid if isinstance(done, PublicNotice) else self.object.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = preview(self.object) if self.verb in ("review_notice", "post_notice") else {}
        words = {"notice": self.object, "verb": self.verb, "consequence": CONSEQUENCES.get(self.verb, ""), **shown}
        return super().get_context_data(**{**words, **kwargs})


CONSEQUENCES = {
    "post_notice": gettext_lazy(
        "It takes its number and hangs on the board at once. The text and the chain of the matter are fixed for good."
    ),
    "withdraw_notice": gettext_lazy(
        "Title, text and chain can no longer be read by anybody outside. The number stays in the list with this reason."
    ),
    "correct_notice": gettext_lazy(
        "This makes a new draft. Once it is posted, the old notice says that it was corrected."
    ),
}

MOVES: dict[str, Any] = {
    "edit_notice": services.edit_notice,
    "review_notice": services.review_notice,
    "return_notice": services.return_notice,
    "post_notice": services.post_notice,
    "withdraw_notice": services.withdraw_notice,
    "correct_notice": services.correct_notice,
    "record_objection": services.record_objection,
    "answer_objection": services.answer_objection,
}


class MaskNotice(View):
    """One click: stars over everything that was found."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        notice = get_object_or_404(PublicNotice.objects.visible_to(request.user), uuid=uuid)
        try:
            services.mask_notice(notice, actor=request.user)
        except DomainError as error:
            return answer(request, error)
        return redirect("outcomes:notice", uuid=uuid)


class ChooseMatter(ListPage):
    """Which matter is the notice about? Those that were screened, the latest step first."""

    template_name, partial_template_name = "outcomes/notices/choose.html", "outcomes/notices/_matters.html"
    filterset_class = MatterFilter
    ordering = ("-moved_on", "-pk")

    def get_queryset(self) -> Any:
        reader = self.request.user
        hosts = reader.host_ids("office", "convenor")
        return Topic.objects.visible_to(reader).filter(host_id__in=hosts).exclude(state__in=UNSCREENED).for_list()


class DraftNotice(FormPage):
    """From a matter: what the notice usually says is there already, every word can be changed."""

    form_class, template_name = WordsForm, "outcomes/notices/form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        reader = request.user
        self.topic = get_object_or_404(Topic.objects.visible_to(reader).select_related("host"), uuid=kwargs["uuid"])
        self.outcome = (
            Outcome.objects.visible_to(reader)
            .filter(topic=self.topic)
            .exclude(state=OutcomeState.DRAFTED)
            .order_by("-round")
            .first()
        )
        self.session = (
            ConsultSession.objects.visible_to(reader)
            .filter(topics=self.topic, state__in=("announced", "in_progress"))
            .order_by("starts_at")
            .first()
        )
        self.kind = self._kind()
        return super().dispatch(request, *args, **kwargs)

    def _kind(self) -> str:
        """The kind asked for, or the one that comes next for this matter."""
        asked = self.request.GET.get("kind", "")
        if asked in NoticeKind.values:
            return asked
        if self.outcome is not None:
            posted = PublicNotice.objects.of_matter(self.topic).public().filter(kind=NoticeKind.OUTCOME)
            return NoticeKind.PROGRESS if posted.exists() else NoticeKind.OUTCOME
        return NoticeKind.ANNOUNCEMENT if self.session is not None else NoticeKind.TOPIC

    def check(self) -> None:
        new = PublicNotice(host=self.topic.host, region_code=self.topic.region_code, topic=self.topic, kind=self.kind)
        NOTICE_WORKFLOW.check(new, "draft_notice", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        subject = PublicNotice(host=self.topic.host, topic=self.topic, kind=self.kind)
        return {**super().get_form_kwargs(), "reader": self.request.user, "subject": subject}

    def get_initial(self) -> dict[str, Any]:
        host = self.topic.host
        days = options.get(host.pk, "limits.posting_days")
        phone = options.get(host.pk, "contact.phone") or host.phone
        words = proposal(self.kind, topic=self.topic, session=self._announced(), days=days, phone=phone)
        return {**words, "days": days, "phone": phone}

    def _announced(self) -> ConsultSession | None:
        return self.session if self.kind == NoticeKind.ANNOUNCEMENT else None

    def perform(self, form: Any) -> Any:
        return services.draft_notice(
            actor=self.request.user,
            host=self.topic.host,
            kind=self.kind,
            topic=self.topic,
            outcome=self.outcome if self.kind in (NoticeKind.OUTCOME, NoticeKind.PROGRESS) else None,
            session=self._announced(),
            **form.cleaned_data,
        )

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        """What the kind lacks has no field here: it is said above the form."""
        if isinstance(error, Missing) and not error.fields.keys() & form.fields.keys():
            return super().refused(form, DomainError(str(error), error.code))
        return super().refused(form, error)

    def get_back_url(self) -> str:
        return reverse("topics:detail", args=[self.topic.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = NOTICE_WORKFLOW.step("draft_notice").label
        kinds = [(kind.value, kind.label, kind.value == self.kind) for kind in NoticeKind]
        words = {"topic": self.topic, "heading": label, "submit_label": _("Keep as a draft"), "kinds": kinds}
        return super().get_context_data(**{**words, **kwargs})
