"""登记点单, similar matters, following, receipts, photos."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View

from consult import options
from consult.documents import qr_svg
from consult.errors import NotAllowed
from consult.text import Refused, clean_line
from consult.web.forms import PlainForm
from consult.web.views import FormPage
from consult.web.views.detail import ByUuid
from topics import services
from topics.forms import FollowForm, PhotosForm, SlipForm
from topics.models import Raiser, Topic
from topics.querysets import FILING


class HandIn(FormPage):
    """One page for office, convenor, village liaison and members."""

    form_class, template_name = SlipForm, "topics/hand_in.html"
    partial_template_name = "topics/_hand_in.html"
    heading, submit_label = gettext_lazy("Enter a slip"), gettext_lazy("Hand in the slip")
    back_url = "topics:list"

    def check(self) -> None:
        if not any(mandate.role in FILING for mandate in self.request.user.mandates_now()):
            raise NotAllowed(_("Slips are entered by the office, convenors, members and village liaisons."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "reader": self.request.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" in request.POST:  # without scripts: look for similar matters, keep what was typed
            form = self.get_form_class()(initial=_typed(request), reader=request.user)
            title = request.POST.get("title", "")
            return self.render_to_response(self.get_context_data(form=form, similar=similar_to(request, title)))
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> Any:
        draft = "draft" in self.request.POST
        with transaction.atomic():
            topic = services.hand_in(actor=self.request.user, draft=draft, **form.slip())
            for photo in form.cleaned_data["photos"]:
                services.attach_file(topic, actor=self.request.user, upload=photo)
        if draft:
            return topic
        return reverse("topics:receipt", kwargs={"uuid": topic.raisers.first().uuid})

    def get_done_message(self, done: Any) -> str:
        return _("The draft is kept") if "draft" in self.request.POST else _("The slip is handed in")


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What stands in the form now, several choices as lists."""
    lists = ("tags", "stakeholders", "joint_hosts")
    typed = {name: request.POST.get(name) for name in request.POST}
    typed |= {name: request.POST.getlist(name) for name in lists}
    if picked := request.POST.get("region_code_pick"):
        typed["region_code"] = picked
    return typed


def similar_to(request: HttpRequest, title: str) -> list[Topic]:
    """Up to five matters that the reader sees and that read alike; nothing is blocked by them."""
    try:
        title = clean_line(title, limit=100)
    except Refused:
        return []
    return list(Topic.objects.visible_to(request.user).similar_to(title)) if len(title) > 1 else []


class Similar(View):
    """The fragment shown while a title is typed."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        found = similar_to(request, request.GET.get("title", ""))
        return render(request, "topics/_similar.html", {"similar": found})


class AboutTopic(ByUuid, FormPage):
    """A form about one matter that the reader sees."""

    def get_queryset(self) -> Any:
        return Topic.objects.visible_to(self.request.user)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_back_url(self) -> str:
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"object": self.object, **kwargs})


class Follow(AboutTopic):
    """Follow a matter instead of filing it twice."""

    form_class, template_name = FollowForm, "topics/follow.html"
    heading, submit_label = gettext_lazy("Follow this matter"), gettext_lazy("Follow it")

    def check(self) -> None:
        if not self.request.user.has_perm("topics.follow_topic", self.object):
            raise NotAllowed()

    def perform(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        own = data.pop("raised_by") == "self"
        raiser = None if own else {**data, "on_behalf": True}
        follower = services.follow_topic(self.object, actor=self.request.user, raiser=raiser)
        return self.object if own else reverse("topics:receipt", kwargs={"uuid": follower.uuid})

    def get_done_message(self, done: Any) -> str:
        return _("You will hear of every later step")


class Unfollow(AboutTopic):
    """To hear no later step of it any more; following it again undoes this."""

    form_class, template_name = PlainForm, "topics/unfollow.html"
    heading, submit_label = gettext_lazy("Hear no more of this matter"), gettext_lazy("Hear no more")

    def check(self) -> None:
        if not services.hears_of(self.object, self.request.user):
            raise NotAllowed(_("You are not told of this matter."))

    def perform(self, form: Any) -> Any:
        services.unfollow_topic(self.object, actor=self.request.user)
        return self.object

    def get_done_message(self, done: Any) -> str:
        return _("You hear no later step of it")


class Receipt(ByUuid, DetailView):
    """The paper that the raiser takes home."""

    template_name, context_object_name = "topics/receipt.html", "raiser"

    def get_queryset(self) -> Any:
        visible = Topic.objects.visible_to(self.request.user)
        return Raiser.objects.filter(topic__in=visible).select_related("topic", "topic__host", "entered_by")

    def get_object(self, queryset: Any = None) -> Any:
        raiser = super().get_object(queryset)
        if not self.request.user.has_perm("topics.see_receipt_topic", raiser.topic):
            raise NotAllowed(_("The receipt is shown to who entered the slip, the office and the convenor."))
        return raiser

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = self.object.topic
        address = _tracking(self.request)
        return super().get_context_data(
            topic=topic,
            host=topic.host,
            back_url=topic.get_absolute_url(),
            address=address,
            days=options.get(topic.host_id, "limits.screening_days"),
            qr=qr_svg(address, _("Address under which the matter can be followed")),
            **kwargs,
        )


def _tracking(request: HttpRequest) -> str:
    """The receipt itself is not part of the address: it would stand in histories and logs."""
    try:
        path = reverse("desk:track")
    except NoReverseMatch:
        path = "/"
    return request.build_absolute_uri(path)


class AddPhotos(Follow):
    form_class, template_name = PhotosForm, "ui/form.html"
    heading, submit_label = gettext_lazy("Add photos"), gettext_lazy("Add photos")

    def check(self) -> None:
        if not self.request.user.has_perm("topics.attach_topic", self.object):
            raise NotAllowed(_("Photos come from who raised the matter, took it up, or from the office."))

    def perform(self, form: Any) -> Any:
        with transaction.atomic():
            for photo in form.cleaned_data["photos"]:
                services.attach_file(self.object, actor=self.request.user, upload=photo)
        return self.object

    def get_done_message(self, done: Any) -> str:
        return _("Saved")
