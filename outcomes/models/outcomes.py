"""The outcome (协商成果) of one round of consultation, what residents got, and what they say of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from consult.regions.fields import RegionCodeField
from outcomes.querysets import OutcomeQuerySet
from outcomes.states import OutcomeState, ProductKind, RaiserVerdict
from topics.states import TopicState

#: A long-term product is looked at again after so many months.
RECHECK_MONTHS = (3, 6, 12)


class Outcome(models.Model):
    """One per matter and round. Host and division are the topic's, copied for scoping."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey("topics.Topic", on_delete=models.PROTECT, related_name="outcomes")
    host = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = RegionCodeField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=OutcomeState.choices, default=OutcomeState.DRAFTED)
    moved_on = models.DateField()
    summary = models.TextField(max_length=3000, blank=True, default="")
    effects = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    number = models.CharField(max_length=60, blank=True, default="")
    submitted_to = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    adopted_by = models.CharField(max_length=100, blank=True, default="", help_text="Who gave the instruction (post).")
    instruction = models.CharField(max_length=500, blank=True, default="", help_text="批示")
    noted_on = models.DateField(null=True, blank=True)
    nothing_to_assign_on = models.DateField(null=True, blank=True)
    nothing_to_assign_reason = models.CharField(max_length=300, blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_on = models.DateField()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["host", "state", "-id"], name="outcome_by_host_state")]
        constraints = [
            models.CheckConstraint(name="outcome_state_known", condition=Q(state__in=OutcomeState.values)),
            models.UniqueConstraint(fields=["topic", "round"], name="one_outcome_per_round"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:outcome", args=[self.uuid])

    @property
    def survey(self) -> "SatisfactionSurvey | None":
        """The survey, once it was asked."""
        try:
            return self.satisfaction
        except SatisfactionSurvey.DoesNotExist:
            return None

    @property
    def is_current(self) -> bool:
        """Of the round that the matter is in."""
        return self.round == self.topic.round

    def offers(self, verb: str) -> bool:
        """What the row itself does not rule out."""
        if verb == "nothing_to_assign":
            return self.is_current and self.topic.state == TopicState.CONSULTED
        if verb in ("record_satisfaction", "enter_forms"):
            return self.survey is not None and self.survey.answered_on is None
        if verb == "explain_dissatisfaction":
            return self.survey is not None and self.survey.awaits_explanation
        return True


class Benefit(models.Model):
    """What residents got (certificates, ports, rent recovered), apart from funds spent."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="benefits")
    what = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    about = models.CharField(max_length=5, blank=True, default="")
    unit = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.amount}{self.unit}"


class Product(models.Model):
    """A long-term product (村规民约, mechanism, agreement) with its text, version and parties' duties."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="products")
    kind = models.CharField(max_length=15, choices=ProductKind.choices)
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=5000)
    version = models.PositiveSmallIntegerField(default=1)
    duties = models.JSONField(default=list, blank=True, help_text="[{party, duty}]")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class SatisfactionSurvey(models.Model):
    """Process and result apart, of the raiser and those who attended. The raiser's own answer is kept apart."""

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="satisfaction")
    asked_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    asking = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Asked anew after a reopening, the next; earlier invitations are void."
    )
    closes_on = models.DateField(null=True, blank=True, help_text="The last day of the invitations.")
    answered_on = models.DateField(null=True, blank=True)
    process_satisfied = models.PositiveIntegerField(default=0)
    process_basically = models.PositiveIntegerField(default=0)
    process_unsatisfied = models.PositiveIntegerField(default=0)
    result_satisfied = models.PositiveIntegerField(default=0)
    result_basically = models.PositiveIntegerField(default=0)
    result_unsatisfied = models.PositiveIntegerField(default=0)
    raiser_result = models.CharField(max_length=12, choices=RaiserVerdict.choices, blank=True, default="")
    explain_by = models.DateField(null=True, blank=True, help_text="Without an explanation by then the work reopens.")
    forced_on = models.DateField(null=True, blank=True, help_text="Reopened because the raiser was not satisfied.")
    explained_on = models.DateField(null=True, blank=True)
    explanation = models.TextField(max_length=1000, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.outcome} satisfaction"

    @property
    def awaits_explanation(self) -> bool:
        return self.explain_by is not None and self.explained_on is None and self.forced_on is None

    @property
    def process(self) -> tuple[int, int, int]:
        return self.process_satisfied, self.process_basically, self.process_unsatisfied

    @property
    def result(self) -> tuple[int, int, int]:
        return self.result_satisfied, self.result_basically, self.result_unsatisfied
