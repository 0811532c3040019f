"""One row per value that a CPPCC ever set; the latest whose day has come is in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError


class OptionValueQuerySet(models.QuerySet["OptionValue"]):
    def of_host(self, host_id: int | None) -> OptionValueQuerySet:
        """What one CPPCC has set itself; without a host, nothing."""
        return self.filter(host_id=host_id) if host_id is not None else self.none()

    def in_force(self, on: date) -> OptionValueQuerySet:
        """Per host and key the last value that had begun by that day."""
        return self.filter(since__lte=on).order_by("host_id", "key", "-since", "-pk").distinct("host_id", "key")


class OptionValue(models.Model):
    """A value with its first day; never changed, only followed by another."""

    host_id = models.BigIntegerField()
    key = models.CharField(max_length=60)
    value: models.JSONField[Any, Any] = models.JSONField()
    since = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=60)
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OptionValueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["host_id", "key", "-since", "-id"], name="option_value_latest")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value!r}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DomainError(_("A value once set is kept; set a new one."))
        super().save(*args, **kwargs)
