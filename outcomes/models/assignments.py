"""Assignments (交办事项) and everything that happens to one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from outcomes.models.outcomes import Outcome
from outcomes.querysets import AssignmentQuerySet
from outcomes.states import PANEL_VERBS, RUNNING_STATES, AssignmentState, ExtensionState, FundsKind, Method, ReplyClass

#: Which of the four signs a rung of the ladder belongs to, the highest first.
RUNG_SIGNS = (
    ("报", ("+15", "weekly", "escalate")),
    ("督", ("+5",)),
    ("催", ("+1", "urge")),
    ("提", ("T-", "due")),
)


class Assignment(models.Model):
    """One thing to be done by a lead unit, with a date; it cites the consensus points it fulfils."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="assignments")
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, related_name="assignments")
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = RegionCodeField()
    ordinal = models.PositiveSmallIntegerField(help_text="1, 2, 3 … within the matter.")
    number = models.CharField(max_length=60, help_text="Slip number; kept on reassignment and annulment.")
    state = models.CharField(max_length=12, choices=AssignmentState.choices, default=AssignmentState.ISSUED)
    moved_on = models.DateField()
    matter = models.CharField(max_length=200)
    requirement = models.TextField(max_length=2000, blank=True, default="")
    fulfils = models.ManyToManyField("consult_sessions.ConsensusPoint", related_name="assignments")
    lead_unit = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="led_assignments")
    assisting_units = models.ManyToManyField("members.Organisation", related_name="assisted_assignments", blank=True)
    issued_by = models.CharField(max_length=100, help_text="县委办, 县政府办 or the township; need have no account.")
    issued_on = models.DateField()
    due_on = models.DateField()
    first_due_on = models.DateField(help_text="The date first promised stays visible.")
    due_provisional = models.BooleanField(default=False, help_text="暂按周末推算: holiday plan not published.")
    funds_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, help_text="Yuan.")
    funds_about = models.CharField(max_length=5, blank=True, default="")
    funds_kind = models.CharField(max_length=12, choices=FundsKind.choices, blank=True, default="")
    funds_source = models.CharField(max_length=100, blank=True, default="")
    projects = models.CharField(max_length=200, blank=True, default="")
    signed_for_on = models.DateField(null=True, blank=True)
    signed_for_by = models.CharField(max_length=60, blank=True, default="")
    send_back_reason = models.CharField(max_length=300, blank=True, default="")
    proper_unit = models.CharField(max_length=100, blank=True, default="", help_text="Whose business it is instead.")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Of the last reassign, annul, rework …")
    closed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True, help_text="Class C and D: when to look again.")
    ladder_from = models.DateField(
        null=True, blank=True, help_text="First day rungs may be sent; null: none until the office confirms (backfill)."
    )
    is_sample = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["host", "state", "due_on", "id"], name="assignment_by_host"),
            models.Index(fields=["lead_unit", "state", "due_on"], name="assignment_by_unit"),
            models.Index(fields=["due_on"], condition=Q(state__in=RUNNING_STATES), name="assignment_running"),
        ]
        constraints = [
            models.CheckConstraint(name="assignment_state_known", condition=Q(state__in=AssignmentState.values)),
            models.CheckConstraint(name="assignment_due_after_issue", condition=Q(due_on__gte=F("issued_on"))),
            models.CheckConstraint(
                name="assignment_closed_with_day",
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="assignment_back_with_reason",
                condition=~Q(state="sent_back") | (~Q(send_back_reason="") & ~Q(proper_unit="")),
            ),
            models.UniqueConstraint(fields=["topic", "ordinal"], name="assignment_ordinal_once"),
            models.UniqueConstraint(fields=["host", "number"], name="assignment_number_once"),
        ]

    def __str__(self) -> str:
        return self.matter

    def get_absolute_url(self) -> str:
        return reverse("outcomes:detail", args=[self.uuid])

    @property
    def handling_unit_ids(self) -> set[int]:
        """Lead and assisting units; a list brings them with its rows."""
        known = getattr(self, "known_assisting_ids", None)
        if known is None:
            known = self.assisting_units.through.objects.filter(assignment=self).values_list(
                "organisation_id", flat=True
            )
            self.known_assisting_ids = list(known)
        return {self.lead_unit_id, *self.known_assisting_ids}

    @property
    def is_rework(self) -> bool:
        """It came back, and the unit has not answered again."""
        return bool(self.reason) and self.state in RUNNING_STATES

    @property
    def has_open_extension(self) -> bool:
        known = getattr(self, "known_open_extension", None)
        return self.extensions.filter(state=ExtensionState.ASKED).exists() if known is None else known

    @property
    def urged(self) -> str:
        """提 催 督 报: the highest rung that was climbed for the present due date; lists bring the rungs along."""
        climbed = (*getattr(self, "rungs", ()), *getattr(self, "by_hand", ()))
        return next((sign for sign, names in RUNG_SIGNS if any(rung.startswith(names) for rung in climbed)), "")

    @property
    def present_reply(self) -> "HandlingReply | None":
        """The reply of the present round of work."""
        return next(reversed(list(self.replies.all())), None)

    @property
    def present_verification(self) -> "Verification | None":
        """The last look at it, whatever it found."""
        return next(reversed(list(self.verifications.all())), None)

    @property
    def was_extended(self) -> bool:
        return self.due_on != self.first_due_on

    def offers(self, verb: str) -> bool:
        """What the row itself does not rule out."""
        if verb in PANEL_VERBS:
            return False
        if verb == "confirm_reminders":
            return self.ladder_from is None
        if verb in ("grant", "refuse"):
            return self.state == AssignmentState.IN_PROGRESS and self.has_open_extension
        if verb == "ask_extension":
            return not self.has_open_extension
        return True


class ProgressEntry(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="progress")
    date = models.DateField()
    text = models.TextField(max_length=1000)
    spent = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, help_text="Yuan.")
    done = models.PositiveIntegerField(null=True, blank=True, help_text="How many of …")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="… so many.")
    counted = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Households, metres, hydrants."
    )
    contact_on = models.DateField(null=True, blank=True, help_text="The raiser was spoken to.")
    contact_method = models.CharField(max_length=10, choices=Method.choices, blank=True, default="", db_default="")
    contact_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                name="progress_done_within_total",
                condition=Q(total__isnull=True) | Q(done__isnull=False, done__lte=F("total")),
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def matter_id(self) -> int:
        return self.assignment.topic_id


class Extension(models.Model):
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    state = models.CharField(max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_before = models.DateField()
    due_wanted = models.DateField()
    reason = models.CharField(max_length=300)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(state="asked"), name="one_open_extension")
        ]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.due_wanted}"


class HandlingReply(models.Model):
    """办理答复: measures, result, class A/B/C/D, contact with the raiser. One per round of work."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="replies")
    date = models.DateField()
    reply_class = models.CharField(max_length=1, choices=ReplyClass.choices)
    measures = models.TextField(max_length=2000, blank=True, default="")
    result = models.TextField(max_length=2000)
    contact_on = models.DateField(null=True, blank=True)
    contact_method = models.CharField(max_length=10, choices=Method.choices, blank=True, default="")
    contact_note = models.CharField(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False, help_text="代录: recorded by the office from the paper.")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "handling replies"
        constraints = [models.CheckConstraint(name="reply_class_known", condition=Q(reply_class__in=ReplyClass.values))]

    def __str__(self) -> str:
        return f"{self.reply_class} {self.result[:30]}"


class Verification(models.Model):
    """核验: somebody other than the handling unit has seen it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="verifications")
    reply = models.ForeignKey(HandlingReply, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    date = models.DateField()
    method = models.CharField(max_length=10, choices=Method.choices, blank=True, default="")
    finding = models.CharField(max_length=500)
    passed = models.BooleanField(default=True, help_text="False: sent back for rework.")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_name = models.CharField(max_length=100, blank=True, default="", help_text="As a paper file names him.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_says_how", condition=Q(passed=False) | Q(method__in=Method.values)
            )
        ]

    def __str__(self) -> str:
        return self.finding[:30]

    @property
    def who(self) -> str:
        return self.verified_name or str(self.verified_by)
