"""One search over everything that the reader may see, a few of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from members.models import Account, Member
from members.querysets import DIRECTORY_ROLES
from members.states import Role
from outcomes.models import Assignment, PublicNotice
from sessions.models import ConsultSession
from topics.models import Topic

#: So many of each; the list of the kind shows the others.
CAPPED = 10


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    item: Any
    note: str = ""
    shows_state: bool = True


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[Hit] = field(default_factory=list)
    more_url: str = ""


def search_all(reader: Any, text: str) -> list[Group]:
    """One query a kind; kinds that the reader has no sight of are not asked."""
    wanted = [
        (pgettext("found", "Topics"), _topics, _topic, "topics:list"),
        (pgettext("found", "Sessions"), _sessions, _session, "sessions:list"),
        (pgettext("found", "Assignments"), _assignments, _assignment, "outcomes:list"),
        (pgettext("found", "Public notices"), _notices, _notice, "outcomes:notices"),
    ]
    if reader.host_ids(*DIRECTORY_ROLES):
        wanted.append((pgettext("found", "Committee members"), _members, _member, "members:members"))
    if reader.host_ids(Role.REGISTRAR):
        wanted.append((pgettext("found", "Accounts"), _accounts, _account, "members:accounts"))
    return [_group(label, rows(reader, text), hit, page, text) for label, rows, hit, page in wanted]


def _group(label: str, rows: QuerySet[Any], hit: Any, page: str, text: str) -> Group:
    found = list(rows[: CAPPED + 1])
    return Group(label, [hit(row) for row in found[:CAPPED]], _all(page, text) if len(found) > CAPPED else "")


def _all(page: str, text: str) -> str:
    words = {"tab": "all", "q": text} if page in ("topics:list", "sessions:list") else {"q": text}
    try:
        return f"{reverse(page)}?{urlencode(words)}"
    except NoReverseMatch:
        return ""


def _topics(reader: Any, text: str) -> QuerySet[Topic]:
    return Topic.objects.visible_to(reader).matching(text).order_by("-pk")


def _assignments(reader: Any, text: str) -> QuerySet[Assignment]:
    rows = Assignment.objects.visible_to(reader).containing(text)
    return rows.select_related("lead_unit").order_by("-pk")


def _sessions(reader: Any, text: str) -> QuerySet[ConsultSession]:
    rows = ConsultSession.objects.visible_to(reader).select_related("room").with_minutes_state()
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word) | Q(room__name__icontains=word))
    return rows.order_by("-starts_at", "-pk")


def _notices(reader: Any, text: str) -> QuerySet[PublicNotice]:
    rows = PublicNotice.objects.visible_to(reader).kept_by(reader)
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    return rows.defer("snapshot", "text", "row_html", "search").order_by("-pk")


def _members(reader: Any, text: str) -> QuerySet[Member]:
    named = Q(name__contains=text) | Q(name_key__startswith=text.lower()) | Q(workplace__contains=text)
    return Member.objects.visible_to(reader).filter(named).order_by("name_key", "pk")


def _accounts(reader: Any, text: str) -> QuerySet[Account]:
    kept = Account.objects.filter(home_id__in=reader.host_ids(Role.REGISTRAR), is_system=False)
    return kept.filter(Q(display_name__contains=text) | Q(username__icontains=text)).order_by("username", "pk")


def _topic(row: Topic) -> Hit:
    return Hit(row.title, row.get_absolute_url(), row, row.number)


def _session(row: ConsultSession) -> Hit:
    return Hit(row.title, row.get_absolute_url(), row, row.where)


def _assignment(row: Assignment) -> Hit:
    return Hit(row.matter, row.get_absolute_url(), row, f"{row.number} {row.lead_unit}")


def _notice(row: PublicNotice) -> Hit:
    return Hit(row.title, row.get_absolute_url(), row, row.number)


def _member(row: Member) -> Hit:
    return Hit(row.name, row.get_absolute_url(), row, row.workplace, shows_state=False)


def _account(row: Account) -> Hit:
    return Hit(row.display_name, row.get_absolute_url(), row, row.username, shows_state=False)
