"""Entering and completing a slip, following a matter, adding photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.regions import prefix_of
from consult.web.forms import (
    Checks,
    CleanCharField,
    CleanTextField,
    DayField,
    PhoneField,
    PlainForm,
    RegionField,
    Segments,
)
from members.models import Organisation
from members.states import Role
from topics.forms.fields import ABOUT, CountField, PhotosField
from topics.models import Topic
from topics.querysets import FILING
from topics.states import PartyCategory, Source


class MatterForm(PlainForm):
    """What the matter is: shared by handing in and completing."""

    title = CleanCharField(
        label=_("Title"), max_length=100, help_text=_("One line, for example: the public toilet is always locked")
    )
    problem = CleanTextField(
        label=_("What is the matter"),
        max_length=3000,
        rows=5,
        help_text=_("What happens, whom it affects, since when."),
    )
    expectation = CleanTextField(label=_("What is hoped for"), max_length=1000, rows=2, required=False)
    region_code = RegionField(levels=(3, 4, 5))
    place = CleanCharField(
        label=_("Where exactly"),
        max_length=100,
        required=False,
        help_text=_("Hamlet, estate, building: no door number."),
    )
    households = CountField(label=_("Households concerned"))
    households_about = forms.ChoiceField(
        label=_("Figure of households"), choices=ABOUT, required=False, widget=Segments
    )
    people = CountField(label=_("People concerned"))
    people_about = forms.ChoiceField(label=_("Figure of people"), choices=ABOUT, required=False, widget=Segments)
    stakeholders = forms.MultipleChoiceField(
        label=_("Whom it concerns"),
        choices=PartyCategory.choices,
        required=False,
        widget=Checks,
        help_text=_("Who is concerned is invited to the consultation."),
    )
    pending_since = CleanCharField(
        label=_("Pending since"), max_length=10, required=False, help_text=_("A year, month or day: 2014, 2014-06")
    )
    pending_event = CleanCharField(
        label=_("Counted from"), max_length=60, required=False, help_text=_("Bought, handed over, first raised …")
    )
    blocked_by = CleanCharField(label=_("What has blocked it"), max_length=300, required=False)


class SlipForm(MatterForm):
    """登记点单: one page; who raised it, what, where, and where it came from."""

    host = forms.ModelChoiceField(label=_("CPPCC"), queryset=Organisation.objects.none(), required=False)
    raised_by = forms.ChoiceField(
        label=_("Who raises it"),
        choices=[("other", _("Entered for somebody else")), ("self", _("I raise it myself"))],
        initial="other",
        widget=Segments,
    )
    raiser_category = forms.ChoiceField(label=_("The raiser is"), choices=PartyCategory.choices, initial="resident")
    name = CleanCharField(
        label=_("Name or form of address"), max_length=60, required=False, help_text=_("Not shown in public.")
    )
    organisation = CleanCharField(label=_("Unit"), max_length=100, required=False)
    phone = PhoneField(required=False, help_text=_("Only to tell how it goes on; shown masked, each look is recorded."))
    consented = forms.BooleanField(
        label=_("He confirms what is written and agrees that the CPPCC keeps his number and contacts him"),
        required=False,
    )
    wants_to_attend = forms.BooleanField(label=_("Wants to attend the consultation"), required=False)
    source = forms.ChoiceField(label=_("Where the topic comes from"), choices=Source.choices, initial="resident")
    on = DayField(label=_("Received on"), past=True, initial=timezone.localdate)
    category = forms.ChoiceField(label=_("Category"), required=False)
    tags = forms.MultipleChoiceField(label=_("Tags"), required=False, widget=Checks)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    joint_hosts = forms.ModelMultipleChoiceField(
        label=_("Filed jointly with"),
        queryset=Organisation.objects.none(),
        required=False,
        to_field_name="uuid",
        widget=Checks,
    )
    photos = PhotosField(label=_("Photos"))

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        mandates = [mandate for mandate in reader.mandates_now() if mandate.role in FILING]
        hosts = list(dict.fromkeys(mandate.host for mandate in mandates))
        self.only_host = hosts[0] if len(hosts) == 1 else None
        self.fields["region_code"].narrow(mandate.region_code for mandate in mandates)
        self._choose_host(hosts)
        self._choose_words(hosts[0].pk if hosts else None)
        self._choose_source(any(mandate.role == Role.OFFICE for mandate in mandates))

    def _choose_host(self, hosts: Sequence[Organisation]) -> None:
        if self.only_host is not None:
            del self.fields["host"]
        else:
            field = self.fields["host"]
            field.queryset = Organisation.objects.hosts().filter(pk__in=[host.pk for host in hosts])
            field.required, field.initial = True, hosts[0] if hosts else None

    def _choose_words(self, host_id: int | None) -> None:
        words = [("", _("Not yet sorted")), *options.words(host_id, "lists.categories")]
        self.fields["category"].choices = words
        self.fields["tags"].choices = options.words(host_id, "lists.tags")
        self.fields["programme"].choices = [("", _("None")), *options.words(host_id, "lists.programmes")]
        self.fields["source"].choices = options.words(host_id, "lists.sources")
        named = options.words(host_id, "lists.stakeholders")
        self.fields["stakeholders"].choices = named
        self.fields["raiser_category"].choices = named

    def _choose_source(self, is_office: bool) -> None:
        if is_office:
            near = {mandate.host.region_code[:4] for mandate in self.reader.mandates_now()}
            others = Organisation.objects.hosts().open().within(*near)
            self.fields["joint_hosts"].queryset = others.exclude(pk=self.only_host.pk if self.only_host else None)
            if not self.fields["joint_hosts"].queryset.exists():
                del self.fields["joint_hosts"]
            return
        del self.fields["joint_hosts"]
        through_office = (Source.PARTY, Source.GOVERNMENT, Source.OFFICE)
        choices = [pair for pair in self.fields["source"].choices if pair[0] not in through_office]
        self.fields["source"].choices = choices
        if self.reader.mandate_for(Role.GROUP_LEADER, Role.MEMBER):
            self.fields["source"].initial = Source.MEMBER
            self.fields["raised_by"].initial = "self"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        own = data.get("raised_by") == "self"
        if not own and data.get("phone") and not data.get("consented"):
            self.add_error("consented", _("Ask whether he agrees that his number is kept, and tick it"))
        if not own and not (data.get("name") or data.get("organisation")) and data.get("raiser_category") != "resident":
            self.add_error("name", _("Please write who raised it"))
        return data

    def slip(self) -> dict[str, Any]:
        """The keyword arguments of ``hand_in``."""
        data = dict(self.cleaned_data)
        data.pop("photos", None)
        own = data.pop("raised_by") == "self"
        who = {name: data.pop(name) for name in ("name", "organisation", "phone", "consented", "wants_to_attend")}
        category = data.pop("raiser_category")
        host = data.pop("host", None) or self.only_host
        raiser = (
            {"wants_to_attend": who["wants_to_attend"], "on_behalf": False}
            if own
            else {**who, "category": category, "on_behalf": True}
        )
        return {**data, "host": host, "raiser": raiser, "joint_hosts": data.get("joint_hosts") or ()}


class CompleteForm(MatterForm):
    """What came back is completed."""

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        initial = {name: getattr(topic, name) for name in MatterForm.base_fields}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        self.fields["region_code"].narrow([prefix_of(topic.host.region_code)])


class FollowForm(PlainForm):
    """For oneself, or for somebody who stands at the counter."""

    raised_by = forms.ChoiceField(
        label=_("Who follows it"),
        choices=[("self", _("I do")), ("other", _("Somebody who asked me"))],
        initial="self",
        widget=Segments,
    )
    name = CleanCharField(label=_("Name or form of address"), max_length=60, required=False)
    phone = PhoneField(required=False)
    consented = forms.BooleanField(label=_("He agrees that the CPPCC keeps his number"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("raised_by") == "other" and not data.get("name"):
            self.add_error("name", _("Please write who follows it"))
        return data


class PhotosForm(PlainForm):
    photos = PhotosField(label=_("Photos"))
