"""Who raised or follows a matter, and by which receipt. Contacts never leave this table unmasked."""

import uuid

from django.conf import settings
from django.db import models

from topics.models.topics import Topic
from topics.states import PartyCategory, RaiserKind


class Raiser(models.Model):
    """A raiser or follower with a receipt of his own; merging and splitting lose nobody."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="raisers")
    kind = models.CharField(max_length=10, choices=RaiserKind.choices, default=RaiserKind.RAISER)
    receipt = models.CharField(max_length=10, unique=True, help_text="10 random characters without 0O1Il.")
    category = models.CharField(max_length=20, choices=PartyCategory.choices, default=PartyCategory.RESIDENT)
    name = models.CharField(max_length=60, blank=True, default="")
    organisation = models.CharField(max_length=100, blank=True, default="")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="raised"
    )
    phone = models.CharField(max_length=20, blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    wants_to_attend = models.BooleanField(default=False)
    consented_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.BooleanField(default=False, help_text="代录: entered by staff for somebody else.")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.receipt
