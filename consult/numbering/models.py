"""Counters, and every number that was ever taken from them."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    TOPIC = "topic", _("Topic")
    MINUTES = "minutes", _("Minutes")
    OUTCOME = "outcome", _("Outcome report")
    ASSIGNMENT = "assignment", _("Assignment slip")
    NOTICE = "notice", _("Public notice")


class Counter(models.Model):
    """The last number taken. Its row is locked by the move that takes the next, and rolled back with it."""

    organisation_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Counter")
        verbose_name_plural = _("Counters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "kind", "year"], name="counter_one_per_kind_and_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.kind}/{self.year}: {self.last}"


class NumberQuerySet(models.QuerySet["Number"]):
    def valid(self) -> Self:
        return self.filter(annulled_at__isnull=True)


class Number(models.Model):
    """One number: 县协商纪〔2026〕3号. Annulled with a reason, never reused, never deleted (migration 0002)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation_id = models.BigIntegerField()
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("Year"))
    n = models.PositiveIntegerField(_("Number"))
    text = models.CharField(_("Number"), max_length=120)
    taken_at = models.DateTimeField(_("Taken"), db_default=Now(), editable=False)
    annulled_at = models.DateTimeField(_("Annulled"), null=True, blank=True)
    reason = models.TextField(_("Reason"), blank=True, default="")

    objects = NumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Number")
        verbose_name_plural = _("Numbers")
        default_permissions = ()
        ordering = ["organisation_id", "kind", "year", "n"]
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "kind", "year", "n"], name="number_taken_once"),
            models.UniqueConstraint(fields=["organisation_id", "kind", "text"], name="number_text_once"),
            models.CheckConstraint(name="number_from_one", condition=Q(n__gte=1)),
            models.CheckConstraint(
                name="number_annulled_with_reason", condition=Q(annulled_at__isnull=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def host_id(self) -> int:
        return self.organisation_id
