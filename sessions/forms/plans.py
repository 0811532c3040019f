"""Planning a session and preparing it: one page at first, then line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.regions import prefix_of
from consult.web.forms import (
    Checks,
    CleanCharField,
    MomentField,
    PlainForm,
    RegionField,
    Segments,
)
from members.models import Account, Convenor, Member, Organisation
from members.states import Role
from sessions.forms.fields import AgendaField, HeadsField, MemberField, UnitField
from sessions.models import ConsultationRoom, ConsultSession
from sessions.services import expected_roster, suggested_agenda
from sessions.services.matters import READY
from sessions.states import SessionForm, VenueKind
from topics.models import Topic
from topics.states import PartyCategory, Profile, TopicState

#: Rows of the list on the first page; more are added one by one afterwards.
ROWS = 10
PREPARERS = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)


class PlaceAndPeople(PlainForm):
    """Where, when and who: shared by planning and changing."""

    title = CleanCharField(label=_("Title"), max_length=100)
    form = forms.ChoiceField(
        label=_("Form"), choices=[c for c in SessionForm.choices if c[0] != SessionForm.BENCH], widget=Segments
    )
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    venue_kind = forms.ChoiceField(label=_("Kind of place"), choices=VenueKind.choices)
    room = forms.ModelChoiceField(
        label=_("Consultation room"),
        queryset=ConsultationRoom.objects.none(),
        required=False,
        help_text=_("Only for a session in a room."),
    )
    place = CleanCharField(
        label=_("Where exactly"), max_length=100, required=False, help_text=_("For a free place: the yard, the field.")
    )
    region_code = RegionField(levels=(3, 4, 5))
    convenor = forms.ModelChoiceField(
        label=_("Who convenes: on the roster"), queryset=Convenor.objects.none(), required=False
    )
    convenor_name = CleanCharField(label=_("Who convenes: in words"), max_length=60, required=False)
    lead_member = MemberField(label=_("Who takes the lead: a member"))
    lead_name = CleanCharField(label=_("Who takes the lead: in words"), max_length=60, required=False)
    moderator = forms.ModelChoiceField(
        label=_("Who moderates: with an account"), queryset=Account.objects.none(), required=False
    )
    moderator_name = CleanCharField(label=_("Who moderates: in words"), max_length=60, required=False)
    recorder = forms.ModelChoiceField(
        label=_("Who records: with an account"), queryset=Account.objects.none(), required=False
    )
    recorder_name = CleanCharField(label=_("Who records: in words"), max_length=60, required=False)
    languages = forms.MultipleChoiceField(label=_("Languages"), required=False, widget=Checks)
    interpreter = CleanCharField(label=_("Interpreter"), max_length=60, required=False)

    def offer(self, host: Organisation, reader: Any) -> None:
        """The choices of this host."""
        fields = self.fields
        fields["room"].queryset = ConsultationRoom.objects.visible_to(reader).of_host(host.pk).open()
        fields["convenor"].queryset = Convenor.objects.of_host(host.pk).serving()
        fields["lead_member"].queryset = Member.objects.of_host(host.pk).serving()
        accounts = accounts_of(host)
        fields["moderator"].queryset = accounts
        fields["recorder"].queryset = accounts
        fields["region_code"].narrow(prefix_of(code) for code in codes_of(reader, host))
        fields["languages"].choices = options.words(host.pk, "lists.languages")


def codes_of(reader: Any, host: Organisation) -> list[str]:
    """The divisions in which the reader prepares sessions for the host."""
    found = [m.region_code for m in reader.mandates_now() if m.role in PREPARERS and m.host_id == host.pk]
    return found or [host.region_code]


def accounts_of(host: Organisation) -> Any:
    """People who work for the CPPCC or under it."""
    return Account.objects.filter(mandates__host=host, is_active=True).order_by("display_name", "pk").distinct()


class PlanForm(PlaceAndPeople):
    """筹备: everything the procedure asks for before a session can be announced."""

    topics = forms.ModelMultipleChoiceField(
        label=_("What is consulted about"),
        queryset=Topic.objects.none(),
        widget=Checks,
        to_field_name="uuid",
        error_messages={"required": _("Choose what is to be consulted about.")},
    )
    further_round_reason = CleanCharField(
        label=_("Why a further round"),
        max_length=300,
        required=False,
        help_text=_("Only if the matter has been consulted already."),
    )
    agenda = AgendaField()

    def __init__(self, *args: Any, host: Organisation, reader: Any, topics: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host, self.reader = host, reader
        self.offer(host, reader)
        ready = Topic.objects.visible_to(reader).filter(host=host, state__in=READY)
        self.fields["topics"].queryset = ready.order_by("-pk")
        self.fields["topics"].label_from_instance = lambda topic: f"{topic.title}（{topic.get_state_display()}）"
        self._suggest(list(topics))
        self.order_fields(["topics", "further_round_reason"])

    def _suggest(self, topics: list[Topic]) -> None:
        """What is known of the topics is filled in; who prepares it changes what he likes."""
        first = topics[0] if topics else None
        initial = self.initial
        initial.setdefault("topics", [topic.uuid for topic in topics])
        initial.setdefault("agenda", suggested_agenda())
        formal = first is not None and first.profile == Profile.FORMAL
        initial.setdefault("form", SessionForm.FORMAL if formal else SessionForm.MICRO)
        initial.setdefault("venue_kind", VenueKind.ROOM if formal else VenueKind.COURTYARD)
        if first is not None:
            title = _("Consultation on %(topic)s") if formal else _("Micro-consultation on %(topic)s")
            initial.setdefault("title", (title % {"topic": first.title})[:100])
            initial.setdefault("region_code", first.region_code)
        if first is None or first.state != TopicState.CONSULTED:
            self.fields["further_round_reason"].widget.attrs["data-seldom"] = "yes"
        roster = expected_roster(topics)
        for number in range(ROWS):
            line = roster[number] if number < len(roster) else {}
            self._add_row(number, line)

    def _add_row(self, number: int, line: dict[str, Any]) -> None:
        choices = [("", "–"), *options.words(self.host.pk, "lists.stakeholders")]
        row = {
            "category": forms.ChoiceField(choices=choices, required=False, initial=line.get("category", "")),
            "organisation_name": CleanCharField(max_length=100, required=False),
            "name": CleanCharField(max_length=60, required=False),
            "count": HeadsField(),
        }
        for name, field in row.items():
            key = f"p{number}_{name}"
            self.fields[key] = field
            field.widget.attrs["class"] = "form-select" if name == "category" else "form-control"
            field.widget.attrs["aria-label"] = str(ROW_WORDS[name]) + f" {number + 1}"
            field.widget.use_required_attribute = lambda initial: False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The bound fields of the list, row by row."""
        return [{name: self[f"p{number}_{name}"] for name in ROW_WORDS} for number in range(ROWS)]

    @property
    def row_errors(self) -> list[str]:
        return [error for row in self.rows for bound in row.values() for error in bound.errors]

    @property
    def main_fields(self) -> list[Any]:
        return [bound for bound in self.visible_fields() if not bound.name.startswith("p") or bound.name == "place"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        roster = [line for number in range(ROWS) if (line := self._row(data, number))]
        found = {name: value for name, value in data.items() if name in self.declared_fields}
        found["participants"] = roster
        found["topics"] = list(found.get("topics") or [])
        return found

    def _row(self, data: dict[str, Any], number: int) -> dict[str, Any]:
        line = {name: data.get(f"p{number}_{name}") for name in ROW_WORDS}
        if not line["organisation_name"] and not line["name"]:
            return {}
        if not line["category"]:
            self.add_error(f"p{number}_category", _("Choose to which class they belong."))
        return {name: value for name, value in line.items() if value} | {"count": line["count"] or 1}


ROW_WORDS = {
    "category": _("Relation to the matter"),
    "organisation_name": _("Unit"),
    "name": _("Name or role"),
    "count": _("Heads"),
}


class ChangeForm(PlaceAndPeople):
    """Mending what was planned, over the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: ConsultSession, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(session.host, reader)
        if session.room is not None:
            rooms = ConsultationRoom.objects.filter(pk=session.room_id)
            self.fields["room"].queryset = (self.fields["room"].queryset | rooms).distinct()
        for name in self.fields:
            if name != "version":
                self.initial.setdefault(name, getattr(session, name))
        for name in ("room", "convenor", "lead_member", "moderator", "recorder"):
            self.initial[name] = getattr(session, f"{name}_id")
        self.initial["version"] = session.version
        if session.state != "planned":
            # Notices have gone out: times move by postponing.
            del self.fields["starts_at"], self.fields["ends_at"]


class ParticipantForm(PlainForm):
    """One more on the list."""

    category = forms.ChoiceField(label=_("Relation to the matter"), choices=PartyCategory.choices)
    organisation = UnitField()
    organisation_name = CleanCharField(label=_("Unit in words"), max_length=100, required=False)
    member = MemberField()
    name = CleanCharField(label=_("Name or role"), max_length=60, required=False)
    title = CleanCharField(label=_("Post"), max_length=60, required=False)
    count = HeadsField()
    chosen_how = CleanCharField(
        label=_("How chosen"), max_length=60, required=False, help_text=_("Elected by the stall keepers, volunteered …")
    )

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host_id = session.host_id
        self.fields["category"].choices = options.words(host_id, "lists.stakeholders")
        self.fields["organisation"].queryset = Organisation.objects.of_host(host_id).open()
        self.fields["member"].queryset = Member.objects.of_host(host_id).serving()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["count"] = data.get("count") or 1
        return data


class AgendaItemForm(PlainForm):
    """One more item of the agenda."""

    text = CleanCharField(label=_("Item"), max_length=200)
    by = CleanCharField(label=_("Whose"), max_length=60, required=False)
    minutes = HeadsField(label=_("Length in minutes"), max_value=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["placeholder"] = field.label
