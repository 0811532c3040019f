from .logs import AcceptLogForm, LogForm
from .minutes import AmendForm, DraftForm, FileForm, PlainMoveForm, ReturnForm, ReviseForm, SignForm
from .moves import AnnounceForm, CancelForm, CloseForm, OpenForm, PostponeForm, ReplyForm
from .photos import PhotoForm
from .plans import AgendaItemForm, ChangeForm, ParticipantForm, PlanForm
from .record import ConsensusForm, DissentForm, StatementForm, WalkInForm
from .remarks import AnswerForm, CommentForm
from .rooms import CloseRoomForm, RoomForm

__all__ = [
    "AcceptLogForm",
    "AgendaItemForm",
    "AmendForm",
    "AnswerForm",
    "AnnounceForm",
    "CancelForm",
    "ChangeForm",
    "CloseForm",
    "CloseRoomForm",
    "CommentForm",
    "ConsensusForm",
    "DissentForm",
    "DraftForm",
    "FileForm",
    "LogForm",
    "OpenForm",
    "ParticipantForm",
    "PhotoForm",
    "PlainMoveForm",
    "PlanForm",
    "PostponeForm",
    "ReplyForm",
    "ReturnForm",
    "ReviseForm",
    "RoomForm",
    "SignForm",
    "StatementForm",
    "WalkInForm",
]
