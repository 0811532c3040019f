"""补录 on a phone, and the decision on a record that could not be placed."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.errors import NotAllowed
from consult.web.views import FormPage
from sessions import services
from sessions.forms import LogForm
from sessions.forms.logs import LOGGERS
from sessions.states import SessionState
from sessions.views.workspace import SessionMove
from topics.models import Topic


class Log(FormPage):
    """记一笔: three things are asked, the rest is known or may follow."""

    form_class, template_name = LogForm, "sessions/log.html"
    partial_template_name = "sessions/_log.html"
    heading = gettext_lazy("Log a session")
    submit_label = gettext_lazy("That is it")
    back_url = "sessions:list"

    def check(self) -> None:
        if self.request.user.mandate_for(*LOGGERS) is None:
            raise NotAllowed(_("Sessions are logged by members, group leaders, convenors and the office."))

    def get_initial(self) -> dict[str, Any]:
        return {"topic": self.request.GET.get("topic", "")[:36]}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        wanted = kwargs["initial"].pop("topic", "")
        if wanted:
            topic = self._topic(wanted)
            kwargs["initial"] |= {"topic": topic.uuid, "title": topic.title, "region_code": topic.region_code}
        return {**kwargs, "reader": self.request.user}

    def _topic(self, name: str) -> Topic:
        try:
            found = Topic.objects.visible_to(self.request.user).filter(uuid=UUID(name)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found

    def perform(self, form: Any) -> Any:
        words = {name: value for name, value in form.cleaned_data.items() if name not in ("shots", "photos")}
        uploads = [*form.cleaned_data["shots"], *form.cleaned_data["photos"]]
        with transaction.atomic():
            session = services.log_session(actor=self.request.user, **words)
            for number, upload in enumerate(uploads):
                # Named after the record, so that the same form sent twice brings no photo twice.
                name = uuid5(words["client_id"], f"photo {number}")
                services.add_photo(session, actor=self.request.user, upload=upload, client_id=name, field="photos")
        return session

    def get_done_message(self, done: Any) -> str:
        if done.state == SessionState.NEEDS_DECISION:
            return _("Kept; the office will look at it: %(why)s") % {"why": done.decision_note}
        return _("Noted")


class AcceptLog(SessionMove):
    """What was kept, and why; whoever decides corrects what is needed."""

    template_name = "sessions/accept_log.html"
