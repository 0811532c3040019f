"""Who may: predicates over mandates, composed by the apps above."""

from __future__ import annotations

import rules
from rules import Predicate

from consult.regions.codes import prefix_of
from members.states import Role


def holds(*roles: str) -> Predicate:
    """An in-force mandate of one of the roles under the subject's host, whose division contains the subject."""
    known = frozenset(Role(role) for role in roles)

    def _holds(actor, subject=None) -> bool:
        if subject is None:
            return any(mandate.role in known for mandate in actor.mandates_now())
        return actor.mandate_for(*known, host_id=subject.host_id, code=subject.region_code) is not None

    return Predicate(_holds, name=f"holds_{'_or_'.join(sorted(known))}")


def had(*roles: str) -> Predicate:
    """A mandate of one of the roles under the subject's host, be it over: what was written in its time comes late."""
    known = [Role(role) for role in roles]

    def _had(actor, subject=None) -> bool:
        return subject is not None and actor.mandates.filter(role__in=known, host_id=subject.host_id).exists()

    return Predicate(_had, name=f"had_{'_or_'.join(sorted(known))}")


@rules.predicate
def keeps(actor, account=None) -> bool:
    """The registrar keeps the accounts of his own CPPCC, never the system account."""
    registrar = actor.host_ids(Role.REGISTRAR)
    if account is None:
        return bool(registrar)
    return not account.is_system and account.home_id in registrar


@rules.predicate
def is_oneself(actor, account=None) -> bool:
    return account is not None and actor.pk == account.pk


def within_mandate(actor, *roles: str, host_id: int, region_code: str) -> bool:
    """For creating rows: is there a mandate of one of the roles that covers this host and division?"""
    return actor.is_system or actor.mandate_for(*roles, host_id=host_id, code=prefix_of(region_code)) is not None


rules.add_perm("members.keep_account", keeps & ~is_oneself)
rules.add_perm("members.keep_mandate", keeps & ~is_oneself)
rules.add_perm("members.edit_directory", holds(Role.OFFICE))
rules.add_perm("members.edit_settings", holds(Role.REGISTRAR, Role.OFFICE))
