"""Pages a member writes on. With scripts they write to the telephone first; without, they are plain forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.desk.phone_forms import PhoneLogForm, PhoneSlipForm, VisitForm
from consult.desk.views.phone.pages import PhonePage
from consult.errors import NotAllowed
from consult.web.views import FormPage
from sessions import services as on_sessions
from sessions.states import SessionState, VenueKind
from topics import services as on_topics
from topics.models import Visit
from topics.states import PartyCategory, VisitState


class Writing(PhonePage, FormPage):
    """The page comes without anything typed, so that it can lie on the telephone."""

    tab = "log"
    partial_template_name = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "who": self.who}


class Log(Writing):
    form_class, template_name = PhoneLogForm, "phone/log.html"
    heading, submit_label = gettext_lazy("Note a micro-consultation"), gettext_lazy("Noted; it goes out by itself")

    def check(self) -> None:
        if not self.may_log:
            raise NotAllowed(_("Sessions are logged by members, group leaders, convenors and the office."))

    def perform(self, form: Any) -> Any:
        words = dict(form.cleaned_data)
        photos = words.pop("photos")
        with transaction.atomic():
            self.session = on_sessions.log_session(actor=self.request.user, **words)
            for number, upload in enumerate(photos):
                # Named after the record, so that the same form sent twice brings no photo twice.
                name = uuid5(words["client_id"], f"photo {number}")
                on_sessions.add_photo(
                    self.session, actor=self.request.user, upload=upload, client_id=name, field="photos"
                )
        return reverse("phone:home")

    def get_done_message(self, done: Any) -> str:
        if self.session.state == SessionState.NEEDS_DECISION:
            return _("Kept; the office will look at it: %(why)s") % {"why": self.session.decision_note}
        return _("Noted")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"parties": PartyCategory.choices, "venues": VenueKind.choices, **kwargs})


class VisitEntry(Writing):
    form_class, template_name = VisitForm, "phone/visit.html"
    heading, submit_label = gettext_lazy("House calls"), gettext_lazy("Noted; it goes out by itself")

    def check(self) -> None:
        if not self.may_file:
            raise NotAllowed(_("The visit book is kept by members, village liaisons, convenors and the office."))

    def perform(self, form: Any) -> Any:
        words = form.visit()
        with transaction.atomic():
            self.visit = on_topics.note_visit(actor=self.request.user, **words)
            for number, upload in enumerate(form.cleaned_data["photos"]):
                name = uuid5(words["client_id"], f"photo {number}")
                on_topics.add_visit_photo(
                    self.visit, actor=self.request.user, upload=upload, client_id=name, field="photos"
                )
        return reverse("phone:visits")

    def get_done_message(self, done: Any) -> str:
        if isinstance(self.visit, Visit) and self.visit.state == VisitState.NEEDS_DECISION:
            return _("Kept; the office will look at it: %(why)s") % {"why": self.visit.decision_note}
        return _("Noted")


class Slip(Writing):
    form_class, template_name = PhoneSlipForm, "phone/slip.html"
    heading, submit_label = gettext_lazy("Enter a slip"), gettext_lazy("Noted; it goes out by itself")

    def check(self) -> None:
        if not self.may_file:
            raise NotAllowed(_("Slips are entered by the office, convenors, members and village liaisons."))

    def perform(self, form: Any) -> Any:
        topic = on_topics.hand_in(actor=self.request.user, **form.slip())
        return reverse("topics:receipt", kwargs={"uuid": topic.raisers.first().uuid})

    def get_done_message(self, done: Any) -> str:
        return _("The slip is handed in")
