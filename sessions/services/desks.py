"""The desks of the recorders: what is typed and not noted yet, and who else writes just now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consult.dbclock import database_now
from consult.errors import Missing, NotAllowed
from sessions.models import ConsultSession, RecordDesk
from sessions.states import RECORD_WORKFLOW

#: Forms of the desk and the fields of each that are kept; whatever else a browser sends is left alone.
FORMS = {
    "add_statement": ("participant", "by", "category", "kind", "language", "text"),
    "agree_point": ("c-topic", "c-text", "c-level", "c-unit_name", "c-due_on", "c-statements"),
    "keep_dissent": ("d-topic", "d-text", "d-by", "d-point"),
}
WORDS = {"add_statement": "text", "agree_point": "c-text", "keep_dissent": "d-text"}
LONGEST = 3000
#: A desk that was not heard of for so long is not there.
AWAY = timedelta(seconds=45)


@transaction.atomic
def keep_desk(
    session: ConsultSession, *, actor: Any, drafts: dict[str, Any] | None = None, waiting: int = 0
) -> RecordDesk:
    """What stands in the forms of this desk now. No move: nothing is said until it is noted. Also after the close, so
    that words typed a moment too late are not lost."""
    if not actor.has_perm(RECORD_WORKFLOW.perm("add_statement"), session):
        raise NotAllowed
    if not isinstance(drafts or {}, dict):
        raise Missing(drafts=_("This is not what a desk keeps."))
    kept = {form: _checked(form, fields) for form, fields in (drafts or {}).items()}
    row, _made = RecordDesk.objects.select_for_update(of=("self",)).get_or_create(
        session=session, account=actor, defaults={"seen_at": Now()}
    )
    row.kept = {form: fields for form, fields in {**row.kept, **kept}.items() if fields}
    row.waiting = max(0, min(int(waiting), 9999))
    row.seen_at = database_now()
    if kept:
        row.saved_at = row.seen_at
    row.save()
    return row


def _checked(form: str, fields: Any) -> dict[str, Any]:
    if form not in FORMS or not isinstance(fields, dict):
        raise Missing(drafts=_("This is not what a desk keeps."))
    kept = {name: _storable(fields[name])[:LONGEST] for name in FORMS[form] if fields.get(name)}
    if not kept.get(WORDS[form], "").strip():
        return {}
    at = fields.get("at")
    return {**kept, "at": at if isinstance(at, int) else 0}


def _storable(words: Any) -> str:
    """Half a sentence is kept as it stands, but for signs that no column of JSON takes."""
    return str(words).replace("\0", "").encode(errors="replace").decode()


def desk_of(session: ConsultSession, reader: Any) -> RecordDesk | None:
    return session.desks.filter(account=reader).first()


def others_at(session: ConsultSession, reader: Any) -> list[str]:
    """Names of those who write the record besides the reader."""
    there = session.desks.filter(seen_at__gt=Now() - AWAY).exclude(account=reader)
    return list(there.order_by("account_id").values_list("account__display_name", flat=True))


def unsent_of_others(session: ConsultSession, reader: Any) -> list[RecordDesk]:
    """Desks on which words wait that are not in the record yet."""
    rows = session.desks.exclude(account=reader).select_related("account")
    return list(rows.filter(Q(waiting__gt=0) | ~Q(kept={})).order_by("account_id"))
