"""Input of each move, by the names that the services use."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from consult.rest.serializers import LineField, Reference, StrictSerializer, TextField
from consult.rest.uploads import UploadInput
from members.models import Account, Convenor, Member, Organisation
from members.states import Role
from sessions.models import (
    ConsensusPoint,
    ConsultationRoom,
    ConsultSession,
    DissentPoint,
    Minutes,
    MinutesComment,
    Participant,
    Statement,
    StruckLine,
)
from sessions.services.minutes import LONGEST_BODY
from sessions.states import Attendance, Level, Reply, SessionForm, Standard, StatementKind, VenueKind
from topics.models import Topic
from topics.states import PartyCategory

PREPARERS = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)
LOGGERS = (*PREPARERS, Role.MEMBER)


def _line(limit: int, **kwargs: Any) -> LineField:
    return LineField(max_length=limit, **kwargs)


def _maybe_line(limit: int) -> LineField:
    return LineField(max_length=limit, required=False, allow_blank=True)


def _hosts(*roles: str) -> Any:
    return lambda reader: Organisation.objects.hosts().filter(pk__in=reader.host_ids(*roles))


def _hosts_ever(*roles: str) -> Any:
    """Also those under which a mandate has ended: what was written in its time is kept for a decision."""
    return lambda reader: Organisation.objects.hosts().filter(
        pk__in=reader.mandates.filter(role__in=roles).values("host_id")
    )


def _colleagues(reader: Any) -> Any:
    """Accounts under the CPPCCs for which the reader works."""
    return Account.objects.filter(mandates__host_id__in=reader.host_ids(), is_active=True).distinct()


def _of_seen(model: Any) -> Any:
    return lambda reader: model.objects.filter(session__in=ConsultSession.objects.visible_to(reader).values("pk"))


class SessionAtInput(StrictSerializer):
    """The business time; now when left out."""

    at = serializers.DateTimeField(required=False)


class AgendaItemInput(StrictSerializer):
    text = _line(200)
    minutes = serializers.IntegerField(min_value=1, max_value=600, required=False, allow_null=True)
    by = _maybe_line(60)


class ParticipantInput(StrictSerializer):
    """One line of the list: a unit, a member, an account, or words."""

    category = serializers.ChoiceField(choices=PartyCategory.choices)
    organisation = Reference(Organisation.objects.all(), required=False, allow_null=True)
    organisation_name = _maybe_line(100)
    name = _maybe_line(60)
    title = _maybe_line(60)
    count = serializers.IntegerField(min_value=1, max_value=2000, required=False)
    chosen_how = _maybe_line(60)
    account = Reference(choose=_colleagues, required=False, allow_null=True)
    member = Reference(Member.objects.all(), required=False, allow_null=True)


class LoggedParticipantInput(ParticipantInput):
    """Whoever is on the list of a session that is over has been there or not."""

    attendance = serializers.ChoiceField(choices=Attendance.choices, required=False)


class PlaceAndPeopleInput(StrictSerializer):
    title = _line(100)
    form = serializers.ChoiceField(choices=SessionForm.choices)
    venue_kind = serializers.ChoiceField(choices=VenueKind.choices)
    region_code = _line(12)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    room = Reference(ConsultationRoom.objects.all(), required=False, allow_null=True)
    place = _maybe_line(100)
    convenor = Reference(Convenor.objects.all(), required=False, allow_null=True)
    convenor_name = _maybe_line(60)
    lead_member = Reference(Member.objects.all(), required=False, allow_null=True)
    lead_name = _maybe_line(60)
    moderator = Reference(choose=_colleagues, required=False, allow_null=True)
    moderator_name = _maybe_line(60)
    recorder = Reference(choose=_colleagues, required=False, allow_null=True)
    recorder_name = _maybe_line(60)
    languages = serializers.ListField(child=_line(30), max_length=10, required=False)
    interpreter = _maybe_line(60)


class PlanInput(PlaceAndPeopleInput):
    host = Reference(choose=_hosts(*PREPARERS))
    topics = Reference(Topic.objects.all(), many=True)
    agenda = AgendaItemInput(many=True, required=False)
    participants = ParticipantInput(many=True, required=False)
    further_round_reason = _maybe_line(300)


class ChangePlanInput(PlaceAndPeopleInput):
    """Only what changes, over the version that was read."""

    version = serializers.IntegerField(min_value=1, required=False)
    agenda = AgendaItemInput(many=True, required=False)

    def get_fields(self) -> Any:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class AnnounceInput(SessionAtInput):
    short_notice_reason = _maybe_line(300)


class PostponeInput(SessionAtInput):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = _line(300)
    room = Reference(ConsultationRoom.objects.all(), required=False, allow_null=True)
    place = _maybe_line(100)


class CancelInput(SessionAtInput):
    reason = _line(300)


class SessionCloseInput(SessionAtInput):
    no_statements = serializers.BooleanField(required=False)


class LogInput(StrictSerializer):
    """补录: three things are asked, the rest is known or may follow."""

    host = Reference(choose=_hosts_ever(*LOGGERS))
    region_code = _line(12)
    title = _line(100)
    place = _line(100)
    agreed = serializers.ListField(child=_line(500), allow_empty=False, max_length=50)
    dissent = serializers.ListField(child=_line(500), required=False, max_length=50)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    form = serializers.ChoiceField(choices=SessionForm.choices, required=False)
    venue_kind = serializers.ChoiceField(choices=VenueKind.choices, required=False)
    room = Reference(ConsultationRoom.objects.all(), required=False, allow_null=True)
    topic = serializers.UUIDField(source="topic_uuid", required=False, allow_null=True)
    session = serializers.UUIDField(source="session_uuid", required=False, allow_null=True)
    participants = LoggedParticipantInput(many=True, required=False)
    problem = TextField(max_length=3000, required=False, allow_blank=True)
    convenor_name = _maybe_line(60)
    lead_member = Reference(Member.objects.all(), required=False, allow_null=True)
    lead_name = _maybe_line(60)
    moderator_name = _maybe_line(60)
    further_round_reason = _maybe_line(300)
    client_id = serializers.UUIDField(required=False)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)


class AcceptLogInput(StrictSerializer):
    topic = Reference(Topic.objects.all(), required=False, allow_null=True)
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False)
    region_code = _maybe_line(12)
    further_round_reason = _maybe_line(300)


# the record -----------------------------------------------------------------------------------------------------------


class AgendaInput(StrictSerializer):
    agenda = AgendaItemInput(many=True, allow_empty=False)


class WhoInput(StrictSerializer):
    participant = Reference(choose=_of_seen(Participant))


class InvitationReplyInput(WhoInput):
    reply = serializers.ChoiceField(choices=Reply.choices)
    reason = _maybe_line(200)


class TickedInput(StrictSerializer):
    """Once for a ``key``; ``at`` is when it happened, if that can be true."""

    key = serializers.UUIDField(required=False)
    at = serializers.DateTimeField(required=False)


class WalkInInput(ParticipantInput, TickedInput):
    """Whoever comes without being on the list."""


class AttendanceInput(WhoInput, TickedInput):
    """By proxy: ``present`` with who came instead and why. ``was``: how the line stood; marked otherwise since, 409."""

    attendance = serializers.ChoiceField(choices=[("", "–"), *Attendance.choices], allow_blank=True)
    was = _maybe_line(10)
    came = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    proxy_name = _maybe_line(60)
    proxy_reason = _maybe_line(200)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)


class SignInInput(StrictSerializer):
    """The caller himself. With the token or the code from the screen also when he is not on the list."""

    key = serializers.UUIDField()
    token = _maybe_line(64)
    code = _maybe_line(20)
    category = serializers.ChoiceField(choices=PartyCategory.choices, required=False)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)
    came = serializers.IntegerField(min_value=1, max_value=2000, required=False, allow_null=True)
    listed_in = _maybe_line(40)


class LeaveInput(WhoInput, SessionAtInput):
    back = serializers.BooleanField(required=False)


class StatementInput(StrictSerializer):
    participant = Reference(choose=_of_seen(Participant), required=False, allow_null=True)
    by = _maybe_line(100)
    category = serializers.ChoiceField(choices=PartyCategory.choices, required=False)
    kind = serializers.ChoiceField(choices=StatementKind.choices, required=False)
    text = TextField(max_length=3000)
    language = _maybe_line(30)
    topic = Reference(Topic.objects.all(), required=False, allow_null=True)
    claimed_at = serializers.DateTimeField(required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False)


class StatementChangeInput(StrictSerializer):
    statement = Reference(choose=_of_seen(Statement))
    by = LineField(max_length=100, required=False)
    category = serializers.ChoiceField(choices=PartyCategory.choices, required=False)
    kind = serializers.ChoiceField(choices=StatementKind.choices, required=False)
    language = _maybe_line(30)
    text = TextField(max_length=3000, required=False)
    version = serializers.IntegerField(min_value=1, required=False)


class StatementRemovalInput(StrictSerializer):
    statement = Reference(choose=_of_seen(Statement))


class PointInput(StrictSerializer):
    topic = Reference(Topic.objects.all(), required=False, allow_null=True)
    text = _line(500)
    level = serializers.ChoiceField(choices=Level.choices)
    unit_name = _maybe_line(100)
    due_on = serializers.DateField(required=False, allow_null=True)
    statements = Reference(choose=_of_seen(Statement), many=True, required=False)
    client_id = serializers.UUIDField(required=False)


class PointChangeInput(StrictSerializer):
    point = Reference(choose=_of_seen(ConsensusPoint))
    text = LineField(max_length=500, required=False)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    unit_name = _maybe_line(100)
    due_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1, required=False)


class PointRemovalInput(StrictSerializer):
    point = Reference(choose=_of_seen(ConsensusPoint))


class ReadBackInput(PointRemovalInput):
    done = serializers.BooleanField(required=False)


class DissentInput(StrictSerializer):
    topic = Reference(Topic.objects.all(), required=False, allow_null=True)
    text = _line(500)
    by = _maybe_line(100)
    point = Reference(choose=_of_seen(ConsensusPoint), required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False)


class DissentRemovalInput(StrictSerializer):
    dissent = Reference(choose=_of_seen(DissentPoint))


class DissentChangeInput(DissentRemovalInput):
    text = LineField(max_length=500, required=False)
    by = _maybe_line(100)
    version = serializers.IntegerField(min_value=1, required=False)


class RestoreInput(StrictSerializer):
    line = Reference(choose=_of_seen(StruckLine))


class LanguagesInput(StrictSerializer):
    languages = serializers.ListField(child=LineField(max_length=30), max_length=8, required=False)
    interpreter = _maybe_line(60)


class SessionPhotoInput(UploadInput):
    """A photo or paper of the session, or of one statement in it."""

    statement = Reference(choose=_of_seen(Statement), required=False, allow_null=True)


class MinutesOnInput(StrictSerializer):
    """The business date; today when left out."""

    on = serializers.DateField(required=False)


class MinutesDraftInput(MinutesOnInput):
    body = TextField(max_length=LONGEST_BODY, required=False)


class MinutesRevisionInput(StrictSerializer):
    body = TextField(max_length=LONGEST_BODY)
    version = serializers.IntegerField(min_value=1)


class CommentInput(StrictSerializer):
    """A remark at the whole text (line 0), at a paragraph, or at words of it; other words may be proposed."""

    text = _line(1000)
    line_number = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    quote = _maybe_line(500)
    proposed = _maybe_line(2000)
    participant = Reference(choose=_of_seen(Participant), required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1, required=False)


class CommentChoiceInput(StrictSerializer):
    comment = Reference(
        choose=lambda reader: MinutesComment.objects.filter(minutes__in=Minutes.objects.visible_to(reader).values("pk"))
    )


class CommentAnswerInput(CommentChoiceInput):
    answer = _line(1000)
    proposed = _maybe_line(2000)


class MinutesReasonInput(MinutesOnInput):
    reason = _line(300)


class MinutesSignInput(MinutesOnInput):
    on_paper = serializers.BooleanField(required=False)
    signed_name = _maybe_line(60)


class RoomChangeInput(StrictSerializer):
    name = LineField(max_length=80, required=False)
    region_code = LineField(max_length=12, required=False)
    address = _maybe_line(150)
    host_unit = _maybe_line(100)
    shared_use = _maybe_line(100)
    capacity = serializers.IntegerField(min_value=1, max_value=2000, required=False, allow_null=True)
    standards = serializers.MultipleChoiceField(choices=Standard.choices, required=False)
    built_on = serializers.DateField(required=False, allow_null=True)

    def validate_standards(self, chosen: Any) -> list[str]:
        return sorted(chosen)


class RoomInput(RoomChangeInput):
    host = Reference(choose=_hosts(Role.OFFICE, Role.CONVENOR))
    name = _line(80)
    region_code = _line(12)


class RoomCloseInput(MinutesOnInput):
    reason = _maybe_line(300)
