"""One row per move. Triggers refuse UPDATE, DELETE and TRUNCATE (migration 0002)."""

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    """Ways to read the record, in the order in which it was written."""

    def about(self, subject: models.Model) -> Self:
        """Everything that was done to one thing."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("pk")

    def of_matter(self, topic_id: int) -> Self:
        """Everything that was done in one matter, whatever the thing."""
        return self.filter(matter_id=topic_id).order_by("pk")

    def of_host(self, host_id: int) -> Self:
        """Everything under one CPPCC, the newest first."""
        return self.filter(host_id=host_id).order_by("-pk")


class Entry(models.Model):
    """A move that was made. The actor's name and mandate are copied: people leave."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Actor")
    )
    actor_name = models.CharField(_("Actor's name"), max_length=200)
    mandate_text = models.CharField(_("By virtue of"), max_length=300, blank=True, default="")
    on_behalf_of = models.CharField(_("On behalf of"), max_length=300, blank=True, default="")
    verb = models.CharField(_("Move"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    matter_id = models.BigIntegerField(null=True, blank=True)
    host_id = models.BigIntegerField(null=True, blank=True)
    before = models.CharField(_("State before"), max_length=40, blank=True, default="")
    after = models.CharField(_("State after"), max_length=40, blank=True, default="")
    happened_at = models.DateTimeField(_("Happened"), db_default=Now())
    recorded_at = models.DateTimeField(_("Recorded"), db_default=Now(), editable=False)
    reason = models.TextField(_("Reason"), blank=True, default="")
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    implied = models.BooleanField(_("Implied by a later move"), default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Entry in the record")
        verbose_name_plural = _("Entries in the record")
        default_permissions = ()
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_by_subject"),
            models.Index(fields=["matter_id"], name="audit_entry_by_matter"),
            models.Index(fields=["host_id", "id"], name="audit_entry_by_host"),
        ]
        constraints = [
            models.CheckConstraint(name="audit_entry_has_verb", condition=~models.Q(verb="")),
            models.CheckConstraint(name="audit_entry_has_actor_name", condition=~models.Q(actor_name="")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An entry in the record is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("An entry in the record is never deleted.")
