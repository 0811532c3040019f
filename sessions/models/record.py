"""What was said and what was agreed: statements, consensus points, dissent kept. Never a vote."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sessions.models.roster import Participant
from sessions.models.sessions import ConsultSession
from sessions.states import Level, StatementKind
from topics.states import PartyCategory


class Statement(models.Model):
    """What one party said, in the order in which it was noted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="statements")
    topic = models.ForeignKey(
        "topics.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    position = models.PositiveIntegerField()
    by = models.CharField(max_length=100)
    category = models.CharField(max_length=20, choices=PartyCategory.choices)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    kind = models.CharField(max_length=10, choices=StatementKind.choices, default=StatementKind.OPINION)
    text = models.TextField(max_length=3000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=30, blank=True, default="", db_default="", help_text="In which it was said.")
    created_at = models.DateTimeField(db_default=Now(), editable=False, help_text="The database's clock.")
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was typed, as the recorder's desk says."
    )
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="statement_position_once")]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:20]}"


class ConsensusPoint(models.Model):
    """A point agreed, with its level. Numbers run through the whole matter, whatever the number of sessions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.PROTECT, related_name="consensus_points")
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, related_name="consensus_points")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.AGREED)
    unit_name = models.CharField(max_length=100, blank=True, default="", help_text="Who was named to see to it.")
    due_on = models.DateField(null=True, blank=True, help_text="The day that was agreed upon.")
    statements = models.ManyToManyField(
        Statement, related_name="points", blank=True, db_table="session_point_statement"
    )
    read_back_at = models.DateTimeField(null=True, blank=True, help_text="When it was read out and nobody objected.")
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="consensus_number_once"),
            models.CheckConstraint(name="consensus_level_known", condition=models.Q(level__in=Level.values)),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class DissentPoint(models.Model):
    """A reservation, kept on record with who made it (by role, never by a resident's name in public)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.PROTECT, related_name="dissent_points")
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, related_name="dissent_points")
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=100, blank=True, default="")
    point = models.ForeignKey(
        ConsensusPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dissents",
        help_text="What it is about.",
    )
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
