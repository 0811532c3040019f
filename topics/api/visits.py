"""The visit book through the API: what a telephone sends when it finds a network again."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from consult.files.models import Attachment
from consult.rest.clients import put_right
from consult.rest.moves import Move
from consult.rest.serializers import ActionsField, Reference
from consult.rest.uploads import UPLOAD_PARSERS, AttachmentSerializer, UploadInput, kept_answer
from consult.rest.viewsets import StatefulViewSet
from topics import services
from topics.api import inputs
from topics.filters import VisitFilter
from topics.models import Visit
from topics.states import VISIT_WORKFLOW


class VisitSerializer(serializers.ModelSerializer):
    host = Reference(read_only=True)
    photos = serializers.IntegerField(source="photo_count", read_only=True)
    recorded_by = serializers.CharField(source="recorded_by.display_name", read_only=True)
    actions = ActionsField(VISIT_WORKFLOW)

    class Meta:
        model = Visit
        fields = (
            *("uuid", "host", "region_code", "state", "visited_on", "place", "households", "findings"),
            *("topic_named", "decision_note", "reason", "recorded_by", "claimed_at", "created_at", "photos", "actions"),
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
        rows = Visit.objects.visible_to(self.request.user)
        return rows.select_related("host", "recorded_by").with_photo_count()

    @extend_schema(
        request=UploadInput,
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
        operation_id="visit_add_photo",
    )
    @action(detail=True, methods=["post"], url_path="add_photo", url_name="add-photo", parser_classes=UPLOAD_PARSERS)
    def move_add_photo(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A photo of a visit, also of one that became a field study. The same ``client_id`` again is the same file."""
        visit = services.visit_for(request.user, self.kwargs["uuid"])
        if visit is None:
            raise Http404
        kept, is_new = services.add_visit_photo(visit, actor=request.user, **self.read_input(UploadInput))
        return kept_answer(kept, is_new, self.get_serializer_context())

    @extend_schema(responses={200: AttachmentSerializer(many=True)}, operation_id="visit_photos")
    @action(detail=True, methods=["get"], url_path="photos", url_name="photos")
    def photos(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The photos of an entry, for who reads the entry."""
        rows = Attachment.objects.about(self.get_object()).order_by("pk")
        return Response(AttachmentSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=inputs.VisitInput, responses={201: VisitSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Write down a visit; for a matter it becomes that matter's field study, and the answer says so."""
        words = self.read_input(inputs.VisitInput)
        claimed = words.get("claimed_at")
        if (moment := put_right(request, claimed)) and words["visited_on"] == timezone.localdate(claimed):
            words["visited_on"] = timezone.localdate(moment)  # «today», by a clock that is days away
        done = services.note_visit(actor=request.user, **words)
        if not isinstance(done, Visit):
            return Response({"uuid": str(done.uuid), "state": "studied", "topic": str(done.topic.uuid)}, status=201)
        data = self.represent(done.pk, fallback=done)
        return Response(data, status=201, headers={"Location": self.address_of(done)})
