"""Writing the record: in the transaction of the move itself, or not at all."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, ParamSpec

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit.discretion import discreet, masked
from consult.audit.models import Entry
from consult.dbclock import database_now

_CLOCKS_DIFFER = timedelta(minutes=15)
Said = ParamSpec("Said")


def entry_of(
    *,
    actor: Any,
    verb: str,
    subject: Model,
    before: str = "",
    after: str = "",
    happened_at: date | datetime | None = None,
    mandate: Any = None,
    on_behalf_of: str = "",
    matter_id: int | None = None,
    host_id: int | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    implied: bool = False,
) -> Entry:
    """What ``record`` writes, unsaved: for who writes it in one statement with what it records.

    ``matter_id`` and ``host_id`` default to the subject's own. ``happened_at`` is the business date; left out, the
    database's clock says now.
    """
    entry = Entry(
        actor=actor,
        actor_name=_name_of(actor),
        mandate_text=str(mandate) if mandate else "",
        on_behalf_of=masked(str(on_behalf_of)),
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        matter_id=matter_id if matter_id is not None else getattr(subject, "matter_id", None),
        host_id=host_id if host_id is not None else getattr(subject, "host_id", None),
        before=str(before),
        after=str(after),
        reason=masked(str(reason)),
        data=discreet(data or {}),
        implied=implied,
    )
    if happened_at is not None:
        entry.happened_at = moment_of(happened_at)
    return entry


def _written(made: Callable[Said, Entry]) -> Callable[Said, Entry]:
    def write(*args: Said.args, **kwargs: Said.kwargs) -> Entry:
        """Write down one move; asks for what ``entry_of`` asks for."""
        if not connection.in_atomic_block:
            raise RuntimeError("record() belongs in the transaction of the move it records")
        entry = made(*args, **kwargs)
        entry.save(force_insert=True)
        return entry

    return write


record = _written(entry_of)


def moment_of(happened_at: date | datetime) -> datetime:
    """A business date as a moment; a bare date is its first minute here. The future has not happened."""
    moment = happened_at if isinstance(happened_at, datetime) else datetime.combine(happened_at, time.min)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    # The database is asked when this server doubts: its own clock may be the one that is slow.
    if moment > timezone.now() + _CLOCKS_DIFFER and moment > database_now() + _CLOCKS_DIFFER:
        raise ValidationError({"happened_at": _("This lies in the future; give the day on which it happened.")})
    return moment


def last_happened_at(subject: Model) -> datetime | None:
    """When the newest move of the thing happened; a later move is not dated before it."""
    return Entry.objects.about(subject).aggregate(last=Max("happened_at"))["last"]


def _name_of(actor: Any) -> str:
    return getattr(actor, "display_name", "") or actor.get_username()
