"""What a bare view reads: one narrow table with the index its list needs."""

from django.db import models


class BareNotice(models.Model):
    uuid = models.UUIDField(unique=True)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=15)
    title = models.CharField(max_length=100)
    summary = models.CharField(max_length=200)
    text = models.TextField()
    posted_on = models.DateField()
    expires_on = models.DateField()

    objects = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["-posted_on", "-id"], name="bare_notice_list")]

    def __str__(self) -> str:
        return self.title
