"""Photos and papers of a session and of what was said in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.files import owners
from consult.files.models import Attachment, AttachmentKind
from consult.files.services import attach_file
from sessions.models import ConsultSession, Statement
from sessions.services.moves import keep, matter_of, note


@transaction.atomic
def add_photo(
    session: ConsultSession,
    *,
    actor: Any,
    upload: Any,
    caption: str = "",
    kind: str = AttachmentKind.PHOTO,
    statement: Statement | None = None,
    client_id: UUID | None = None,
    field: str = "file",
) -> tuple[Attachment, bool]:
    """A photo of the sitting, or a paper of it, at the session or at one statement; the same id is kept once.

    Returns the row and whether it is new.
    """
    session = keep(session, "add_photo", actor=actor)
    if statement is not None and statement.session_id != session.pk:
        raise Missing(statement=_("This statement is not part of this session."))
    kept, is_new = attach_file(
        statement or session,
        actor=actor,
        upload=upload,
        kind=kind,
        caption=caption,
        client_id=client_id,
        host_id=session.host_id,
        region_code=session.region_code,
        matter_id=matter_of(session),
        field=field,
    )
    if is_new:
        data = {"file": str(kept.uuid), "kind": kept.kind}
        note(session, "add_photo", actor=actor, before=session.state, data=data, attachment_id=kept.pk)
    return kept, is_new


def photos_of(session: ConsultSession) -> list[Attachment]:
    """Everything kept with the session and its statements, in the order in which it came; two queries."""
    own = Attachment.objects.about(session)
    said = Attachment.objects.kept().filter(
        subject_type=Statement._meta.label_lower, subject_id__in=session.statements.values("pk")
    )
    return list((own | said).select_related("uploaded_by").prefetch_related("copies").order_by("pk"))


# who may see and keep them --------------------------------------------------------------------------------------------


def _find_session(reader: Any, pk: int) -> ConsultSession | None:
    """Photos show people: they are for whoever may know who was there."""
    return ConsultSession.objects.named_to(reader).select_related("host").filter(pk=pk).first()


def _find_statement(reader: Any, pk: int) -> Statement | None:
    sessions = ConsultSession.objects.named_to(reader)
    rows = Statement.objects.filter(session__in=sessions.values("pk")).select_related("session__host")
    return rows.filter(pk=pk).first()


def _session(subject: Any) -> ConsultSession:
    return subject.session if isinstance(subject, Statement) else subject


def _may_keep(actor: Any, subject: Any) -> bool:
    return actor.has_perm("consult_sessions.keep_files_session", _session(subject))


def _address(subject: Any) -> str:
    return f"{_session(subject).get_absolute_url()}#photos"


for _label, _find in (
    (ConsultSession._meta.label_lower, _find_session),
    (Statement._meta.label_lower, _find_statement),
):
    owners.register(
        owners.Owner(
            label=_label,
            find=_find,
            address=_address,
            may_keep=_may_keep,
            matter=lambda subject: matter_of(_session(subject)),
        )
    )
