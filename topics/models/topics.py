"""The topic (议题): one matter of one host, from the slip to its closing."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from topics.querysets import TopicQuerySet
from topics.states import About, Profile, Source, TopicState


class Topic(models.Model):
    """One matter. It belongs to one host and lies in one division inside the host's."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="topics")
    region_code = RegionCodeField()
    place = models.CharField(max_length=100, blank=True, default="", help_text="Words below the village.")
    state = models.CharField(max_length=20, choices=TopicState.choices, default=TopicState.DRAFT)
    moved_on = models.DateField(help_text="Business date of the last move.")
    profile = models.CharField(max_length=10, choices=Profile.choices, blank=True, default="")
    programme = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=20, choices=Source.choices)
    title = models.CharField(max_length=100)
    problem = models.TextField(max_length=3000)
    expectation = models.TextField(max_length=1000, blank=True, default="")
    category = models.CharField(max_length=40, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    households_about = models.CharField(max_length=5, choices=About.choices, blank=True, default="")
    people = models.PositiveIntegerField(null=True, blank=True)
    people_about = models.CharField(max_length=5, choices=About.choices, blank=True, default="")
    pending_since = models.CharField(max_length=10, blank=True, default="", help_text="Year, month or day.")
    pending_event = models.CharField(max_length=60, blank=True, default="", help_text="Bought, delivered, raised …")
    blocked_by = models.CharField(max_length=300, blank=True, default="")
    raised_on = models.DateField()
    stakeholders = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    number = models.CharField(max_length=60, blank=True, default="", help_text="Taken when pooled, never reused.")
    # screening
    small_cut = models.BooleanField(null=True, blank=True)
    wide_reach = models.BooleanField(null=True, blank=True)
    vital_interest = models.BooleanField(null=True, blank=True)
    screened_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="", help_text="Of the last return, refusal …")
    reply_text = models.TextField(max_length=1000, blank=True, default="")
    to_unit = models.CharField(max_length=100, blank=True, default="")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    # approval (formal)
    council_on = models.DateField(null=True, blank=True)
    party_on = models.DateField(null=True, blank=True)
    party_text = models.CharField(max_length=300, blank=True, default="")
    lead_committee = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="led_topics"
    )
    plan_year = models.PositiveSmallIntegerField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # claim (micro)
    claimed_on = models.DateField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_topics"
    )
    claimed_group = models.ForeignKey(
        "members.MemberGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_topics"
    )
    claimed_member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_topics"
    )
    claimed_name = models.CharField(max_length=100, blank=True, default="", help_text="As a paper file names it.")
    promised_on = models.DateField(null=True, blank=True)

    round = models.PositiveSmallIntegerField(default=1, help_text="Rounds of consultation; one outcome each.")
    scheduled_from = models.CharField(max_length=20, blank=True, default="", help_text="Where unschedule returns to.")
    round_reason = models.CharField(max_length=300, blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entered_topics")
    created_at = models.DateTimeField(auto_now_add=True)
    case_key = models.CharField(max_length=80, blank=True, default="", help_text="Key of a backfilled matter.")
    case_sha256 = models.CharField(max_length=64, blank=True, default="")
    marks = models.JSONField(default=list, blank=True, help_text="Leaf paths of illustrative values (示例).")
    is_sample = models.BooleanField(default=False)
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    joint_hosts = models.ManyToManyField("members.Organisation", through="TopicJoint", related_name="joint_topics")
    search = SearchVectorField(null=True, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["host", "state", "-id"], name="topic_by_host_state"),
            models.Index(fields=["host", "-id"], name="topic_by_host"),
            models.Index(fields=["region_code", "-id"], name="topic_by_region"),
            GinIndex(fields=["search"], name="topic_search"),
        ]
        constraints = [
            models.CheckConstraint(name="topic_state_known", condition=Q(state__in=TopicState.values)),
            models.CheckConstraint(name="topic_source_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(
                name="topic_profile_once_pooled",
                condition=Q(profile__in=Profile.values)
                | Q(
                    profile="",
                    state__in=["draft", "submitted", "returned", "declined", "transferred", "merged", "withdrawn"],
                ),
            ),
            models.CheckConstraint(
                name="topic_merged_iff_target",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="topic_not_merged_into_self", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="topic_refused_with_reason", condition=~Q(state__in=["declined", "transferred"]) | ~Q(reason="")
            ),
            models.UniqueConstraint(fields=["host", "case_key"], condition=~Q(case_key=""), name="case_key_per_host"),
            models.UniqueConstraint(fields=["host", "number"], condition=~Q(number=""), name="topic_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topics:detail", kwargs={"uuid": self.uuid})


class TopicJoint(models.Model):
    """Joint filing: another CPPCC that sees the matter; it counts once, under its host."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="joints")
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="joint_filings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "host"], name="joint_once")]

    def __str__(self) -> str:
        return f"{self.topic} + {self.host}"
