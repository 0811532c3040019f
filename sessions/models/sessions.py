"""One consultation session (协商活动), in a room or any free place."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from sessions.querysets import SessionQuerySet
from sessions.states import BOOKING_STATES, SessionForm, SessionState, VenueKind
from topics.states import Profile

#: (room, [start, end)) as ranges, so that GiST needs no extension (STACK decision 3).
_ROOM_RANGE = Func(F("room"), F("room"), Value("[]"), function="int8range")
_TIME_RANGE = Func(F("starts_at"), F("ends_at"), Value("[)"), function="TSTZRANGE", output_field=DateTimeRangeField())


class ConsultSession(models.Model):
    """A session: topics, place, the three answers 谁召集·在哪商·谁带头, and what was said and agreed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="sessions_hosted")
    region_code = RegionCodeField()
    state = models.CharField(max_length=20, choices=SessionState.choices)
    moved_at = models.DateTimeField(help_text="Business time of the last move.")
    form = models.CharField(max_length=10, choices=SessionForm.choices)
    venue_kind = models.CharField(max_length=12, choices=VenueKind.choices)
    room = models.ForeignKey(
        "consult_sessions.ConsultationRoom", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    place = models.CharField(max_length=100, blank=True, default="")
    title = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    topics = models.ManyToManyField("topics.Topic", through="SessionTopic", related_name="sessions")
    convenor = models.ForeignKey(
        "members.Convenor", on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    convenor_name = models.CharField(max_length=60, blank=True, default="")
    lead_member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="led_sessions"
    )
    lead_name = models.CharField(max_length=60, blank=True, default="")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="moderated_sessions"
    )
    moderator_name = models.CharField(max_length=60, blank=True, default="")
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="recorded_sessions"
    )
    recorder_name = models.CharField(max_length=60, blank=True, default="")
    languages = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    interpreter = models.CharField(max_length=60, blank=True, default="")
    short_notice_reason = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Of postponing or cancelling.")
    further_round_reason = models.CharField(max_length=300, blank=True, default="")
    no_statements = models.BooleanField(default=False, help_text="Said explicitly at closing: nobody spoke.")
    is_backfilled = models.BooleanField(default=False, help_text="Recorded after the fact: books no room.")
    is_sample = models.BooleanField(default=False)
    client_id = models.UUIDField(null=True, blank=True, unique=True, help_text="Made on the phone; replays are safe.")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="What the phone's clock said.")
    kept = models.JSONField(default=dict, blank=True, help_text="What a log brought that could not be placed yet.")
    decision_note = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    sign_in_code = models.CharField(
        max_length=6, blank=True, default="", db_default="", help_text="Typed by who cannot scan; while it runs."
    )
    seats = models.PositiveSmallIntegerField(null=True, blank=True, help_text="For open sign-up; none, no sign-up.")
    last_sign_up = models.PositiveIntegerField(default=0, db_default=0, help_text="Counts the sign-ups, gapless.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["host", "state", "-starts_at"], name="session_by_host_state"),
            models.Index(fields=["room", "-starts_at"], name="session_by_room"),
            models.Index(fields=["region_code", "-starts_at"], name="session_by_region"),
        ]
        constraints = [
            models.CheckConstraint(name="session_state_known", condition=Q(state__in=SessionState.values)),
            models.CheckConstraint(name="session_form_known", condition=Q(form__in=SessionForm.values)),
            models.CheckConstraint(name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="session_seats_some", condition=Q(seats__isnull=True) | Q(seats__gte=1, seats__lte=500)
            ),
            models.CheckConstraint(
                name="session_room_or_place", condition=Q(room__isnull=False) | ~Q(place="") | Q(venue_kind="online")
            ),
            models.UniqueConstraint(
                fields=["sign_in_code"],
                condition=Q(state=SessionState.IN_PROGRESS) & ~Q(sign_in_code=""),
                name="sign_in_code_once",
            ),
            ExclusionConstraint(
                name="room_booked_once",
                index_type="GIST",
                expressions=[(_ROOM_RANGE, "&&"), (_TIME_RANGE, "&&")],
                condition=Q(state__in=BOOKING_STATES, room__isnull=False, is_backfilled=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sessions:detail", args=[self.uuid])

    @property
    def profile(self) -> str:
        """The limits of a bench session are those of the micro profile."""
        return Profile.FORMAL if self.form == SessionForm.FORMAL else Profile.MICRO

    @property
    def where(self) -> str:
        return self.room.name if self.room else self.place

    @property
    def is_open(self) -> bool:
        return self.state in BOOKING_STATES

    @property
    def is_over(self) -> bool:
        return self.state in (SessionState.HELD, SessionState.CANCELLED)


class SessionTopic(models.Model):
    """A topic on the agenda of a session."""

    session = models.ForeignKey(ConsultSession, on_delete=models.CASCADE, related_name="session_topics")
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, related_name="session_topics")
    position = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Set when the topic is concluded.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "topic"], name="topic_once_per_session")]

    def __str__(self) -> str:
        return f"{self.session}: {self.topic}"
