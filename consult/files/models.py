"""One row per file kept; the file lies beside the database under the row's UUID."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.regions.fields import DivisionCodeField


class AttachmentKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    SCAN = "scan", _("Scan")
    DOCUMENT = "document", _("Document")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def about(self, *subjects: models.Model) -> Self:
        """The files of these subjects, all of one kind of thing."""
        if not subjects:
            return self.none()
        label = subjects[0]._meta.label_lower
        return self.filter(subject_type=label, subject_id__in=[subject.pk for subject in subjects])


class Attachment(models.Model):
    """A file as it was handed in: never changed, never shown to anybody but through its subject's rights."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    subject_type = models.CharField(max_length=60, help_text="Label of the model, as in the record.")
    subject_id = models.BigIntegerField()
    host_id = models.BigIntegerField(null=True, blank=True, help_text="The CPPCC whose paper it is.")
    region_code = DivisionCodeField(blank=True, default="")
    kind = models.CharField(_("Kind"), max_length=10, choices=AttachmentKind.choices)
    name = models.CharField(_("File name"), max_length=150)
    size = models.PositiveIntegerField(_("Size"), help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100, help_text="By what is in it, not by its name.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("Added"), db_default=Now(), editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Attachment")
        verbose_name_plural = _("Attachments")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="attachment_by_subject")]
        constraints = [
            models.CheckConstraint(name="attachment_kind_known", condition=Q(kind__in=AttachmentKind.values)),
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
