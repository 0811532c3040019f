"""Who is named outside the house: bodies and offices, and everybody else by role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from consult.privacy import mask, mask_name
from consult.regions.services import names_of
from members.states import Role
from topics.models import Topic
from topics.states import PartyCategory

#: Ordinary people: in public they appear by role, never by name.
BY_ROLE: dict[str, str] = {
    PartyCategory.RESIDENT: "居民代表",
    PartyCategory.FOREIGN: "外籍人士代表",
    PartyCategory.OTHER: "其他代表",
    PartyCategory.DEPUTY: "人大代表",
    PartyCategory.EXPERT: "专家",
}
VERIFIERS: dict[str, str] = {
    Role.OFFICE: "政协办公室",
    Role.CONVENOR: "召集人",
    Role.GROUP_LEADER: "委员小组组长",
    Role.MEMBER: "政协委员",
}
#: People who speak for themselves, not for a body.
PRIVATE = (PartyCategory.RESIDENT, PartyCategory.FOREIGN, PartyCategory.OTHER)
#: A name given like this says a role already.
_ROLE_WORDS = re.compile(
    r"代表|居民|村民|群众|住户|业主|摊主|商户|职工|家长|学生|委员|组长|主任|干部|负责人|人员|户$|\d"
)
_BODY = re.compile(
    r"(?:小组|工作组|联络组|委员会|办公室|工作室|政协|政府|局|处|站|所|中心|公司|集团|街道|社区|村委会|学校)$"
)
_SHORTEST, _LONGEST = 2, 20


class Naming:
    """How people of one matter are named; a case file names them by role already, what was typed in live does not."""

    def __init__(self, matter: Topic, public: bool):
        self.public = public
        self.is_case = bool(matter.case_key)
        self.host_id = matter.host_id
        self.paths = names_of([matter.region_code, *(session.region_code for session in matter.sessions.all())])

    def place(self, code: str) -> str:
        """云南省 / 临沧市 / 凤庆县"""
        return self.paths.get(code, code)

    def as_written(self, session: Any) -> bool:
        """A session of the file itself, not one that was held after it was brought in."""
        return self.is_case and session.is_backfilled

    def person(self, name: str, category: str, as_written: bool) -> str:
        if not self.public or as_written or not name:
            return name
        return BY_ROLE.get(category, "")

    def speaker(self, by: str, category: str, bodies: set[str], as_written: bool) -> str:
        if not self.public or as_written or by in bodies:
            return by
        return BY_ROLE.get(category, "与会代表") if by else ""

    def official(self, person: Any, name: str, role: str, as_written: bool) -> str:
        """An account or member by role; a name that was typed in live by role, too, unless it names a body."""
        if not self.public:
            return str(person) if person is not None else name
        if person is not None:
            return role
        return name if as_written or is_body(name) else (role if name else "")

    def body(self, name: str, category: str, as_written: bool) -> str:
        """For whom somebody raised a matter; where a resident works is his own affair."""
        return "" if self.public and not as_written and category in PRIVATE else name

    def verifier(self, verification: Any) -> str:
        written = verification.verified_name
        if written and (not self.public or self.is_case or is_body(written)):
            return written
        return self._role_of(verification.verified_by) if self.public else str(verification.verified_by)

    def _role_of(self, account: Any) -> str:
        roles = [mandate.role for mandate in account.mandates.all() if mandate.host_id == self.host_id]
        return next((VERIFIERS[role] for role in roles if role in VERIFIERS), "核验人")


def is_body(name: str) -> bool:
    """万桥社区委员小组, 县住建局: a body may be named."""
    return bool(_BODY.search(name))


def names_to_hide(matter: Topic) -> list[str]:
    """Names of residents known to the matter, the longest first: wherever a text mentions one, it is masked."""
    raisers = [(raiser.name, raiser.category) for raiser in matter.raisers.all()]
    sitting = [
        (name, line.category)
        for session in matter.sessions.all()
        if not (session.is_backfilled and matter.case_key)
        for line in session.participants.all()
        for name in (line.name, line.proxy_name)
    ]
    names = {name.strip() for name, category in [*raisers, *sitting] if category in PRIVATE}
    return sorted(filter(_is_personal, names), key=len, reverse=True)


def _is_personal(name: str) -> bool:
    said_by_role = _ROLE_WORDS.search(name) or is_body(name) or mask_name(name) == name
    return _SHORTEST <= len(name) <= _LONGEST and not said_by_role


def hide(value: Any, names: Iterable[str]) -> Any:
    """Every text with stars over personal numbers, and family names only of those who are known to be residents."""
    names = list(names)
    if isinstance(value, dict):
        return {key: hide(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [hide(one, names) for one in value]
    return hide_in(value, names) if isinstance(value, str) else value


def hide_in(text: str, names: Iterable[str]) -> str:
    for name in names:
        if name in text:
            text = text.replace(name, mask_name(name))
    return mask(text)
