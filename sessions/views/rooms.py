"""Rooms: what was held there, what they have, and keeping them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.errors import NotAllowed
from consult.regions import path_of
from consult.web.views import DetailPage, FormPage
from sessions import services
from sessions.forms import CloseRoomForm, RoomForm
from sessions.forms.rooms import KEEPERS
from sessions.models import ConsultationRoom, ConsultSession
from sessions.states import Standard

SHOWN = 20


class RoomDetail(DetailPage):
    template_name = "sessions/room.html"
    context_object_name = "room"

    def get_queryset(self) -> Any:
        return ConsultationRoom.objects.visible_to(self.request.user).select_related("host").with_last_session()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        room, reader = self.object, self.request.user
        sessions = ConsultSession.objects.visible_to(reader).filter(room=room)
        return super().get_context_data(
            **{
                "region": path_of(room.region_code, below=room.host.region_code),
                "coming": list(sessions.coming().for_list()[:SHOWN]),
                "held": list(sessions.held().for_list().order_by("-starts_at", "-pk")[:SHOWN]),
                "standards": [(label, key in room.standards) for key, label in Standard.choices],
                "may_keep": reader.has_perm("consult_sessions.keep_room", room),
                "is_idle": ConsultationRoom.objects.idle().filter(pk=room.pk).exists(),
                **kwargs,
            }
        )


class RoomPage(FormPage):
    """Edit one room that the reader sees and keeps."""

    template_name = "ui/form.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = ConsultationRoom.objects.visible_to(request.user).select_related("host")
        self.room = rows.filter(uuid=kwargs["uuid"]).first()
        if self.room is None:
            raise Http404

    def check(self) -> None:
        if not self.request.user.has_perm("consult_sessions.keep_room", self.room):
            raise NotAllowed(_("Rooms are kept by the office, and by the convenor of the township."))

    def get_back_url(self) -> str:
        return self.room.get_absolute_url()


class RoomChange(RoomPage):
    form_class, heading = RoomForm, gettext_lazy("Change the room")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.room, name) for name in RoomForm.base_fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "host": self.room.host, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return services.change_room(self.room, actor=self.request.user, **form.cleaned_data)


class RoomClose(RoomPage):
    form_class, heading = CloseRoomForm, gettext_lazy("Give the room up")
    submit_label = gettext_lazy("Give it up")

    def perform(self, form: Any) -> Any:
        return services.close_room(self.room, actor=self.request.user, **form.cleaned_data)


class RoomReopen(RoomPage):
    heading = gettext_lazy("Use the room again")
    submit_label = gettext_lazy("Use it again")

    def perform(self, form: Any) -> Any:
        return services.reopen_room(self.room, actor=self.request.user)


class RoomNew(FormPage):
    form_class, heading = RoomForm, gettext_lazy("Enter a room")
    back_url = "sessions:rooms"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        mandate = request.user.mandate_for(*KEEPERS) if request.user.is_authenticated else None
        self.host = mandate.host if mandate else None

    def check(self) -> None:
        if self.host is None:
            raise NotAllowed(_("Rooms are kept by the office, and by the convenor of the township."))

    def get_form(self, form_class: Any = None) -> Any:
        self.check()
        return super().get_form(form_class)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "host": self.host, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return services.create_room(actor=self.request.user, host=self.host, **form.cleaned_data)
