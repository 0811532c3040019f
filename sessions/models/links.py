"""Links by which a party without an account remarks on the minutes that were sent round."""

import uuid

from django.conf import settings
from django.db import models

from sessions.models.minutes import Minutes
from sessions.models.roster import Participant


class RemarkLink(models.Model):
    """Opens the text of these minutes and takes this party's remarks. The address is signed, never stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="remark_links")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="remark_links")
    version = models.PositiveIntegerField(default=1, help_text="Renewing raises it; older addresses open nothing.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Last opened.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="Remarked, or said that nothing is to mend.")
    content_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The version in which nothing is to be mended for him."
    )

    class Meta:
        db_table = "session_remarklink"
        ordering = ["participant__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "participant"], name="remark_link_once"),
        ]

    def __str__(self) -> str:
        return str(self.participant)
