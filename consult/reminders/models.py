"""Who was reminded of what, on which rung; and which slots of periodic jobs have been taken."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def standing(self, kind: str) -> ReminderQuerySet:
        """Notices whose item was still owed when last looked at."""
        return self.filter(kind=kind, cancelled_at=None)

    def about(self, kind: str, item_id: int) -> ReminderQuerySet:
        return self.filter(kind=kind, item_id=item_id).order_by("pk")


class Reminder(models.Model):
    """One notice: this item, this rung, this person, this due date. The constraint is what makes it one."""

    kind = models.CharField(max_length=40)
    item_id = models.BigIntegerField()
    host_id = models.BigIntegerField(null=True, blank=True)
    rung = models.CharField(max_length=20)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    fires_on = models.DateField()
    told_at = models.DateTimeField(db_default=Now(), editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "item_id", "rung", "account", "due_on"], name="reminded_once"),
        ]
        indexes = [
            models.Index(fields=["kind", "item_id"], name="reminder_standing", condition=models.Q(cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.rung}"


def inbox_key(kind: str, item_id: int, rung: str, due_on: date) -> str:
    return f"reminder:{kind}:{item_id}:{rung}:{due_on.isoformat()}"


class JobSlot(models.Model):
    """A periodic job ran for this slot of time; a second clock that rings for it finds the row."""

    job = models.CharField(max_length=60)
    slot = models.DateTimeField()
    claimed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_slot_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"
