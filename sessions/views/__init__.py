"""Pages of sessions, their record, their minutes, and of rooms."""

from .attendance import InviteClass, InviteSuggested, LeaveAct, ProxyPage, SignInHere
from .calendar import CalendarPage, InvitationFile
from .lists import RoomList, SessionList
from .live import Desk, ScreenIssue, ScreenPage
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
from .papers import AgendaPaper, NoticePaper, SignInPaper, SignInPoster
from .photos import AddPhoto
from .prepare import AgendaAct, ChangePlan, Invite, InviteAct, Plan
from .record import (
    Agree,
    AgreeChange,
    AttendanceAct,
    ClockAct,
    Dissent,
    DissentChange,
    FloorFree,
    Parts,
    QueueAct,
    ReadBack,
    Record,
    RemoveLine,
    Restore,
    Say,
    SayChange,
    Tongues,
    WalkIn,
)
from .rooms import RoomChange, RoomClose, RoomDetail, RoomNew, RoomReopen
from .screen import AskCode, Now, Screen
from .slips import RenewSlip, Slips
from .workspace import CloseSession, InvitationReply, SessionDetail, SessionMove

__all__ = [
    "AcceptLog",
    "AddPhoto",
    "AgendaAct",
    "AgendaPaper",
    "Agree",
    "AgreeChange",
    "AskCode",
    "AttendanceAct",
    "CalendarPage",
    "ChangePlan",
    "ClockAct",
    "CloseSession",
    "Desk",
    "Dissent",
    "DissentChange",
    "FloorFree",
    "InvitationFile",
    "InvitationReply",
    "Invite",
    "InviteAct",
    "InviteClass",
    "InviteSuggested",
    "LeaveAct",
    "Log",
    "MinutesFile",
    "MinutesMove",
    "MinutesPage",
    "MinutesPaper",
    "MinutesVersions",
    "NoticePaper",
    "Now",
    "Parts",
    "Plan",
    "ProxyPage",
    "QueueAct",
    "ReadBack",
    "Record",
    "RemoveLine",
    "RenewSlip",
    "Restore",
    "ReviseMinutes",
    "RoomChange",
    "RoomClose",
    "RoomDetail",
    "RoomList",
    "RoomNew",
    "RoomReopen",
    "Say",
    "SayChange",
    "Screen",
    "ScreenIssue",
    "ScreenPage",
    "SessionDetail",
    "SessionList",
    "SessionMove",
    "SignInHere",
    "SignInPaper",
    "SignInPoster",
    "SignMinutes",
    "Slips",
    "StartMinutes",
    "Tongues",
    "WalkIn",
]
