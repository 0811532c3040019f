"""Topics through the API: the querysets, filters and services of the pages."""

from __future__ import annotations

from typing import Any

from consult.rest.moves import Move
from consult.rest.viewsets import StatefulViewSet
from topics import services
from topics.api import inputs
from topics.api.serializers import TopicDetailSerializer, TopicSerializer
from topics.filters import TopicFilter
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW


def hand_in(*, actor: Any, raiser: dict[str, Any] | None = None, **slip: Any) -> Topic:
    """Enter a slip; without ``raiser`` the caller raises it himself."""
    return services.hand_in(actor=actor, raiser=raiser or {"on_behalf": False}, **slip)


class TopicViewSet(StatefulViewSet):
    """Matters the caller sees; each lists the moves he may make now."""

    queryset = Topic.objects.none()
    workflow = TOPIC_WORKFLOW
    serializer_class, detail_serializer_class = TopicSerializer, TopicDetailSerializer
    filterset_class = TopicFilter
    ordering_fields = ("raised_on", "moved_on")
    create_service, create_serializer_class = staticmethod(hand_in), inputs.HandInInput
    moves = {
        "submit": Move(services.submit_topic, inputs.TopicOnInput),
        "return_topic": Move(services.return_topic, inputs.TopicReasonInput),
        "resubmit": Move(services.resubmit_topic, inputs.CompleteInput),
        "lapse": Move(services.lapse_topic, inputs.TopicOnInput),
        "pool": Move(services.pool_topic, inputs.PoolInput),
        "decline": Move(services.decline_topic, inputs.DeclineInput),
        "transfer": Move(services.transfer_topic, inputs.TransferInput),
        "merge": Move(services.merge_topic, inputs.MergeInput),
        "split": Move(services.split_topic, inputs.SplitInput),
        "reconsider": Move(services.reconsider_topic, inputs.TopicReasonInput),
        "change_profile": Move(services.change_profile, inputs.ProfileInput),
        "approve": Move(services.approve_topic, inputs.ApproveInput),
        "drop": Move(services.drop_topic, inputs.TopicPaperInput),
        "claim": Move(services.claim_topic, inputs.ClaimInput),
        "release_claim": Move(services.release_claim, inputs.TopicPaperInput),
        "study": Move(services.study_topic, inputs.StudyInput),
        "reopen": Move(services.reopen_topic, inputs.TopicReasonInput),
        "withdraw": Move(services.withdraw_topic, inputs.TopicPaperInput),
        "urge_note": Move(services.urge_topic, inputs.NoteInput),
        "answer_note": Move(services.answer_topic_note, inputs.AnswerNoteInput),
        "follow": Move(services.follow_topic, inputs.FollowInput),
        "unfollow": services.unfollow_topic,
    }

    def get_queryset(self) -> Any:
        reader = self.request.user
        seen = Topic.objects.visible_to(reader).with_sight(reader)
        if self.action == "list":
            return seen.select_related("host").defer("search").prefetch_related("raisers")
        return seen.for_detail()
