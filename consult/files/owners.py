"""Which app answers for a file: who sees what it belongs to, who may add to it, who keeps it in order.

The storeys above register here, so that one set of pages serves the files of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consult.files.models import Attachment


def _nobody(_actor: Any, _subject: Any) -> bool:
    return False


def _no_matter(_subject: Any) -> int | None:
    return None


@dataclass(frozen=True)
class Owner:
    """The rights over the files of one model, by its label."""

    label: str
    #: The subject as this reader may see its files, or nothing.
    find: Callable[[Any, int], Any]
    #: Where the subject is shown.
    address: Callable[[Any], str]
    #: Taking away, hiding faces, saying that the public may see it.
    may_keep: Callable[[Any, Any], bool] = _nobody
    matter: Callable[[Any], int | None] = _no_matter


_owners: dict[str, Owner] = {}


def register(owner: Owner) -> None:
    _owners[owner.label] = owner


def owner_of(attachment: Attachment) -> Owner | None:
    return _owners.get(attachment.subject_type)


def subject_for(reader: Any, attachment: Attachment) -> Any:
    """What the file belongs to, if this reader may see files of it; an unknown kind of subject is nobody's."""
    owner = owner_of(attachment)
    return owner.find(reader, attachment.subject_id) if owner is not None else None


def may_read(reader: Any, attachment: Attachment) -> bool:
    return attachment.removed_at is None and subject_for(reader, attachment) is not None


def may_keep(reader: Any, attachment: Attachment) -> bool:
    """Keeping a file in order asks for seeing it first."""
    owner = owner_of(attachment)
    subject = subject_for(reader, attachment)
    return owner is not None and subject is not None and owner.may_keep(reader, subject)


def may_remove(reader: Any, attachment: Attachment) -> bool:
    """Whoever brought it may take it back as long as nothing of it is public; otherwise who keeps the files."""
    if may_keep(reader, attachment):
        return True
    return (
        attachment.uploaded_by_id == reader.pk
        and may_read(reader, attachment)
        and not attachment.copies.released().exists()
    )


def matter_of(attachment: Attachment, subject: Any) -> int | None:
    """The matter whose record tells of the file of this subject."""
    owner = owner_of(attachment)
    return owner.matter(subject) if owner is not None else None
