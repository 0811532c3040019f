from .feeds import CalendarFeed
from .minutes import Minutes, MinutesComment, MinutesRevision
from .record import ConsensusPoint, DissentPoint, Statement
from .rooms import ConsultationRoom
from .roster import AgendaItem, Participant
from .sessions import ConsultSession, SessionTopic
from .sign_in import CheckIn

__all__ = [
    "AgendaItem",
    "CalendarFeed",
    "CheckIn",
    "ConsensusPoint",
    "ConsultSession",
    "ConsultationRoom",
    "DissentPoint",
    "Minutes",
    "MinutesComment",
    "MinutesRevision",
    "Participant",
    "SessionTopic",
    "Statement",
]
