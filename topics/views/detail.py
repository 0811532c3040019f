"""One matter: the whole page, the panel beside the list, its files, and a look at a number."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from consult import options
from consult.audit import Entry
from consult.calendar import add_working_days
from consult.files.models import Attachment
from consult.files.views import serve
from consult.regions import path_of
from consult.web.views import DetailPage
from topics.forms import PoolForm
from topics.models import Raiser, Topic
from topics.services import files_of, hears_of, show_contact
from topics.states import TOPIC_WORKFLOW, Profile, TopicState
from topics.views.oversight import notes_of

#: Entries in the record that are no moves of the table.
OTHER_ENTRIES = {
    "topic.draft": pgettext_lazy("entry", "Kept as a draft"),
    "topic.take_in": pgettext_lazy("entry", "Took in another matter"),
    "topic.follow": pgettext_lazy("entry", "Somebody follows it"),
    "topic.unfollow": pgettext_lazy("entry", "Somebody hears of it no more"),
    "topic.show_contact": pgettext_lazy("entry", "Looked at the telephone number"),
    "file.store": pgettext_lazy("entry", "File added"),
}

#: Where a formal matter stands on the rule of nine steps.
NINE = {
    TopicState.DRAFT: 1,
    TopicState.RETURNED: 1,
    TopicState.SUBMITTED: 2,
    TopicState.POOLED: 2,
    TopicState.APPROVED: 3,
    TopicState.CLAIMED: 3,
    TopicState.SCHEDULED: 4,
    TopicState.CONSULTED: 6,
    TopicState.CLOSED: 10,
}


class TopicDetail(DetailPage):
    template_name, workflow = "topics/detail.html", TOPIC_WORKFLOW

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Topic.objects.visible_to(reader).with_sight(reader).for_detail()

    def get_template_names(self) -> list[str]:
        """Who handles an assignment of it reads title and problem."""
        return super().get_template_names() if self.object.is_whole else ["topics/glance.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.object.is_whole:
            return context
        topic, reader = self.object, self.request.user
        return {
            **context,
            **_common(topic, reader),
            "nine": NINE.get(topic.state) if topic.profile == Profile.FORMAL else None,
            "entries": entries_of(topic, reader),
            "photos": list(files_of(topic)),
            "may_keep_photos": reader.has_perm("topics.keep_files_topic", topic),
            "may_attach": reader.has_perm("topics.attach_topic", topic),
            "may_plan": topic.state in _READY and reader.has_perm("consult_sessions.plan_session", topic),
            "may_follow": reader.has_perm("topics.follow_topic", topic),
            **_hearing(topic, reader),
            "may_see_receipt": reader.has_perm("topics.see_receipt_topic", topic),
            "related": _related(topic, reader),
            **notes_of(topic, reader, about=lambda rows: rows.about_topic(topic)),
            **_what_came_of_it(topic, reader),
        }


def _hearing(topic: Topic, reader: Any) -> dict[str, bool]:
    """Is he told of its steps, or did he ask to hear no more?"""
    told = hears_of(topic, reader)
    return {"is_told": told, "is_silent": told and topic.mutes.filter(account=reader).exists()}


class TopicPreview(DetailPage):
    """The panel beside the list; below 1200 the title opens the page instead."""

    template_name, partial_template_name = "topics/preview.html", "topics/_preview.html"
    workflow = TOPIC_WORKFLOW

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Topic.objects.visible_to(reader).with_sight(reader).for_preview()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.object.is_whole:
            return context
        return {
            **context,
            **_common(self.object, self.request.user),
            "files": Attachment.objects.about(self.object).filter(kind="photo")[:3],
        }


def _common(topic: Topic, reader: Any) -> dict[str, Any]:
    offered = {step.verb for step in TOPIC_WORKFLOW.available(topic, reader)}
    seen = Topic.objects.visible_to(reader).exclude(pk=topic.pk)
    screening = topic.state == TopicState.SUBMITTED
    return {
        "region": path_of(topic.region_code, below=topic.host.region_code),
        "source_word": options.label_of(topic.host_id, "lists.sources", topic.source),
        "stakeholder_words": _stakeholders(topic),
        "sees_names": reader.has_perm("topics.see_names_topic", topic),
        "shows_contact": reader.has_perm("topics.show_contact_topic", topic),
        "screening_due": _screening_due(topic) if screening else None,
        "similar": list(seen.similar_to(topic.title)) if topic.state in _ASKED else [],
        "pool_form": PoolForm(topic=topic, reader=reader) if "pool" in offered else None,
        "offered": offered,
    }


#: A session can be prepared for it.
_READY = (TopicState.APPROVED, TopicState.CLAIMED, TopicState.SCHEDULED, TopicState.CONSULTED)
#: While a matter can still be merged, others that read alike are shown beside it.
_ASKED = (TopicState.SUBMITTED, TopicState.RETURNED, TopicState.POOLED)


def _screening_due(topic: Topic) -> Any:
    """Three working days, or what the CPPCC has set, from the day it was handed in (again)."""
    return add_working_days(topic.moved_on, _screening_days(topic), topic.host_id)


def _screening_days(topic: Topic) -> int:
    return int(options.promised(topic.host_id, "limits.screening_days", topic.moved_on))


def _stakeholders(topic: Topic) -> list[str]:
    words = dict(options.words(topic.host_id, "lists.stakeholders"))
    return [words.get(one, one) for one in topic.stakeholders]


def entries_of(topic: Topic, reader: Any) -> list[dict[str, Any]]:
    """The record of the matter, oldest first; names only for who may read them."""
    names = reader.has_perm("topics.see_names_topic", topic)
    return [
        {
            "label": _label(entry.verb),
            "day": entry.happened_at,
            "recorded": None if _same_day(entry) else entry.recorded_at,
            "who": entry.actor_name if names else entry.mandate_text,
            "behalf": (entry.on_behalf_of if names else _("somebody else")) if entry.on_behalf_of else "",
            "reason": entry.reason,
            "implied": entry.implied,
            "into": entry.data.get("title", "") if entry.verb in ("topic.merge", "topic.take_in") else "",
        }
        for entry in Entry.objects.about(topic)
    ]


def _same_day(entry: Entry) -> bool:
    return timezone.localtime(entry.recorded_at).date() == timezone.localtime(entry.happened_at).date()


def _label(verb: str) -> Any:
    noun, _dot, move = verb.partition(".")
    if noun == "topic" and move in TOPIC_WORKFLOW:
        return TOPIC_WORKFLOW.step(move).label
    return OTHER_ENTRIES.get(verb, gettext_lazy("Entry in the record"))


def _related(topic: Topic, reader: Any) -> list[Topic]:
    """What was merged into it, split off from it, and what it was split from, as far as the reader sees them."""
    found = Q(merged_into=topic) | Q(split_from=topic) | Q(pk=topic.split_from_id)
    return list(Topic.objects.visible_to(reader).filter(found).order_by("pk"))


def _what_came_of_it(topic: Topic, reader: Any) -> dict[str, Any]:
    """Sessions, assignments and notices that this reader may see; they lie in the storeys above."""
    found = {}
    for name in ("sessions", "assignments", "notices"):
        rows = getattr(topic, name)
        found[name] = list(rows.visible_to(reader).order_by("pk")) if hasattr(rows, "visible_to") else []
    return found


class Contact(View):
    """查看号码: asked by a button, answered once, and written down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        visible = Topic.objects.visible_to(request.user)
        raiser = Raiser.objects.filter(uuid=uuid, topic__in=visible).select_related("topic").first()
        if raiser is None:
            raise Http404
        number = show_contact(raiser, actor=request.user)
        fragment = request.headers.get("HX-Request") == "true"
        template = "topics/_contact.html" if fragment else "topics/contact.html"
        response = render(request, template, {"raiser": raiser, "topic": raiser.topic, "number": number})
        response["Cache-Control"] = "no-store"
        return response


class TopicFile(View):
    """A photo or scan, for who sees the matter whole."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, uuid: Any, file: Any) -> Any:
        reader = request.user
        topic = Topic.objects.visible_to(reader).with_sight(reader).filter(uuid=uuid, is_whole=True).first()
        attachment = Attachment.objects.about(topic).filter(uuid=file).first() if topic else None
        if attachment is None:
            raise Http404
        return serve(attachment, request)
