"""Mandates: role × organisation × division × dates, granted and ended by the registrar."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing
from consult.outbox import publish
from consult.regions.codes import prefix_of
from members.models import Account, Mandate, Organisation
from members.services.rights import mandate_used, require
from members.states import OrganisationKind, Role

#: Roles that belong to a unit, not to the CPPCC itself: their mandate names the unit.
_UNIT_ROLES = (Role.LIAISON, Role.UNIT_CHIEF, Role.SUPERVISION_OFFICE)


@transaction.atomic
def grant_mandate(
    account: Account,
    *,
    actor: Account,
    role: str,
    organisation: Organisation,
    region_code: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Mandate:
    """Grant a role at an organisation for a division and a time; it counts at once."""
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    require(actor, "members.keep_mandate", account)
    host_id = organisation.pk if organisation.kind == OrganisationKind.CPPCC else organisation.host_id
    if not actor.is_system and host_id not in actor.host_ids(Role.REGISTRAR):
        raise Missing({"organisation": _("This organisation belongs to another CPPCC.")})
    if role in _UNIT_ROLES and organisation.kind == OrganisationKind.CPPCC:
        raise Missing({"organisation": _("Name the unit itself: this role is held at a handling unit or an office.")})
    host = Organisation.objects.get(pk=host_id)
    if not region_code.startswith(prefix_of(host.region_code)):
        raise Missing({"region_code": _("The division lies outside that of the CPPCC.")})
    mandate = Mandate(
        account=account,
        role=role,
        organisation=organisation,
        host=host,
        region_code=region_code,
        valid_from=valid_from or timezone.localdate(),
        valid_to=valid_to,
    )
    mandate.full_clean()
    mandate.save()
    account.forget_mandates()
    _note(actor, "grant", mandate)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, actor: Account, on: date | None = None) -> Mandate:
    """A mandate ends; a withdrawn right acts at once."""
    mandate = Mandate.objects.select_for_update(of=("self",), no_key=True).get(pk=mandate.pk)
    require(actor, "members.keep_mandate", mandate.account)
    yesterday = timezone.localdate() - timedelta(days=1)
    mandate.valid_to = max(mandate.valid_from, on or yesterday)
    mandate.save(update_fields=["valid_to"])
    _note(actor, "end", mandate)
    return mandate


def _note(actor: Account, verb: str, mandate: Mandate) -> None:
    record(
        actor=actor,
        verb=f"mandate.{verb}",
        subject=mandate.account,
        mandate=mandate_used(actor, Role.REGISTRAR, host_id=mandate.host_id),
        host_id=mandate.host_id,
        data={
            "role": mandate.role,
            "organisation": mandate.organisation.name,
            "region_code": mandate.region_code,
            "valid_from": mandate.valid_from.isoformat(),
            "valid_to": mandate.valid_to.isoformat() if mandate.valid_to else None,
        },
    )
    publish(f"mandate.{verb}", host_id=mandate.host_id, account_id=mandate.account_id, actor_id=actor.pk)
