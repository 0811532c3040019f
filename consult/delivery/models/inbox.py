"""What people are told: one row per person and thing."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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
    kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    due_on = models.DateField(null=True, blank=True)
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
