"""Sessions and rooms through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from consult.rest.clients import put_right
from consult.rest.moves import Move
from consult.rest.uploads import UPLOAD_PARSERS, AttachmentSerializer, kept_answer
from consult.rest.viewsets import StatefulViewSet
from sessions import services
from sessions.api import inputs, moves, people
from sessions.api.serializers import RoomSerializer, SessionDetailSerializer, SessionSerializer
from sessions.filters import RoomFilter, SessionFilter
from sessions.models import ConsensusPoint, ConsultationRoom, ConsultSession
from sessions.services import ticks
from sessions.states import RECORD_WORKFLOW
from topics.models import Topic


class SessionViewSet(StatefulViewSet):
    """Sessions the caller sees; each lists the moves he may make now, those of its record and minutes among them."""

    queryset = ConsultSession.objects.none()
    workflow = moves.DETAIL_MOVES
    serializer_class, detail_serializer_class = SessionSerializer, SessionDetailSerializer
    filterset_class = SessionFilter
    ordering_fields = ("starts_at",)
    create_service, create_serializer_class = staticmethod(services.plan_session), inputs.PlanInput
    moves = {
        "announce": Move(services.announce_session, inputs.AnnounceInput),
        "postpone": Move(services.postpone_session, inputs.PostponeInput),
        "cancel": Move(services.cancel_session, inputs.CancelInput),
        "open": Move(services.open_session, inputs.SessionAtInput),
        "close": Move(services.close_session, inputs.SessionCloseInput),
        "accept_log": Move(services.accept_log, inputs.AcceptLogInput),
        # its record
        "change_plan": Move(services.change_plan, inputs.ChangePlanInput),
        "set_agenda": Move(services.set_agenda, inputs.AgendaInput),
        "invite": Move(services.add_participant, inputs.ParticipantInput),
        "mend_line": Move(people.mend_line, people.MendLineInput),
        "uninvite": Move(moves.uninvite, inputs.WhoInput),
        "reply": Move(moves.reply, inputs.InvitationReplyInput),
        "walk_in": Move(services.add_participant, inputs.WalkInInput),
        "renew_slip": Move(moves.renew_slip, inputs.WhoInput),
        "offer_seats": Move(services.offer_seats, people.OfferSeatsInput),
        "withdraw_sign_up": Move(people.withdraw_sign_up, people.SignUpInput),
        "sign_in": Move(moves.sign_in, inputs.SignInInput),
        "mark_attendance": Move(moves.mark_attendance, inputs.AttendanceInput),
        "count_among": Move(people.count_among, people.CountAmongInput),
        "leave": Move(moves.leave, inputs.LeaveInput),
        "run_agenda": Move(services.next_item),
        "queue": Move(moves.queue, inputs.WhoInput),
        "ask_floor": Move(people.ask_floor, people.AskFloorInput),
        "add_statement": Move(moves.add_statement, inputs.StatementInput),
        "change_statement": Move(moves.change_statement, inputs.StatementChangeInput),
        "remove_statement": Move(moves.remove_statement, inputs.StatementRemovalInput),
        "agree_point": Move(services.agree_point, inputs.PointInput),
        "change_point": Move(moves.change_point, inputs.PointChangeInput),
        "remove_point": Move(moves.remove_point, inputs.PointRemovalInput),
        "keep_dissent": Move(services.keep_dissent, inputs.DissentInput),
        "remove_dissent": Move(moves.remove_dissent, inputs.DissentRemovalInput),
        "change_dissent": Move(moves.change_dissent, inputs.DissentChangeInput),
        "read_back": Move(moves.read_back, inputs.ReadBackInput),
        "restore_line": Move(moves.restore_line, inputs.RestoreInput),
        "set_languages": Move(services.set_languages, inputs.LanguagesInput),
        # its minutes
        "draft_minutes": Move(services.draft_minutes, inputs.MinutesDraftInput),
        "revise_minutes": Move(
            moves.of_minutes("revise_minutes", services.revise_minutes), inputs.MinutesRevisionInput
        ),
        "circulate_minutes": Move(moves.of_minutes("circulate_minutes", services.circulate_minutes)),
        "comment_minutes": Move(moves.of_minutes("comment_minutes", services.comment_minutes), inputs.CommentInput),
        "make_remark_link": Move(people.make_remark_link, people.MakeRemarkLinkInput),
        "renew_remark_link": Move(people.renew_remark_link, people.RemarkLinkInput),
        "revoke_remark_link": Move(people.revoke_remark_link, people.WhoHasLinkInput),
        "answer_comment": Move(moves.answer_comment, inputs.CommentAnswerInput),
        "adopt_comment": Move(moves.adopt_comment, inputs.CommentChoiceInput),
        "file_minutes": Move(moves.of_minutes("file_minutes", services.file_minutes), inputs.MinutesOnInput),
        "return_minutes": Move(moves.of_minutes("return_minutes", services.return_minutes), inputs.MinutesReasonInput),
        "sign_minutes": Move(moves.of_minutes("sign_minutes", services.sign_minutes), inputs.MinutesSignInput),
        "amend_minutes": Move(moves.of_minutes("amend_minutes", services.amend_minutes), inputs.MinutesReasonInput),
    }

    def make_move(self, verb: str, move: Move) -> Response:
        """What has arrived before, by its own id, is answered as it stands, also when the session is over by now."""
        session = self.get_object()
        said = self.request.data
        if isinstance(said, dict) and ticks.has_arrived(session, verb, said, actor=self.request.user):
            return Response(self.represent(session.pk))
        return super().make_move(verb, move)

    def get_queryset(self) -> Any:
        seen = ConsultSession.objects.visible_to(self.request.user)
        if self.action == "list":
            topics = Prefetch("topics", queryset=Topic.objects.only("pk", "uuid").order_by("session_topics__position"))
            return seen.select_related("host", "room").with_minutes_state().prefetch_related(topics)
        points = Prefetch("consensus_points", queryset=ConsensusPoint.objects.select_related("topic"))
        return seen.for_detail().prefetch_related("topics", points)

    @extend_schema(request=inputs.LogInput, responses={201: SessionDetailSerializer}, operation_id="session_log")
    @action(detail=False, methods=["post"], url_path="log", url_name="log")
    def move_log(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """补录: what, where, and what was agreed. The same ``client_id`` sent again is the same session."""
        words = self.read_input(inputs.LogInput)
        words["starts_at"] = words.get("starts_at") or put_right(request, words.get("claimed_at"))
        session = services.log_session(actor=request.user, **words)
        data = self.represent(session.pk, fallback=session)
        return Response(data, status=201, headers={"Location": self.address_of(session)})

    @extend_schema(
        request=inputs.SessionPhotoInput,
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
        operation_id="session_add_photo",
    )
    @action(detail=True, methods=["post"], url_path="add_photo", url_name="add-photo", parser_classes=UPLOAD_PARSERS)
    def move_add_photo(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """One photo or paper. The same ``client_id`` sent again is the same file, answered 200 instead of 201."""
        session = self.get_object()
        RECORD_WORKFLOW.check(session, "add_photo", actor=request.user)
        words = self.read_input(inputs.SessionPhotoInput)
        kept, is_new = services.add_photo(session, actor=request.user, **words)
        return kept_answer(kept, is_new, self.get_serializer_context())

    @extend_schema(responses={200: AttachmentSerializer(many=True)}, operation_id="session_photos")
    @action(detail=True, methods=["get"], url_path="photos", url_name="photos")
    def photos(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Photos and papers of the session and its statements; none for who is not to know who was there."""
        session = self.get_object()
        named = request.user.has_perm("consult_sessions.see_names_session", session)
        rows = services.photos_of(session) if named else []
        return Response(AttachmentSerializer(rows, many=True, context=self.get_serializer_context()).data)


class RoomViewSet(StatefulViewSet):
    """Consultation rooms with the six standards and their last session."""

    queryset = ConsultationRoom.objects.none()
    serializer_class = RoomSerializer
    filterset_class = RoomFilter
    ordering_fields = ("name",)
    create_service, create_serializer_class = staticmethod(services.create_room), inputs.RoomInput
    moves = {
        "change": Move(services.change_room, inputs.RoomChangeInput),
        "close": Move(services.close_room, inputs.RoomCloseInput),
        "reopen": Move(services.reopen_room),
    }

    def get_queryset(self) -> Any:
        return ConsultationRoom.objects.visible_to(self.request.user).select_related("host").with_last_session()
