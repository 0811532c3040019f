"""What happens to sessions, their record, minutes and rooms: one public function per sentence of the procedure."""

from sessions.heads import heads

from .among import count_among
from .asking import ask_floor
from .assembly import assemble, paragraphs_of, title_of, without_names
from .checks import Check, check_minutes
from .clock import clock_of, extend_item, next_item, previous_item, running_item
from .closing import Gap, gaps_before_closing
from .comments import adopt_comment, answer_comment, circulate_minutes, comment_minutes, place_now
from .desks import desk_of, keep_desk, others_at, unsent_of_others
from .floor import ask_to_speak, end_floor, give_floor, queue_of, speaker_of, step_back
from .gates import Hint, hints, missing_classes, party_share, short_notice
from .lines import LineStruck, StaleLine, restore_line
from .logs import accept_log, log_session
from .matters import follow_claim
from .mending import mend_line, show_phone
from .minutes import (
    StaleMinutes,
    amend_minutes,
    broken_chains,
    draft_minutes,
    file_minutes,
    is_intact,
    minutes_due_on,
    return_minutes,
    revise_minutes,
    seal_of,
    set_aside,
    sign_minutes,
)
from .moves import RoomTaken, workflow_moves
from .photos import add_photo, photos_of
from .plans import (
    announce_session,
    cancel_session,
    change_plan,
    expected_roster,
    plan_session,
    postpone_session,
    suggested_agenda,
)
from .pulse import beat_of, pulse_of
from .record import (
    add_statement,
    agree_point,
    change_dissent,
    change_point,
    change_statement,
    keep_dissent,
    read_back,
    remove_dissent,
    remove_point,
    remove_statement,
    resident_share,
)
from .rooms import change_room, close_room, create_room, reopen_room
from .roster import (
    add_agenda_item,
    add_participant,
    change_agenda_item,
    mark_attendance,
    mark_left,
    move_agenda_item,
    remove_agenda_item,
    remove_participant,
    reply_invitation,
    set_agenda,
)
from .running import close_session, open_session, set_languages
from .screen import issue_screen, may_show, note_miss, open_screen, refuse_guessing, screen_contents, screen_of
from .sign_ups import offer_seats, withdraw_sign_up

__all__ = [
    "Check",
    "Gap",
    "Hint",
    "LineStruck",
    "RoomTaken",
    "StaleLine",
    "StaleMinutes",
    "accept_log",
    "add_agenda_item",
    "add_participant",
    "add_photo",
    "add_statement",
    "adopt_comment",
    "agree_point",
    "amend_minutes",
    "announce_session",
    "answer_comment",
    "ask_floor",
    "ask_to_speak",
    "assemble",
    "beat_of",
    "broken_chains",
    "cancel_session",
    "change_agenda_item",
    "change_dissent",
    "change_plan",
    "change_point",
    "change_room",
    "change_statement",
    "check_minutes",
    "circulate_minutes",
    "clock_of",
    "close_room",
    "close_session",
    "comment_minutes",
    "count_among",
    "create_room",
    "desk_of",
    "draft_minutes",
    "end_floor",
    "expected_roster",
    "extend_item",
    "file_minutes",
    "follow_claim",
    "gaps_before_closing",
    "give_floor",
    "heads",
    "hints",
    "is_intact",
    "issue_screen",
    "keep_desk",
    "keep_dissent",
    "log_session",
    "mark_attendance",
    "mark_left",
    "may_show",
    "mend_line",
    "minutes_due_on",
    "missing_classes",
    "move_agenda_item",
    "next_item",
    "note_miss",
    "offer_seats",
    "open_screen",
    "open_session",
    "others_at",
    "paragraphs_of",
    "party_share",
    "photos_of",
    "place_now",
    "plan_session",
    "postpone_session",
    "previous_item",
    "pulse_of",
    "queue_of",
    "read_back",
    "refuse_guessing",
    "remove_agenda_item",
    "remove_dissent",
    "remove_participant",
    "remove_point",
    "remove_statement",
    "reopen_room",
    "reply_invitation",
    "resident_share",
    "restore_line",
    "return_minutes",
    "revise_minutes",
    "running_item",
    "screen_contents",
    "screen_of",
    "seal_of",
    "set_agenda",
    "set_aside",
    "set_languages",
    "short_notice",
    "show_phone",
    "sign_minutes",
    "speaker_of",
    "step_back",
    "suggested_agenda",
    "title_of",
    "unsent_of_others",
    "withdraw_sign_up",
    "without_names",
    "workflow_moves",
]
