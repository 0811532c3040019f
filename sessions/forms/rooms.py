"""Rooms: who keeps them, what they have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.regions import prefix_of
from consult.web.forms import Checks, CleanCharField, DayField, PlainForm, RegionField
from members.models import Organisation
from members.states import Role
from sessions.forms.fields import HeadsField
from sessions.states import Standard

KEEPERS = (Role.OFFICE, Role.CONVENOR)


class RoomForm(PlainForm):
    """A consultation room and the six standards it meets."""

    name = CleanCharField(label=_("Name"), max_length=80)
    region_code = RegionField(levels=(3, 4, 5))
    address = CleanCharField(label=_("Address"), max_length=150, required=False)
    host_unit = CleanCharField(label=_("Who keeps it"), max_length=100, required=False)
    shared_use = CleanCharField(
        label=_("Shared with"), max_length=100, required=False, help_text=_("One room, several uses")
    )
    capacity = HeadsField(label=_("Seats"))
    standards = forms.MultipleChoiceField(
        label=_("The six standards"), choices=Standard.choices, required=False, widget=Checks
    )
    built_on = DayField(label=_("In use since"), past=True, required=False)

    def __init__(self, *args: Any, host: Organisation, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates = [m for m in reader.mandates_now() if m.role in KEEPERS and m.host_id == host.pk]
        self.fields["region_code"].narrow(prefix_of(mandate.region_code) for mandate in mandates)


class CloseRoomForm(PlainForm):
    on = DayField(label=_("Given up on"), past=True, required=False, initial=timezone.localdate)
    reason = CleanCharField(label=_("Why"), max_length=300, required=False)
