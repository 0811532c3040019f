"""Whom a case file names: found by exact name under the host, or created there and listed in the output."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from members import services as people
from members.models import Account, Convenor, Member, MemberGroup, Organisation
from members.states import OrganisationKind
from sessions import services as sessions
from sessions.models import ConsultationRoom

from .schema import CaseFile, CaseSession

#: What the end of a name says about the kind of unit; the first that fits decides.
_ENDINGS = (
    (OrganisationKind.PARTY, ("党委", "县委", "市委", "区委", "工委")),
    (OrganisationKind.SCHOOL, ("学校", "小学", "中学", "学院", "幼儿园")),
    (OrganisationKind.ENTERPRISE, ("公司", "集团", "物业", "开发商", "企业", "厂", "合作社")),
    (OrganisationKind.VILLAGE, ("村委会", "居委会", "社区", "村")),
    (OrganisationKind.TOWNSHIP, ("镇人民政府", "乡人民政府", "街道办事处", "街道", "镇", "乡")),
    (OrganisationKind.GOVERNMENT, ("人民政府", "政府办公室", "政府办")),
    (OrganisationKind.DEPARTMENT, ("局", "处", "委员会", "委", "办公室", "办", "中心", "站", "所")),
)
_CATEGORY_KINDS = {
    "department": OrganisationKind.DEPARTMENT,
    "enterprise": OrganisationKind.ENTERPRISE,
    "village": OrganisationKind.VILLAGE,
}


@dataclass
class Parties:
    """Finding and creating under one host, by the system account."""

    host: Organisation
    actor: Account
    created: list[str] = field(default_factory=list)

    def unit(self, name: str, category: str = "") -> Organisation:
        found = Organisation.objects.filter(host=self.host, name=name).first()
        if found is None:
            found = people.register_organisation(
                actor=self.actor, host=self.host, kind=_kind_of(name, category), name=name
            )
            self._list(_("organisation"), name)
        return found

    def committee(self, name: str) -> Organisation:
        found = Organisation.objects.filter(host=self.host, name=name).first()
        if found is None:
            found = people.register_organisation(
                actor=self.actor, host=self.host, kind=OrganisationKind.COMMITTEE, name=name
            )
            self._list(_("special committee"), name)
        return found

    def group(self, name: str, region_code: str) -> MemberGroup:
        found = MemberGroup.objects.filter(host=self.host, name=name).first()
        if found is None:
            found = people.found_group(actor=self.actor, host=self.host, name=name, region_code=region_code)
            self._list(_("member group"), name)
        return found

    def room(self, name: str, session: CaseSession) -> ConsultationRoom:
        found = ConsultationRoom.objects.filter(host=self.host, name=name).first()
        if found is None:
            found = sessions.create_room(actor=self.actor, host=self.host, name=name, region_code=session.region)
            self._list(_("consultation room"), name)
        return found

    def is_group(self, name: str) -> bool:
        return MemberGroup.objects.filter(host=self.host, name=name).exists()

    def member(self, name: str) -> Member | None:
        return Member.objects.filter(host=self.host, name=name).first() if name else None

    def convenor(self, name: str) -> Convenor | None:
        return Convenor.objects.filter(host=self.host, name=name).order_by("-since").first() if name else None

    def cppcc(self, code: str) -> Organisation:
        """A CPPCC that is not on the platform yet is set up without accounts; create_host gives it a registrar."""
        found = Organisation.objects.hosts().filter(region_code=code).first()
        if found is None:
            found, _registrar, _password = people.establish_host(code, actor=self.actor)
            self._list(_("CPPCC without accounts"), found.name)
        return found

    def _list(self, noun: str, name: str) -> None:
        self.created.append(f"{noun} {name}")


def host_of(case: CaseFile, actor: Account) -> Parties:
    """The CPPCC whose matter it is."""
    found = Organisation.objects.hosts().filter(region_code=case.host).first()
    if found is not None:
        return Parties(found, actor)
    host, _registrar, _password = people.establish_host(case.host, actor=actor)
    parties = Parties(host, actor)
    parties.created.append(f"{_('CPPCC without accounts')} {host.name}")
    return parties


def _kind_of(name: str, category: str) -> str:
    for kind, endings in _ENDINGS:
        if name.endswith(endings):
            return kind
    return _CATEGORY_KINDS.get(category, OrganisationKind.OTHER)
