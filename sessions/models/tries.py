"""How often somebody unknown tries: wrong sign-in codes, and changes through one link."""

from django.db import models


class TryCount(models.Model):
    """Tries of one caller within ten minutes. Callers stand here as hashes only; rows count while Redis is away."""

    bucket = models.CharField(max_length=64)
    span = models.BigIntegerField(help_text="Number of the ten minutes since 1970.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["span"], name="try_by_age")]
        constraints = [models.UniqueConstraint(fields=["bucket", "span"], name="try_counted_once")]

    def __str__(self) -> str:
        return f"{self.bucket[:8]} {self.count}"
