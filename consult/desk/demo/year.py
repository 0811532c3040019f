"""A sample year for 南谯区: every matter is played through the services, on dates counted back from today."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from consult.calendar import next_workday
from consult.desk.demo.cast import TOWNSHIPS, Cast
from consult.desk.demo.matters import STAGES, Matter
from members.models import Account, Organisation
from outcomes import services as outcomes
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions import services as sessions
from sessions.models import ConsensusPoint, ConsultSession, Minutes
from topics import services as topics
from topics.models import Topic

#: Days after the slip on which each step happens; what lies in the future is held today at the latest.
DAYS = {
    "pool": 2, "take_up": 5, "study": 8, "plan": 10, "session": 18, "draft": 19, "file": 20, "sign": 22,
    "outcome": 22, "submit": 23, "adopt": 27, "issue": 28, "accept": 31, "progress": 45, "reply": 60, "verify": 68,
    "close": 70, "ask": 78, "notice": 80, "review": 81, "post": 82,
}  # fmt: skip
SEED = 20260101

ASKED = "这件事拖了不少时候，今天想听个准日子。"
ANSWERED = "情况属实，我们先到现场看，再定办法。"
BEGUN = "已到现场查看两次，办法正在小区公示，收到意见 6 条。"
DONE = "“{}”经协商形成 {} 条共识，由{}办理，现已办结并核验。"
NOT_OURS = "市场摊位由市场监管部门管理"


@dataclass
class Player:
    """Plays one matter as far as its stage."""

    cast: Cast
    matter: Matter
    today: date
    dice: random.Random

    def __post_init__(self) -> None:
        self.system: Account = self.cast.actor
        self.office = self.cast.accounts["nq-office"]
        self.clerk = self.cast.accounts["nq-office2"]
        self.leader = self.cast.accounts["nq-leader"]
        self.start = self.today - timedelta(days=self.matter.age)
        self.last = self.start
        self.unit: Organisation = self.cast.units[self.matter.unit]
        steps_needed = [step for step in DAYS if self._stage_of(step) <= self._reached]
        longest = max([DAYS[step] for step in steps_needed], default=0)
        self.pace = min(1.0, self.matter.age / longest) if longest else 1.0

    @property
    def _reached(self) -> int:
        return STAGES.index(self.matter.stage)

    def _stage_of(self, step: str) -> int:
        first = {
            "pool": "pooled", "take_up": "taken_up", "study": "studied", "plan": "planned", "session": "held",
            "draft": "drafted", "file": "filed", "sign": "signed", "outcome": "outcome", "submit": "submitted_up",
            "adopt": "adopted", "issue": "issued", "accept": "accepted", "progress": "in_progress",
            "reply": "replied", "verify": "verified", "close": "closed", "ask": "asked", "notice": "notice_drafted",
            "review": "notice_reviewed", "post": "posted",
        }  # fmt: skip
        return STAGES.index(first[step])

    def reaches(self, stage: str) -> bool:
        return self._reached >= STAGES.index(stage)

    def day(self, step: str) -> date:
        """The working day of a step, never before the step before it, never after today."""
        planned = self.start + timedelta(days=round(DAYS[step] * self.pace))
        self.last = min(self.today, max(self.last, min(self.today, next_workday(planned))))
        return self.last

    # steps ----------------------------------------------------------------------------------------------------------

    def play(self) -> Topic:
        topic = self._hand_in()
        if self.matter.twist in _ENDINGS and self.matter.twist != "cancelled":
            return _ENDINGS[self.matter.twist](self, topic)
        if self.reaches("pooled") or self.matter.twist == "cancelled":
            self._pool(topic)
        if self.reaches("taken_up") or self.matter.twist == "cancelled":
            self._take_up(topic)
        if self.matter.twist == "cancelled":
            return self._cancelled_session(topic)
        if self.reaches("studied"):
            self._study(topic)
        if self.reaches("held"):
            self._came_of_it(topic, self._held_session(topic))
        elif self.reaches("planned"):
            self._coming_session(topic)
        return topic

    def _hand_in(self) -> Topic:
        matter = self.matter
        by_village = matter.region == "341103005001"
        return topics.hand_in(
            actor=self.cast.accounts["nq-village"] if by_village else self.clerk,
            host=self.cast.host,
            region_code=matter.region,
            source=matter.source,
            title=matter.title,
            problem=matter.problem,
            raiser={
                "category": "resident" if matter.source == "resident" else "other",
                "name": "居民（样例）",
                "phone": "13800000000" if self.dice.random() < 0.5 else "",
                "consented": True,
                "on_behalf": True,
            },
            on=self.start,
            households=matter.households or None,
            stakeholders=["resident", "department", "village"],
            programme="协商亭好",
            is_sample=True,
        )

    def _pool(self, topic: Topic) -> None:
        topics.pool_topic(
            topic,
            actor=self.office,
            profile=self.matter.profile,
            category=self.matter.category,
            small_cut=True,
            wide_reach=True,
            vital_interest=True,
            on=self.day("pool"),
        )

    def _take_up(self, topic: Topic) -> None:
        on = self.day("take_up")
        if self.matter.profile == "formal":
            topics.approve_topic(
                topic,
                actor=self.leader,
                council_on=on,
                party_on=on,
                party_text="同意列入年度协商计划（样例）",
                plan_year=on.year,
                lead_committee=self.cast.units["提案委员会"],
                on=on,
            )
            return
        group = next((g for g in self.cast.groups if self.matter.region.startswith(g.region_code[:9])), None)
        late = self.matter.twist == "late_promise"
        promised = max(on, self.today - timedelta(days=4)) if late else max(on, self.today) + timedelta(days=20)
        topics.claim_topic(
            topic,
            actor=self.system,
            promised_on=promised,
            group=group or self.cast.groups[2],
            on=on,
        )

    def _study(self, topic: Topic) -> None:
        on = self.day("study")
        topics.study_topic(
            topic,
            actor=self.system,
            date_from=on,
            date_to=on,
            places=[_village(self.matter.region)],
            method="入户走访、现场察看",
            households=8 + self.dice.randrange(20),
            findings=["群众盼望尽快解决", "责任单位之间分工不清"],
            on=on,
        )

    # sessions -------------------------------------------------------------------------------------------------------

    def _plan(self, topic: Topic, starts: datetime, *, actor: Account, on: date | None) -> ConsultSession:
        formal = self.matter.profile == "formal"
        code = f"{self.matter.region[:9]}000"
        room = next((room for room in self.cast.rooms if room.region_code == code), None) if formal else None
        convenor = self.cast.convenors.get(code)
        return sessions.plan_session(
            actor=actor,
            host=self.cast.host,
            topics=[Topic.objects.get(pk=topic.pk)],
            form=self.matter.profile,
            venue_kind="room" if room else "courtyard",
            region_code=self.matter.region,
            title=f"{self.matter.title}{'协商议事会' if formal else '微协商'}",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            room=room,
            place="" if room else f"{_village(self.matter.region)}小广场",
            convenor=convenor,
            convenor_name="" if convenor else "镇（街道）召集人",
            lead_member=self.cast.members[0],
            moderator=self.office,
            recorder=self.clerk,
            agenda=["情况通报", "居民代表发言", "部门解答", "讨论", "主持人小结"],
            participants=self._parties(),
            on=on,
            at=starts if actor.is_system else None,
            is_sample=True,
        )

    def _parties(self) -> list[dict[str, Any]]:
        held = self.reaches("held")
        present = {"attendance": "present"} if held else {}
        return [
            {"category": "resident", "name": "居民代表", "count": 6 + self.dice.randrange(9), **present},
            {"category": "department", "organisation": self.unit, **present},
            {"category": "village", "organisation_name": _village(self.matter.region), **present},
            {"category": "member", "member": self.cast.members[0], "name": str(self.cast.members[0]), **present},
            {"category": "member", "member": self.cast.members[6], "name": str(self.cast.members[6]), **present},
        ]

    def _coming_session(self, topic: Topic) -> None:
        soon = next_workday(self.today + timedelta(days=2 if self.reaches("announced") else 9))
        starts = _at(soon, 9 + self.dice.randrange(6))
        session = self._plan(topic, starts, actor=self.office, on=self.day("plan"))
        if self.reaches("announced"):
            sessions.announce_session(session, actor=self.office, short_notice_reason="参加的人都已口头约好")

    def _cancelled_session(self, topic: Topic) -> Topic:
        starts = _at(next_workday(self.today + timedelta(days=12)), 15)
        session = self._plan(topic, starts, actor=self.office, on=self.day("plan"))
        sessions.cancel_session(session, actor=self.office, reason="街道已在本周清运，群众同意不再开会")
        return topic

    def _held_session(self, topic: Topic) -> ConsultSession:
        on = self.day("session")
        starts = min(_at(on, 9 + self.dice.randrange(6)), timezone.now() - timedelta(hours=3))
        session = self._plan(topic, starts, actor=self.system, on=None)
        session = sessions.announce_session(session, actor=self.system, at=starts)
        session = sessions.open_session(session, actor=self.system, at=starts)
        sessions.add_statement(
            session, "居民代表", "resident", "这件事拖了不少时候，今天想听个准日子。", actor=self.system
        )
        sessions.add_statement(
            session, self.matter.unit, "department", "情况属实，我们先到现场看，再定办法。", actor=self.system
        )
        for text in self.matter.agreed:
            sessions.agree_point(session, topic, text, "agreed", actor=self.system)
        if self.matter.dissent:
            sessions.keep_dissent(session, topic, self.matter.dissent, "居民代表", actor=self.system)
        return sessions.close_session(session, actor=self.system, at=starts + timedelta(hours=2))

    # what came of it ------------------------------------------------------------------------------------------------

    def _came_of_it(self, topic: Topic, session: ConsultSession) -> None:
        if not self.reaches("drafted"):
            return
        minutes = self._minutes(session)
        if not self.reaches("outcome") or minutes is None:
            return
        outcome = self._outcome(topic)
        if not self.reaches("issued"):
            return
        assignment = self._assignment(topic, outcome)
        if self.reaches("asked"):
            self._ask(outcome)
        if self.reaches("notice_drafted") and assignment is not None:
            self._notice(topic, outcome)

    def _minutes(self, session: ConsultSession) -> Minutes | None:
        minutes = sessions.draft_minutes(session, actor=self.clerk, on=self.day("draft"))
        if not self.reaches("filed"):
            return None
        minutes = sessions.file_minutes(minutes, actor=self.clerk, on=self.day("file"))
        if not self.reaches("signed"):
            return None
        return sessions.sign_minutes(minutes, actor=self.leader, on=self.day("sign"))

    def _outcome(self, topic: Topic) -> Outcome:
        outcome = outcomes.draft_outcome(
            Topic.objects.get(pk=topic.pk),
            actor=self.office,
            effects=["consensus", "resolved"],
            summary="各方就办理办法和时间达成共识。",
            on=self.day("outcome"),
        )
        if self.reaches("submitted_up"):
            outcome = outcomes.submit_outcome(
                outcome, actor=self.office, submitted_to=["南谯区人民政府办公室"], on=self.day("submit")
            )
        if self.reaches("adopted") and self.matter.profile == "formal":
            outcome = outcomes.adopt_outcome(
                outcome,
                actor=self.office,
                adopted_by="分管副区长",
                instruction="请责任单位按纪要抓紧办理。（样例）",
                on=self.day("adopt"),
            )
        return outcome

    def _assignment(self, topic: Topic, outcome: Outcome) -> Assignment | None:
        issued_on, twist = self.day("issue"), self.matter.twist
        due = {
            "overdue": self.today - timedelta(days=8),
            "very_overdue": self.today - timedelta(days=31),
            "due_soon": self.today + timedelta(days=4),
            "extension": self.today + timedelta(days=12),
        }.get(twist, max(self.today + timedelta(days=25), issued_on + timedelta(days=50)))
        assignment = outcomes.issue_assignment(
            outcome,
            actor=self.office,
            matter=f"办理“{self.matter.title}”",
            fulfils=list(ConsensusPoint.objects.filter(topic=topic)),
            lead_unit=self.unit,
            requirement="到现场查看，拿出办法并公示，按期办结。",
            due_on=max(next_workday(due), issued_on),
            issued_by="南谯区人民政府办公室",
            on=issued_on,
        )
        if twist == "sent_back":
            outcomes.send_back(
                assignment,
                actor=self.office,
                reason=NOT_OURS,
                proper_unit="市场监管部门",
                on=self.day("accept"),
            )
            return assignment
        if self.reaches("accepted"):
            outcomes.sign_for(assignment, actor=self.office, signed_for_by="联络员 01", on=self.day("accept"))
        if self.reaches("in_progress"):
            self._work(assignment)
        return assignment

    def _work(self, assignment: Assignment) -> None:
        outcomes.add_progress(
            assignment,
            actor=self.system,
            text="已到现场查看两次，办法正在小区公示，收到意见 6 条。",
            on=self.day("progress"),
        )
        if self.matter.twist == "extension":
            outcomes.ask_extension(
                assignment,
                actor=self.system,
                due_wanted=next_workday(assignment.due_on + timedelta(days=30)),
                reason="材料到货推迟",
                on=self.today,
            )
        if self.reaches("replied"):
            on = self.day("reply")
            outcomes.reply_assignment(
                assignment,
                actor=self.office,
                reply_class="A",
                measures="现场施工三天，张贴告知书，安排专人看护。",
                result="已按共识办完，群众当场试用。",
                contact_on=on,
                contact_method="phone",
                contact_note="已告知反映人办理结果",
                on_paper=True,
                on=on,
            )
        if self.reaches("verified"):
            outcomes.verify_assignment(
                assignment,
                actor=self.cast.accounts["nq-zuzhang"],
                method="site",
                finding="到现场看过，属实。",
                on=self.day("verify"),
            )
        if self.reaches("closed"):
            outcomes.close_assignment(assignment, actor=self.office, on=self.day("close"))

    def _ask(self, outcome: Outcome) -> None:
        good = 20 + self.dice.randrange(20)
        outcomes.record_satisfaction(
            Outcome.objects.get(pk=outcome.pk),
            actor=self.office,
            process=(good, 3, 1),
            result=(good - 2, 5, 1),
            raiser_result="satisfied",
            on=self.day("ask"),
        )

    def _notice(self, topic: Topic, outcome: Outcome) -> None:
        notice = outcomes.draft_notice(
            actor=self.clerk,
            host=self.cast.host,
            kind="outcome",
            title=f"{self.matter.title}协商成果公示",
            text=DONE.format(self.matter.title, len(self.matter.agreed), self.matter.unit),
            topic=Topic.objects.get(pk=topic.pk),
            outcome=Outcome.objects.get(pk=outcome.pk),
            places=[f"{_village(self.matter.region)}公开栏"],
            summary=f"{self.matter.title}：已经办好，有不同意见请打电话。",
            on=self.day("notice"),
        )
        if self.reaches("notice_reviewed"):
            notice = outcomes.review_notice(
                notice, actor=self.office, secrecy="open", secrecy_basis="不涉及秘密和个人信息", on=self.day("review")
            )
        if self.reaches("posted"):
            notice = outcomes.post_notice(notice, actor=self.office, on=self.day("post"))
        if self.matter.twist == "taken_down":
            outcomes.withdraw_notice(notice, actor=self.office, reason="照片里有无关群众，重新整理后再发")
        if self.matter.twist == "corrected":
            self._correct(notice)

    def _correct(self, notice: PublicNotice) -> None:
        draft = outcomes.correct_notice(notice, actor=self.clerk, reason="完成日期写错")
        draft = outcomes.review_notice(draft, actor=self.office, secrecy="open", secrecy_basis="只改日期")
        outcomes.post_notice(draft, actor=self.office)

    # other ends -----------------------------------------------------------------------------------------------------

    def returned(self, topic: Topic) -> Topic:
        return topics.return_topic(
            topic, actor=self.office, reason="请补充在哪一片空地、大约多少人用", on=self.day("pool")
        )

    def declined(self, topic: Topic) -> Topic:
        return topics.decline_topic(
            topic,
            actor=self.office,
            reason="属于个人之间的纠纷，不适合协商议事",
            reply_text="谢谢您反映。这件事属于邻里纠纷，请找村人民调解委员会，或打法律援助电话 12348。",
            on=self.day("pool"),
        )

    def transferred(self, topic: Topic) -> Topic:
        return topics.transfer_topic(
            topic,
            actor=self.office,
            to_unit="12345 政务服务热线",
            reason="信号配时由交警部门直接办理更快",
            reply_text="谢谢您反映。已转 12345 热线办理，可凭回执号查询。",
            on=self.day("pool"),
        )

    def merged(self, topic: Topic) -> Topic:
        target = Topic.objects.get(host=self.cast.host, title="电动车集中充电点太少")
        return topics.merge_topic(
            topic, actor=self.office, into=target, reason="同一小区的同一件事", on=self.day("pool")
        )

    def withdrawn(self, topic: Topic) -> Topic:
        return topics.withdraw_topic(
            topic, actor=self.office, reason="社区已换好器材", on=self.day("pool"), on_behalf_of="居民（样例）"
        )


_ENDINGS = {
    "returned": Player.returned,
    "declined": Player.declined,
    "transferred": Player.transferred,
    "merged": Player.merged,
    "withdrawn": Player.withdrawn,
    "cancelled": Player._cancelled_session,
}


def play_year(cast: Cast, matters: tuple[Matter, ...], today: date) -> list[Topic]:
    """Play every matter; the same seed gives the same year."""
    dice = random.Random(SEED)  # noqa: S311  a sample, not a secret
    played = [Player(cast, matter, today, dice).play() for matter in matters]
    outcomes.expire_notices()
    return played


def _village(code: str) -> str:
    """The words below a township, as a village speaks of itself."""
    return f"{TOWNSHIPS.get(f'{code[:9]}000', '')}村（社区）"


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 0)))
