"""What a CPPCC has set up: its group robots, and its own wording of notices."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError


class RobotService(models.TextChoices):
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")


class Robot(models.Model):
    """A robot in a group chat. Its address is a secret: it lies here sealed and is never shown again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host_id = models.BigIntegerField()
    name = models.CharField(_("Name of the group"), max_length=40)
    service = models.CharField(_("Service"), max_length=10, choices=RobotService.choices)
    sealed = models.TextField(editable=False)
    kinds: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="robot_service_known", condition=Q(service__in=RobotService.values))]
        indexes = [models.Index(fields=["host_id"], condition=Q(removed_at=None), name="robot_in_use")]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """How a CPPCC words one kind of notice, from then on; never changed, only followed by another.

    All three texts empty: back to the default.
    """

    host_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField(blank=True, default="")
    short = models.CharField(max_length=200, blank=True, default="")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=60)
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["host_id", "kind", "-id"], name="wording_latest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    @property
    def is_default(self) -> bool:
        return not (self.subject or self.body or self.short)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DomainError(_("A wording once set is kept; set a new one."))
        super().save(*args, **kwargs)
