"""One row per file kept; the file lies beside the database under the row's UUID."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.regions.fields import DivisionCodeField

#: Longest words under a photo.
CAPTION = 200


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
        return self.kept().filter(subject_type=label, subject_id__in=[subject.pk for subject in subjects])

    def kept(self) -> Self:
        """Without those that were taken away again."""
        return self.filter(removed_at__isnull=True)


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
    caption = models.CharField(_("Caption"), max_length=CAPTION, blank=True, default="", db_default="")
    client_id = models.UUIDField(null=True, blank=True, unique=True, help_text="Made on the phone; replays are safe.")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    purged_at = models.DateTimeField(null=True, blank=True, help_text="Since when the file itself is gone.")

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
            models.CheckConstraint(
                name="attachment_removed_why", condition=Q(removed_at__isnull=True) | ~Q(removed_reason="")
            ),
            models.CheckConstraint(
                name="attachment_purged_removed", condition=Q(purged_at__isnull=True) | Q(removed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def may_be_copied(self) -> bool:
        """Scans of papers bear signatures; only photos are made ready for the public."""
        return self.is_picture and self.kind != AttachmentKind.SCAN

    @property
    def present_copy(self) -> "PublicCopy | None":
        """The copy for the public that stands now; lists bring the copies along."""
        return next((copy for copy in self.copies.all() if copy.state != CopyState.GONE), None)


class CopyState(models.TextChoices):
    MADE = "made", _("Not looked at yet")
    RELEASED = "released", _("May be public")
    GONE = "gone", _("Taken away")


class PublicCopyQuerySet(models.QuerySet["PublicCopy"]):
    def present(self) -> Self:
        """At most one of each photo: the last that was made, unless it was taken away."""
        return self.exclude(state=CopyState.GONE)

    def released(self) -> Self:
        return self.filter(state=CopyState.RELEASED)


class PublicCopy(models.Model):
    """What the public may see of a photo: drawn anew without metadata, with solid boxes over faces and plates.

    Its files are named after it; a later copy of the same photo takes its place, and its files are removed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="copies")
    state = models.CharField(max_length=10, choices=CopyState.choices, default=CopyState.MADE)
    boxes = models.JSONField(
        default=list, blank=True, help_text="[[left, top, width, height], …] in thousandths of the picture."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the JPEG that the public gets.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="When faces and plates were looked for.")
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = PublicCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "public copies"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="copy_state_known", condition=Q(state__in=CopyState.values)),
            models.UniqueConstraint(
                fields=["attachment"], condition=Q(state__in=["made", "released"]), name="one_present_copy"
            ),
            models.CheckConstraint(
                name="copy_released_reviewed",
                condition=~Q(state="released") | (Q(reviewed_by__isnull=False) & Q(reviewed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment} ({self.get_state_display()})"
