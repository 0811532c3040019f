from .feeds import CalendarFeed
from .links import RemarkLink
from .live import LiveScreen, RecordDesk, StruckLine
from .minutes import Minutes, MinutesComment, MinutesRevision
from .record import ConsensusPoint, DissentPoint, Statement
from .rooms import ConsultationRoom
from .roster import AgendaItem, Participant
from .sessions import ConsultSession, SessionTopic
from .sign_in import CheckIn
from .sign_ups import SignUp
from .tries import TryCount

__all__ = [
    "AgendaItem",
    "CalendarFeed",
    "CheckIn",
    "ConsensusPoint",
    "ConsultSession",
    "ConsultationRoom",
    "DissentPoint",
    "LiveScreen",
    "Minutes",
    "MinutesComment",
    "MinutesRevision",
    "Participant",
    "RecordDesk",
    "RemarkLink",
    "SessionTopic",
    "SignUp",
    "Statement",
    "StruckLine",
    "TryCount",
]
