"""报名: whoever signed up for a seat himself, and those who wait for one."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sessions.models.roster import Participant
from sessions.models.sessions import ConsultSession
from sessions.states import SignUpState
from topics.states import PartyCategory


class SignUp(models.Model):
    """One sign-up in the order of its coming. ``key`` is made by the client: sent again, it is the same sign-up.

    Who has a seat has a line of the roster; who waits, or withdrew, has none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="sign_ups", db_index=False)
    position = models.PositiveIntegerField(help_text="From the counter of the session: 1, 2, 3 without a gap.")
    key = models.UUIDField()
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=20, choices=PartyCategory.choices)
    phone = models.CharField(max_length=20, blank=True, default="", help_text="To tell him; shown masked.")
    state = models.CharField(max_length=10, choices=SignUpState.choices)
    participant = models.OneToOneField(
        Participant, on_delete=models.RESTRICT, null=True, blank=True, related_name="sign_up"
    )
    created_at = models.DateTimeField(db_default=Now(), help_text="The database's clock.")
    moved_up_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "session_signup"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="sign_up_position_once"),
            models.UniqueConstraint(fields=["session", "key"], name="sign_up_key_once"),
            models.CheckConstraint(name="sign_up_state_known", condition=Q(state__in=SignUpState.values)),
            models.CheckConstraint(
                name="sign_up_seated_has_line",
                condition=Q(state="seated", participant__isnull=False)
                | (~Q(state="seated") & Q(participant__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
