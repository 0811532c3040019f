"""补录: a session that was held already, entered on a phone in two minutes."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.regions import prefix_of
from consult.web.forms import CleanCharField, CleanTextField, LinesField, MomentField, PlainForm, RegionField, Segments
from members.models import Organisation
from members.states import Role
from sessions.forms.fields import HeadsField
from sessions.forms.photos import SeveralFiles, Shots
from sessions.models import ConsultSession
from sessions.services.logs import WAITING
from sessions.services.matters import READY
from sessions.states import SessionForm, VenueKind
from topics.models import Topic
from topics.states import PartyCategory

LOGGERS = (Role.MEMBER, Role.GROUP_LEADER, Role.CONVENOR, Role.OFFICE)
#: Asked by head count on the phone; whoever else came is written in the notes of the desk.
WHO_CAME = (PartyCategory.RESIDENT, PartyCategory.MEMBER, PartyCategory.VILLAGE, PartyCategory.DEPARTMENT)


class LogForm(PlainForm):
    """What, where, what was agreed; the rest is known or may follow."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    host = forms.ModelChoiceField(label=_("CPPCC"), queryset=Organisation.objects.none(), to_field_name="uuid")
    title = CleanCharField(label=_("What was it about"), max_length=100)
    region_code = RegionField(levels=(4, 5), label=_("In which village (community)"))
    venue_kind = forms.ChoiceField(
        label=_("Where"), choices=VenueKind.choices, widget=Segments, initial=VenueKind.COURTYARD
    )
    place = CleanCharField(label=_("In words"), max_length=100, help_text=_("The yard of the group, the field"))
    agreed = LinesField(label=_("What was agreed"), rows=4, each=500, most=20)
    dissent = LinesField(label=_("On what no agreement was reached"), rows=2, each=500, most=20, required=False)
    starts_at = MomentField(label=_("When"), required=False, help_text=_("Empty: within the last hour"))
    shots = Shots(help_text=_("Whoever is on it is asked first. Faces are hidden before the public sees it."))
    photos = SeveralFiles(kind="photo", label=_("Photos from this device"))
    form = forms.ChoiceField(
        label=_("Form"), choices=SessionForm.choices, initial=SessionForm.BENCH, widget=Segments, required=False
    )
    topic = forms.ModelChoiceField(
        label=_("Which topic"),
        queryset=Topic.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("No topic yet: file one in my name"),
    )
    problem = CleanTextField(
        label=_("What is the matter"), max_length=3000, rows=2, required=False, help_text=_("If a topic is to be filed")
    )
    further_round_reason = CleanCharField(
        label=_("Why a further round"),
        max_length=300,
        required=False,
        help_text=_("Only if the matter has been consulted already."),
    )

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates = [mandate for mandate in reader.mandates_now() if mandate.role in LOGGERS]
        hosts = Organisation.objects.filter(pk__in=[mandate.host_id for mandate in mandates])
        self.fields["host"].queryset = hosts
        if len(hosts) == 1:
            self.fields["host"].widget = forms.HiddenInput()
            self.initial.setdefault("host", hosts[0].uuid)
        self.initial.setdefault("client_id", uuid.uuid4())
        self.initial.setdefault("starts_at", timezone.localtime().replace(second=0, microsecond=0))
        self.fields["region_code"].narrow(prefix_of(mandate.region_code) for mandate in mandates)
        topics = Topic.objects.visible_to(reader).filter(host__in=hosts, state__in=(*READY, *WAITING))
        self.fields["topic"].queryset = topics.order_by("-pk")
        for category in WHO_CAME:
            label = PartyCategory(category).label
            self.fields[f"came_{category}"] = HeadsField(label=label, min_value=0)
            self.fields[f"came_{category}"].widget.attrs["class"] = "form-control"

    @property
    def came_fields(self) -> list[Any]:
        return [self[f"came_{category}"] for category in WHO_CAME]

    @property
    def seldom_fields(self) -> list[Any]:
        return [self[name] for name in ("form", "topic", "problem", "further_round_reason", "dissent")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        came = {category: data.pop(f"came_{category}", None) for category in WHO_CAME}
        data["participants"] = [
            {"category": category, "name": str(PartyCategory(category).label), "count": heads, "attendance": "present"}
            for category, heads in came.items()
            if heads
        ]
        data["form"] = data.get("form") or SessionForm.BENCH
        return data


class AcceptLogForm(PlainForm):
    """What has to be corrected before a kept record counts as held."""

    starts_at = MomentField(label=_("When it was"), past=True)
    region_code = RegionField(levels=(4, 5), required=False)
    topic = forms.ModelChoiceField(
        label=_("Which topic"),
        queryset=Topic.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("The topic it names, or a new one"),
    )
    further_round_reason = CleanCharField(label=_("Why a further round"), max_length=300, required=False)

    def __init__(self, *args: Any, session: ConsultSession, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].narrow([prefix_of(session.host.region_code)])
        topics = Topic.objects.visible_to(reader).filter(host=session.host, state__in=(*READY, *WAITING))
        self.fields["topic"].queryset = topics.order_by("-pk")
        self.initial.setdefault("starts_at", session.starts_at)
        self.initial.setdefault("region_code", session.region_code)
