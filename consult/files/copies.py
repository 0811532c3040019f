"""The copy of a photo that the public may see: drawn anew, faces and plates under solid boxes, looked at, released.

The original is never touched. A new copy takes the place of the old one, whose pictures are removed from the disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from consult.files import disk, owners, tiles
from consult.files.drawing import PUBLIC, TILE, Drawn, checked_boxes, redraw, smaller
from consult.files.models import Attachment, CopyState, PublicCopy

REASON = 300


@transaction.atomic
def make_copy(attachment: Attachment, *, actor: Any, boxes: Iterable[Iterable[int]] = ()) -> PublicCopy:
    """Burn solid boxes into a copy for the public; what lies under them cannot be brought back from it.

    Nobody outside sees it before somebody has looked through it. ``boxes`` are left, top, width, height in
    thousandths of the picture.
    """
    attachment = _locked(attachment)
    refuse_stranger(attachment, actor)
    if not attachment.may_be_copied:
        raise WrongState(_("Only photos get a copy for the public."))
    wanted = checked_boxes(boxes)
    _take_away(attachment)
    with disk.open_stored(attachment.uuid) as file:
        drawn = redraw(file, PUBLIC, wanted)
    copy = PublicCopy(
        attachment=attachment,
        boxes=wanted,
        width=drawn.width,
        height=drawn.height,
        sha256=drawn.sha256,
        made_by=actor,
    )
    copy.save(force_insert=True)
    _keep_pictures(copy, drawn)
    _note(attachment, "file.hide", actor=actor, data={"copy": str(copy.uuid), "boxes": len(wanted)})
    return copy


def _keep_pictures(copy: PublicCopy, drawn: Drawn) -> None:
    """Both sizes in both formats; after a rollback nobody knows their names, and the sweep removes them."""
    tile = smaller(drawn, TILE)
    for size, picture in (("full", drawn), ("tile", tile)):
        disk.keep_drawn(disk.copy_of(copy.uuid, f"{size}.jpg"), picture.jpeg)
        disk.keep_drawn(disk.copy_of(copy.uuid, f"{size}.webp"), picture.webp)


@transaction.atomic
def release_copy(attachment: Attachment, *, actor: Any, copy: UUID, looked_through: bool) -> PublicCopy:
    """The public may see it: whoever says so has looked for faces and plates in exactly this copy."""
    attachment = _locked(attachment)
    refuse_stranger(attachment, actor)
    present = attachment.present_copy
    if present is None:
        raise WrongState(_("There is no copy for the public yet; make one first."))
    if present.uuid != copy:
        raise LostRace(_("Somebody has made another copy meanwhile. Look through that one."))
    if not looked_through:
        raise Missing(looked_through=_("Look at the copy first: no face and no plate may be recognised on it."))
    if present.state == CopyState.RELEASED:
        return present
    present.state = CopyState.RELEASED
    present.reviewed_by = actor
    present.reviewed_at = timezone.now()
    present.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _note(
        attachment,
        "file.release",
        actor=actor,
        data={"copy": str(present.uuid), "sha256": present.sha256, "boxes": len(present.boxes)},
    )
    return present


@transaction.atomic
def withdraw_copy(attachment: Attachment, *, actor: Any, reason: str) -> None:
    """The public may not see it any more; its pictures are removed at once."""
    attachment = _locked(attachment)
    refuse_stranger(attachment, actor)
    reason = _reason(reason)
    present = _take_away(attachment)
    if present is not None:
        _note(attachment, "file.withdraw", actor=actor, reason=reason, data={"copy": str(present.uuid)})


@transaction.atomic
def remove_file(attachment: Attachment, *, actor: Any, reason: str) -> Attachment:
    """Take a file away again, with the reason; nobody finds it any more, and after a month it is gone for good."""
    attachment = _locked(attachment)
    refuse_remover(attachment, actor)
    reason = _reason(reason)
    _take_away(attachment)
    attachment.removed_at = timezone.now()
    attachment.removed_by = actor
    attachment.removed_reason = reason
    attachment.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    _note(
        attachment,
        "file.remove",
        actor=actor,
        reason=reason,
        data={"file": str(attachment.uuid), "sha256": attachment.sha256},
    )
    uuid = attachment.uuid
    transaction.on_commit(lambda: tiles.forget(uuid), robust=True)
    return attachment


def released_copies(uuids: Iterable[UUID]) -> dict[UUID, PublicCopy]:
    """Of these attachments the copies that the public may see."""
    rows = PublicCopy.objects.released().filter(attachment__uuid__in=list(uuids), attachment__removed_at=None)
    return {copy.attachment.uuid: copy for copy in rows.select_related("attachment")}


def _take_away(attachment: Attachment) -> PublicCopy | None:
    present = attachment.present_copy
    if present is None:
        return None
    present.state = CopyState.GONE
    present.gone_at = timezone.now()
    present.save(update_fields=["state", "gone_at"])
    uuid = present.uuid
    transaction.on_commit(lambda: disk.remove_copy(uuid), robust=True)
    return present


def _locked(attachment: Attachment) -> Attachment:
    rows = Attachment.objects.select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=attachment.pk)
    if found.removed_at is not None:
        raise WrongState(_("This file has been taken away."))
    return found


def refuse_stranger(attachment: Attachment, actor: Any) -> None:
    """Who makes photos ready for the public."""
    if not owners.may_keep(actor, attachment):
        raise NotAllowed(_("Photos are made ready for the public by those who prepare the session, or the office."))


def refuse_remover(attachment: Attachment, actor: Any) -> None:
    if not owners.may_remove(actor, attachment):
        raise NotAllowed(_("Files are taken away by whoever brought them or by the office."))


def _reason(words: str) -> str:
    reason = " ".join((words or "").split())[:REASON]
    if not reason:
        raise Missing(reason=_("Say why."))
    return reason


def _note(attachment: Attachment, verb: str, *, actor: Any, data: dict[str, Any], reason: str = "") -> None:
    """Written down at the thing to which the photo belongs."""
    subject = owners.subject_for(actor, attachment)
    record(
        actor=actor,
        verb=verb,
        subject=subject,
        matter_id=owners.matter_of(attachment, subject),
        host_id=attachment.host_id,
        reason=reason,
        data={"file": str(attachment.uuid), **data},
    )
