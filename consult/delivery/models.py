"""What people are told: inbox rows, and mail waiting to leave."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, reader: Any) -> InboxItemQuerySet:
        """Everybody reads his own inbox and no other."""
        return self.filter(account_id=reader.pk) if reader.is_authenticated else self.none()

    def unread(self) -> InboxItemQuerySet:
        """Not yet read, and not overtaken by events."""
        return self.filter(read_at=None, recalled_at=None)

    def newest_first(self) -> InboxItemQuerySet:
        return self.order_by("-pk")


class InboxItem(models.Model):
    """One thing one account is told; the key says what, so that it is told once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inbox")
    key = models.CharField(max_length=150)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    event_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="inbox_told_once")]
        indexes = [
            models.Index(fields=["account", "-id"], name="inbox_newest"),
            models.Index(fields=["account"], condition=Q(read_at=None, recalled_at=None), name="inbox_unread"),
            models.Index(fields=["key"], name="inbox_key"),
        ]

    def __str__(self) -> str:
        return self.title


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent off")
    DEAD = "dead", _("Given up after several tries")
    RECALLED = "recalled", _("Recalled before sending")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> OutgoingMailQuerySet:
        """Waiting, its time come by the database's clock, and in nobody's hands."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=Now())
        return self.filter(free, state=MailState.QUEUED, due_at__lte=Now()).order_by("due_at", "pk")


class OutgoingMail(models.Model):
    """One mail to one address. A worker takes it on a lease; whoever comes back after his lease writes nothing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.OneToOneField(InboxItem, on_delete=models.PROTECT, related_name="mail")
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="mail_state_known", condition=Q(state__in=MailState.values)),
            models.CheckConstraint(
                name="mail_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="mail_queued")]

    def __str__(self) -> str:
        return self.subject
