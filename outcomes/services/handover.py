"""移交: drafts of outcomes and notices that somebody who leaves has begun go to a successor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, NotAllowed
from consult.outbox import publish
from members.models import Account
from members.states import Role
from outcomes.models import Outcome, PublicNotice

#: Who writes outcomes and notices.
OUTCOME_WRITERS = (Role.OFFICE,)
NOTICE_WRITERS = (Role.OFFICE, Role.CONVENOR)


def open_outcomes(account: Account, host_ids: Iterable[int]) -> QuerySet[Outcome]:
    return Outcome.objects.drafts().filter(drafted_by=account, host_id__in=list(host_ids)).order_by("pk")


def open_notices(account: Account, host_ids: Iterable[int]) -> QuerySet[PublicNotice]:
    return PublicNotice.objects.drafts().filter(drafted_by=account, host_id__in=list(host_ids)).order_by("pk")


@transaction.atomic
def hand_over_outcomes(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor goes on with the drafts of outcomes."""
    _ask_right(source, actor)
    return _hand_over("outcome", open_outcomes(source, host_ids), source, to, actor, OUTCOME_WRITERS, "outcomes")


@transaction.atomic
def hand_over_notices(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor goes on with the drafts of notices, and so does not review them."""
    _ask_right(source, actor)
    return _hand_over("notice", open_notices(source, host_ids), source, to, actor, NOTICE_WRITERS, "notices")


def _ask_right(source: Account, actor: Account) -> None:
    if not actor.has_perm("members.keep_account", source):
        raise NotAllowed(_("What is open is handed over by the registrar of the CPPCC that keeps the account."))


def _hand_over(
    noun: str, rows: QuerySet[Any], source: Account, to: Account, actor: Account, roles: Iterable[str], field: str
) -> int:
    moved = 0
    for row in rows.select_for_update(of=("self",), no_key=True):
        if not to.is_active or to.mandate_for(*roles, host_id=row.host_id, code=row.region_code) is None:
            words = _("The mandates of %(name)s do not cover everything that is to be handed over; grant one first.")
            raise Missing({field: words % {"name": to}})
        row.drafted_by = to
        row.save(update_fields=["drafted_by"])
        _note(noun, row, source, to, actor=actor)
        moved += 1
    return moved


def _note(noun: str, row: Any, source: Account, to: Account, *, actor: Account) -> None:
    record(
        actor=actor,
        verb=f"{noun}.hand_over",
        subject=row,
        before=row.state,
        after=row.state,
        mandate=actor.mandate_for(Role.REGISTRAR, host_id=row.host_id),
        matter_id=row.topic_id,
        host_id=row.host_id,
        data={"from": str(source.uuid), "to": str(to.uuid)},
    )
    payload = {f"{noun}_id": row.pk}
    publish(f"{noun}.hand_over", host_id=row.host_id, matter_id=row.topic_id, actor_id=actor.pk, **payload)
