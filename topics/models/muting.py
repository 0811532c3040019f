"""Who does not want to hear of a matter any more. His receipt stays good, and nothing else is lost."""

from django.conf import settings
from django.db import models

from topics.models.topics import Topic


class Mute(models.Model):
    """An account that is told no later step of a matter; following it again takes this row away."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="mutes")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "account"], name="mute_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.topic}"
