"""Public notices through the API: everybody reads what was released, from its snapshot; staff make the moves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consult.errors import Missing
from consult.rest.moves import Move
from consult.rest.permissions import ReadByAnyone
from consult.rest.serializers import ActionsField, LineField, Reference, StrictSerializer, TextField
from consult.rest.viewsets import StatefulViewSet
from members.states import Role
from outcomes import services
from outcomes.filters.notices import NoticeFilter
from outcomes.models import Objection, Outcome, PublicNotice
from outcomes.services.notices import find_private
from outcomes.states import NOTICE_WORKFLOW, PUBLIC_STATES, NoticeKind, SecrecyConclusion
from sessions.models import ConsultSession
from topics.models import Topic


class NoticeSerializer(serializers.ModelSerializer):
    """What was posted is read by everybody; the inner side of a notice only by those who work with it."""

    host = serializers.SerializerMethodField()
    board = serializers.SerializerMethodField()
    actions = ActionsField(NOTICE_WORKFLOW)

    class Meta:
        model = PublicNotice
        fields: tuple[str, ...] = (
            "uuid",
            "number",
            "kind",
            "state",
            "host",
            "region_code",
            "title",
            "summary",
            "posted_on",
            "expires_on",
            "corrected_by_number",
            "sha256",
            "is_sample",
            "board",
            "actions",
        )
        read_only_fields = fields

    @extend_schema_field({"type": "object", "properties": {"code": {"type": "string"}, "name": {"type": "string"}}})
    def get_host(self, notice: PublicNotice) -> dict[str, str]:
        return {"code": notice.host.region_code, "name": notice.host.name}

    @extend_schema_field({"type": ["string", "null"]})
    def get_board(self, notice: PublicNotice) -> str | None:
        """Where people read it."""
        return notice.board_url if notice.state in PUBLIC_STATES else None


class NoticeDetailSerializer(NoticeSerializer):
    """Posted: the snapshot as it was released. Before that: the words as they stand, and what has to be masked."""

    voices = serializers.JSONField(read_only=True)
    snapshot = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "snapshot", "voices", "draft")
        read_only_fields = fields

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_snapshot(self, notice: PublicNotice) -> Any:
        return notice.snapshot if notice.state in PUBLIC_STATES else None

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_draft(self, notice: PublicNotice) -> Any:
        if notice.number:
            return None
        return {
            "text": notice.text,
            "places": notice.places,
            "photos": [str(uuid) for uuid in notice.photos],
            "days": notice.days,
            "phone": notice.phone,
            "topic": str(notice.topic.uuid) if notice.topic else None,
            "drafted_on": notice.drafted_on.isoformat(),
            "reviewed_on": notice.reviewed_on.isoformat() if notice.reviewed_on else None,
            "secrecy": notice.secrecy,
            "secrecy_basis": notice.secrecy_basis,
            "reason": notice.reason,
            "findings": [
                {"field": one.field, "kind": one.kind, "excerpt": one.excerpt, "blocks": one.blocks}
                for one in find_private(notice)
            ],
        }


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


class NoticeDayInput(StrictSerializer):
    on = _day()


class NoticeReasonInput(NoticeDayInput):
    reason = LineField(max_length=300)


class NoticeWordsInput(NoticeDayInput):
    title = LineField(max_length=100, required=False)
    text = TextField(max_length=5000, required=False)
    summary = LineField(max_length=60, required=False, allow_blank=True)
    places = serializers.ListField(child=LineField(max_length=60), required=False, max_length=20)
    photos = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=9)
    days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    phone = LineField(max_length=40, required=False, allow_blank=True)


class DraftNoticeInput(NoticeWordsInput):
    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    title = LineField(max_length=100)
    text = TextField(max_length=5000)
    topic = Reference(Topic.objects.all(), required=False, allow_null=True)
    outcome = Reference(Outcome.objects.all(), required=False, allow_null=True)
    session = Reference(ConsultSession.objects.all(), required=False, allow_null=True)
    cites = Reference(PublicNotice.objects.all(), required=False, allow_null=True)


class CorrectNoticeInput(NoticeWordsInput):
    reason = LineField(max_length=300)


class ReviewNoticeInput(NoticeDayInput):
    secrecy = serializers.ChoiceField(choices=SecrecyConclusion.choices)
    secrecy_basis = LineField(max_length=200, required=False, allow_blank=True)
    looked_at = serializers.BooleanField(required=False)


class ObjectionInput(NoticeDayInput):
    text = TextField(max_length=1000)
    contact = LineField(max_length=60, required=False, allow_blank=True)


def _objections(reader: Any) -> Any:
    return Objection.objects.filter(notice__in=PublicNotice.objects.visible_to(reader).kept_by(reader))


class AnswerObjectionInput(NoticeDayInput):
    objection = Reference(choose=_objections, required=False)
    answer = TextField(max_length=1000)


def draft(*, actor: Any, **words: Any) -> PublicNotice:
    """Write a notice; nobody outside sees it until two people have released it."""
    about = next((words[name] for name in ("topic", "outcome", "session") if words.get(name)), None)
    mandate = actor.mandate_for(Role.OFFICE, Role.CONVENOR)
    host = about.host if about is not None else (mandate.host if mandate else None)
    if host is None:
        raise Missing({"topic": _("Please choose the matter that the notice is about")})
    return services.draft_notice(actor=actor, host=host, **words)


class NoticeViewSet(StatefulViewSet):
    """Notices: what is posted, for everybody; drafts and moves, for those who release them."""

    permission_classes = (ReadByAnyone,)
    workflow = NOTICE_WORKFLOW
    queryset = PublicNotice.objects.none()
    serializer_class, detail_serializer_class = NoticeSerializer, NoticeDetailSerializer
    filterset_class = NoticeFilter
    ordering = ("-posted_on",)
    ordering_fields = ("posted_on", "moved_on")
    create_service = staticmethod(draft)
    create_serializer_class = DraftNoticeInput
    moves = {
        "edit_notice": Move(services.edit_notice, NoticeWordsInput),
        "review_notice": Move(services.review_notice, ReviewNoticeInput),
        "return_notice": Move(services.return_notice, NoticeReasonInput),
        "post_notice": Move(services.post_notice, NoticeDayInput),
        "withdraw_notice": Move(services.withdraw_notice, NoticeReasonInput),
        "correct_notice": Move(services.correct_notice, CorrectNoticeInput),
        "record_objection": Move(services.record_objection, ObjectionInput),
        "answer_objection": Move(services.answer_objection, AnswerObjectionInput),
    }

    def get_queryset(self) -> Any:
        rows = PublicNotice.objects.visible_to(self.request.user)
        return rows.for_list().order_by() if self.action == "list" else rows.for_detail()
