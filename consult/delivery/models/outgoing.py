"""What waits to leave the machine, left it, or could not: one table for all channels, which is also the log."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .inbox import InboxItem
from .preferences import Digest
from .settings import Robot


class ChannelName(models.TextChoices):
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", pgettext_lazy("channel", "Text message")
    ROBOT = "robot", pgettext_lazy("channel", "Group robot")


class SendState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent off")
    DEAD = "dead", _("Given up after several tries")
    RECALLED = "recalled", _("Recalled before sending")


class Fault(models.TextChoices):
    """Whose fault it was that a message did not leave: a server that comes back, or this one message."""

    SERVER = "server", _("The receiving server")
    MESSAGE = "message", _("This address or message")


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def due(self) -> OutgoingQuerySet:
        """Waiting, its time come by the database's clock, and in nobody's hands."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
        return self.filter(free, state=SendState.QUEUED, due_at__lte=Now()).order_by("due_at", "pk")

    def of_host(self, host_id: int) -> OutgoingQuerySet:
        """What one CPPCC sent, or sends; nobody looks into another's log."""
        return self.filter(host_id=host_id)

    def dead(self) -> OutgoingQuerySet:
        return self.filter(state=SendState.DEAD)


class Outgoing(models.Model):
    """One message to one address over one channel.

    A worker takes it on a lease; whoever comes back after his lease writes nothing. ``uuid`` is the key under which
    every try goes out (Message-ID, key at the gateway), so that a receiver can tell a repetition from a second message.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=10, choices=ChannelName.choices, default="email", db_default="email")
    item = models.ForeignKey(InboxItem, on_delete=models.PROTECT, null=True, blank=True, related_name="outgoing")
    digest = models.OneToOneField(Digest, on_delete=models.PROTECT, null=True, blank=True, related_name="outgoing")
    robot = models.ForeignKey(Robot, on_delete=models.PROTECT, null=True, blank=True, related_name="outgoing")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    host_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    key = models.CharField(max_length=150, blank=True, default="", db_default="")
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=SendState.choices, default=SendState.QUEUED)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        db_table = "delivery_outgoingmail"
        constraints = [
            models.CheckConstraint(name="mail_state_known", condition=Q(state__in=SendState.values)),
            models.CheckConstraint(name="out_channel_known", condition=Q(channel__in=ChannelName.values)),
            models.CheckConstraint(
                name="mail_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.UniqueConstraint(
                name="out_item_once", fields=["item", "channel"], condition=Q(item__isnull=False, robot__isnull=True)
            ),
            models.UniqueConstraint(
                name="out_robot_once", fields=["robot", "key"], condition=Q(robot__isnull=False) & ~Q(key="")
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="mail_queued"),
            models.Index(fields=["channel", "due_at", "id"], condition=Q(state="queued"), name="out_queued"),
            models.Index(fields=["host_id", "-id"], name="out_log"),
            models.Index(fields=["host_id", "-id"], condition=Q(state="dead"), name="out_dead"),
        ]

    def __str__(self) -> str:
        return self.subject
