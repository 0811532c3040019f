"""The cast of the demonstration: hosts, units, people by role and number, one account for every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from members import services as people
from members.models import Account, Convenor, Member, MemberGroup, Organisation
from members.states import OrganisationKind as Kind
from members.states import Role
from sessions import services as rooms
from sessions.models import ConsultationRoom
from sessions.states import Standard

NANQIAO, CHUZHOU, SHUANGBAI = "341103000000", "341100000000", "532322000000"
#: Shown by ``./run up``; a demonstration keeps no secrets.
PASSWORD = "xieshang-2026"  # noqa: S105  see above

TOWNSHIPS = {
    "341103003000": "龙蟠街道",
    "341103004000": "银花街道",
    "341103005000": "同乐街道",
    "341103100000": "乌衣镇",
    "341103101000": "沙河镇",
    "341103102000": "章广镇",
    "341103103000": "黄泥岗镇",
    "341103104000": "珠龙镇",
    "341103107000": "施集镇",
}
UNITS = {
    "南谯区住房和城乡建设局": Kind.DEPARTMENT,
    "南谯区城市管理局": Kind.DEPARTMENT,
    "南谯区交通运输局": Kind.DEPARTMENT,
    "南谯区水利局": Kind.DEPARTMENT,
    "南谯区教育体育局": Kind.DEPARTMENT,
    "南谯区民政局": Kind.DEPARTMENT,
    "南谯区农业农村局": Kind.DEPARTMENT,
    "同乐街道办事处": Kind.TOWNSHIP,
    "乌衣镇人民政府": Kind.TOWNSHIP,
    "施集镇人民政府": Kind.TOWNSHIP,
    "样例物业服务企业": Kind.ENTERPRISE,
    "样例小学": Kind.SCHOOL,
    "南谯区人民政府办公室": Kind.GOVERNMENT,
    "提案委员会": Kind.COMMITTEE,
}
SECTORS = ("农业和农村", "教育", "医药卫生", "经济", "工商联", "科技")


@dataclass
class Cast:
    """Everybody the sample year needs, by the name of the part."""

    host: Organisation
    actor: Account
    accounts: dict[str, Account] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    groups: list[MemberGroup] = field(default_factory=list)
    convenors: dict[str, Convenor] = field(default_factory=dict)
    rooms: list[ConsultationRoom] = field(default_factory=list)


def gather(actor: Account, today: date) -> Cast:
    """Set up the three hosts and their people; the sample year plays in 南谯区."""
    hosts = {code: _host(code, actor) for code in (CHUZHOU, SHUANGBAI, NANQIAO)}
    for code, prefix in ((CHUZHOU, "cz"), (SHUANGBAI, "sb")):
        _account(f"{prefix}-office", "政协办公室 经办 01", Role.OFFICE, hosts[code], actor=actor)
    _account("cz-supervisor", "市政协 督导 01", Role.SUPERVISOR, hosts[CHUZHOU], region_code=CHUZHOU, actor=actor)
    cast = Cast(hosts[NANQIAO], actor)
    for name, kind in UNITS.items():
        cast.units[name] = people.register_organisation(
            actor=actor, host=cast.host, kind=kind, name=name, is_sample=True
        )
    _officials(cast)
    _committee(cast, today)
    _township_people(cast, today)
    _rooms(cast, today)
    return cast


def _host(code: str, actor: Account) -> Organisation:
    found = Organisation.objects.hosts().filter(region_code=code).first()
    return found or people.establish_host(code, actor=actor, is_sample=True)[0]


def _account(
    username: str,
    name: str,
    role: str,
    organisation: Organisation,
    *,
    actor: Account,
    region_code: str = "",
) -> Account:
    home = organisation if organisation.is_host else organisation.host
    account, _password = people.open_account(
        actor=actor, home=home, username=username, display_name=name, password=PASSWORD, is_sample=True
    )
    people.grant_mandate(
        account,
        actor=actor,
        role=role,
        organisation=organisation,
        region_code=region_code or home.region_code,
        valid_from=timezone.localdate() - timedelta(days=720),
    )
    return account


def _officials(cast: Cast) -> None:
    housing, city = cast.units["南谯区住房和城乡建设局"], cast.units["南谯区城市管理局"]
    parts = {
        "nq-registrar": ("账号管理员 01", Role.REGISTRAR, cast.host, ""),
        "nq-office": ("办公室 经办 01", Role.OFFICE, cast.host, ""),
        "nq-office2": ("办公室 经办 02", Role.OFFICE, cast.host, ""),
        "nq-leader": ("分管副主席 01", Role.APPROVER, cast.host, ""),
        "nq-convenor": ("同乐街道召集人 01", Role.CONVENOR, cast.host, "341103005000"),
        "nq-village": ("驻村联络员 01", Role.VILLAGE_LIAISON, cast.host, "341103005001"),
        "nq-zhujian": ("住建局 联络员 01", Role.LIAISON, housing, ""),
        "nq-zhujian-chief": ("住建局 负责人 01", Role.UNIT_CHIEF, housing, ""),
        "nq-chengguan": ("城管局 联络员 01", Role.LIAISON, city, ""),
        "nq-ducha": ("政府办 督查 01", Role.SUPERVISION_OFFICE, cast.units["南谯区人民政府办公室"], ""),
    }
    for username, (name, role, organisation, region_code) in parts.items():
        cast.accounts[username] = _account(
            username, name, role, organisation, region_code=region_code, actor=cast.actor
        )


def _committee(cast: Cast, today: date) -> None:
    since = date(today.year - 3, 1, 8)
    for n in range(1, 25):
        account = None
        if n in (1, 7):
            role = Role.GROUP_LEADER if n == 1 else Role.MEMBER
            username = "nq-zuzhang" if n == 1 else "nq-weiyuan"
            account = _account(username, f"委员 {n:02d}", role, cast.host, actor=cast.actor)
            cast.accounts[username] = account
        cast.members.append(
            people.add_member(
                actor=cast.actor,
                host=cast.host,
                name=f"委员 {n:02d}",
                sector=SECTORS[n % len(SECTORS)],
                term="第十届",
                account=account,
                is_standing=n % 6 == 0,
                since=since,
                is_sample=True,
                posts=[{"title": "提案委员会主任", "since": since}] if n == 6 else [],
            )
        )
    for place, code in enumerate(list(TOWNSHIPS)[:4]):
        group = people.found_group(
            actor=cast.actor,
            host=cast.host,
            name=f"{TOWNSHIPS[code]}委员小组",
            region_code=code,
            founded_on=since,
            is_sample=True,
        )
        cast.groups.append(group)
        for n, member in enumerate(_in_group(cast, place)):
            people.add_to_group(group, actor=cast.actor, member=member, is_leader=n == 0, since=since)


def _in_group(cast: Cast, place: int) -> list[Member]:
    if place == 2:  # 同乐街道: the group of the two members who sign in
        return [cast.members[0], cast.members[6], *cast.members[20:23]]
    rest = [member for n, member in enumerate(cast.members[:20]) if n not in (0, 6)]
    return rest[place::4][:5]


def _township_people(cast: Cast, today: date) -> None:
    """Three townships stay vacant, so that the list of vacancies has something to say."""
    for n, (code, name) in enumerate(list(TOWNSHIPS.items())[:6], 1):
        cast.convenors[code] = people.appoint_convenor(
            actor=cast.actor,
            host=cast.host,
            region_code=code,
            name=f"{name}召集人 {n:02d}",
            account=cast.accounts["nq-convenor"] if code == "341103005000" else None,
            party_post="党（工）委副书记",
            rank="正科级" if n % 2 else "副科级",
            since=date(today.year - 2, 3, 1),
            is_sample=True,
        )


def _rooms(cast: Cast, today: date) -> None:
    standards = list(Standard.values)
    for n, (code, name) in enumerate(TOWNSHIPS.items()):
        cast.rooms.append(
            rooms.create_room(
                actor=cast.actor,
                host=cast.host,
                name=f"{name}协商议事室",
                region_code=code,
                address=f"{name}党群服务中心一楼",
                host_unit=name,
                shared_use="与委员工作室合用" if n % 2 else "",
                capacity=20 + 6 * (n % 4),
                standards=standards[: 6 - n % 3],
                built_on=date(today.year - 2, 1 + n, 10),
                is_sample=True,
            )
        )
