"""移交: somebody leaves; what is open goes to successors, all of it in one transaction, or nothing.

The registrar has no sight of the procedure: he reads kinds, numbers and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.delivery import tell
from consult.errors import Missing, NotAllowed
from members.models import Account, Convenor, GroupMembership, Mandate
from members.states import Role
from outcomes.services import handover as of_outcomes
from sessions.services import handover as of_sessions
from topics.querysets import FILING
from topics.services import handover as of_topics

#: So many numbers are named; the count says the rest.
NAMED = 5


@dataclass(frozen=True)
class Sort:
    """One sort of open things, and who may go on with them."""

    key: str
    label: Any
    roles: tuple[str, ...]
    open: Callable[[Account, Iterable[int]], QuerySet[Any]]
    move: Callable[..., int]
    number: str = ""

    def numbers(self, rows: QuerySet[Any]) -> list[str]:
        """Numbers of documents, which say nothing of their content."""
        if not self.number:
            return []
        return [number for number in rows.values_list(self.number, flat=True)[:NAMED] if number]


#: In the order of the locks: sessions and their minutes first, then matters and what hangs on them.
SORTS = (
    Sort(
        "sessions",
        gettext_lazy("Sessions moderated or recorded"),
        tuple(of_sessions.RUNNING),
        of_sessions.open_sessions,
        of_sessions.hand_over_sessions,
    ),
    Sort(
        "minutes",
        gettext_lazy("Drafts of minutes"),
        tuple(of_sessions.WRITING),
        of_sessions.open_minutes,
        of_sessions.hand_over_minutes,
    ),
    Sort(
        "claims",
        gettext_lazy("Matters taken up"),
        tuple(of_topics.CLAIMING),
        of_topics.open_claims,
        of_topics.hand_over_claims,
        "number",
    ),
    Sort(
        "slips",
        pgettext_lazy("desk", "Slips entered"),
        tuple(FILING),
        of_topics.open_slips,
        of_topics.hand_over_slips,
        "number",
    ),
    Sort(
        "outcomes",
        gettext_lazy("Drafts of outcomes"),
        tuple(of_outcomes.OUTCOME_WRITERS),
        of_outcomes.open_outcomes,
        of_outcomes.hand_over_outcomes,
    ),
    Sort(
        "notices",
        gettext_lazy("Drafts of notices"),
        tuple(of_outcomes.NOTICE_WRITERS),
        of_outcomes.open_notices,
        of_outcomes.hand_over_notices,
    ),
)


@dataclass(frozen=True)
class Pile:
    """So many open things of one sort."""

    sort: Sort
    count: int
    numbers: list[str]

    @property
    def key(self) -> str:
        return self.sort.key

    @property
    def label(self) -> Any:
        return self.sort.label


def open_piles(account: Account, actor: Account) -> list[Pile]:
    """What is open under the CPPCCs whose registrar the actor is, sort by sort."""
    hosts = actor.host_ids(Role.REGISTRAR)
    piles = []
    for sort in SORTS:
        rows = sort.open(account, hosts)
        if count := rows.count():
            piles.append(Pile(sort, count, sort.numbers(rows)))
    return piles


def posts_held(account: Account) -> list[str]:
    """Places on rosters that the office fills anew; they are not handed over here."""
    convenor = Convenor.objects.serving().filter(account=account).count()
    leads = GroupMembership.objects.filter(member__account=account, is_leader=True, until__isnull=True).count()
    words = []
    if convenor:
        words.append(_("He stands on the roster of convenors: the office appoints another one."))
    if leads:
        words.append(_("He leads a member group: the office names another leader."))
    return words


def successors(sort: Sort, account: Account, actor: Account) -> QuerySet[Account]:
    """Accounts of the same CPPCC with a fitting mandate."""
    mandates = Mandate.objects.in_force().filter(role__in=sort.roles, host_id__in=actor.host_ids(Role.REGISTRAR))
    fitting = Account.objects.filter(is_active=True, is_system=False, pk__in=mandates.values("account_id"))
    return fitting.exclude(pk=account.pk).order_by("display_name", "pk")


@transaction.atomic
def hand_over(account: Account, *, actor: Account, to: dict[str, Account | None]) -> dict[str, int]:
    """Every pile that has a successor moves to him, and he is told; a pile without one stays where it is."""
    if not actor.has_perm("members.keep_account", account):
        raise NotAllowed(_("What is open is handed over by the registrar of the CPPCC that keeps the account."))
    hosts = actor.host_ids(Role.REGISTRAR)
    moved: dict[str, int] = {}
    for sort in SORTS:
        successor = to.get(sort.key)
        if successor is None:
            continue
        if successor.pk == account.pk:
            raise Missing({sort.key: _("Choose somebody else.")})
        if count := sort.move(account, to=successor, actor=actor, host_ids=hosts):
            moved[sort.key] = count
            _tell(successor, account, sort, count)
    if not moved:
        raise Missing(_("Choose a successor for at least one sort."))
    return moved


def _tell(successor: Account, account: Account, sort: Sort, count: int) -> None:
    """A row in the inbox, in the same transaction."""
    from_whom = {"name": account, "sort": sort.label, "count": count}
    tell(
        successor,
        key=f"hand_over:{uuid4()}",
        title=_("Handed over to you by %(name)s: %(sort)s, %(count)s") % from_whom,
        url=reverse("desk:today"),
    )
