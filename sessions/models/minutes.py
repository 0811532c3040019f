"""Minutes (纪要): an object of its own with revisions; signing freezes text and SHA-256 and takes a number."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from sessions.models.roster import Participant
from sessions.models.sessions import ConsultSession
from sessions.querysets import MinutesQuerySet
from sessions.states import CommentState, MinutesState


class Minutes(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT)
    moved_on = models.DateField()
    version = models.PositiveIntegerField(default=1, help_text="Number of the latest revision; stale edits refused.")
    body = models.TextField(help_text="Text of the latest revision; frozen when signed.")
    number = models.CharField(max_length=60, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendment")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafted_minutes")
    drafted_name = models.CharField(max_length=60, blank=True, default="", help_text="As a paper file names him.")
    drafted_on = models.DateField()
    filed_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_minutes"
    )
    signed_name = models.CharField(max_length=60, blank=True, default="", help_text="Who signed the paper.")
    on_paper = models.BooleanField(default=False, help_text="Signature recorded from paper with its scan.")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Of returning or amending.")
    circulated_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when those who were there read the text and remark on it."
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(name="minutes_state_known", condition=Q(state__in=MinutesState.values)),
            models.CheckConstraint(
                name="minutes_signed_are_frozen",
                condition=~Q(state="signed") | (~Q(sha256="") & ~Q(number="") & Q(signed_on__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(state__in=["draft", "filed"]), name="one_open_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.session)

    def get_absolute_url(self) -> str:
        return reverse("sessions:minutes", args=[self.uuid])

    @property
    def host_id(self) -> int:
        return self.session.host_id

    @property
    def region_code(self) -> str:
        return self.session.region_code


class MinutesRevision(models.Model):
    """A gapless chain of versions; no accepted text is ever lost."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    body = models.TextField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["minutes", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.minutes} v{self.version}"


class MinutesComment(models.Model):
    """A remark of one party on the text (会签, 朱批), at a paragraph or at words of it; it may propose other words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CommentState.choices, default=CommentState.OPEN)
    version = models.PositiveIntegerField(help_text="The version that was read.")
    line = models.PositiveIntegerField(default=0, help_text="Number of the paragraph; 0 is the whole text.")
    quote = models.CharField(max_length=500, blank=True, default="", help_text="Words of that paragraph.")
    text = models.CharField(max_length=1000)
    proposed = models.CharField(max_length=2000, blank=True, default="", help_text="Words to stand there instead.")
    by = models.CharField(max_length=100, help_text="Whose remark it is.")
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        help_text="Who said it to the recorder.",
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=1000, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    adopted_version = models.PositiveIntegerField(null=True, blank=True, help_text="The version it led to.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="comment_number_once"),
            models.CheckConstraint(name="comment_state_known", condition=Q(state__in=CommentState.values)),
            models.CheckConstraint(name="comment_answered_with_words", condition=~Q(state="answered") | ~Q(answer="")),
            models.CheckConstraint(
                name="comment_adopted_in_version", condition=~Q(state="adopted") | Q(adopted_version__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:30]}"
