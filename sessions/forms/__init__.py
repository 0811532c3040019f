from .logs import AcceptLogForm, LogForm
from .minutes import AmendForm, DraftForm, FileForm, ReturnForm, ReviseForm, SignForm
from .moves import AnnounceForm, CancelForm, CloseForm, OpenForm, PostponeForm, ReplyForm
from .photos import PhotoForm
from .plans import AgendaItemForm, ChangeForm, ParticipantForm, PlanForm
from .record import ConsensusForm, DissentForm, StatementForm, WalkInForm
from .rooms import CloseRoomForm, RoomForm

__all__ = [
    "AcceptLogForm",
    "AgendaItemForm",
    "AmendForm",
    "AnnounceForm",
    "CancelForm",
    "ChangeForm",
    "CloseForm",
    "CloseRoomForm",
    "ConsensusForm",
    "DissentForm",
    "DraftForm",
    "FileForm",
    "LogForm",
    "OpenForm",
    "ParticipantForm",
    "PhotoForm",
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
