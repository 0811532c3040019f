"""The states of a session and of its minutes, and the tables of their moves (PROCEDURE «Session»)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.workflow import Workflow, move


class SessionState(TextChoices):
    PLANNED = "planned", _("In preparation")
    ANNOUNCED = "announced", _("Announced")
    IN_PROGRESS = "in_progress", _("In progress")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    NEEDS_DECISION = "needs_decision", _("Needs a decision")


class SessionForm(TextChoices):
    FORMAL = "formal", _("Formal session")
    MICRO = "micro", _("Micro-consultation")
    BENCH = "bench", _("Bench session")


class VenueKind(TextChoices):
    ROOM = "room", _("Consultation room")
    COURTYARD = "courtyard", _("Courtyard")
    FIELD = "field", _("Field")
    PAVILION = "pavilion", _("Pavilion")
    SQUARE = "square", _("Square")
    SCHOOL = "school", _("School")
    ENTERPRISE = "enterprise", _("Enterprise")
    COMMUNITY = "community", _("Community")
    ONLINE = "online", _("Online")


class Standard(TextChoices):
    """六个有: what a consultation room must have."""

    PLACE = "place", _("Has a place")
    SIGN = "sign", _("Has a sign")
    RULES = "rules", _("Has rules")
    PROCESS = "process", _("Has a process")
    ACTIVITY = "activity", _("Has activity")
    EFFECT = "effect", _("Has effect")


class Reply(TextChoices):
    ATTENDING = "attending", _("Will attend")
    EXCUSED = "excused", _("Asked for leave")


class Attendance(TextChoices):
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class SignInHow(TextChoices):
    SCREEN_QR = "screen_qr", _("By the code on the screen")
    CODE = "code", _("By typing the code")
    RECORDER = "recorder", _("By the recorder")
    PROXY = "proxy", _("By proxy")
    SELF = "self", _("From the own account")


class SignUpState(TextChoices):
    SEATED = "seated", pgettext_lazy("sign-up", "Has a seat")
    WAITING = "waiting", pgettext_lazy("sign-up", "On the waiting list")
    WITHDRAWN = "withdrawn", pgettext_lazy("sign-up", "Withdrawn")


class Level(TextChoices):
    AGREED = "agreed", _("Agreed")
    MOSTLY = "mostly", _("Mostly agreed")
    RESERVED = "reserved", _("With reservations")
    NONE = "none", _("Not agreed")


class StatementKind(TextChoices):
    """What a statement is; the recorder chooses with the keys 1 to 4."""

    OPINION = "opinion", _("Opinion")
    DEMAND = "demand", _("Demand")
    ANSWER = "answer", _("Answer")
    PROPOSAL = "proposal", _("Suggestion")


class MinutesState(TextChoices):
    DRAFT = "draft", _("Draft")
    FILED = "filed", _("To be signed")
    SIGNED = "signed", _("Signed")


class CommentState(TextChoices):
    """朱批: a remark on the text waits, is answered, or its words were taken into the text."""

    OPEN = "open", pgettext_lazy("remark", "Waiting")
    ANSWERED = "answered", pgettext_lazy("remark", "Answered")
    ADOPTED = "adopted", _("Adopted")


S = SessionState
#: The states in which a session occupies its room.
BOOKING_STATES = (S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS)

SESSION_WORKFLOW = Workflow(
    "session",
    "consult_sessions",
    move("plan", _("Prepare a session"), set(), S.PLANNED),
    move("announce", _("Send the notices"), {S.PLANNED}, S.ANNOUNCED, style="ink"),
    move("postpone", _("Postpone"), {S.PLANNED, S.ANNOUNCED}, S.PLANNED),
    move(
        "cancel",
        _("Cancel the session"),
        {S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS, S.NEEDS_DECISION},
        S.CANCELLED,
        style="danger",
    ),
    move("open", _("Open the session"), {S.ANNOUNCED}, S.IN_PROGRESS, style="ink"),
    move("close", _("Close the session"), {S.IN_PROGRESS}, S.HELD, style="ink"),
    move("log", _("Log a session"), set(), S.HELD),
    move("keep_undecided", _("Keep for a decision"), set(), S.NEEDS_DECISION, driven=True),
    move("accept_log", _("Accept the record"), {S.NEEDS_DECISION}, S.HELD, style="ink"),
)

#: What is written into a session between its moves. Its state stays; the right is that of preparing, of replying
#: or of keeping the record.
RECORD_WORKFLOW = Workflow(
    "record",
    "consult_sessions",
    move("change_plan", _("Change the plan"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("set_agenda", _("Set the agenda"), {S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS}, None, right="prepare"),
    move("invite", _("Invite"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("uninvite", _("Take off the list"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("mend_line", _("Mend a line of the list"), {S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS}, None, right="mend"),
    move("reply", _("Reply to the invitation"), {S.ANNOUNCED}, None, right="reply"),
    move("walk_in", _("Add to the roster"), {S.IN_PROGRESS}, None, right="keep"),
    move("renew_slip", _("Renew the link to the reply slip"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("offer_seats", _("Offer seats for sign-up"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("withdraw_sign_up", _("Withdraw a sign-up"), {S.PLANNED, S.ANNOUNCED}, None, right="prepare"),
    move("sign_in", _("Sign in to the session"), {S.IN_PROGRESS}, None),
    move("mark_attendance", _("Mark attendance"), {S.IN_PROGRESS}, None, right="keep"),
    move("count_among", _("Count among a line of the list"), {S.IN_PROGRESS}, None, right="keep"),
    move("leave", _("Note that somebody has left"), {S.IN_PROGRESS}, None, right="keep"),
    move("ask_floor", _("Ask for the floor"), {S.IN_PROGRESS}, None),
    move("run_agenda", _("Go on in the agenda"), {S.IN_PROGRESS}, None, right="keep"),
    move("queue", _("Ask to speak"), {S.IN_PROGRESS}, None, right="keep"),
    move("add_statement", _("Note a statement"), {S.IN_PROGRESS}, None, right="keep"),
    move("change_statement", _("Change a statement"), {S.IN_PROGRESS}, None, right="keep"),
    move("remove_statement", _("Remove a statement"), {S.IN_PROGRESS}, None, right="keep"),
    move("agree_point", _("Note a consensus point"), {S.IN_PROGRESS}, None, right="keep"),
    move("change_point", _("Change a consensus point"), {S.IN_PROGRESS}, None, right="keep"),
    move("remove_point", _("Remove a consensus point"), {S.IN_PROGRESS}, None, right="keep"),
    move("keep_dissent", _("Keep a reservation"), {S.IN_PROGRESS}, None, right="keep"),
    move("remove_dissent", _("Remove a reservation"), {S.IN_PROGRESS}, None, right="keep"),
    move("change_dissent", _("Change a reservation"), {S.IN_PROGRESS}, None, right="keep"),
    move("read_back", _("Read out"), {S.IN_PROGRESS}, None, right="keep"),
    move("restore_line", _("Put a line back"), {S.IN_PROGRESS}, None, right="keep"),
    move("set_languages", _("Languages and interpreter"), {S.IN_PROGRESS}, None, right="keep"),
    move(
        "add_photo",
        _("Add a photo or paper"),
        {S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS, S.HELD, S.NEEDS_DECISION},
        None,
        right="photo",
    ),
)

M = MinutesState
MINUTES_WORKFLOW = Workflow(
    "minutes",
    "consult_sessions",
    move("draft_minutes", _("Draft the minutes"), set(), M.DRAFT),
    move("revise_minutes", _("Save the text"), {M.DRAFT}, None),
    move("circulate_minutes", _("Send round for remarks"), {M.DRAFT}, None),
    move("comment_minutes", _("Remark on the text"), {M.DRAFT, M.FILED}, None),
    move("make_remark_link", _("Make links for remarks"), {M.DRAFT, M.FILED}, None),
    move("renew_remark_link", _("Renew a link for remarks"), {M.DRAFT, M.FILED}, None),
    move("revoke_remark_link", _("Take a link for remarks back"), {M.DRAFT, M.FILED}, None),
    move("answer_comment", _("Answer a remark"), {M.DRAFT, M.FILED}, None),
    move("adopt_comment", _("Take these words"), {M.DRAFT}, None),
    move("file_minutes", _("Send for signature"), {M.DRAFT}, M.FILED, style="ink"),
    move("return_minutes", _("Return to the drafter"), {M.FILED}, M.DRAFT),
    move("sign_minutes", _("Sign"), {M.FILED}, M.SIGNED, style="ink"),
    move("amend_minutes", _("Amend"), {M.SIGNED}, None),
)
