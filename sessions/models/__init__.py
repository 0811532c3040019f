from .minutes import Minutes, MinutesRevision
from .record import ConsensusPoint, DissentPoint, Statement
from .rooms import ConsultationRoom
from .roster import AgendaItem, Participant
from .sessions import ConsultSession, SessionTopic

__all__ = [
    "AgendaItem",
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
