"""Keeping a file with the move that brings it, and keeping disk and rows agreed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import LostRace
from consult.files import disk
from consult.files.content import check_upload
from consult.files.models import CAPTION, Attachment, CopyState, PublicCopy
from consult.files.names import clean_name
from consult.idempotency.failpoints import failpoint
from consult.text import Refused, clean_line

AN_HOUR = 60 * 60
#: What was taken away by mistake can be brought back by the technician for so long.
KEPT_AFTER_REMOVAL = timedelta(days=30)


def store_file(
    *,
    actor: Any,
    subject: Model,
    upload: Any,
    kind: str,
    host_id: int | None = None,
    region_code: str = "",
    field: str = "file",
    caption: str = "",
    client_id: UUID | None = None,
    matter_id: int | None = None,
) -> Attachment:
    """Keep a scan, photo or document with its subject; refused files are named under ``field``.

    Belongs in the transaction of the move: when that is rolled back, nothing of the file is ever seen.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("store_file() belongs in the transaction of the move that brings the file")
    try:
        data, format = check_upload(upload, kind)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
    attachment = Attachment(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        host_id=host_id if host_id is not None else getattr(subject, "host_id", None),
        region_code=region_code or getattr(subject, "region_code", ""),
        kind=kind,
        name=clean_name(str(getattr(upload, "name", "") or ""), format),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=format.content_type,
        uploaded_by=actor,
        caption=caption,
        client_id=client_id,
    )
    attachment.full_clean(exclude=["uploaded_by", "client_id", "removed_by"])
    disk.receive(attachment.uuid, data)
    attachment.save(force_insert=True)
    failpoint("file_written")
    record(
        actor=actor,
        verb="file.store",
        subject=subject,
        matter_id=matter_id,
        host_id=attachment.host_id,
        data=_for_the_record(attachment),
    )

    # A named function: a partial that fails in a robust hook raises after the commit (Django #36487).
    def settle() -> None:
        disk.settle(attachment.uuid)

    transaction.on_commit(settle, robust=True)
    return attachment


@transaction.atomic
def attach_file(
    subject: Model,
    *,
    actor: Any,
    upload: Any,
    kind: str,
    caption: str = "",
    client_id: UUID | None = None,
    host_id: int | None = None,
    region_code: str = "",
    matter_id: int | None = None,
    field: str = "file",
) -> tuple[Attachment, bool]:
    """Keep a file with its words, once per ``client_id``: the row, and whether it is a new one.

    The service of the subject has asked who may; the same id for something else is refused.
    """
    words: dict[str, Any] = {"kind": kind, "caption": _caption(caption), "client_id": client_id, "matter_id": matter_id}
    if client_id is not None and (known := _sent_before(client_id, subject, actor)) is not None:
        return known, False
    try:
        with transaction.atomic():
            kept = store_file(
                actor=actor,
                subject=subject,
                upload=upload,
                host_id=host_id,
                region_code=region_code,
                field=field,
                **words,
            )
    except IntegrityError:
        # The twin of this call was faster; what it kept is the answer.
        known = _sent_before(client_id, subject, actor) if client_id is not None else None
        if known is None:
            raise
        return known, False
    return kept, True


def _sent_before(client_id: UUID, subject: Model, actor: Any) -> Attachment | None:
    known = Attachment.objects.filter(client_id=client_id).first()
    if known is None:
        return None
    own = (known.subject_type, known.subject_id) == (subject._meta.label_lower, subject.pk)
    if not own or known.uploaded_by_id != actor.pk:
        raise LostRace(_("This id was used for another file. Make a new one."))
    return known


def _caption(words: str) -> str:
    try:
        caption = clean_line(words or "")
    except Refused as error:
        raise ValidationError({"caption": _(error.msgid) % error.params}) from error
    if len(caption) > CAPTION:
        raise ValidationError({"caption": _("At most %(most)s characters.") % {"most": CAPTION}})
    return caption


def _for_the_record(attachment: Attachment) -> dict[str, Any]:
    return {"file": str(attachment.uuid), "kind": attachment.kind, "sha256": attachment.sha256, "size": attachment.size}


@dataclass(frozen=True, slots=True)
class Missing:
    """A row whose file is gone or was changed."""

    attachment: Attachment
    why: str


def missing_files(attachments: Iterable[Attachment] | None = None) -> Iterator[Missing]:
    """Rows without their file, or with one whose checksum differs."""
    rows = Attachment.objects.filter(purged_at=None).iterator(chunk_size=500) if attachments is None else attachments
    for attachment in rows:
        try:
            with disk.open_stored(attachment.uuid) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except disk.StorageDown:
            yield Missing(attachment, "missing")
            continue
        if digest != attachment.sha256:
            yield Missing(attachment, "changed")


def missing_copies() -> Iterator[PublicCopy]:
    """Public copies whose picture is gone, or is another than the one that was looked at."""
    for copy in PublicCopy.objects.present().iterator(chunk_size=500):
        place = disk.copy_of(copy.uuid, "full.jpg")
        if not place.exists() or hashlib.sha256(place.read_bytes()).hexdigest() != copy.sha256:
            yield copy


def stray_files(older_than: float = AN_HOUR) -> Iterator[Path]:
    """Files without a row, once no transaction can still be bringing the row."""
    for found in _in_hundreds([*disk.waiting(older_than), *disk.settled(older_than)]):
        known = _known(uuid for uuid, _path in found)
        yield from (path for uuid, path in found if uuid not in known)
    for found in _in_hundreds(list(disk.copies(older_than))):
        known = _present_copies(uuid for uuid, _path in found)
        yield from (path for uuid, path in found if uuid not in known)


def sweep_files(older_than: float = AN_HOUR) -> int:
    """Finish renamings that a crash left undone, and remove what a rollback left behind; how many were removed.

    Only files under a temporary name are ever removed: a store beside the wrong database loses nothing.
    """
    removed = 0
    for found in _in_hundreds(list(disk.waiting())):
        known = _known(uuid for uuid, _path in found)
        for uuid in known:
            disk.settle(uuid)
    for found in _in_hundreds(list(disk.waiting(older_than))):
        known = _known(uuid for uuid, _path in found)
        for uuid, path in found:
            if uuid not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def sweep_copies(older_than: float = AN_HOUR) -> int:
    """Remove pictures of copies that were taken away or never came to be; how many files were removed.

    They can be drawn again from the originals, so that nothing is lost by removing too much.
    """
    removed = 0
    for found in _in_hundreds(list(disk.copies(older_than))):
        known = _present_copies(uuid for uuid, _path in found)
        for uuid, path in found:
            if uuid not in known or path.suffix == ".part":
                path.unlink(missing_ok=True)
                removed += 1
    gone = PublicCopy.objects.filter(state=CopyState.GONE, gone_at__gte=timezone.now() - timedelta(days=2))
    for uuid in gone.values_list("uuid", flat=True):
        disk.remove_copy(uuid)
    return removed


def purge_removed(older_than: timedelta = KEPT_AFTER_REMOVAL) -> int:
    """The files of what was taken away a month ago go for good; their rows tell that they existed."""
    purged = 0
    for attachment in Attachment.objects.filter(removed_at__lt=timezone.now() - older_than, purged_at=None)[:500]:
        disk.remove_file(attachment.uuid)
        Attachment.objects.filter(pk=attachment.pk).update(purged_at=timezone.now())
        purged += 1
    return purged


def _known(uuids: Iterable[UUID]) -> set[UUID]:
    return set(Attachment.objects.filter(uuid__in=list(uuids)).values_list("uuid", flat=True))


def _present_copies(uuids: Iterable[UUID]) -> set[UUID]:
    return set(PublicCopy.objects.present().filter(uuid__in=list(uuids)).values_list("uuid", flat=True))


def _in_hundreds(found: list[tuple[UUID, Path]]) -> Iterator[list[tuple[UUID, Path]]]:
    for start in range(0, len(found), 100):
        yield found[start : start + 100]
