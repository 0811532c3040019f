"""过问: what a supervising CPPCC asks about a matter or an assignment of it, and what the office answers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from topics.models.topics import Topic
from topics.oversight_rows import OversightQuerySet


class OversightNote(models.Model):
    """A note from above. It changes nothing of the matter; it lies with the office until that has answered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="oversight")
    assignment_uuid = models.UUIDField(null=True, blank=True, help_text="What of the matter it asks about.")
    about = models.CharField(max_length=200, help_text="Title of the matter or the assignment on that day.")
    text = models.TextField(max_length=500)
    written_on = models.DateField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(max_length=1000, blank=True, default="")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OversightQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["assignment_uuid"], name="oversight_by_assignment"),
            models.Index(fields=["written_by", "-id"], name="oversight_by_writer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="oversight_answered_whole",
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]

    def get_absolute_url(self) -> str:
        if self.assignment_uuid:
            return reverse("outcomes:detail", args=[self.assignment_uuid])
        return reverse("topics:detail", args=[self.topic.uuid])
