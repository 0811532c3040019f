"""The calendar feed of an account: an address only its owner knows, made void by renewing it."""

import uuid

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """The address is signed over ``uuid`` and ``version``: nothing that opens it is kept here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed")
    version = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.account)
