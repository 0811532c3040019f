"""The visit book through the API: what a telephone sends when it finds a network again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from consult.rest.moves import Move
from consult.rest.serializers import ActionsField, Reference
from consult.rest.viewsets import StatefulViewSet
from topics import services
from topics.api import inputs
from topics.filters import VisitFilter
from topics.models import Visit
from topics.states import VISIT_WORKFLOW


class VisitSerializer(serializers.ModelSerializer):
    host = Reference(read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.display_name", read_only=True)
    actions = ActionsField(VISIT_WORKFLOW)

    class Meta:
        model = Visit
        fields = (
            *("uuid", "host", "region_code", "state", "visited_on", "place", "households", "findings"),
            *("topic_named", "decision_note", "reason", "recorded_by", "claimed_at", "created_at", "actions"),
        )
        read_only_fields = fields


class VisitViewSet(StatefulViewSet):
    """One's own visit book; the office and the convenor read those of their division."""

    queryset = Visit.objects.none()
    workflow = VISIT_WORKFLOW
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    ordering_fields = ("visited_on",)
    moves = {
        "accept": Move(services.accept_visit, inputs.AcceptVisitInput),
        "set_aside": Move(services.set_aside_visit, inputs.VisitReasonInput),
    }

    def get_queryset(self) -> Any:
        return Visit.objects.visible_to(self.request.user).select_related("host", "recorded_by")

    @extend_schema(request=inputs.VisitInput, responses={201: VisitSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Write down a visit; for a matter it becomes that matter's field study, and the answer says so."""
        done = services.note_visit(actor=request.user, **self.read_input(inputs.VisitInput))
        if not isinstance(done, Visit):
            return Response({"uuid": str(done.uuid), "state": "studied", "topic": str(done.topic.uuid)}, status=201)
        data = self.represent(done.pk, fallback=done)
        return Response(data, status=201, headers={"Location": self.address_of(done)})
