"""Keeping a file with the move that brings it, and keeping disk and rows agreed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model

from consult.audit import record
from consult.files import disk
from consult.files.content import check_upload
from consult.files.models import Attachment
from consult.files.names import clean_name

AN_HOUR = 60 * 60


def store_file(
    *,
    actor: Any,
    subject: Model,
    upload: Any,
    kind: str,
    host_id: int | None = None,
    region_code: str = "",
    field: str = "file",
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
    )
    attachment.full_clean(exclude=["uploaded_by"])
    disk.receive(attachment.uuid, data)
    attachment.save(force_insert=True)
    record(
        actor=actor, verb="file.store", subject=subject, host_id=attachment.host_id, data=_for_the_record(attachment)
    )

    # A named function: a partial that fails in a robust hook raises after the commit (Django #36487).
    def settle() -> None:
        disk.settle(attachment.uuid)

    transaction.on_commit(settle, robust=True)
    return attachment


def _for_the_record(attachment: Attachment) -> dict[str, Any]:
    return {"file": str(attachment.uuid), "kind": attachment.kind, "sha256": attachment.sha256, "size": attachment.size}


@dataclass(frozen=True, slots=True)
class Missing:
    """A row whose file is gone or was changed."""

    attachment: Attachment
    why: str


def missing_files(attachments: Iterable[Attachment] | None = None) -> Iterator[Missing]:
    """Rows without their file, or with one whose checksum differs."""
    rows = Attachment.objects.iterator(chunk_size=500) if attachments is None else attachments
    for attachment in rows:
        try:
            with disk.open_stored(attachment.uuid) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except disk.StorageDown:
            yield Missing(attachment, "missing")
            continue
        if digest != attachment.sha256:
            yield Missing(attachment, "changed")


def stray_files(older_than: float = AN_HOUR) -> Iterator[Path]:
    """Files without a row, once no transaction can still be bringing the row."""
    for found in _in_hundreds([*disk.waiting(older_than), *disk.settled(older_than)]):
        known = _known(uuid for uuid, _path in found)
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


def _known(uuids: Iterable[UUID]) -> set[UUID]:
    return set(Attachment.objects.filter(uuid__in=list(uuids)).values_list("uuid", flat=True))


def _in_hundreds(found: list[tuple[UUID, Path]]) -> Iterator[list[tuple[UUID, Path]]]:
    for start in range(0, len(found), 100):
        yield found[start : start + 100]
