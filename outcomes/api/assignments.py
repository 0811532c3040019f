"""Assignments through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from consult.rest.moves import Move
from consult.rest.serializers import ActionsField, Reference
from consult.rest.uploads import UPLOAD_PARSERS, AttachmentSerializer, kept_answer
from consult.rest.viewsets import StatefulViewSet
from outcomes import services
from outcomes.api import inputs
from outcomes.filters import AssignmentFilter
from outcomes.models import (
    Assignment,
    Extension,
    FieldCheck,
    HandlingReply,
    Milestone,
    ProgressEntry,
    Verification,
)
from outcomes.states import ASSIGNMENT_WORKFLOW
from topics.api.inputs import AnswerNoteInput, NoteInput

#: Of people: a supervising CPPCC does not read these.
NAMES = ("signed_for_by", "contact_note", "verified_name")


class WithoutNames:
    """Leaves out the names of people for who reads none."""

    def to_representation(self, row: Any) -> dict[str, Any]:
        data = super().to_representation(row)  # type: ignore[misc]  # of the serializer
        reader = self.context["request"].user  # type: ignore[attr-defined]  # likewise
        if not reader.has_perm("outcomes.see_names_assignment", row):
            data |= {name: "" for name in NAMES if name in data}
        return data


class ProgressSerializer(WithoutNames, serializers.ModelSerializer):
    class Meta:
        model = ProgressEntry
        fields = (
            *("uuid", "date", "text", "spent", "done", "total", "counted"),
            *("contact_on", "contact_method", "contact_note"),
        )
        read_only_fields = fields


class MilestoneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Milestone
        fields = ("uuid", "name", "done_on", "done_by")
        read_only_fields = fields


class CheckSerializer(serializers.ModelSerializer):
    class Meta:
        model = FieldCheck
        fields = (
            *("uuid", "planned_on", "note", "done_on", "method", "finding", "verdict", "dropped_on", "client_id"),
        )
        read_only_fields = fields


class ReplySerializer(WithoutNames, serializers.ModelSerializer):
    class Meta:
        model = HandlingReply
        fields = (
            "uuid",
            "date",
            "reply_class",
            "measures",
            "result",
            "contact_on",
            "contact_method",
            "contact_note",
            "on_paper",
        )
        read_only_fields = fields


class VerificationSerializer(WithoutNames, serializers.ModelSerializer):
    class Meta:
        model = Verification
        fields = ("uuid", "date", "method", "finding", "passed", "verified_name")
        read_only_fields = fields


class ExtensionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Extension
        fields = ("state", "asked_on", "due_before", "due_wanted", "reason", "decided_on", "decision_reason")
        read_only_fields = fields


class AssignmentSerializer(WithoutNames, serializers.ModelSerializer):
    topic = Reference(read_only=True)
    outcome = Reference(read_only=True)
    host = Reference(read_only=True)
    lead_unit = Reference(read_only=True)
    lead_unit_name = serializers.CharField(source="lead_unit.name", read_only=True)
    late = serializers.CharField(source="lateness", read_only=True)
    urged = serializers.CharField(read_only=True)
    actions = ActionsField(ASSIGNMENT_WORKFLOW)

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = (
            "uuid",
            "topic",
            "outcome",
            "host",
            "region_code",
            "number",
            "ordinal",
            "state",
            "matter",
            "lead_unit",
            "lead_unit_name",
            "issued_by",
            "issued_on",
            "due_on",
            "first_due_on",
            "due_provisional",
            "late",
            "urged",
            "signed_for_on",
            "signed_for_by",
            "closed_on",
            "next_review_on",
            "moved_on",
            "actions",
        )
        read_only_fields = fields


class AssignmentDetailSerializer(AssignmentSerializer):
    assisting_units = Reference(read_only=True, many=True)
    fulfils = Reference(read_only=True, many=True)
    progress = ProgressSerializer(many=True, read_only=True)
    replies = ReplySerializer(many=True, read_only=True)
    verifications = VerificationSerializer(many=True, read_only=True)
    extensions = ExtensionSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    checks = CheckSerializer(many=True, read_only=True)

    class Meta(AssignmentSerializer.Meta):
        fields = (
            *AssignmentSerializer.Meta.fields,
            "assisting_units",
            "fulfils",
            "requirement",
            "send_back_reason",
            "proper_unit",
            "funds_amount",
            "funds_about",
            "funds_kind",
            "funds_source",
            "projects",
            "progress",
            "replies",
            "verifications",
            "extensions",
            "reason",
            "milestones",
            "checks",
        )
        read_only_fields = fields


def issue(*, actor: Any, outcome: Any, **words: Any) -> Assignment:
    """Assign what was agreed to the unit that can do it."""
    return services.issue_assignment(outcome, actor=actor, **words)


class UrgedSerializer(serializers.Serializer):
    assignment = serializers.UUIDField()
    result = serializers.ChoiceField(choices=services.URGED)


class AssignmentViewSet(StatefulViewSet):
    """One thing to be done by a unit, with a date."""

    workflow = ASSIGNMENT_WORKFLOW
    queryset = Assignment.objects.none()
    serializer_class, detail_serializer_class = AssignmentSerializer, AssignmentDetailSerializer
    filterset_class = AssignmentFilter
    ordering_fields = ("due_on", "issued_on", "moved_on")
    create_service = staticmethod(issue)
    create_serializer_class = inputs.IssueInput
    moves = {
        "sign_for": Move(services.sign_for, inputs.SignForInput),
        "send_back": Move(services.send_back, inputs.SendBackInput),
        "reassign": Move(services.reassign, inputs.ReassignInput),
        "annul": Move(services.annul, inputs.ReasonInput),
        "start": Move(services.start, inputs.OnInput),
        "add_progress": Move(services.add_progress, inputs.ProgressInput),
        "ask_extension": Move(services.ask_extension, inputs.ExtensionInput),
        "grant": Move(services.grant_extension, inputs.GrantInput),
        "refuse": Move(services.refuse_extension, inputs.ReasonInput),
        "reply": Move(services.reply_assignment, inputs.ReplyInput),
        "verify": Move(services.verify_assignment, inputs.VerifyInput),
        "rework": Move(services.rework_assignment, inputs.ReworkInput),
        "close": Move(services.close_assignment, inputs.CloseInput),
        "reopen": Move(services.reopen_assignment, inputs.ReopenInput),
        "confirm_reminders": services.confirm_reminders,
        "set_milestones": Move(services.set_milestones, inputs.MilestonesInput),
        "urge": Move(services.urge, inputs.LetterInput),
        "escalate": Move(services.escalate, inputs.LetterInput),
        "plan_check": Move(services.plan_check, inputs.PlanCheckInput),
        "record_check": Move(services.record_check, inputs.RecordCheckInput),
        "drop_check": Move(services.drop_check, inputs.DropCheckInput),
        "make_link": Move(services.make_link, inputs.MakeLinkInput),
        "renew_link": Move(services.renew_link, inputs.RenewLinkInput),
        "revoke_link": Move(services.revoke_link, inputs.RevokeLinkInput),
        "urge_note": Move(services.urge_assignment, NoteInput),
        "answer_note": Move(services.answer_assignment_note, AnswerNoteInput),
    }

    @extend_schema(
        request=inputs.ProgressPhotoInput,
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
        operation_id="assignment_add_photo",
    )
    @action(detail=True, methods=["post"], url_path="add_photo", url_name="add-photo", parser_classes=UPLOAD_PARSERS)
    def move_add_photo(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A photo at an entry of the progress. The same ``client_id`` again is the same file, answered 200."""
        assignment = self.get_object()
        ASSIGNMENT_WORKFLOW.check(assignment, "add_progress", actor=request.user)
        words = self.read_input(inputs.ProgressPhotoInput)
        kept, is_new = services.add_photo(assignment, actor=request.user, **words)
        return kept_answer(kept, is_new, self.get_serializer_context())

    @extend_schema(
        request=inputs.UrgeAllInput, responses={200: UrgedSerializer(many=True)}, operation_id="assignments_urge_all"
    )
    @action(detail=False, methods=["post"], url_name="urge-all", pagination_class=None, filterset_class=None)
    def urge_all(self, request: Any) -> Response:
        """Urge what is overdue, as the page does: one letter per unit, the county's own unless ``text`` says another.

        A result for each item, in the order asked: sent, already (today), moved (meanwhile), not_overdue, not_found.
        """
        words = self.read_input(inputs.UrgeAllInput)
        found = services.urge_named(words["items"], actor=request.user, text=words.get("text", ""))
        return Response([{"assignment": str(uuid), "result": result} for uuid, result in found.items()])

    def get_queryset(self) -> Any:
        rows = Assignment.objects.visible_to(self.request.user)
        return rows.for_api() if self.action == "list" else rows.for_detail()
