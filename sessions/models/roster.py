"""Agenda and the one roster: invited → replied → signed in → left, or excused, absent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.models.sessions import ConsultSession
from sessions.states import Attendance, Reply
from topics.states import About, PartyCategory


class AgendaItem(models.Model):
    """One item of the agenda; the clock of a running session lives here, so that a reload loses nothing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    by = models.CharField(max_length=60, blank=True, default="", help_text="Whose item it is.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Planned length in minutes.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once")]

    def __str__(self) -> str:
        return self.text


class Participant(models.Model):
    """A line of the roster; ``count`` stands for people listed together (居民代表 8 人)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="participants")
    category = models.CharField(max_length=20, choices=PartyCategory.choices)
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation_name = models.CharField(max_length=100, blank=True, default="")
    name = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=60, blank=True, default="")
    count = models.PositiveSmallIntegerField(default=1)
    count_about = models.CharField(max_length=5, choices=About.choices, blank=True, default="")
    came = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of those counted; empty means all.")
    chosen_how = models.CharField(max_length=60, blank=True, default="", help_text="How a representative was chosen.")
    phone = models.CharField(max_length=20, blank=True, default="", db_default="", help_text="To tell him; masked.")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=10, choices=Reply.choices, blank=True, default="")
    reply_reason = models.CharField(max_length=200, blank=True, default="")
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by_link = models.BooleanField(default=False, db_default=False)
    slip_version = models.PositiveIntegerField(
        default=1, db_default=1, help_text="Part of the link to the reply slip; raised, the old link is void."
    )
    attendance = models.CharField(max_length=10, choices=Attendance.choices, blank=True, default="")
    signed_in_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    signed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proxy_name = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="Who came in his place."
    )
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Since when in the queue of speakers.")
    floor_at = models.DateTimeField(null=True, blank=True, help_text="Since when he has the floor; one at a time.")
    is_walk_in = models.BooleanField(default=False)
    listed_in = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="people",
        help_text="The line of several people that counts him; he signed in by himself.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1, help_text="Raised when the line is mended.")

    #: How many of its people signed in by themselves; ``sessions.heads.standing`` counts them.
    among = 0

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            # Whoever signs in by typing a name is looked up among those invited.
            models.Index(fields=["session", "name"], condition=Q(is_walk_in=False), name="participant_invited_name"),
            models.Index(fields=["listed_in"], condition=Q(listed_in__isnull=False), name="participant_listed_in"),
            # Those that may count him are looked up at each signing in.
            models.Index(
                fields=["session", "position"],
                condition=Q(is_walk_in=False, count__gt=1),
                name="participant_of_several",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member"], condition=Q(member__isnull=False), name="member_once_per_session"
            ),
            models.UniqueConstraint(
                fields=["session", "account"], condition=Q(account__isnull=False), name="account_once_per_session"
            ),
            models.CheckConstraint(name="participant_named", condition=~Q(name="") | ~Q(organisation_name="")),
            models.CheckConstraint(name="participant_counts", condition=Q(count__gte=1)),
            models.CheckConstraint(
                name="participant_listed_walked_in", condition=Q(listed_in__isnull=True) | Q(is_walk_in=True, count=1)
            ),
            models.CheckConstraint(
                name="participant_came_of_count",
                condition=Q(came__isnull=True) | Q(is_walk_in=True) | Q(came__lte=models.F("count")),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.organisation_name

    @property
    def state(self) -> str:
        """A line has no state of its own: what may be done with it depends on that of its session."""
        return self.session.state
