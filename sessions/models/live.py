"""What a running session needs beside its record: the desks that write it, lines that were struck out, the screen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.models.sessions import ConsultSession


class RecordDesk(models.Model):
    """The desk of one recorder: what is typed and not noted yet outlives the browser and the server."""

    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="desks")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept = models.JSONField(default=dict, blank=True, help_text="By form: the fields, and when the browser wrote them.")
    waiting = models.PositiveSmallIntegerField(default=0, help_text="Lines that wait in the browser for the network.")
    saved_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "session_recorddesk"
        constraints = [models.UniqueConstraint(fields=["session", "account"], name="record_desk_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.session}"


class StruckLine(models.Model):
    """A statement, a point or a reservation that was struck out, whole, so that it can be put back where it stood."""

    class Kind(models.TextChoices):
        STATEMENT = "statement"
        POINT = "point"
        DISSENT = "dissent"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="struck_lines")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    line_uuid = models.UUIDField()
    client_id = models.UUIDField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    kept = models.JSONField(default=dict)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(auto_now_add=True)
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "session_struckline"
        indexes = [
            models.Index(fields=["session", "kind"], name="struck_line_by_session"),
            models.Index(fields=["client_id"], name="struck_line_by_client", condition=Q(client_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.line_uuid}"


class LiveScreen(models.Model):
    """The screen in the hall: six figures open it, for this session only and only around its time."""

    session = models.OneToOneField(ConsultSession, on_delete=models.CASCADE, related_name="screen")
    code = models.CharField(max_length=6, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "session_livescreen"
        constraints = [models.CheckConstraint(name="screen_code_six", condition=Q(code__regex=r"^[0-9]{6}$"))]

    def __str__(self) -> str:
        return str(self.session)
