"""A matter as other systems read it: names and contacts only for who may see them, and then masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consult.rest.serializers import ActionsField, Reference
from consult.text import mask_phone
from topics.models import FieldStudy, Raiser, Topic
from topics.states import TOPIC_WORKFLOW

#: What the handling unit of an assignment is shown.
GLANCE = ("uuid", "title", "problem", "actions")


class TopicSerializer(serializers.ModelSerializer):
    host = Reference(read_only=True)
    actions = ActionsField(TOPIC_WORKFLOW)

    class Meta:
        model = Topic
        fields: tuple[str, ...] = (
            "uuid",
            "host",
            "number",
            "state",
            "profile",
            "source",
            "title",
            "problem",
            "category",
            "region_code",
            "place",
            "raised_on",
            "moved_on",
            "promised_on",
            "closed_on",
            "is_sample",
            "actions",
        )
        read_only_fields = fields

    def to_representation(self, topic: Topic) -> dict[str, Any]:
        shown = super().to_representation(topic)
        if getattr(topic, "is_whole", True):
            return shown
        return {name: shown[name] for name in GLANCE}


class StudySerializer(serializers.ModelSerializer):
    class Meta:
        model = FieldStudy
        fields = (
            "uuid",
            "date_from",
            "date_to",
            "places",
            "method",
            "households",
            "households_about",
            "findings",
            "support",
        )
        read_only_fields = fields


class RaiserSerializer(serializers.ModelSerializer):
    """Without the right to names only the category is left; the number is masked for the office and the convenor."""

    phone = serializers.SerializerMethodField()

    class Meta:
        model = Raiser
        fields = ("uuid", "kind", "category", "name", "organisation", "phone", "wants_to_attend", "on_behalf")
        read_only_fields = fields

    def get_phone(self, raiser: Raiser) -> str:
        return mask_phone(raiser.phone) if raiser.phone and self.context.get("shows_contact") else ""

    def to_representation(self, raiser: Raiser) -> dict[str, Any]:
        shown = super().to_representation(raiser)
        if self.context.get("sees_names"):
            return shown
        return {name: shown[name] for name in ("kind", "category")}


class TopicDetailSerializer(TopicSerializer):
    joint_hosts = Reference(many=True, read_only=True)
    lead_committee = Reference(read_only=True)
    claimed_group = Reference(read_only=True)
    merged_into = Reference(read_only=True)
    split_from = Reference(read_only=True)
    studies = StudySerializer(many=True, read_only=True)
    raisers = serializers.SerializerMethodField()

    class Meta(TopicSerializer.Meta):
        fields = (
            *(name for name in TopicSerializer.Meta.fields if name != "actions"),
            "programme",
            "joint_hosts",
            "expectation",
            "tags",
            "households",
            "households_about",
            "people",
            "people_about",
            "pending_since",
            "pending_event",
            "blocked_by",
            "stakeholders",
            "small_cut",
            "wide_reach",
            "vital_interest",
            "screened_on",
            "reason",
            "reply_text",
            "to_unit",
            "merged_into",
            "split_from",
            "council_on",
            "party_on",
            "party_text",
            "plan_year",
            "lead_committee",
            "approved_on",
            "claimed_on",
            "claimed_group",
            "claimed_name",
            "round",
            "studies",
            "raisers",
            "actions",
        )
        read_only_fields = fields

    @extend_schema_field(RaiserSerializer(many=True))
    def get_raisers(self, topic: Topic) -> list[dict[str, Any]]:
        reader = self.context["request"].user
        rights = {
            "sees_names": reader.has_perm("topics.see_names_topic", topic),
            "shows_contact": reader.has_perm("topics.show_contact_topic", topic),
        }
        return RaiserSerializer(topic.raisers.all(), many=True, context={**self.context, **rights}).data
