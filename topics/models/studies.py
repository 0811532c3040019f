"""Field study (调研走访) before a session."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from topics.models.topics import Topic


class FieldStudy(models.Model):
    """Dated visits: places, method, households, findings, support by villager group before and after."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="studies")
    date_from = models.DateField()
    date_to = models.DateField()
    places = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    method = models.CharField(max_length=100, blank=True, default="")
    households = models.PositiveIntegerField(null=True, blank=True)
    households_about = models.CharField(max_length=5, blank=True, default="")
    findings = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    support = models.JSONField(default=list, blank=True, help_text="[{group, before, after, households}]")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["date_from", "pk"]
        constraints = [models.CheckConstraint(name="study_ends_after_start", condition=Q(date_to__gte=F("date_from")))]

    def __str__(self) -> str:
        return f"{self.topic} {self.date_from}"
