"""Pages of sessions, their record, their minutes, and of rooms."""

from .lists import RoomList, SessionList
from .logs import AcceptLog, Log
from .minutes import (
    MinutesFile,
    MinutesMove,
    MinutesPage,
    MinutesPaper,
    MinutesVersions,
    ReviseMinutes,
    SignMinutes,
    StartMinutes,
)
from .papers import AgendaPaper, NoticePaper, SignInPaper
from .photos import AddPhoto
from .prepare import AgendaAct, ChangePlan, Invite, InviteAct, Plan
from .record import (
    Agree,
    AgreeChange,
    AttendanceAct,
    ClockAct,
    Dissent,
    Parts,
    QueueAct,
    Record,
    RemoveLine,
    Say,
    SayChange,
    WalkIn,
)
from .rooms import RoomChange, RoomClose, RoomDetail, RoomNew, RoomReopen
from .workspace import CloseSession, InvitationReply, SessionDetail, SessionMove

__all__ = [
    "AcceptLog",
    "AddPhoto",
    "AgendaAct",
    "AgendaPaper",
    "Agree",
    "AgreeChange",
    "AttendanceAct",
    "ChangePlan",
    "ClockAct",
    "CloseSession",
    "Dissent",
    "InvitationReply",
    "Invite",
    "InviteAct",
    "Log",
    "MinutesFile",
    "MinutesMove",
    "MinutesPage",
    "MinutesPaper",
    "MinutesVersions",
    "NoticePaper",
    "Parts",
    "Plan",
    "QueueAct",
    "Record",
    "RemoveLine",
    "ReviseMinutes",
    "RoomChange",
    "RoomClose",
    "RoomDetail",
    "RoomList",
    "RoomNew",
    "RoomReopen",
    "Say",
    "SayChange",
    "SessionDetail",
    "SessionList",
    "SessionMove",
    "SignInPaper",
    "SignMinutes",
    "StartMinutes",
    "WalkIn",
]
