"""Input of each move, by the names that the services use."""

from __future__ import annotations

from rest_framework import serializers

from consult.rest.serializers import LineField, Reference, StrictSerializer, TextField
from members.models import Member, MemberGroup, Organisation
from topics.models import OversightNote, Topic
from topics.querysets import FILING
from topics.states import About, PartyCategory, Profile, Source


def _line(limit: int, **kwargs) -> LineField:
    return LineField(max_length=limit, **kwargs)


def _maybe_line(limit: int) -> LineField:
    return LineField(max_length=limit, required=False, allow_blank=True)


def _hosts_of(reader):
    return Organisation.objects.hosts().filter(pk__in=reader.host_ids(*FILING))


def _hosts_ever(reader):
    """Also those under which a mandate has ended: what was written in its time is kept for a decision."""
    return Organisation.objects.hosts().filter(pk__in=reader.mandates.filter(role__in=FILING).values("host_id"))


class TopicOnInput(StrictSerializer):
    """The business date; today when left out."""

    on = serializers.DateField(required=False)


class TopicReasonInput(TopicOnInput):
    reason = TextField(max_length=500)


class TopicPaperInput(TopicReasonInput):
    on_behalf_of = _maybe_line(100)


def _notes_for(reader):
    return OversightNote.objects.visible_to(reader)


class NoteInput(StrictSerializer):
    """What a supervising CPPCC asks about."""

    text = TextField(max_length=500)


class AnswerNoteInput(StrictSerializer):
    note = Reference(choose=_notes_for)
    answer = TextField(max_length=1000)


class RaiserInput(StrictSerializer):
    """Who stands behind the slip; left out, the caller raises it himself."""

    category = serializers.ChoiceField(choices=PartyCategory.choices, required=False)
    name = _maybe_line(60)
    organisation = _maybe_line(100)
    phone = _maybe_line(30)
    consented = serializers.BooleanField(required=False)
    wants_to_attend = serializers.BooleanField(required=False)

    def validate(self, data):
        return {**data, "on_behalf": True}


class MatterInput(StrictSerializer):
    title = _line(100)
    problem = TextField(max_length=3000)
    region_code = _line(12)
    place = _maybe_line(100)
    expectation = TextField(max_length=1000, required=False, allow_blank=True)
    households = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False, allow_null=True)
    households_about = serializers.ChoiceField(choices=About.choices, required=False, allow_blank=True)
    people = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False, allow_null=True)
    people_about = serializers.ChoiceField(choices=About.choices, required=False, allow_blank=True)
    pending_since = _maybe_line(10)
    pending_event = _maybe_line(60)
    blocked_by = _maybe_line(300)
    category = _maybe_line(40)
    stakeholders = serializers.MultipleChoiceField(choices=PartyCategory.choices, required=False)

    def validate_stakeholders(self, chosen):
        return sorted(chosen)


class HandInInput(MatterInput):
    host = Reference(choose=_hosts_of)
    source = serializers.ChoiceField(choices=Source.choices)
    raiser = RaiserInput(required=False)
    on = serializers.DateField(required=False)
    tags = serializers.ListField(child=_line(20), max_length=10, required=False)
    programme = _maybe_line(60)
    joint_hosts = Reference(choose=lambda reader: Organisation.objects.hosts(), many=True, required=False)
    draft = serializers.BooleanField(required=False)
    client_id = serializers.UUIDField(required=False)


class ChangesInput(MatterInput):
    """Only what changes."""

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class CompleteInput(StrictSerializer):
    """``on`` and ``on_behalf_of`` belong to the move, ``changes`` to the slip."""

    changes = ChangesInput()
    on = serializers.DateField(required=False)
    on_behalf_of = _maybe_line(100)


class PoolInput(TopicOnInput):
    profile = serializers.ChoiceField(choices=Profile.choices)
    category = _maybe_line(40)
    small_cut = serializers.BooleanField()
    wide_reach = serializers.BooleanField()
    vital_interest = serializers.BooleanField()
    excluded = serializers.BooleanField(required=False)


class ProfileInput(TopicOnInput):
    profile = serializers.ChoiceField(choices=Profile.choices)


class DeclineInput(TopicReasonInput):
    reply_text = TextField(max_length=1000)


class TransferInput(DeclineInput):
    to_unit = _line(100)


class MergeInput(TopicOnInput):
    into = Reference(Topic.objects.all())
    reason = TextField(max_length=500, required=False, allow_blank=True)


class PartInput(StrictSerializer):
    title = _line(100)
    problem = TextField(max_length=3000, required=False, allow_blank=True)


class SplitInput(TopicOnInput):
    parts = PartInput(many=True, allow_empty=False)


class ApproveInput(TopicOnInput):
    council_on = serializers.DateField()
    party_on = serializers.DateField()
    party_text = _line(300)
    plan_year = serializers.IntegerField(min_value=2000, max_value=2100)
    lead_committee = Reference(Organisation.objects.all())
    on_paper = serializers.BooleanField(required=False)
    on_behalf_of = _maybe_line(100)


class ClaimInput(TopicOnInput):
    promised_on = serializers.DateField()
    group = Reference(MemberGroup.objects.all(), required=False)
    member = Reference(Member.objects.all(), required=False)
    claimed_name = _maybe_line(100)


class SupportInput(StrictSerializer):
    group = _line(60)
    households = serializers.IntegerField(min_value=0, required=False)
    before = serializers.IntegerField(min_value=0, required=False)
    after = serializers.IntegerField(min_value=0, required=False)


class StudyInput(TopicOnInput):
    date_from = serializers.DateField()
    date_to = serializers.DateField(required=False)
    places = serializers.ListField(child=_line(100), min_length=1, max_length=20)
    method = _maybe_line(100)
    households = serializers.IntegerField(min_value=0, max_value=100_000_000, required=False)
    households_about = serializers.ChoiceField(choices=About.choices, required=False, allow_blank=True)
    findings = serializers.ListField(child=_line(300), min_length=1, max_length=30)
    support = SupportInput(many=True, required=False)
    client_id = serializers.UUIDField(required=False)
    on_behalf_of = _maybe_line(100)


class VisitInput(StrictSerializer):
    """走访: when, where, how many doors, what was heard; ``topic`` makes it the field study of that matter."""

    host = Reference(choose=_hosts_ever)
    visited_on = serializers.DateField()
    region_code = _maybe_line(12)
    place = _maybe_line(100)
    households = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    findings = serializers.ListField(child=_line(300), allow_empty=False, max_length=30)
    topic = serializers.UUIDField(source="topic_uuid", required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)


class AcceptVisitInput(StrictSerializer):
    visited_on = serializers.DateField(required=False)
    region_code = _maybe_line(12)


class VisitReasonInput(StrictSerializer):
    reason = _line(300)


class FollowInput(StrictSerializer):
    raiser = RaiserInput(required=False)
