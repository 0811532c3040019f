"""The outbox: one row per event, waiting until it is delivered."""

from datetime import timedelta
from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 12  # with the back-off below, some six hours of trying


class EventQuerySet(models.QuerySet["Event"]):
    """The database's clock decides what is due."""

    def waiting(self) -> Self:
        return self.filter(delivered_at__isnull=True)

    def due(self) -> Self:
        """To be delivered now, the oldest first."""
        return self.waiting().filter(attempts__lt=MAX_ATTEMPTS, due_at__lte=Now()).order_by("due_at", "pk")

    def failing(self) -> Self:
        """Refused at least once and still tried."""
        return self.waiting().filter(attempts__gt=0, attempts__lt=MAX_ATTEMPTS)

    def dead(self) -> Self:
        """Given up: somebody has to look at last_error."""
        return self.waiting().filter(attempts__gte=MAX_ATTEMPTS)

    def revive(self) -> int:
        """Try again from the beginning, now."""
        return self.waiting().update(attempts=0, due_at=Now())


class Event(models.Model):
    """Something happened that somebody has to hear of; the payload holds ids, never personal data."""

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    host_id = models.BigIntegerField(null=True, blank=True)
    matter_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="outbox_event_waiting", condition=models.Q(delivered_at__isnull=True)
            ),
            models.Index(fields=["matter_id", "id"], name="outbox_event_by_matter"),
        ]
        constraints = [models.CheckConstraint(name="outbox_event_has_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


def pause_after(attempts: int) -> timedelta:
    """How long to leave a refused event alone: 10 s, 20 s, 40 s … at most an hour."""
    return timedelta(seconds=min(10 * 2 ** min(attempts - 1, 9), 3600))
