"""One county's whole work, with a person of unmistakable name and number behind every row, and who may ask for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from consult.delivery import tell
from consult.delivery.models import Robot
from consult.files import copies
from consult.files.services import store_file
from members.states import Role
from outcomes import services as outcomes
from sessions import services as sessions
from sessions.models import MinutesComment, RemarkLink
from sessions.services import sign_ups
from tests.consult.files.samples import jpeg
from tests.factories import notices, people
from tests.factories import outcomes as results
from tests.factories import sessions as meetings
from tests.factories import topics as matters
from topics import services as topics

#: Names of people, and numbers that look real; each stands in one place only.
NAMES = {
    "raiser": "顾砚秋",
    "follower": "闵若梧",
    "resident at the session": "束怀瑾",
    "who waits for a seat": "鹿鸣皋",
    "left on paper": "印存墨",
    "who was telephoned": "展望舒",
}
NUMBERS = {
    "raiser": "13655501101",
    "follower": "13655501102",
    "objector": "13655501103",
    "account": "13655501104",
    "who waits for a seat": "13655501105",
}
#: Stands in what is not released only.
DRAFT_WORD = "紫荆巷"


class World:
    """Everything belongs to 南谯区; 琅琊区 is next door, 滁州市 above both."""

    def __init__(self) -> None:
        self.host, self.next_door = people.host(), people.host(people.LANGYA)
        self.office = people.office(self.host, phone=NUMBERS["account"])
        self.neighbour = people.office(self.next_door)
        self.registrar = people.account(Role.REGISTRAR, self.host)
        self.supervisor = people.supervisor()
        self.unit = results.unit(self.host)
        self.liaison = results.liaison(self.unit)
        self._matter()
        self._session()
        self._follow_up()
        self._notices()
        self._directory()

    def _matter(self) -> None:
        self.topic = matters.slip(
            self.host,
            title=f"{DRAFT_WORD}的路灯不亮",
            raiser={
                "category": "resident",
                "name": NAMES["raiser"],
                "phone": NUMBERS["raiser"],
                "consented": True,
            },
        )
        self.raiser = self.topic.raisers.get()
        follower = {"name": NAMES["follower"], "phone": NUMBERS["follower"], "consented": True}
        topics.follow_topic(self.topic, actor=self.office, raiser=follower)
        self.photo = self._file(self.topic)
        soon = timezone.localdate() + timedelta(days=2)
        self.visit = topics.note_visit(actor=self.office, host=self.host, visited_on=soon, findings=[DRAFT_WORD])
        topics.show_contact(self.raiser, actor=self.office)
        topics.pool_topic(self.topic, actor=self.office, profile="micro", category="公共设施", **matters.CHECKS)
        today = timezone.localdate()
        topics.claim_topic(self.topic, actor=self.office, promised_on=today, claimed_name="委员小组")

    def _file(self, subject: Any) -> Any:
        upload = SimpleUploadedFile("现场.jpg", jpeg(), "image/jpeg")
        return store_file(
            actor=self.office,
            subject=subject,
            upload=upload,
            kind="photo",
            host_id=self.host.pk,
            region_code=matters.WANQIAO,
        )

    def _session(self) -> None:
        self.session = meetings.planned(self.host, topics=[self.topic], title=f"{DRAFT_WORD}微协商")
        named = {"category": "resident", "name": NAMES["resident at the session"]}
        self.line = sessions.add_participant(self.session, actor=self.office, **named)
        sessions.offer_seats(self.session, actor=self.office, seats=1)
        token = sign_ups.sign_up_token(self.session)
        sign_ups.sign_up(token, key=uuid4(), name="有座的人", category="resident")
        words = {"name": NAMES["who waits for a seat"], "phone": NUMBERS["who waits for a seat"]}
        self.sign_up = sign_ups.sign_up(token, key=uuid4(), category="resident", **words).row
        self.session = sessions.announce_session(self.session, actor=self.office, short_notice_reason="约好了")
        self.session = sessions.open_session(self.session, actor=self.office)
        self.statement = sessions.add_statement(
            self.session, NAMES["resident at the session"], "resident", "晚上看不见路。", actor=self.office
        )
        slip_of_the_pen = sessions.add_statement(
            self.session, "村民代表", "resident", "记错的一句。", actor=self.office
        )
        sessions.remove_statement(slip_of_the_pen, actor=self.office)
        self.struck = self.session.struck_lines.get()
        self.point = sessions.agree_point(self.session, self.topic, "月底前修好。", actor=self.office)
        self.dissent = sessions.keep_dissent(self.session, self.topic, "电费另议。", "物业", actor=self.office)
        sessions.mark_attendance(self.line, "present", actor=self.office)
        self.session = sessions.close_session(self.session, actor=self.office)
        self.item = self.session.agenda.first()
        self.minutes = meetings.signed(self.session)
        self.minutes_file = self._file(self.minutes)
        self.remark_link = RemarkLink.objects.create(
            minutes=self.minutes,
            participant=self.session.participants.first(),
            made_by=self.office,
            expires_at=timezone.now() + timedelta(days=14),
        )
        self.remark = MinutesComment.objects.create(
            minutes=self.minutes,
            number=1,
            version=1,
            text=DRAFT_WORD,
            by=NAMES["resident at the session"],
            recorded_by=self.office,
        )
        self.session_file = self._file(self.session)
        self.public_copy = copies.make_copy(self.session_file, actor=self.office)
        self.room = meetings.room(self.host)

    def _follow_up(self) -> None:
        self.topic.refresh_from_db()
        outcome = outcomes.draft_outcome(self.topic, actor=self.office, summary="议定修灯")
        self.outcome = outcomes.submit_outcome(outcome, actor=self.office, submitted_to=["同乐街道"])
        self.assignment = results.issued(outcome=self.outcome, lead=self.unit, fulfils=[self.point])
        outcomes.sign_for(self.assignment, actor=self.office, signed_for_by=NAMES["left on paper"])
        self.assignment.refresh_from_db()
        results.reply(self.assignment, contact_note=f"{NAMES['who was telephoned']}说满意")
        self.task_file = self._file(self.assignment)
        said = {"date": timezone.localdate(), "text": DRAFT_WORD, "recorded_by": self.office}
        self.progress = self.assignment.progress.create(**said)

    def _notices(self) -> None:
        words = {"title": f"{DRAFT_WORD}协商成果公示", "text": f"{DRAFT_WORD}的路灯修好了。"}
        self.draft = notices.drafted(topic=self.topic, on=timezone.localdate(), **words)
        self.reviewed = notices.reviewed(topic=self.topic, on=timezone.localdate(), **words)
        self.posted = notices.running(self.host)
        self.withdrawn = notices.withdrawn(self.host, title="撤下的公示标题", text="撤下的公示正文。")
        outcomes.record_objection(self.posted, actor=self.office, text="还有一处没修。", contact=NUMBERS["objector"])

    def _directory(self) -> None:
        self.unit_page = self.unit
        self.member = people.member(self.host, name="委员甲")
        self.group = people.group(self.host, self.member)
        self.membership = self.group.memberships.get()
        self.convenor = people.convenor(self.host, matters.TONGLE)
        self.mandate = self.office.mandates.get()
        tell(self.office, key="leak", title="给办公室的消息", body="只给他看")
        self.message = self.office.inbox.get(key="leak")
        self.robot = Robot.objects.create(
            host_id=self.host.pk, name="工作群", service="wecom", sealed="-", set_by=self.office
        )

    # addresses

    def arguments(self, name: str, wanted: set[str]) -> dict[str, Any]:
        """What stands in the address of a page, for the county's own thing."""
        if not wanted:
            return {}
        space, _, page = name.rpartition(":")
        made = {
            "line": lambda: (
                {
                    **dict.fromkeys(["uninvite", "mark_attendance", "queue"], self.line),
                    **dict.fromkeys(
                        ["leave", "proxy", "renew_slip", "count_among", "mend_line", "show_phone"], self.line
                    ),
                    **dict.fromkeys(["change_statement", "remove_statement"], self.statement),
                    **dict.fromkeys(["change_point", "remove_point"], self.point),
                    **dict.fromkeys(["remove_dissent", "change_dissent"], self.dissent),
                    "read_back": self.point,
                    "withdraw_sign_up": self.sign_up,
                    "restore_line": self.struck,
                    **dict.fromkeys(["answer_comment", "adopt_comment"], self.remark),
                    **dict.fromkeys(["renew_remark_link", "revoke_remark_link"], self.remark_link),
                }[page].uuid
            ),
            "item": lambda: self.item.uuid,
            "session": lambda: self.session.uuid,
            "file": lambda: (self.minutes_file if page == "minutes_file" else self.photo).uuid,
            "copy": lambda: self.public_copy.uuid,
            "size": lambda: "full",
            "format": lambda: "jpg",
            "mandate": lambda: self.mandate.uuid,
            "membership": lambda: self.membership.pk,
            "key": lambda: "contact.phone",
            "code": lambda: "000000" if space == "live" else people.NANQIAO,  # no screen shows these figures
            "token": lambda: "A" * 52,  # nobody made it; what a good one opens is asked in tests/sessions
            "year": lambda: 2026,
            "entry": lambda: self.progress.uuid,
            "nth": lambda: 1,
            "channel": lambda: "mail",
            "kind": lambda: "assignment",
            "uuid": lambda: self.subject(space, page).uuid,
        }
        return {argument: made[argument]() for argument in wanted}

    def subject(self, space: str, page: str) -> Any:
        """The thing an address is about; a new address has to be told here."""
        if space == "api":
            return self._of_api(page.partition("-")[0])
        known: dict[str, Any] = {
            "topics:receipt": self.raiser,
            "topics:show_contact": self.raiser,
            "sessions:reply": self.line,
            "outcomes:file": self.task_file,
            "outcomes:unit": self.unit,
            "outcomes:issue": self.outcome,
            "outcomes:draft_outcome": self.topic,
            "outcomes:draft_notice": self.topic,
            "desk:chain": self.topic,
            "desk:handover": self.office,
            "desk:message": self.message,
            "desk:read": self.message,
            "desk:robot_remove": self.robot,
            "desk:test_robot": self.robot,
            "topics:visit": self.visit,
            "topics:accept": self.visit,
            "topics:set_aside": self.visit,
            **dict.fromkeys(["sessions:answer_comment", "sessions:adopt_comment"], self.minutes),
            **dict.fromkeys(["sessions:seal", "sessions:sealed_text"], self.minutes),
            **dict.fromkeys(["sessions:remark_links", "sessions:make_remark_link"], self.minutes),
            **dict.fromkeys(["sessions:renew_remark_link", "sessions:revoke_remark_link"], self.minutes),
            **dict.fromkeys(
                ["sign_in:done", "sign_in:floor", "sign_in:joined"], self.session
            ),  # no signing in bears this name
            "phone:claim": self.topic,
            "phone:invitation": self.line,
            "phone:sitting": self.session,
        }
        if f"{space}:{page}" in known:
            return known[f"{space}:{page}"]
        if space == "sessions" and "minutes" in page and page != "draft_minutes" or page == "versions":
            return self.minutes
        if space == "sessions" and page.startswith("room"):
            return self.room
        if space == "outcomes" and "notice" in page or page.endswith("_objection"):
            return self.draft
        if space == "outcomes" and (page in OUTCOME_PAGES or page.endswith("_outcome")):
            return self.outcome
        if space == "members":
            return self._of_members(page)
        if space == "files":
            return self.session_file
        return {"topics": self.topic, "sessions": self.session, "outcomes": self.assignment, "board": self.posted}[
            space
        ]

    def _of_api(self, noun: str) -> Any:
        return {
            "topics": self.topic,
            "sessions": self.session,
            "rooms": self.room,
            "visits": self.visit,
            "outcomes": self.outcome,
            "assignments": self.assignment,
            "notices": self.draft,
            "organisations": self.unit,
            "members": self.member,
            "groups": self.group,
            "convenors": self.convenor,
        }[noun]

    def _of_members(self, page: str) -> Any:
        for word in ("account", "mandate"):
            if page.startswith(word):
                return self.office
        return next(
            getattr(self, {"organisation": "unit"}.get(word, word))
            for word in ("organisation", "member", "group", "convenor")
            if page.startswith(word)
        )


OUTCOME_PAGES = {
    *("slips", "slip_sheet", "enter_forms"),
    "outcome",
    "nothing_to_assign",
    "record_benefits",
    "record_satisfaction",
    "explain_dissatisfaction",
}


def addresses(patterns: Any = None, spaces: tuple[str, ...] = ()) -> list[tuple[str, URLPattern, set[str]]]:
    """Every page and endpoint of the platform: its name, its pattern, what stands in its address."""
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            outer = set(pattern.pattern.converters)
            for name, one, wanted in addresses(pattern.url_patterns, inner):
                found.append((name, one, wanted | outer))
        else:
            wanted = set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
            found.append((":".join([*spaces, pattern.name or "?"]), pattern, wanted))
    return found


def soon(days: int = 30) -> str:
    return str(timezone.localdate() + timedelta(days=days))
