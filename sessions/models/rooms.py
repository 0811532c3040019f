"""Consultation rooms (协商议事室)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from sessions.querysets import RoomQuerySet
from sessions.states import Standard


class ConsultationRoom(models.Model):
    """A fixed venue: host unit, capacity, the six standards; its last session is asked, never stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    region_code = RegionCodeField()
    address = models.CharField(max_length=150, blank=True, default="")
    host_unit = models.CharField(max_length=100, blank=True, default="", help_text="Who keeps the room.")
    shared_use = models.CharField(max_length=100, blank=True, default="", help_text="一室多用")
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    standards = ArrayField(models.CharField(max_length=10, choices=Standard.choices), default=list, blank=True)
    built_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["region_code", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["host", "name"], name="room_name_once_per_host")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sessions:room", args=[self.uuid])
