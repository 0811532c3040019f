"""Who is asked, and what is answered, in two tables that nothing joins: an answer bears neither person nor moment.

Only the raiser's own answer is known as his, because work begins again by it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from outcomes.models.outcomes import SatisfactionSurvey
from outcomes.states import RaiserVerdict


class Invitee(models.TextChoices):
    RAISER = "raiser"
    ATTENDEE = "attendee"


class SatisfactionInvitation(models.Model):
    """One voice: of a raiser, of an account that attended, or a slip of paper handed out in a session.

    The address itself is not kept, only its hash. That it was used is kept, but not when.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(SatisfactionSurvey, on_delete=models.PROTECT, related_name="invitations")
    asking = models.PositiveSmallIntegerField(help_text="The asking it belongs to; asked anew, it is void.")
    kind = models.CharField(max_length=8, choices=Invitee.choices)
    raiser = models.ForeignKey("topics.Raiser", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        "consult_sessions.ConsultSession", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    is_used = models.BooleanField(default=False)
    used_key = models.CharField(max_length=64, blank=True, default="", help_text="Hash of the form that used it.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["survey", "asking", "is_used"], name="invitation_by_survey")]
        constraints = [
            models.CheckConstraint(
                name="invitation_of_raiser",
                condition=Q(kind="raiser", raiser__isnull=False) | Q(kind="attendee", raiser__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["survey", "asking", "raiser"], condition=Q(raiser__isnull=False), name="raiser_invited_once"
            ),
            models.UniqueConstraint(
                fields=["survey", "asking", "account"], condition=Q(account__isnull=False), name="account_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RatingBase(models.Model):
    """Process and result apart."""

    process = models.CharField(max_length=12, choices=RaiserVerdict.choices)
    result = models.CharField(max_length=12, choices=RaiserVerdict.choices)
    comment = models.TextField(max_length=500, blank=True, default="")

    class Meta:
        abstract = True


class SatisfactionAnswer(RatingBase):
    """What somebody who attended says. Its key is drawn by lot, so that no order tells who was first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(SatisfactionSurvey, on_delete=models.PROTECT, related_name="answers")
    asking = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["survey", "asking"], name="answer_by_survey")]

    def __str__(self) -> str:
        return self.result


class RaiserAnswer(RatingBase):
    """What a raiser says of his own matter."""

    invitation = models.OneToOneField(SatisfactionInvitation, on_delete=models.PROTECT, related_name="answer")
    answered_on = models.DateField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.result


class PaperForms(models.Model):
    """A pile of paper forms, counted: totals of process and of result, with the scan among the files."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(SatisfactionSurvey, on_delete=models.PROTECT, related_name="paper")
    asking = models.PositiveSmallIntegerField()
    entered_on = models.DateField()
    process = models.JSONField(help_text="[satisfied, basically, unsatisfied]")
    result = models.JSONField(help_text="[satisfied, basically, unsatisfied]")
    of_invited = models.PositiveIntegerField(default=0, help_text="Of these, from people who hold an invitation.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.process} {self.result}"
