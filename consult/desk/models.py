"""What the desk counts itself: how often somebody unknown has asked for a receipt."""

from django.db import models


class LookupCount(models.Model):
    """Questions of one caller, or misses of all, within ten minutes. Callers and receipts stand here as hashes only."""

    bucket = models.CharField(max_length=64)
    span = models.BigIntegerField(help_text="Number of the ten minutes since 1970.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["span"], name="lookup_by_age")]
        constraints = [models.UniqueConstraint(fields=["bucket", "span"], name="lookup_counted_once")]

    def __str__(self) -> str:
        return f"{self.bucket[:8]} {self.count}"
