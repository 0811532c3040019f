"""What a telephone asks for: the forms of the desk with fewer questions, and places as a list that lies on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.desk.queries.phone import places_for, usual_place
from consult.web.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    LinesField,
    PhoneField,
    PlainForm,
    RegionField,
    Segments,
)
from members.models import Organisation
from sessions.forms import LogForm
from sessions.services.matters import READY
from sessions.states import SessionForm, VenueKind
from topics.forms.fields import PhotosField
from topics.models import Topic
from topics.querysets import FILING
from topics.states import PartyCategory, Source


class Who:
    """Who writes, asked once per page."""

    def __init__(self, reader: Any, member: Any, groups: list[Any]) -> None:
        self.reader, self.member, self.groups = reader, member, groups


def listed_places(field: RegionField, who: Who) -> str:
    """The places as a list; where he usually is stands chosen."""
    widget = forms.Select(choices=[("", _("Choose the village")), *places_for(who.reader, who.member, who.groups)])
    widget.attrs.update({"class": "form-select", "id": "id_region_code"})
    field.widget, field.help_text = widget, ""
    return usual_place(who.reader, who.member, who.groups)


def open_matters(reader: Any) -> Any:
    """What can be talked over or visited for, the newest first."""
    return Topic.objects.visible_to(reader).filter(state__in=READY).order_by("-pk")


class PhoneLogForm(LogForm):
    """记微协商: what, where, who came, what was agreed."""

    field_order = ("client_id", "host", "title", "venue_kind", "region_code", "place")

    def __init__(self, *args: Any, who: Who, **kwargs: Any) -> None:
        super().__init__(*args, reader=who.reader, **kwargs)
        del self.fields["shots"]  # with scripts the telephone takes its own, without there is one box
        self.initial["starts_at"] = None  # a page that lies on the telephone is older than what is written on it
        self.initial.setdefault("region_code", listed_places(self.fields["region_code"], who))
        place, agreed, kinds = self.fields["place"], self.fields["agreed"], self.fields["form"]
        place.required, place.label, place.help_text = False, _("The place in words"), ""
        agreed.help_text = _("One point a line: who does it, and by when")
        kinds.choices = [(kind, SessionForm(kind).label) for kind in (SessionForm.BENCH, SessionForm.MICRO)]
        self.fields["starts_at"].help_text = _("Empty: just now")
        self.fields["topic"].queryset = open_matters(who.reader)

    @property
    def seldom_fields(self) -> list[Any]:
        names = ("starts_at", "form", "topic", "further_round_reason", "dissent")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("place") and data.get("venue_kind"):
            data["place"] = str(VenueKind(data["venue_kind"]).label)
        return data


class FieldForm(PlainForm):
    """Written where it happened: under its own key, for one CPPCC, in a village. Who works under one is not asked."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    host = forms.ModelChoiceField(label=_("CPPCC"), queryset=Organisation.objects.none(), to_field_name="uuid")

    def __init__(self, *args: Any, who: Who, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [mandate.host_id for mandate in who.reader.mandates_now() if mandate.role in FILING]
        hosts = Organisation.objects.filter(pk__in=keys)
        self.fields["host"].queryset = hosts
        if len(hosts) == 1:
            self.fields["host"].widget = forms.HiddenInput()
            self.initial.setdefault("host", hosts[0].uuid)
        self.initial.setdefault("client_id", uuid.uuid4())
        self.initial.setdefault("region_code", listed_places(self.fields["region_code"], who))


class VisitForm(FieldForm):
    """走访: the day, the village, how many doors, what was heard."""

    findings = LinesField(
        label=_("What you saw and heard"), each=300, most=30, rows=4, help_text=_("One thing a line; no names")
    )
    region_code = RegionField(levels=(4, 5), label=_("In which village (community)"))
    place = CleanCharField(label=_("The place in words"), max_length=100, required=False)
    households = forms.IntegerField(label=_("How many households"), min_value=0, max_value=100_000, required=False)
    visited_on = DayField(label=_("On which day"), required=False, help_text=_("Empty: today"))
    photos = PhotosField(label=_("Photos"))
    topic = forms.ModelChoiceField(
        label=_("For which matter"),
        queryset=Topic.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("None: into my visit book"),
    )

    def __init__(self, *args: Any, who: Who, **kwargs: Any) -> None:
        super().__init__(*args, who=who, **kwargs)
        self.fields["households"].widget.attrs.update({"inputmode": "numeric", "class": "form-control"})
        self.fields["topic"].queryset = open_matters(who.reader)

    def visit(self) -> dict[str, Any]:
        """The keyword arguments of ``note_visit``."""
        data = dict(self.cleaned_data)
        topic, _photos = data.pop("topic"), data.pop("photos")
        day = data.pop("visited_on") or timezone.localdate()
        return {**data, "visited_on": day, "topic_uuid": topic.uuid if topic else None}


class PhoneSlipForm(FieldForm):
    """代群众点单: what, where, and whose it is, with his word that he may be called."""

    title = CleanCharField(label=_("What is it about, in one line"), max_length=100)
    problem = CleanTextField(
        label=_("What is the matter"),
        max_length=3000,
        rows=4,
        help_text=_("What happens, whom it affects, since when."),
    )
    region_code = RegionField(levels=(4, 5), label=_("In which village (community)"))
    place = CleanCharField(label=_("The place in words"), max_length=100, required=False)
    raised_by = forms.ChoiceField(
        label=_("Who raises it"),
        choices=[("other", _("A resident, I write it down")), ("self", _("I raise it myself"))],
        initial="other",
        widget=Segments,
    )
    name = CleanCharField(
        label=_("Name or form of address"), max_length=60, required=False, help_text=_("Not shown in public.")
    )
    phone = PhoneField(required=False, help_text=_("Only to tell how it goes on; shown masked, each look is recorded."))
    consented = forms.BooleanField(
        label=_("He confirms what is written and agrees that the CPPCC keeps his number and contacts him"),
        required=False,
    )
    wants_to_attend = forms.BooleanField(label=_("Wants to attend the consultation"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("raised_by") == "other" and data.get("phone") and not data.get("consented"):
            self.add_error("consented", _("Ask whether he agrees that his number is kept, and tick it"))
        return data

    def slip(self) -> dict[str, Any]:
        """The keyword arguments of ``hand_in``."""
        data = dict(self.cleaned_data)
        own = data.pop("raised_by") == "self"
        who = {name: data.pop(name) for name in ("name", "phone", "consented", "wants_to_attend")}
        raiser = (
            {"wants_to_attend": who["wants_to_attend"], "on_behalf": False}
            if own
            else {**who, "category": PartyCategory.RESIDENT, "on_behalf": True}
        )
        return {**data, "source": Source.MEMBER if own else Source.RESIDENT, "raiser": raiser}
