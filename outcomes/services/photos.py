"""Photos of how a thing goes on: at one dated entry of its progress."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.files import owners
from consult.files.models import Attachment, AttachmentKind
from consult.files.services import attach_file
from members.models import Account
from outcomes.models import Assignment, FieldCheck, HandlingReply, ProgressEntry, Verification
from outcomes.rules.assignments import office
from outcomes.services.moving import lock_assignment
from outcomes.states import ASSIGNMENT_WORKFLOW


@transaction.atomic
def add_photo(
    assignment: Assignment,
    *,
    actor: Account,
    progress: ProgressEntry,
    upload: Any,
    caption: str = "",
    kind: str = AttachmentKind.PHOTO,
    client_id: UUID | None = None,
) -> tuple[Attachment, bool]:
    """A photo or paper at an entry that was made already, by whoever may report progress; the same id is kept once."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "add_progress", actor=actor)
    if progress.assignment_id != assignment.pk:
        raise Missing({"progress": _("This entry belongs to another assignment.")})
    return attach_file(
        progress,
        actor=actor,
        upload=upload,
        kind=kind,
        caption=caption,
        client_id=client_id,
        host_id=assignment.host_id,
        region_code=assignment.region_code,
        matter_id=assignment.topic_id,
    )


# who may see and keep them


def _find_assignment(reader: Any, pk: int) -> Assignment | None:
    return Assignment.objects.visible_to(reader).filter(pk=pk).first()


def _find_at(model: Any) -> Any:
    def find(reader: Any, pk: int) -> Any:
        seen = Assignment.objects.visible_to(reader)
        return model.objects.filter(pk=pk, assignment__in=seen).select_related("assignment").first()

    return find


def _assignment(subject: Any) -> Assignment:
    return subject if isinstance(subject, Assignment) else subject.assignment


def _address(subject: Any) -> str:
    return _assignment(subject).get_absolute_url()


def _may_keep(actor: Any, subject: Any) -> bool:
    return office.test(actor, _assignment(subject))


def _matter(subject: Any) -> int | None:
    return _assignment(subject).topic_id


for _model, _find in (
    (Assignment, _find_assignment),
    *((row, _find_at(row)) for row in (ProgressEntry, HandlingReply, Verification, FieldCheck)),
):
    owners.register(
        owners.Owner(label=_model._meta.label_lower, find=_find, address=_address, may_keep=_may_keep, matter=_matter)
    )
