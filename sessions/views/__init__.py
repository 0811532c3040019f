"""Pages of sessions, their record, their minutes, and of rooms."""

from .acts import AttendanceAct, ClockAct, FloorFree, QueueAct, ReadBack, RemoveLine, Restore
from .asking import AskFloor
from .attendance import AmongAct, InviteClass, InviteSuggested, LeaveAct, ProxyPage, SignInHere
from .calendar import CalendarPage, InvitationFile
from .lines import Agree, AgreeChange, Dissent, DissentChange, Say, SayChange, Tongues, WalkIn
from .lists import RoomList, SessionList
from .live import Desk, ScreenIssue, ScreenPage
from .logs import AcceptLog, Log
from .mending import LinePhone, MendLine
from .minutes import (
    MinutesFile,
    MinutesMove,
    MinutesPage,
    MinutesPaper,
    MinutesSeal,
    MinutesVersions,
    ReviseMinutes,
    SignMinutes,
    StartMinutes,
)
from .papers import AgendaPaper, NoticePaper, SignInPaper, SignInPoster
from .photos import AddPhoto
from .prepare import AgendaAct, ChangePlan, Invite, InviteAct, Plan
from .record import Parts, Record
from .remark_links import RemarkLinkAct, RemarkLinks
from .remarks import AdoptComment, AnswerComment, CommentMinutes
from .rooms import RoomChange, RoomClose, RoomDetail, RoomNew, RoomReopen
from .screen import AskCode, Now, Screen
from .sign_ups import OfferSeats, WithdrawSignUp
from .slips import RenewSlip, Slips
from .workspace import CloseSession, InvitationReply, SessionDetail, SessionMove

__all__ = [
    "AcceptLog",
    "AddPhoto",
    "AdoptComment",
    "AgendaAct",
    "AgendaPaper",
    "Agree",
    "AgreeChange",
    "AmongAct",
    "AnswerComment",
    "AskCode",
    "AskFloor",
    "AttendanceAct",
    "CalendarPage",
    "ChangePlan",
    "ClockAct",
    "CloseSession",
    "CommentMinutes",
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
    "LinePhone",
    "Log",
    "MendLine",
    "MinutesFile",
    "MinutesMove",
    "MinutesPage",
    "MinutesPaper",
    "MinutesSeal",
    "MinutesVersions",
    "NoticePaper",
    "Now",
    "OfferSeats",
    "Parts",
    "Plan",
    "ProxyPage",
    "QueueAct",
    "ReadBack",
    "Record",
    "RemarkLinkAct",
    "RemarkLinks",
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
    "WithdrawSignUp",
]
