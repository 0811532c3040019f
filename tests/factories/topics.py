"""Matters for tests: handed in and brought to a state by the services themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from members.models import Account, Organisation
from members.states import OrganisationKind, Role
from outcomes.models import Assignment, Outcome
from tests.factories import people
from topics import services
from topics.models import Topic

WANQIAO = "341103005001"  # 万桥社区, 同乐街道, 南谯区
TONGLE = "341103005000"
SHIJI = "341103107000"  # 施集镇
JINGNAN = "341103107201"

_numbers = count(1)

CHECKS = {"small_cut": True, "wide_reach": True, "vital_interest": True}


def clerk(host: Organisation) -> Account:
    """An office account that raised nothing: it decides where others entered."""
    found = Account.objects.filter(username=f"clerk{host.pk}").first()
    return found or people.office(host, username=f"clerk{host.pk}")


def committee(host: Organisation) -> Organisation:
    found = Organisation.objects.filter(host=host, kind=OrganisationKind.COMMITTEE).first()
    return found or people.organisation(host, OrganisationKind.COMMITTEE, "提案委员会")


def slip(host: Organisation | None = None, **changes: Any) -> Topic:
    """A slip handed in at the office for a resident."""
    host = host or people.host()
    n = next(_numbers)
    changes.setdefault("actor", clerk(host))
    changes.setdefault("region_code", WANQIAO if host.region_code == people.NANQIAO else host.region_code)
    changes.setdefault("source", "resident")
    changes.setdefault("title", f"第 {n} 件事：公厕一直锁着")
    changes.setdefault("problem", "晨练找不到地方上厕所，建好的公厕不开门。")
    changes.setdefault("raiser", {"category": "resident", "name": f"居民代表 {n}", "on_behalf": True})
    return services.hand_in(host=host, **changes)


def draft(host: Organisation | None = None, **changes: Any) -> Topic:
    return slip(host, draft=True, **changes)


def returned(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = slip(host, **changes)
    return services.return_topic(topic, actor=clerk(topic.host), reason="请写清在哪一栋楼", on=topic.moved_on)


def pooled(host: Organisation | None = None, profile: str = "micro", **changes: Any) -> Topic:
    topic = slip(host, **changes)
    return services.pool_topic(
        topic, actor=clerk(topic.host), profile=profile, category="公共设施", on=topic.moved_on, **CHECKS
    )


def approved(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = pooled(host, "formal", **changes)
    return services.approve_topic(
        topic,
        actor=clerk(topic.host),
        on_paper=True,
        council_on=topic.moved_on,
        party_on=topic.moved_on,
        party_text="同意",
        plan_year=topic.moved_on.year,
        lead_committee=committee(topic.host),
        on=topic.moved_on,
    )


def claimed(host: Organisation | None = None, by: Account | None = None, **changes: Any) -> Topic:
    """Claimed by an account (its own mandate), or on paper for a group named in words."""
    topic = pooled(host, "micro", **changes)
    return services.claim_topic(
        topic,
        actor=by or clerk(topic.host),
        promised_on=topic.moved_on + timedelta(days=30),
        claimed_name="" if by else "万桥社区委员小组",
        on=topic.moved_on,
    )


def scheduled(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = claimed(host, **changes)
    return services.schedule_topic(topic, actor=clerk(topic.host), on=topic.moved_on)


def consulted(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = scheduled(host, **changes)
    return services.conclude_topic(topic, actor=clerk(topic.host), on=topic.moved_on)


def closed(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = consulted(host, **changes)
    return services.close_topic(topic, actor=clerk(topic.host), on=topic.moved_on)


def declined(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = slip(host, **changes)
    return services.decline_topic(
        topic, actor=clerk(topic.host), reason="已进入诉讼", reply_text="请等法院结果。", on=topic.moved_on
    )


def transferred(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = slip(host, **changes)
    return services.transfer_topic(
        topic, actor=clerk(topic.host), to_unit="12345 热线", reason="路灯报修", reply_text="已转。", on=topic.moved_on
    )


def merged(host: Organisation | None = None, **changes: Any) -> Topic:
    target = slip(host, on=changes.get("on"))
    topic = slip(host, **changes)
    return services.merge_topic(topic, actor=clerk(topic.host), into=target, on=topic.moved_on)


def withdrawn(host: Organisation | None = None, **changes: Any) -> Topic:
    topic = slip(host, **changes)
    return services.withdraw_topic(topic, actor=clerk(topic.host), reason="已经解决", on=topic.moved_on)


#: state -> how to bring a new matter there
IN_STATE = {
    "draft": draft,
    "submitted": slip,
    "returned": returned,
    "pooled": pooled,
    "approved": approved,
    "claimed": claimed,
    "scheduled": scheduled,
    "consulted": consulted,
    "closed": closed,
    "declined": declined,
    "transferred": transferred,
    "merged": merged,
    "withdrawn": withdrawn,
}


def in_state(state: str, host: Organisation | None = None, **changes: Any) -> Topic:
    return IN_STATE[state](host, **changes)


def days_ago(n: int) -> date:
    return timezone.localdate() - timedelta(days=n)


def assignment(topic: Topic, lead: Organisation, assisting: Sequence[Organisation] = ()) -> Assignment:
    """A bare row, for asking who sees the matter of an assignment."""
    common = {"topic": topic, "host": topic.host, "region_code": topic.region_code, "moved_on": days_ago(0)}
    outcome = Outcome.objects.create(**common, drafted_by=clerk(topic.host), drafted_on=days_ago(0))
    made = Assignment.objects.create(
        **common,
        outcome=outcome,
        ordinal=1,
        number=f"交办〔2026〕{next(_numbers)}号",
        matter="移交公厕",
        lead_unit=lead,
        issued_by="同乐街道",
        issued_on=days_ago(0),
        due_on=days_ago(-30),
        first_due_on=days_ago(-30),
    )
    made.assisting_units.set(assisting)
    return made


def everyone(host: Organisation) -> dict[str, Account]:
    """One account per role, each for the whole host; members belong to one group."""
    unit = people.organisation(host, name="区住建局")
    accounts = {
        Role.OFFICE: people.office(host),
        Role.APPROVER: people.approver(host),
        Role.CONVENOR: people.account(Role.CONVENOR, host, region_code=TONGLE),
        Role.GROUP_LEADER: people.account(Role.GROUP_LEADER, host),
        Role.MEMBER: people.account(Role.MEMBER, host),
        Role.VILLAGE_LIAISON: people.account(Role.VILLAGE_LIAISON, host, region_code=WANQIAO),
        Role.LIAISON: people.liaison(unit),
        Role.UNIT_CHIEF: people.account(Role.UNIT_CHIEF, host, organisation=unit),
        Role.SUPERVISION_OFFICE: people.account(Role.SUPERVISION_OFFICE, host),
        Role.SUPERVISOR: people.supervisor(),
        Role.REGISTRAR: people.account(Role.REGISTRAR, host),
    }
    leader = people.member(host, accounts[Role.GROUP_LEADER])
    member = people.member(host, accounts[Role.MEMBER])
    people.group(host, leader, member, leader=leader)
    return {str(role): account for role, account in accounts.items()}
