"""People for tests: hosts, organisations, accounts with one mandate each. Real division codes, invented roles only."""

from __future__ import annotations

from datetime import date
from itertools import count

from members.models import Account, Convenor, GroupMembership, Mandate, Member, MemberGroup, Organisation
from members.states import OrganisationKind, Role

NANQIAO = "341103000000"  # 南谯区
LANGYA = "341102000000"  # 琅琊区, a sibling county
CHUZHOU = "341100000000"  # 滁州市, the prefecture above both
ANHUI = "340000000000"
SHUANGBAI = "532322000000"  # 双柏县, far away

_numbers = count(1)
_NAMES = {
    NANQIAO: ("政协南谯区委员会", "南谯"),
    LANGYA: ("政协琅琊区委员会", "琅琊"),
    CHUZHOU: ("政协滁州市委员会", "滁州"),
    SHUANGBAI: ("政协双柏县委员会", "双柏"),
}


def host(code: str = NANQIAO, **changes) -> Organisation:
    """The CPPCC of a division; asked twice for the same division, it is the same one."""
    name, short = _NAMES.get(code, (f"政协{code}委员会", code[:6]))
    found, _created = Organisation.objects.get_or_create(
        kind=OrganisationKind.CPPCC, region_code=code, defaults={"name": name, "short_name": short, **changes}
    )
    if found.host_id is None:
        Organisation.objects.filter(pk=found.pk).update(host=found)
        found.refresh_from_db()
    return found


def organisation(
    host: Organisation, kind: str = OrganisationKind.DEPARTMENT, name: str = "", **changes
) -> Organisation:
    changes.setdefault("region_code", host.region_code)
    return Organisation.objects.create(host=host, kind=kind, name=name or f"单位 {next(_numbers):02d}", **changes)


def account(
    role: str = "",
    host: Organisation | None = None,
    region_code: str = "",
    organisation: Organisation | None = None,
    **changes,
) -> Account:
    """An account with one mandate of the role (none when no role is named). Password: ``sample-pass-1``."""
    n = next(_numbers)
    home = host or (organisation.host if organisation else None)
    changes.setdefault("username", f"user{n:04d}")
    changes.setdefault("display_name", f"{Role(role).label if role else '人员'} {n:02d}")
    changes.setdefault("must_change_password", False)
    made = Account(home=home, **changes)
    made.set_password("sample-pass-1")
    made.save()
    if role and home:
        mandate(made, role, home, region_code=region_code, organisation=organisation)
    return made


def mandate(
    account: Account, role: str, host: Organisation, region_code: str = "", organisation=None, **changes
) -> Mandate:
    changes.setdefault("valid_from", date(2015, 1, 1))
    made = Mandate.objects.create(
        account=account,
        role=role,
        host=host,
        organisation=organisation or host,
        region_code=region_code or host.region_code,
        **changes,
    )
    account.forget_mandates()
    return made


def office(host: Organisation, **changes) -> Account:
    return account(Role.OFFICE, host, **changes)


def approver(host: Organisation, **changes) -> Account:
    return account(Role.APPROVER, host, **changes)


def supervisor(code: str = CHUZHOU, **changes) -> Account:
    return account(Role.SUPERVISOR, host(code), region_code=code, **changes)


def liaison(unit: Organisation, **changes) -> Account:
    return account(Role.LIAISON, unit.host, organisation=unit, **changes)


def member(host: Organisation, account: Account | None = None, **changes) -> Member:
    n = next(_numbers)
    changes.setdefault("name", f"委员 {n:02d}")
    changes.setdefault("name_key", changes["name"])
    changes.setdefault("sector", "经济")
    changes.setdefault("term", "第十届")
    changes.setdefault("region_code", host.region_code)
    changes.setdefault("since", date(2021, 1, 1))
    return Member.objects.create(host=host, account=account, **changes)


def group(host: Organisation, *members: Member, leader: Member | None = None, **changes) -> MemberGroup:
    changes.setdefault("name", f"第 {next(_numbers)} 委员小组")
    changes.setdefault("region_code", host.region_code)
    made = MemberGroup.objects.create(host=host, **changes)
    for one in members:
        GroupMembership.objects.create(group=made, member=one, is_leader=one == leader, since=date(2021, 1, 1))
    return made


def convenor(host: Organisation, region_code: str, account: Account | None = None, **changes) -> Convenor:
    changes.setdefault("name", f"召集人 {next(_numbers):02d}")
    changes.setdefault("since", date(2021, 1, 1))
    return Convenor.objects.create(host=host, region_code=region_code, account=account, **changes)
