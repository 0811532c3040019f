"""Photos from the doors that were knocked at, and who answers for the files of a matter and of a visit book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from consult.errors import NotAllowed
from consult.files import owners
from consult.files.models import Attachment, AttachmentKind
from consult.files.services import attach_file
from topics.models import FieldStudy, Topic, Visit


@transaction.atomic
def add_visit_photo(
    visit: Visit | FieldStudy,
    *,
    actor: Any,
    upload: Any,
    caption: str = "",
    kind: str = AttachmentKind.PHOTO,
    client_id: UUID | None = None,
    field: str = "file",
) -> tuple[Attachment, bool]:
    """A photo follows its visit, also into the field study that it became; the same id is kept once.

    Whoever wrote the visit brings its photos, also late and after his term: nothing is dropped.
    """
    subject = visit if isinstance(visit, Visit) else visit.topic
    if visit.recorded_by_id != actor.pk and not actor.has_perm("topics.keep_visit_files", subject):
        raise NotAllowed(_("Photos come from who wrote the visit down, or from the office."))
    return attach_file(
        visit,
        actor=actor,
        upload=upload,
        kind=kind,
        caption=caption,
        client_id=client_id,
        host_id=subject.host_id,
        region_code=subject.region_code,
        matter_id=None if isinstance(visit, Visit) else visit.topic_id,
        field=field,
    )


def visit_for(reader: Any, uuid: Any) -> Visit | FieldStudy | None:
    """What a visit became, by the id that its writer was told: an entry of the book, or a field study."""
    visit = Visit.objects.visible_to(reader).filter(uuid=uuid).first()
    if visit is not None:
        return visit
    seen = Q(pk__in=_studies(reader).values("pk")) | Q(recorded_by=reader)
    return FieldStudy.objects.filter(seen, uuid=uuid).select_related("topic").first()


def files_of(topic: Topic) -> Any:
    """Photos and papers of a matter, and the photos of its field studies."""
    studies = Attachment.objects.kept().filter(
        subject_type=FieldStudy._meta.label_lower, subject_id__in=topic.studies.values("pk")
    )
    both = Attachment.objects.about(topic) | studies
    return both.select_related("uploaded_by").prefetch_related("copies").order_by("pk")


# who may see and keep them --------------------------------------------------------------------------------------------


def _find_topic(reader: Any, pk: int) -> Topic | None:
    """Who sees the matter whole sees its photos."""
    rows = Topic.objects.visible_to(reader).with_sight(reader).filter(is_whole=True)
    return rows.select_related("host").filter(pk=pk).first()


def _studies(reader: Any) -> Any:
    whole = Topic.objects.visible_to(reader).with_sight(reader).filter(is_whole=True)
    return FieldStudy.objects.filter(topic__in=whole.values("pk")).select_related("topic__host")


def _find_study(reader: Any, pk: int) -> FieldStudy | None:
    return _studies(reader).filter(pk=pk).first()


def _find_visit(reader: Any, pk: int) -> Visit | None:
    return Visit.objects.visible_to(reader).filter(pk=pk).first()


def _topic(subject: Any) -> Topic:
    return subject.topic if isinstance(subject, FieldStudy) else subject


def _may_keep(actor: Any, subject: Any) -> bool:
    return actor.has_perm("topics.keep_files_topic", _topic(subject))


def _address(subject: Any) -> str:
    return f"{_topic(subject).get_absolute_url()}#photos"


for _label, _find in ((Topic._meta.label_lower, _find_topic), (FieldStudy._meta.label_lower, _find_study)):
    owners.register(
        owners.Owner(
            label=_label,
            find=_find,
            address=_address,
            may_keep=_may_keep,
            matter=lambda subject: _topic(subject).pk,
        )
    )
#: A visit book is private: nobody makes a public copy of what is in it. Who brought a photo may take it back.
owners.register(owners.Owner(label=Visit._meta.label_lower, find=_find_visit, address=_address))
