"""Answers kept by key."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=45)


class StoredAnswerQuerySet(models.QuerySet["StoredAnswer"]):
    def outdated(self) -> Self:
        return self.filter(created_at__lt=Now() - KEPT)


class StoredAnswer(models.Model):
    """What was answered to a key. A row exists if and only if its effect is committed; there is no half-way state."""

    owner = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StoredAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stored answer")
        verbose_name_plural = _("Stored answers")
        default_permissions = ()
        indexes = [models.Index(fields=["created_at"], name="stored_answer_by_age")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="stored_answer_once_per_key")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"
