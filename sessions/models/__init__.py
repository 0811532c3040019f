from .feeds import CalendarFeed
from .minutes import Minutes, MinutesRevision
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
    "MinutesRevision",
    "Participant",
    "SessionTopic",
    "Statement",
]
