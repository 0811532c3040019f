"""Signing in: one row for each time somebody was signed in. The line of the roster is derived from it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sessions.models.roster import Participant
from sessions.models.sessions import ConsultSession
from sessions.states import SignInHow
from topics.states import PartyCategory


class CheckIn(models.Model):
    """Who was signed in, how and when. ``key`` is made by the client: sent again, it is the same signing in.

    One that was taken back stays as a row; among those that count, each line of the roster has one, and so has each
    person who signed in by typing his name.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="check_ins", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="check_ins")
    key = models.UUIDField(unique=True)
    how = models.CharField(max_length=10, choices=SignInHow.choices)
    at = models.DateTimeField(db_default=Now(), help_text="The database's clock.")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="What the phone's clock said.")
    category = models.CharField(max_length=20, choices=PartyCategory.choices)
    person = models.CharField(max_length=60, blank=True, default="", help_text="The name typed, without its spaces.")
    came = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proxy_name = models.CharField(max_length=60, blank=True, default="", help_text="Who came in his place.")
    proxy_reason = models.CharField(max_length=200, blank=True, default="")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="check_in_how_known", condition=Q(how__in=SignInHow.values)),
            models.CheckConstraint(
                name="check_in_proxy_has_reason",
                condition=~Q(how="proxy") | (~Q(proxy_name="") & ~Q(proxy_reason="")),
            ),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(taken_back_at__isnull=True), name="check_in_line_once"
            ),
            models.UniqueConstraint(
                fields=["session", "category", "person"],
                condition=Q(taken_back_at__isnull=True) & ~Q(person=""),
                name="check_in_person_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.at}"
