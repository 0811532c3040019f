"""Sessions, minutes and rooms as other systems read them; names only for who may know who was there."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consult.rest.serializers import ActionsField, Reference
from sessions import services
from sessions.api.moves import DETAIL_MOVES, LIST_MOVES
from sessions.heads import came_of, expected_of, standing
from sessions.models import (
    AgendaItem,
    ConsensusPoint,
    ConsultationRoom,
    ConsultSession,
    DissentPoint,
    Minutes,
    MinutesComment,
    Participant,
    SignUp,
    Statement,
)
from sessions.services import sign_in
from sessions.states import RECORD_WORKFLOW
from topics.states import PartyCategory


class RoomSerializer(serializers.ModelSerializer):
    host = Reference(read_only=True)
    last_held_at = serializers.DateTimeField(read_only=True)
    held_count = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = ConsultationRoom
        fields = (
            *("uuid", "host", "name", "region_code", "address", "host_unit", "shared_use", "capacity", "standards"),
            *("built_on", "closed_on", "last_held_at", "held_count", "is_sample", "actions"),
        )
        read_only_fields = fields

    def get_held_count(self, room: ConsultationRoom) -> int:
        return getattr(room, "held_count", None) or 0

    def get_actions(self, room: ConsultationRoom) -> list[str]:
        if not self.context["request"].user.has_perm("consult_sessions.keep_room", room):
            return []
        return ["change", "close"] if room.closed_on is None else ["change", "reopen"]


class AgendaItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = AgendaItem
        fields = ("uuid", "position", "text", "by", "minutes", "started_at", "ended_at")
        read_only_fields = fields


class NamedSerializer(serializers.ModelSerializer):
    """Some columns are names; who may not know them reads the rest."""

    names: tuple[str, ...] = ()

    def to_representation(self, row: Any) -> dict[str, Any]:
        shown = super().to_representation(row)
        return shown if self.context.get("sees_names") else {**shown, **dict.fromkeys(self.names, "")}


class ParticipantSerializer(NamedSerializer):
    names = ("name", "title", "reply_reason", "proxy_name")
    organisation = Reference(read_only=True)
    listed_in = Reference(read_only=True, help_text="The line of several people that counts him.")

    class Meta:
        model = Participant
        fields = (
            *("uuid", "position", "category", "organisation", "organisation_name", "name", "title", "count", "came"),
            *("chosen_how", "invited_at", "reply", "reply_reason", "replied_by_link", "attendance", "signed_in_at"),
            *("left_at", "proxy_name", "is_walk_in", "listed_in", "version"),
        )
        read_only_fields = fields


class StatementSerializer(NamedSerializer):
    names = ("by",)

    class Meta:
        model = Statement
        fields = (
            *("uuid", "position", "by", "category", "kind", "text", "language"),
            *("created_at", "claimed_at", "version"),
        )
        read_only_fields = fields


class ConsensusPointSerializer(serializers.ModelSerializer):
    topic = Reference(read_only=True)

    class Meta:
        model = ConsensusPoint
        fields = ("uuid", "topic", "number", "text", "level", "unit_name", "due_on", "read_back_at", "version")
        read_only_fields = fields


class DissentPointSerializer(NamedSerializer):
    names = ("by",)
    topic = Reference(read_only=True)

    class Meta:
        model = DissentPoint
        fields = ("uuid", "topic", "text", "by", "version")
        read_only_fields = fields


class CommentSerializer(serializers.ModelSerializer):
    class Meta:
        model = MinutesComment
        fields = (
            *("uuid", "number", "state", "version", "line", "quote", "text", "proposed", "by", "created_at"),
            *("answer", "answered_at", "adopted_version"),
        )
        read_only_fields = fields


class MinutesSerializer(serializers.ModelSerializer):
    amends = Reference(read_only=True)
    body = serializers.SerializerMethodField()
    comments = serializers.SerializerMethodField()

    class Meta:
        model = Minutes
        fields = (
            *("uuid", "state", "version", "number", "body", "sha256", "amends", "reason"),
            *("drafted_on", "drafted_name", "filed_on", "signed_on", "signed_name", "on_paper"),
            *("circulated_at", "comments"),
        )
        read_only_fields = fields

    @extend_schema_field(CommentSerializer(many=True))
    def get_comments(self, minutes: Minutes) -> Any:
        """Remarks, for who works on the text or was asked for them."""
        if not self.context["request"].user.has_perm("consult_sessions.comment_minutes_minutes", minutes):
            return []
        return CommentSerializer(minutes.comments.all(), many=True, context=self.context).data

    def get_body(self, minutes: Minutes) -> str:
        if self.context.get("sees_names"):
            return minutes.body
        return services.without_names(minutes.body, minutes.session)


class ClassCountSerializer(serializers.Serializer):
    category = serializers.ChoiceField(choices=PartyCategory.choices)
    label = serializers.CharField()
    present = serializers.IntegerField()
    expected = serializers.IntegerField()


class AttendanceSerializer(serializers.Serializer):
    """How many came, and how many were expected: in all and by class."""

    present = serializers.IntegerField()
    expected = serializers.IntegerField()
    classes = ClassCountSerializer(many=True)


class SignUpSerializer(serializers.ModelSerializer):
    """A sign-up, for who prepares the session; telephone numbers are not sent."""

    class Meta:
        model = SignUp
        fields = ("uuid", "position", "state", "name", "category", "created_at", "moved_up_at", "withdrawn_at")
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer):
    host = Reference(read_only=True)
    room = Reference(read_only=True)
    topics = Reference(many=True, read_only=True)
    has_signed_minutes = serializers.BooleanField(read_only=True)
    actions = ActionsField(LIST_MOVES)

    class Meta:
        model = ConsultSession
        fields: tuple[str, ...] = (
            *("uuid", "host", "region_code", "state", "form", "title", "topics", "venue_kind", "room", "place"),
            *("starts_at", "ends_at", "opened_at", "held_at", "has_signed_minutes", "is_sample", "actions"),
        )
        read_only_fields = fields


@extend_schema_field({"type": "array", "items": {"type": "object"}})
class HintsField(serializers.Field):
    """Warnings that ask for a look or a reason and refuse nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, session: ConsultSession) -> list[dict[str, str]]:
        if session.state not in ("planned", "announced"):
            return []
        return [{"code": hint.code, "text": hint.text} for hint in services.hints(session)]


class SessionDetailSerializer(SessionSerializer):
    convenor = Reference(read_only=True)
    lead_member = Reference(read_only=True)
    moderator = Reference(read_only=True)
    recorder = Reference(read_only=True)
    agenda = AgendaItemSerializer(many=True, read_only=True)
    participants = serializers.SerializerMethodField()
    sign_ups = serializers.SerializerMethodField()
    attendance = serializers.SerializerMethodField()
    statements = serializers.SerializerMethodField()
    consensus_points = ConsensusPointSerializer(many=True, read_only=True)
    dissent_points = serializers.SerializerMethodField()
    minutes = serializers.SerializerMethodField()
    hints = HintsField()
    actions = ActionsField(DETAIL_MOVES)

    class Meta(SessionSerializer.Meta):
        fields = (
            *(name for name in SessionSerializer.Meta.fields if name != "actions"),
            *("convenor", "convenor_name", "lead_member", "lead_name", "moderator", "moderator_name"),
            *("recorder", "recorder_name", "languages", "interpreter", "short_notice_reason", "reason"),
            *("further_round_reason", "no_statements", "is_backfilled", "decision_note", "version", "hints"),
            *(
                "agenda",
                "participants",
                "seats",
                "sign_ups",
                "attendance",
                "statements",
                "consensus_points",
                "dissent_points",
                "minutes",
                "actions",
            ),
        )
        read_only_fields = fields

    def naming(self, session: ConsultSession) -> dict[str, Any]:
        reader = self.context["request"].user
        return {**self.context, "sees_names": reader.has_perm("consult_sessions.see_names_session", session)}

    @extend_schema_field(ParticipantSerializer(many=True))
    def get_participants(self, session: ConsultSession) -> Any:
        lines = standing(session.participants.all())
        return ParticipantSerializer(lines, many=True, context=self.naming(session)).data

    @extend_schema_field(SignUpSerializer(many=True))
    def get_sign_ups(self, session: ConsultSession) -> Any:
        """Seated and waiting, in their order; empty for who does not prepare the session."""
        reader = self.context["request"].user
        if session.seats is None or not reader.has_perm(RECORD_WORKFLOW.perm("withdraw_sign_up"), session):
            return []
        return SignUpSerializer(session.sign_ups.all(), many=True).data

    @extend_schema_field(AttendanceSerializer)
    def get_attendance(self, session: ConsultSession) -> Any:
        """The figures of the roster, as the screen shows them."""
        lines = standing(session.participants.all())
        return {"present": came_of(lines), "expected": expected_of(lines), "classes": sign_in.counts(session)}

    @extend_schema_field(StatementSerializer(many=True))
    def get_statements(self, session: ConsultSession) -> Any:
        rows = session.statements.order_by("position", "pk")
        return StatementSerializer(rows, many=True, context=self.naming(session)).data

    @extend_schema_field(DissentPointSerializer(many=True))
    def get_dissent_points(self, session: ConsultSession) -> Any:
        rows = session.dissent_points.select_related("topic")
        return DissentPointSerializer(rows, many=True, context=self.naming(session)).data

    @extend_schema_field(MinutesSerializer(many=True))
    def get_minutes(self, session: ConsultSession) -> Any:
        """Those the caller may read, the latest last; amendments stand beside what they amend."""
        rows = session.minutes.visible_to(self.context["request"].user).select_related("amends").order_by("pk")
        return MinutesSerializer(rows, many=True, context=self.naming(session)).data
