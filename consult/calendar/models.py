"""Days that a CPPCC, or the keeper of the whole installation, says are worked or not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CalendarOverrideQuerySet(models.QuerySet["CalendarOverride"]):
    def that_bind(self, host_id: int | None) -> CalendarOverrideQuerySet:
        """Rows for everybody first, then the host's own, so that the latter win."""
        return self.filter(Q(host_id=None) | Q(host_id=host_id)).order_by(models.F("host_id").asc(nulls_first=True))


class HolidayPlan(models.Model):
    """A year's arrangement of holidays and make-up workdays (国务院办公厅放假安排) as a CPPCC has entered it.

    Its days stand as CalendarOverride rows; this row says that the year is final, for a plan may move no weekend.
    """

    host_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=100)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["host_id", "year"], name="holiday_plan_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class CalendarOverride(models.Model):
    """One day of one CPPCC (of all, without a host): worked or off, and what it is."""

    host_id = models.BigIntegerField(null=True, blank=True)
    day = models.DateField()
    is_workday = models.BooleanField()
    note = models.CharField(max_length=60, blank=True, default="")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CalendarOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["host_id", "day"], nulls_distinct=False, name="calendar_day_once_per_host"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.note}"
