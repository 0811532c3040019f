"""Pages a member reads: home, what can be taken up, invitations, what waits on the telephone, his visit book."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult.desk.phone_forms import Who
from consult.desk.queries import phone
from consult.regions import names_of
from consult.rest.clients import CURRENT
from consult.web.states import SIGNS
from consult.web.views import FormPage
from consult.web.views.detail import ByUuid
from sessions import services as on_sessions
from sessions.forms import ReplyForm
from sessions.forms.logs import LOGGERS
from sessions.models import ConsultSession, Participant
from sessions.states import RECORD_WORKFLOW
from topics import services as on_topics
from topics.forms import ClaimForm
from topics.models import Raiser, Topic, Visit
from topics.querysets import FILING
from topics.states import TOPIC_WORKFLOW

ACCOUNT_HEADER = "X-Phone-Account"


def spoken_states() -> dict[str, str]:
    """The words of states, for what a script lays beside a record that was refused."""
    nouns = ("topic", "session")
    return {f"{noun}:{state}": str(sign.text) for (noun, state), sign in SIGNS.items() if noun in nouns}


class PhonePage:
    """Says whose page it is, so that the telephone keeps it for nobody else, and nobody on the way keeps it at all."""

    tab = ""
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the page beside it has one
        response[ACCOUNT_HEADER] = str(request.user.uuid)
        add_never_cache_headers(response)
        return response

    @cached_property
    def who(self) -> Who:
        member = phone.member_of(self.request.user)
        return Who(self.request.user, member, phone.groups_of(member))

    @property
    def may_log(self) -> bool:
        return self.request.user.mandate_for(*LOGGERS) is not None

    @property
    def may_file(self) -> bool:
        return self.request.user.mandate_for(*FILING) is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = phone.to_claim(self.request.user).values("pk")[:100]
        words = {
            "tab": self.tab,
            "understood": CURRENT,
            "states": json.dumps(spoken_states(), ensure_ascii=False),
            "claims_waiting": len(waiting),
            "member": self.who.member,
            "may_log": self.may_log,
            "may_file": self.may_file,
        }
        return super().get_context_data(**{**words, **kwargs})  # type: ignore[misc]  # as above


class Home(PhonePage, TemplateView):
    """委员首页: record, take up, attend."""

    template_name, tab = "phone/home.html", "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, who, today = self.request.user, self.who, timezone.localdate()
        claims = list(phone.to_claim(user)[: phone.SHOWN])
        lines = list(phone.invitations(user)[:5])
        taken = list(phone.taken_up(user, who.groups)[:5])
        sittings = list(phone.sittings(user)[:5])
        fetch = [reverse("phone:claim", args=[topic.uuid]) for topic in claims[:10]]
        fetch += [reverse("phone:invitation", args=[line.uuid]) for line in lines]
        fetch += [reverse("phone:sitting", args=[session.uuid]) for session in sittings]
        fetch += [reverse(f"phone:{name}") for name in self._pages()]
        return super().get_context_data(
            **{
                "today": today,
                "claims": claims[:5],
                "lines": lines,
                "taken": taken,
                "sittings": sittings,
                "attended": phone.attended(who.member, today.year),
                "groups": who.groups,
                "sign_in_url": reverse("sign_in:code"),
                "fetch": fetch,
                **kwargs,
            }
        )

    def _pages(self) -> list[str]:
        """What is fetched ahead, so that it opens without a network."""
        pages = ["claims", "queue", "record", "visits"]
        pages += ["log"] if self.may_log else []
        return pages + (["visit", "slip"] if self.may_file else [])


class Claims(PhonePage, TemplateView):
    """接单: what can be taken up, and what one has taken up."""

    template_name, tab = "phone/claims.html", "claims"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        found = list(phone.to_claim(user)[: phone.SHOWN])
        taken = list(phone.taken_up(user, self.who.groups)[: phone.SHOWN])
        return super().get_context_data(**{"claims": found, "taken": taken, **kwargs})


class Claim(PhonePage, ByUuid, FormPage):
    """One matter that waits, and the promise one makes by taking it up."""

    template_name, tab, form_class = "phone/claim.html", "claims", ClaimForm
    partial_template_name = None
    heading, submit_label = gettext_lazy("Take it up"), gettext_lazy("Take it up")

    def get_queryset(self) -> Any:
        raisers = Raiser.objects.only("pk", "topic_id", "kind", "category")
        return Topic.objects.visible_to(self.request.user).for_list().prefetch_related(Prefetch("raisers", raisers))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def check(self) -> None:
        TOPIC_WORKFLOW.check(self.object, "claim", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "topic": self.object, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        on_topics.claim_topic(self.object, actor=self.request.user, **form.cleaned_data)
        return reverse("phone:claims")

    def get_done_message(self, done: Any) -> str:
        return _("You have taken it up")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = {step.verb for step in TOPIC_WORKFLOW.available(self.object, self.request.user)}
        return super().get_context_data(
            **{"topic": self.object, "may_claim": "claim" in steps, "back_url": reverse("phone:claims"), **kwargs}
        )


class Invitation(PhonePage, ByUuid, FormPage):
    """参加 or 请假, for the one who is invited."""

    template_name, tab, form_class = "phone/invitation.html", "home", ReplyForm
    partial_template_name = None
    heading, submit_label = gettext_lazy("Reply to the invitation"), gettext_lazy("Send the reply")

    def get_queryset(self) -> Any:
        sessions = ConsultSession.objects.visible_to(self.request.user)
        rows = Participant.objects.filter(session__in=sessions.values("pk"))
        return rows.select_related("session__host", "session__room", "member", "account")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        mine = request.user.pk in (self.object.account_id, self.object.member and self.object.member.account_id)
        if not mine:  # of others' invitations nobody learns here
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.object, "reply", actor=self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"reply": self.object.reply or "attending", "reason": self.object.reply_reason}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.object.session, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        on_sessions.reply_invitation(self.object, actor=self.request.user, **form.cleaned_data)
        return reverse("phone:home")

    def get_done_message(self, done: Any) -> str:
        return _("Your reply is noted")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.object.session
        may = session.state in RECORD_WORKFLOW.step("reply").sources
        agenda = session.agenda.all()
        context = {"session": session, "line": self.object, "may_reply": may, "agenda": agenda}
        return super().get_context_data(**{**context, "back_url": reverse("phone:home"), **kwargs})


class Queue(PhonePage, TemplateView):
    """待上传: what lies on this telephone; the server knows nothing of it yet."""

    template_name, tab = "phone/queue.html", "log"


class VisitBook(PhonePage, TemplateView):
    """走访记录本: one's own entries, the newest first."""

    template_name, tab = "phone/visits.html", "log"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Visit.objects.visible_to(self.request.user).filter(recorded_by=self.request.user)
        rows = list(own.with_photo_count()[:50])
        names = names_of(row.region_code for row in rows)
        for row in rows:
            row.village = names.get(row.region_code, row.region_code)
        return super().get_context_data(**{"visits": rows, **kwargs})
