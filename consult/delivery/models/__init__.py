"""Rows first, network later: the inbox, what waits to leave, digests, and what people and CPPCCs have chosen."""

from .inbox import InboxItem, InboxItemQuerySet
from .outgoing import ChannelName, Fault, Outgoing, OutgoingQuerySet, SendState
from .preferences import Digest, DigestLine, Pace, Preference
from .settings import Robot, RobotService, Wording

__all__ = [
    "ChannelName",
    "Digest",
    "DigestLine",
    "Fault",
    "InboxItem",
    "InboxItemQuerySet",
    "Outgoing",
    "OutgoingQuerySet",
    "Pace",
    "Preference",
    "Robot",
    "RobotService",
    "SendState",
    "Wording",
]
