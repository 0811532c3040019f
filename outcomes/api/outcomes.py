"""Outcomes through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consult.rest.moves import Move
from consult.rest.serializers import ActionsField, Reference
from consult.rest.viewsets import StatefulViewSet
from outcomes import services
from outcomes.api import inputs
from outcomes.filters import OutcomeFilter
from outcomes.models import Benefit, Outcome, Product, SatisfactionSurvey
from outcomes.states import OUTCOME_WORKFLOW
from sessions.models import ConsensusPoint


class BenefitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Benefit
        fields = ("what", "amount", "about", "unit")
        read_only_fields = fields


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ("kind", "title", "text", "version", "duties")
        read_only_fields = fields


class SurveySerializer(serializers.ModelSerializer):
    """Totals, process and result apart."""

    process = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    result = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = SatisfactionSurvey
        fields = (
            "asked_on",
            "due_on",
            "answered_on",
            "process",
            "result",
            "raiser_result",
            "explain_by",
            "explained_on",
            "explanation",
            "forced_on",
        )
        read_only_fields = fields


class PointSerializer(serializers.ModelSerializer):
    class Meta:
        model = ConsensusPoint
        fields = ("uuid", "number", "text", "level")
        read_only_fields = fields


class OutcomeSerializer(serializers.ModelSerializer):
    topic = Reference(read_only=True)
    host = Reference(read_only=True)
    actions = ActionsField(OUTCOME_WORKFLOW)

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = (
            "uuid",
            "topic",
            "host",
            "region_code",
            "round",
            "state",
            "number",
            "effects",
            "submitted_to",
            "submitted_on",
            "adopted_on",
            "adopted_by",
            "instruction",
            "noted_on",
            "nothing_to_assign_on",
            "nothing_to_assign_reason",
            "moved_on",
            "actions",
        )
        read_only_fields = fields


class OutcomeDetailSerializer(OutcomeSerializer):
    benefits = BenefitSerializer(many=True, read_only=True)
    products = ProductSerializer(many=True, read_only=True)
    satisfaction = SurveySerializer(source="survey", read_only=True, allow_null=True)
    consensus = serializers.SerializerMethodField()
    assignments = Reference(read_only=True, many=True)

    class Meta(OutcomeSerializer.Meta):
        fields = (
            *OutcomeSerializer.Meta.fields,
            "summary",
            "consensus",
            "benefits",
            "products",
            "assignments",
            "satisfaction",
        )
        read_only_fields = fields

    @extend_schema_field(PointSerializer(many=True))
    def get_consensus(self, outcome: Outcome) -> Any:
        return PointSerializer(outcome.topic.consensus_points.order_by("number"), many=True).data


def draft(*, actor: Any, topic: Any, **words: Any) -> Outcome:
    """Write down what the round of consultation came to."""
    return services.draft_outcome(topic, actor=actor, **words)


class OutcomeViewSet(StatefulViewSet):
    """What a round of consultation came to."""

    workflow = OUTCOME_WORKFLOW
    queryset = Outcome.objects.none()
    serializer_class, detail_serializer_class = OutcomeSerializer, OutcomeDetailSerializer
    filterset_class = OutcomeFilter
    ordering_fields = ("moved_on",)
    create_service = staticmethod(draft)
    create_serializer_class = inputs.DraftInput
    moves = {
        "edit_outcome": Move(services.edit_outcome, inputs.OutcomeInput),
        "submit_outcome": Move(services.submit_outcome, inputs.SubmitInput),
        "adopt_outcome": Move(services.adopt_outcome, inputs.AdoptInput),
        "note_outcome": Move(services.note_outcome, inputs.OnInput),
        "nothing_to_assign": Move(services.nothing_to_assign, inputs.ReasonInput),
        "record_benefits": Move(services.record_benefits, inputs.BenefitsInput),
        "enter_forms": Move(services.enter_forms, inputs.PaperFormsInput),
        "record_satisfaction": Move(services.record_satisfaction, inputs.SatisfactionInput),
        "explain_dissatisfaction": Move(services.explain_dissatisfaction, inputs.ExplainInput),
    }

    def get_queryset(self) -> Any:
        rows = Outcome.objects.visible_to(self.request.user)
        if self.action == "list":
            return rows.select_related("topic", "host", "satisfaction")
        return rows.for_detail(self.request.user)
