"""Photos on a notice: only copies that somebody has looked through and released, named in the snapshot by checksum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.files.copies import released_copies
from consult.files.models import Attachment, CopyState
from outcomes.models import ProgressEntry, PublicNotice
from sessions.models import ConsultSession, Statement
from topics.models import FieldStudy, Topic

MOST = 9


def offered_photos(notice: PublicNotice) -> list[Attachment]:
    """Released photos of the matter: of its slip and field studies, of its sessions and of what was said there, of how
    its assignments went on."""
    sessions = ConsultSession.objects.none()
    if notice.topic_id:
        sessions = ConsultSession.objects.filter(session_topics__topic_id=notice.topic_id)
    elif notice.session_id:
        sessions = ConsultSession.objects.filter(pk=notice.session_id)
    subjects: list[Any] = [sessions, Statement.objects.filter(session__in=sessions.values("pk"))]
    if notice.topic_id:
        subjects.append(ProgressEntry.objects.filter(assignment__topic_id=notice.topic_id))
        subjects.append(Topic.objects.filter(pk=notice.topic_id))
        subjects.append(FieldStudy.objects.filter(topic_id=notice.topic_id))
    found = Attachment.objects.none()
    for rows in subjects:
        label = rows.model._meta.label_lower
        found = found | Attachment.objects.filter(subject_type=label, subject_id__in=rows.values("pk"))
    shown = found.filter(removed_at__isnull=True, copies__state=CopyState.RELEASED)
    return list(shown.order_by("pk"))


def chosen_photos(notice: PublicNotice, photos: Iterable[Any]) -> list[UUID]:
    """Those that may be shown, in the order in which they were chosen; any other is refused."""
    wanted = list(dict.fromkeys(one if isinstance(one, UUID) else UUID(str(one)) for one in photos or ()))
    if len(wanted) > MOST:
        raise Missing({"photos": _("At most %(most)s photos fit on a notice.") % {"most": MOST}})
    if wanted and set(wanted) - {photo.uuid for photo in offered_photos(notice)}:
        raise Missing({"photos": _("A photo has not been released for the public, or belongs to another matter.")})
    return wanted


def refuse_unreleased(notice: PublicNotice) -> None:
    """The gate of review and posting: a copy may have been withdrawn since the notice was written."""
    if set(notice.photos) - released_copies(notice.photos).keys():
        raise Missing({"photos": _("A photo of this notice is no longer released. Take it off, or release it again.")})


def photos_in_snapshot(notice: PublicNotice) -> list[dict[str, Any]]:
    """What is posted: which copy, its checksum, its size and the words under it."""
    released = released_copies(notice.photos)
    return [
        {
            "photo": str(uuid),
            "copy": str(released[uuid].uuid),
            "sha256": released[uuid].sha256,
            "width": released[uuid].width,
            "height": released[uuid].height,
            "caption": released[uuid].attachment.caption,
        }
        for uuid in notice.photos
        if uuid in released
    ]
