"""Sessions for tests: planned and brought to a state by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from members.models import Account, Organisation
from members.states import Role
from sessions import services
from sessions.models import ConsultationRoom, ConsultSession, Minutes, Participant
from tests.factories import people
from tests.factories import topics as matters
from tests.factories.topics import TONGLE, WANQIAO, clerk

_numbers = count(1)

AGENDA = [
    {"text": "说明来意和规则", "minutes": 5},
    {"text": "群众发言", "minutes": 40},
    {"text": "归纳共识", "minutes": 15},
]
ROSTER = [
    {"category": "resident", "name": "居民代表", "count": 8},
    {"category": "village", "organisation_name": "万桥社区"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


def room(host: Organisation | None = None, **changes: Any) -> ConsultationRoom:
    host = host or people.host()
    changes.setdefault("name", f"第 {next(_numbers)} 协商议事室")
    changes.setdefault("region_code", WANQIAO if host.region_code == people.NANQIAO else host.region_code)
    return services.create_room(actor=clerk(host), host=host, **changes)


def soon(hours: float = 48) -> datetime:
    """A full hour some days ahead, at nine in the morning or later."""
    day = timezone.localtime() + timedelta(hours=hours)
    return day.replace(minute=0, second=0, microsecond=0)


def plan(host: Organisation | None = None, **changes: Any) -> dict[str, Any]:
    """Everything that plan_session asks for."""
    host = host or people.host()
    starts_at = changes.pop("starts_at", None) or soon()
    values: dict[str, Any] = {
        "host": host,
        "form": "micro",
        "venue_kind": "courtyard",
        "place": "三号楼前的院坝",
        "region_code": WANQIAO if host.region_code == people.NANQIAO else host.region_code,
        "title": f"第 {next(_numbers)} 次微协商",
        "starts_at": starts_at,
        "ends_at": changes.pop("ends_at", None) or starts_at + timedelta(hours=2),
        "convenor_name": "同乐街道召集人",
        "lead_name": "委员小组组长",
        "moderator_name": "召集人",
        "recorder_name": "社区工作人员",
        "agenda": AGENDA,
        "participants": ROSTER,
        **changes,
    }
    values.setdefault("actor", clerk(host))
    if "topics" not in values:
        values["topics"] = [matters.claimed(host)]
    return values


def planned(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    return services.plan_session(**plan(host, **changes))


def announced(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    session = planned(host, **changes)
    return services.announce_session(session, actor=clerk(session.host), short_notice_reason="群众约好了日子")


def in_progress(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    session = announced(host, **changes)
    return services.open_session(session, actor=clerk(session.host))


def written(session: ConsultSession) -> ConsultSession:
    """What a closing asks for: somebody came, spoke, and something was agreed."""
    office = clerk(session.host)
    for participant in session.participants.all():
        services.mark_attendance(participant, "present", actor=office)
    topic = session.topics.order_by("pk").first()
    services.add_statement(session, by="居民代表", category="resident", text="最急的是先把门打开。", actor=office)
    services.agree_point(session, topic, "明确公厕移交事项，月底前办理交接手续。", "agreed", actor=office)
    services.keep_dissent(session, topic, "水电费的承担比例会后再核。", "金鹏建设集团", actor=office)
    return session


def held(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    session = written(in_progress(host, **changes))
    return services.close_session(session, actor=clerk(session.host))


def cancelled(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    session = planned(host, **changes)
    return services.cancel_session(session, actor=clerk(session.host), reason="大雨封路")


def logged(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    """A bench session that a member noted on his phone."""
    host = host or people.host()
    if "actor" not in changes:
        changes["actor"] = clerk(host)
    changes.setdefault("region_code", WANQIAO if host.region_code == people.NANQIAO else host.region_code)
    changes.setdefault("title", "小板凳议事：楼道杂物")
    changes.setdefault("place", "大雷村民组院坝")
    changes.setdefault("agreed", ["楼道杂物周末前清走"])
    return services.log_session(host=host, **changes)


def needs_decision(host: Organisation | None = None, **changes: Any) -> ConsultSession:
    return logged(host, starts_at=timezone.now() + timedelta(days=3), **changes)


IN_STATE = {
    "planned": planned,
    "announced": announced,
    "in_progress": in_progress,
    "held": held,
    "cancelled": cancelled,
    "needs_decision": needs_decision,
}


def in_state(state: str, host: Organisation | None = None, **changes: Any) -> ConsultSession:
    return IN_STATE[state](host, **changes)


def drafted(session: ConsultSession | None = None, actor: Account | None = None, **changes: Any) -> Minutes:
    session = session or held()
    return services.draft_minutes(session, actor=actor or clerk(session.host), **changes)


def filed(session: ConsultSession | None = None, actor: Account | None = None, **changes: Any) -> Minutes:
    minutes = drafted(session, actor, **changes)
    return services.file_minutes(minutes, actor=clerk(minutes.session.host))


def signed(session: ConsultSession | None = None, actor: Account | None = None, **changes: Any) -> Minutes:
    minutes = filed(session, actor, **changes)
    office = clerk(minutes.session.host)
    return services.sign_minutes(minutes, actor=office, on_paper=True, signed_name="分管副主席")


MINUTES_IN_STATE = {"draft": drafted, "filed": filed, "signed": signed}


def invite(session: ConsultSession, account: Account, **changes: Any) -> Participant:
    changes.setdefault("category", "member")
    return services.add_participant(session, actor=clerk(session.host), account=account, **changes)


def everyone(host: Organisation, region_code: str = TONGLE) -> dict[str, Account]:
    """One account per role; the convenor answers for one street."""
    found = matters.everyone(host)
    found[str(Role.CONVENOR)] = people.account(Role.CONVENOR, host, region_code=region_code)
    return found
