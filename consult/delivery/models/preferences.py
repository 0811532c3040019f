"""How one person wants to be told, and what waits for his daily digest."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from .inbox import InboxItem


class Pace(models.TextChoices):
    NOW = "now", pgettext_lazy("pace", "At once")
    DIGEST = "digest", pgettext_lazy("pace", "In one digest a day")
    INBOX = "inbox", pgettext_lazy("pace", "Only among the messages here")


class Preference(models.Model):
    """No row: at once, by every channel that is configured, quiet at the hours of the installation."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="telling")
    by_email = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=True)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.NOW)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True)
    kinds: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="telling_pace_known", condition=Q(pace__in=Pace.values)),
            models.CheckConstraint(name="telling_digest_hour", condition=Q(digest_hour__lt=24)),
            models.CheckConstraint(
                name="telling_quiet_both",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__lt=24, quiet_until__lt=24, quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.pace}"


class Digest(models.Model):
    """One person's digest of one day; the constraint is what makes it one."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day: models.DateField[date, date] = models.DateField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class DigestLine(models.Model):
    """One thing that waits for a digest, or stood in one: the key is the item, so it is in one and no other."""

    item = models.OneToOneField(InboxItem, on_delete=models.PROTECT, primary_key=True, related_name="digest_line")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    host_id = models.BigIntegerField(null=True, blank=True)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")

    class Meta:
        indexes = [models.Index(fields=["account"], condition=Q(digest=None), name="digest_waiting")]

    def __str__(self) -> str:
        return str(self.item_id)
