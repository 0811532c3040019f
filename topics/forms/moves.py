"""What each move asks for. Forms read what was typed; writing is the services'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.files.forms import AttachmentField
from consult.web.forms import CleanCharField, CleanTextField, DayField, LinesField, PlainForm, ReasonField, Segments
from members.models import Member, MemberGroup, Organisation
from members.states import Role
from topics.forms.fields import CountField
from topics.models import Topic
from topics.states import Profile


class OnForm(PlainForm):
    """The business date of a move; today, unless it is recorded later."""

    on = DayField(label=_("Happened on"), past=True, required=False, initial=timezone.localdate)

    def __init__(self, *args: Any, topic: Topic, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic, self.reader = topic, reader
        self.order_fields([*(name for name in self.fields if name != "on"), "on"])
        self.narrow()

    def narrow(self) -> None:
        """Choices of the topic's host."""


class SimpleReasonForm(OnForm):
    reason = ReasonField()


class PoolForm(OnForm):
    """审题四看, the way it goes, and its category."""

    small_cut = forms.BooleanField(label=_("Small cut: one concrete matter"), required=False)
    wide_reach = forms.BooleanField(label=_("Wide reach: not the matter of one household"), required=False)
    vital_interest = forms.BooleanField(label=_("Touches the vital interests of residents"), required=False)
    consultable = forms.BooleanField(
        label=_("Something the CPPCC can do: no lawsuit, petition or secret matter"), required=False
    )
    profile = forms.ChoiceField(label=_("Way it goes"), choices=Profile.choices, widget=Segments)
    category = forms.ChoiceField(label=_("Category"))

    def narrow(self) -> None:
        words = options.words(self.topic.host_id, "lists.categories")
        if self.topic.category and self.topic.category not in dict(words):
            words = [(self.topic.category, self.topic.category), *words]
        self.fields["category"].choices = [("", _("Please choose")), *words]
        self.fields["category"].initial = self.topic.category
        self.fields["profile"].initial = self.topic.profile or Profile.MICRO

    @property
    def looks(self) -> list[forms.BoundField]:
        """审题四看"""
        return [self[name] for name in ("small_cut", "wide_reach", "vital_interest", "consultable")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.pop("consultable", False):
            text = _("If it is one, do not take it up and say where to go, or transfer it")
            self.add_error("consultable", text)
        return data


class ProfileForm(OnForm):
    profile = forms.ChoiceField(label=_("Way it goes"), choices=Profile.choices, widget=Segments)

    def narrow(self) -> None:
        others = [pair for pair in Profile.choices if pair[0] != self.topic.profile]
        self.fields["profile"].choices = others
        self.fields["profile"].initial = others[0][0]


class AnswerForm(OnForm):
    """Why it is not taken up, and what the raiser is told."""

    reason = ReasonField(help_text=_("Kept with the matter, for example: already before the court"))
    reply_text = CleanTextField(
        label=_("Reply to the raiser"),
        max_length=1000,
        rows=3,
        help_text=_("The reason in one sentence, and where he can go instead, with a telephone number."),
    )


class TransferForm(AnswerForm):
    to_unit = CleanCharField(label=_("Transferred to"), max_length=100)

    def narrow(self) -> None:
        targets = options.get(self.topic.host_id, "lists.transfer_targets")
        self.fields["to_unit"].help_text = _("For example: %(targets)s") % {"targets": "、".join(targets)}
        self.order_fields(["to_unit", "reason", "reply_text", "on"])


class MergeForm(OnForm):
    into = forms.ModelChoiceField(
        label=_("Merge into"),
        queryset=Topic.objects.none(),
        to_field_name="uuid",
        help_text=_("The matter that goes on; both keep their receipts."),
    )
    reason = CleanTextField(label=_("Remark"), max_length=500, rows=2, required=False)

    def narrow(self) -> None:
        mine = Topic.objects.visible_to(self.reader).alive().filter(host_id=self.topic.host_id)
        alike = [topic.pk for topic in mine.exclude(pk=self.topic.pk).similar_to(self.topic.title, limit=20)]
        recent = list(mine.exclude(pk=self.topic.pk).order_by("-pk").values_list("pk", flat=True)[:200])
        self.fields["into"].queryset = mine.filter(pk__in={*alike, *recent})
        self.fields["into"].label_from_instance = lambda topic: f"{topic.number} {topic.title}".strip()


class SplitForm(OnForm):
    parts = LinesField(
        label=_("Matters that go on by themselves"),
        each=100,
        most=10,
        rows=4,
        help_text=_("One title a line. This slip stays; each new one gets its raisers and followers."),
    )

    def clean_parts(self) -> list[dict[str, str]]:
        return [{"title": title} for title in self.cleaned_data["parts"]]


class ApproveForm(OnForm):
    council_on = DayField(label=_("Chairpersons' council met on"), past=True)
    party_on = DayField(label=_("Party committee approved on"), past=True)
    party_text = CleanCharField(label=_("Words of the Party committee"), max_length=300)
    plan_year = forms.IntegerField(label=_("Year of the plan"), min_value=2000, max_value=2100)
    lead_committee = forms.ModelChoiceField(
        label=_("Leading committee"), queryset=Organisation.objects.none(), to_field_name="uuid"
    )
    on_paper = forms.BooleanField(label=_("I record the approval on paper"), required=False)
    on_behalf_of = CleanCharField(label=_("Approved by"), max_length=60, required=False)
    scan = AttachmentField(label=_("Scan of the paper"), kind="scan", required=False)

    def narrow(self) -> None:
        committees = Organisation.objects.open().committees().filter(host_id=self.topic.host_id)
        self.fields["lead_committee"].queryset = committees
        self.fields["plan_year"].initial = timezone.localdate().year
        there = {"host_id": self.topic.host_id, "code": self.topic.region_code}
        if self.reader.mandate_for(Role.OFFICE, **there) is None:
            for name in ("on_paper", "on_behalf_of", "scan"):
                del self.fields[name]
        elif self.reader.mandate_for(Role.APPROVER, **there) is None:
            self.fields["on_paper"].initial = True


class ClaimForm(OnForm):
    promised_on = DayField(
        label=_("Promised by"), earliest=timezone.localdate, help_text=_("The day by which residents hear of it.")
    )
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=MemberGroup.objects.none(), required=False, to_field_name="uuid"
    )
    member = forms.ModelChoiceField(
        label=_("Member"), queryset=Member.objects.none(), required=False, to_field_name="uuid"
    )

    def narrow(self) -> None:
        there = {"host_id": self.topic.host_id, "code": self.topic.region_code}
        groups = MemberGroup.objects.filter(host_id=self.topic.host_id, closed_on__isnull=True)
        if self.reader.mandate_for(Role.OFFICE, Role.CONVENOR, **there):
            self.fields["group"].queryset = groups
            self.fields["member"].queryset = Member.objects.serving().filter(host_id=self.topic.host_id)
            return
        del self.fields["member"]
        self.fields["group"].queryset = groups.filter(
            memberships__member__account=self.reader, memberships__until__isnull=True
        )
        self.fields["group"].empty_label = _("For myself")


class StudyForm(PlainForm):
    """One visit or a series; support by villager group as lines: 赵洼村民组 23 9 21."""

    date_from = DayField(label=_("First day"), past=True, initial=timezone.localdate)
    date_to = DayField(label=_("Last day"), past=True, required=False, help_text=_("Empty: one day"))
    places = LinesField(label=_("Places visited"), each=100, most=20, rows=2)
    method = CleanCharField(label=_("Method"), max_length=100, required=False, help_text=_("House calls, inspection …"))
    households = CountField(label=_("Households visited"))
    findings = LinesField(label=_("Findings"), each=300, most=30, rows=5)
    support = LinesField(
        label=_("Support by villager group"),
        each=100,
        most=40,
        rows=3,
        required=False,
        help_text=_("One group a line: name, households, in favour before and after. For example: Zhaowa 23 9 21"),
    )

    def __init__(self, *args: Any, topic: Topic, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_support(self) -> list[dict[str, Any]]:
        return [_support_row(number, line) for number, line in enumerate(self.cleaned_data["support"], 1)]


def _support_row(number: int, line: str) -> dict[str, Any]:
    name, *figures = line.replace("，", " ").replace(",", " ").replace("、", " ").split()
    if not figures or len(figures) > 3 or not all(figure.isascii() and figure.isdigit() for figure in figures):
        raise forms.ValidationError(
            _("Line %(number)s: write name, households, in favour before, in favour after"), params={"number": number}
        )
    return {"group": name, **dict(zip(("households", "before", "after"), map(int, figures), strict=False))}
