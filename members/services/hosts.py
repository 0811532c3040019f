"""Setting up a CPPCC on the platform."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing
from consult.outbox import publish
from consult.regions.codes import level_of
from consult.regions.models import Region
from members.models import Account, Organisation
from members.services.accounts import open_account
from members.services.mandates import grant_mandate
from members.states import OrganisationKind, Role


@transaction.atomic
def establish_host(
    region_code: str,
    *,
    actor: Account,
    name: str = "",
    short_name: str = "",
    registrar_username: str = "",
    is_sample: bool = False,
) -> tuple[Organisation, Account | None, str]:
    """Set up the CPPCC of a county or prefecture with its first registrar; returns both and the first password.

    Raises Missing when the code is no county or prefecture, or when its CPPCC is already here.
    """
    region = Region.objects.filter(code=region_code).first()
    if region is None:
        raise Missing({"region_code": _("There is no such division in the table.")})
    if level_of(region_code) not in (2, 3):
        raise Missing({"region_code": _("A CPPCC is set up for a county or a prefecture.")})
    if Organisation.objects.hosts().filter(region_code=region_code).exists():
        raise Missing({"region_code": _("The CPPCC of this division is already set up.")})
    host = Organisation(
        kind=OrganisationKind.CPPCC,
        name=name or f"政协{region.name}委员会",
        short_name=short_name or region.name,
        region_code=region_code,
        is_sample=is_sample,
    )
    host.full_clean(exclude=["host"])
    host.save()
    host.host = host
    host.save(update_fields=["host"])
    record(actor=actor, verb="host.establish", subject=host, host_id=host.pk)
    publish("host.establish", host_id=host.pk, actor_id=actor.pk)
    if not registrar_username:
        return host, None, ""
    registrar, password = open_account(
        actor=actor,
        home=host,
        username=registrar_username,
        display_name=f"{host.short_name}账号管理员",
        is_sample=is_sample,
    )
    grant_mandate(registrar, actor=actor, role=Role.REGISTRAR, organisation=host, region_code=region_code)
    return host, registrar, password
