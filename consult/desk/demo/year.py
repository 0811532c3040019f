"""A sample year for 南谯区: every matter is played through the services, on dates counted back from today."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from consult.calendar import next_workday
from consult.desk.demo.aftermath import came_of_it
from consult.desk.demo.cast import Cast
from consult.desk.demo.matters import Matter
from consult.desk.demo.player import Player, village_of
from members.models import Account
from outcomes import services as outcomes
from sessions import services as sessions
from sessions.models import ConsultSession
from topics import services as topics
from topics.models import Topic

SEED = 20260101
ASKED = "这件事拖了不少时候，今天想听个准日子。"
ANSWERED = "情况属实，我们先到现场看，再定办法。"
AGENDA = [
    {"text": "说明议题和发言规则", "by": "主持人", "minutes": 5},
    {"text": "通报走访情况", "by": "政协委员", "minutes": 15},
    {"text": "居民代表发言，每人 3 分钟", "by": "群众", "minutes": 40},
    {"text": "逐条回应", "by": "职能部门", "minutes": 25},
    {"text": "逐条商量，形成共识", "by": "全体", "minutes": 25},
    {"text": "宣读共识，小结", "by": "主持人", "minutes": 10},
]


def play(player: Player) -> Topic:
    topic = _hand_in(player)
    if player.matter.twist in _ENDINGS and player.matter.twist != "cancelled":
        return _ENDINGS[player.matter.twist](player, topic)
    if player.reaches("pooled") or player.matter.twist == "cancelled":
        _pool(player, topic)
    if player.reaches("taken_up") or player.matter.twist == "cancelled":
        _take_up(player, topic)
    if player.matter.twist == "cancelled":
        return _cancelled_session(player, topic)
    if player.reaches("studied"):
        _study(player, topic)
    if player.reaches("held"):
        came_of_it(player, topic, _held_session(player, topic))
    elif player.matter.twist == "running":
        _running_session(player, topic)
    elif player.reaches("planned"):
        _coming_session(player, topic)
    return topic


def _hand_in(player: Player) -> Topic:
    matter = player.matter
    by_village = matter.region == "341103005001"
    return topics.hand_in(
        actor=player.cast.accounts["nq-village"] if by_village else player.clerk,
        host=player.cast.host,
        region_code=matter.region,
        source=matter.source,
        title=matter.title,
        problem=matter.problem,
        raiser={
            "category": "resident" if matter.source == "resident" else "other",
            "name": "居民（样例）",
            "phone": "13800000000" if player.dice.random() < 0.5 else "",
            "consented": True,
            "on_behalf": True,
        },
        on=player.start,
        households=matter.households or None,
        stakeholders=["resident", "department", "village"],
        programme="协商亭好",
        is_sample=True,
    )


def _pool(player: Player, topic: Topic) -> None:
    topics.pool_topic(
        topic,
        actor=player.office,
        profile=player.matter.profile,
        category=player.matter.category,
        small_cut=True,
        wide_reach=True,
        vital_interest=True,
        on=player.day("pool"),
    )


def _take_up(player: Player, topic: Topic) -> None:
    on = player.day("take_up")
    if player.matter.profile == "formal":
        topics.approve_topic(
            topic,
            actor=player.leader,
            council_on=on,
            party_on=on,
            party_text="同意列入年度协商计划（样例）",
            plan_year=on.year,
            lead_committee=player.cast.units["提案委员会"],
            on=on,
        )
        return
    group = next((g for g in player.cast.groups if player.matter.region.startswith(g.region_code[:9])), None)
    late = player.matter.twist == "late_promise"
    settled = on if player.reaches("held") else max(on, player.today)
    promised = max(on, player.today - timedelta(days=4)) if late else settled + timedelta(days=20)
    topics.claim_topic(
        topic,
        actor=player.system,
        promised_on=promised,
        group=group or player.cast.groups[2],
        on=on,
    )


def _study(player: Player, topic: Topic) -> None:
    on = player.day("study")
    topics.study_topic(
        topic,
        actor=player.system,
        date_from=on,
        date_to=on,
        places=[village_of(player.matter.region)],
        method="入户走访、现场察看",
        households=8 + player.dice.randrange(20),
        findings=["群众盼望尽快解决", "责任单位之间分工不清"],
        on=on,
    )


def _plan(player: Player, topic: Topic, starts: datetime, *, actor: Account, on: date | None) -> ConsultSession:
    formal = player.matter.profile == "formal"
    code = f"{player.matter.region[:9]}000"
    room = next((room for room in player.cast.rooms if room.region_code == code), None) if formal else None
    convenor = player.cast.convenors.get(code)
    return sessions.plan_session(
        actor=actor,
        host=player.cast.host,
        topics=[Topic.objects.get(pk=topic.pk)],
        form=player.matter.profile,
        venue_kind="room" if room else "courtyard",
        region_code=player.matter.region,
        title=f"{player.matter.title}{'协商议事会' if formal else '微协商'}",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        room=room,
        place="" if room else f"{village_of(player.matter.region)}小广场",
        convenor=convenor,
        convenor_name="" if convenor else "镇（街道）召集人",
        lead_member=player.cast.members[0],
        moderator=player.office,
        recorder=player.clerk,
        agenda=AGENDA,
        participants=_parties(player),
        on=on,
        at=starts if actor.is_system else None,
        is_sample=True,
    )


def _parties(player: Player) -> list[dict[str, Any]]:
    held = player.reaches("held")
    present = {"attendance": "present"} if held else {}
    return [
        {
            "category": "resident",
            "name": "居民代表",
            "count": 6 + player.dice.randrange(9),
            "chosen_how": "村（居）民小组推选",
            **present,
        },
        {"category": "department", "organisation": player.unit, **present},
        {"category": "village", "organisation_name": village_of(player.matter.region), **present},
        {"category": "member", "member": player.cast.members[0], "name": str(player.cast.members[0]), **present},
        {"category": "member", "member": player.cast.members[6], "name": str(player.cast.members[6]), **present},
    ]


def _coming_session(player: Player, topic: Topic) -> None:
    soon = next_workday(player.today + timedelta(days=2 if player.reaches("announced") else 9))
    starts = _at(soon, 9 + player.dice.randrange(6))
    session = _plan(player, topic, starts, actor=player.office, on=player.day("plan"))
    if player.reaches("announced"):
        sessions.announce_session(session, actor=player.office, short_notice_reason="参加的人都已口头约好")


def _running_session(player: Player, topic: Topic) -> None:
    """One that sits at this moment: some have signed in, some have spoken, nothing is agreed yet."""
    starts = timezone.localtime().replace(second=0, microsecond=0) - timedelta(minutes=20)
    session = _plan(player, topic, starts, actor=player.system, on=None)
    session = sessions.announce_session(session, actor=player.system, at=starts)
    session = sessions.open_session(session, actor=player.office, at=starts)
    for participant in session.participants.order_by("position")[:3]:
        sessions.mark_attendance(participant, actor=player.clerk, attendance="present")
    sessions.next_item(session, actor=player.office, at=starts)
    sessions.next_item(session, actor=player.office, at=starts + timedelta(minutes=10))
    _speak(session, player)


def _speak(session: ConsultSession, player: Player) -> None:
    sessions.add_statement(session, "居民代表", "resident", ASKED, actor=player.system)
    sessions.add_statement(session, player.matter.unit, "department", ANSWERED, actor=player.system)


def _cancelled_session(player: Player, topic: Topic) -> Topic:
    starts = _at(next_workday(player.today + timedelta(days=12)), 15)
    session = _plan(player, topic, starts, actor=player.office, on=player.day("plan"))
    sessions.cancel_session(session, actor=player.office, reason="街道已在本周清运，群众同意不再开会")
    return topic


def _held_session(player: Player, topic: Topic) -> ConsultSession:
    on = player.day("session")
    starts = min(_at(on, 9 + player.dice.randrange(6)), timezone.now() - timedelta(hours=3))
    session = _plan(player, topic, starts, actor=player.system, on=None)
    session = sessions.announce_session(session, actor=player.system, at=starts)
    session = sessions.open_session(session, actor=player.system, at=starts)
    _speak(session, player)
    for text in player.matter.agreed:
        sessions.agree_point(session, topic, text, "agreed", actor=player.system)
    if player.matter.dissent:
        sessions.keep_dissent(session, topic, player.matter.dissent, "居民代表", actor=player.system)
    return sessions.close_session(session, actor=player.system, at=starts + timedelta(hours=2))


def _returned(player: Player, topic: Topic) -> Topic:
    return topics.return_topic(
        topic, actor=player.office, reason="请补充在哪一片空地、大约多少人用", on=player.day("pool")
    )


def _declined(player: Player, topic: Topic) -> Topic:
    return topics.decline_topic(
        topic,
        actor=player.office,
        reason="属于个人之间的纠纷，不适合协商议事",
        reply_text="谢谢您反映。这件事属于邻里纠纷，请找村人民调解委员会，或打法律援助电话 12348。",
        on=player.day("pool"),
    )


def _transferred(player: Player, topic: Topic) -> Topic:
    return topics.transfer_topic(
        topic,
        actor=player.office,
        to_unit="12345 政务服务热线",
        reason="信号配时由交警部门直接办理更快",
        reply_text="谢谢您反映。已转 12345 热线办理，可凭回执号查询。",
        on=player.day("pool"),
    )


def _merged(player: Player, topic: Topic) -> Topic:
    target = Topic.objects.get(host=player.cast.host, title="电动车集中充电点太少")
    return topics.merge_topic(
        topic, actor=player.office, into=target, reason="同一小区的同一件事", on=player.day("pool")
    )


def _withdrawn(player: Player, topic: Topic) -> Topic:
    return topics.withdraw_topic(
        topic, actor=player.office, reason="社区已换好器材", on=player.day("pool"), on_behalf_of="居民（样例）"
    )


_ENDINGS = {
    "returned": _returned,
    "declined": _declined,
    "transferred": _transferred,
    "merged": _merged,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled_session,
}


def play_year(cast: Cast, matters: tuple[Matter, ...], today: date) -> list[Topic]:
    """Play every matter; the same seed gives the same year."""
    dice = random.Random(SEED)  # noqa: S311  a sample, not a secret
    played = [play(Player(cast, matter, today, dice)) for matter in matters]
    outcomes.expire_notices()
    return played


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 0)))
