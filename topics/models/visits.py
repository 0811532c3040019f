"""The visit book (走访记录本): doors a member knocked at, before there is a matter."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from topics.querysets import VisitQuerySet
from topics.states import VisitState


class Visit(models.Model):
    """One entry of somebody's visit book. A visit for a matter is that matter's field study, not an entry here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="visits")
    region_code = RegionCodeField()
    state = models.CharField(max_length=15, choices=VisitState.choices, default=VisitState.NOTED)
    visited_on = models.DateField()
    place = models.CharField(max_length=100, blank=True, default="", help_text="Words below the village.")
    households = models.PositiveIntegerField(null=True, blank=True)
    findings = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    topic_named = models.UUIDField(null=True, blank=True, help_text="The matter it was sent for, if it had no place.")
    decision_note = models.CharField(max_length=300, blank=True, default="", help_text="Why somebody has to decide.")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Of setting it aside.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits")
    client_id = models.UUIDField(null=True, blank=True, unique=True, help_text="Made on the phone; replays are safe.")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="What the phone's clock said.")
    created_at = models.DateTimeField(auto_now_add=True)
    is_sample = models.BooleanField(default=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_on", "-pk"]
        indexes = [models.Index(fields=["recorded_by", "-visited_on"], name="visit_by_recorder")]
        constraints = [
            models.CheckConstraint(name="visit_state_known", condition=Q(state__in=VisitState.values)),
            models.CheckConstraint(name="visit_set_aside_with_reason", condition=~Q(state="set_aside") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.place}".strip()

    def get_absolute_url(self) -> str:
        return reverse("topics:visit", args=[self.uuid])
