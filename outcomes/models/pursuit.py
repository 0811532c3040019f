"""What keeps an assignment moving: steps, links for who has no account, letters that urge, visits that look."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from outcomes.models.assignments import Assignment, Verification
from outcomes.querysets.pursuit import AnswerLinkQuerySet, FieldCheckQuerySet
from outcomes.states import CheckVerdict, Method, UrgingKind


class Milestone(models.Model):
    """节点: a named step of the work, checked off by a report."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True, default="", help_text="The unit that says so.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "name"], name="milestone_named_once")]

    def __str__(self) -> str:
        return self.name


class AnswerLink(models.Model):
    """Lets a liaison without an account answer this one assignment. The address is signed, never stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="links")
    unit = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40, help_text="To whom it was given.")
    version = models.PositiveIntegerField(default=1, help_text="Renewing raises it; older addresses open nothing.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"


class Urging(models.Model):
    """A letter that urged the unit (催办), or told those above (上报), on one day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="urgings")
    kind = models.CharField(max_length=8, choices=UrgingKind.choices)
    on = models.DateField()
    due_on = models.DateField(help_text="The due date that it was about.")
    text = models.TextField(max_length=1000)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["on"], name="urging_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "kind", "on"], name="urged_once_a_day"),
            models.CheckConstraint(name="urging_kind_known", condition=Q(kind__in=UrgingKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class FieldCheck(models.Model):
    """查单, 回头看: a visit that was planned, and what was found."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="checks")
    planned_on = models.DateField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="field_checks", blank=True)
    note = models.CharField(max_length=200, blank=True, default="", help_text="What to look at.")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    method = models.CharField(max_length=10, choices=Method.choices, blank=True, default="")
    finding = models.CharField(max_length=500, blank=True, default="")
    verdict = models.CharField(max_length=6, choices=CheckVerdict.choices, blank=True, default="")
    dropped_on = models.DateField(null=True, blank=True, help_text="Called off.")
    drop_reason = models.CharField(max_length=300, blank=True, default="")
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    client_id = models.UUIDField(null=True, blank=True, unique=True)

    objects = FieldCheckQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "pk"]
        indexes = [
            models.Index(
                fields=["planned_on"], condition=Q(done_on__isnull=True, dropped_on__isnull=True), name="check_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="check_done_says_what",
                condition=Q(done_on__isnull=True, verdict="")
                | (
                    Q(done_on__isnull=False, verdict__in=CheckVerdict.values, method__in=Method.values) & ~Q(finding="")
                ),
            ),
            models.CheckConstraint(
                name="check_done_or_dropped", condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on} {self.assignment}"

    def get_absolute_url(self) -> str:
        return f"{reverse('outcomes:record_check', args=[self.assignment.uuid])}?check={self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_on is None

    @property
    def matter_id(self) -> int:
        return self.assignment.topic_id
