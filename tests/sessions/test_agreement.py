"""One session with every class, proxies, leave, walk-ins, people counted together, people who left: one set of figures.

Wherever somebody reads how many came, he reads the same: on the sheet, the desk of the recorder, the screen of the
hall, the page of closing, in the minutes and their check, in the API, in what is released, in the members' duties.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.desk.queries import duty, phone
from consult.errors import WrongState
from outcomes.chain import build_chain
from outcomes.services.notices.boards import figures_of
from sessions import services
from sessions.models import ConsultSession
from sessions.services import pulse, sign_in, slips
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db

#: Class as people read it, who came, who was expected.
CLASSES = {
    "群众": (8, 10),
    "村（社区）": (0, 1),
    "职能部门": (1, 2),
    "企业、物业": (2, 1),
    "政协委员": (3, 4),
    "人大代表": (1, 1),
    "专家": (0, 1),
    "外籍人士": (1, 1),
    "其他": (3, 0),
}
CAME, EXPECTED = 19, 21
#: Each member, how he came, and how many sessions his duties count.
MEMBERS = {"周委员": 1, "吴委员": 0, "郑委员": 0, "孙委员": 0, "钱委员": 1}
PAIR = r"(\d+)\s*/\s*(\d+)"


@pytest.fixture
def hall():
    """The roster as it was planned, and as it went."""
    host = people.host()
    office = people.office(host)
    members = {name: people.member(host, people.account("member", host), name=name) for name in MEMBERS}
    roster = [
        {"category": "resident", "name": "居民代表", "count": 8, "chosen_how": "抽签"},
        {"category": "resident", "name": "王秀兰", "chosen_how": "各楼推选"},
        {"category": "resident", "name": "李大伯", "chosen_how": "各楼推选"},
        {"category": "village", "organisation_name": "万桥社区"},
        {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
        {"category": "department", "organisation_name": "区城管局", "name": "副局长"},
        {"category": "enterprise", "organisation_name": "安居物业", "name": "物业经理"},
        {"category": "deputy", "name": "区人大代表"},
        {"category": "expert", "name": "给排水专家"},
        {"category": "foreign", "name": "外籍住户"},
        *({"category": "member", "member": members[name]} for name in ("周委员", "吴委员", "郑委员", "孙委员")),
    ]
    session = make.announced(host, participants=roster, starts_at=make.soon(1), actor=office)
    line = {one.name or one.organisation_name: one for one in session.participants.all()}
    slips.reply_by_link(slips.slip_token(line["李大伯"]), reply="excused", reason="去县城看病")
    services.reply_invitation(line["郑委员"], actor=members["郑委员"].account, reply="excused", reason="开会")
    session = services.open_session(session, actor=office)

    link = sign_in.admit(sign_in.screen_token(session))

    def scan(name: str, category: str, **words):
        return sign_in.check_in(link, key=uuid4(), name=name, category=category, **words)

    def mark(name: str, mark: str = "present", **words):
        services.mark_attendance(line[name], mark, actor=office, **words)

    scan("三单元老周", "resident")  # behind 居民代表, who are eight
    scan("五单元小陈", "resident")
    mark("居民代表", came=6)
    scan("王秀兰", "resident")
    scan("隔壁小区的人", "resident", listed_in="apart")
    mark("股室负责人", proxy_name="科员小周", proxy_reason="局里开会")
    mark("副局长", "excused")
    scan("物业经理", "enterprise")
    scan("过路商户", "enterprise")
    sign_in.check_in(session, actor=members["周委员"].account, key=uuid4(), how="self")
    mark("吴委员", proxy_name="他的秘书", proxy_reason="出差")
    sign_in.check_in(link, actor=members["钱委员"].account, key=uuid4(), category="member")
    mark("区人大代表")
    mark("给排水专家")
    mark("给排水专家", "")  # taken back: it was somebody else
    scan("外籍住户", "foreign")
    services.add_participant(session, actor=office, category="other", name="旁听的学生", count=3)
    joke = scan("孙悟空", "other")
    services.mark_attendance(session.participants.get(pk=joke.participant_id), "", actor=office)
    services.mark_left(session.participants.get(name="王秀兰"), actor=office)
    services.mark_left(session.participants.get(name="过路商户"), actor=office)
    return {"host": host, "office": office, "session": session, "members": members}


def text_of(client, path: str) -> str:
    """A page as it is read: without markup, spaces drawn together."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def classes_in(text: str, between: str = " ") -> dict[str, tuple[int, int]]:
    found = {}
    for label in CLASSES:
        if match := re.search(re.escape(label) + re.escape(between) + PAIR, text):
            found[label] = (int(match[1]), int(match[2]))
    return found


def everywhere(client, hall, *, running: bool) -> None:
    session = ConsultSession.objects.with_head_counts().get(pk=hall["session"].pk)
    client.force_login(hall["office"])
    base = f"/sessions/{session.uuid}"

    assert {one["label"]: (one["present"], one["expected"]) for one in sign_in.counts(session)} == CLASSES
    assert (session.came, session.expected) == (CAME, EXPECTED)

    record = text_of(client, f"{base}/record/")
    assert f"签到 {CAME} / {EXPECTED}" in record
    assert classes_in(record) == CLASSES
    parts = text_of(client, f"{base}/record/parts/?since=")
    assert f"签到 {CAME} / {EXPECTED}" in parts
    assert classes_in(parts) == CLASSES

    sheet = text_of(client, f"{base}/print/sheet/")
    assert f"实到 {CAME} 人，应到 {EXPECTED} 人" in sheet
    assert classes_in(sheet) == CLASSES
    assert "孙悟空" not in record + parts + sheet

    data = client.get(f"/api/v1/sessions/{session.uuid}/").json()
    assert (data["attendance"]["present"], data["attendance"]["expected"]) == (CAME, EXPECTED)
    found = {one["label"]: (one["present"], one["expected"]) for one in data["attendance"]["classes"]}
    assert found == CLASSES

    pulse.forget_all()
    screen = text_of(client, f"/live/{services.screen_of(session).code}/")
    if running:
        assert f"{CAME} / {EXPECTED} 人已到" in screen
        assert classes_in(screen) == CLASSES
        closing = text_of(client, f"{base}/close/")
        assert re.search(rf"到会 {CAME}\b", closing), closing[-900:]
    else:
        assert f"到会 {CAME} 人" in screen


def test_everybody_reads_the_same_figures(client, hall):
    session, office = hall["session"], hall["office"]
    services.issue_screen(session, actor=office)
    services.add_statement(session, by="居民代表", category="resident", text="先把门打开。", actor=office)
    services.agree_point(session, session.topics.get(), "月底前交接。", "agreed", actor=office)
    everywhere(client, hall, running=True)
    session = services.close_session(session, actor=office)
    everywhere(client, hall, running=False)

    minutes = services.draft_minutes(session, actor=office)
    page = text_of(client, minutes.get_absolute_url())
    assert f"到会 {CAME} 人" in page
    assert f"到会人数与签到一致，{CAME} 人" in page
    present = next(line for line in minutes.body.splitlines() if line.startswith("出席："))
    excused = next(line for line in minutes.body.splitlines() if line.startswith("请假："))
    absent = next(line for line in minutes.body.splitlines() if line.startswith("缺席："))
    for words in ("居民代表（6", "王秀兰", "科员小周", "他的秘书", "旁听的学生（3", "钱委员"):
        assert words in present, present
    assert [name for name in ("李大伯", "副局长", "郑委员") if name not in excused] == []
    assert [name for name in ("万桥社区", "给排水专家", "孙委员") if name not in absent] == []

    chain = build_chain(session.topics.get(), public=True)
    assert figures_of({"chain": chain})["residents"] == CLASSES["群众"][0]

    year = timezone.localtime(session.starts_at).year
    deeds = {name: duty.account_of(member, year).deeds for name, member in hall["members"].items()}
    assert {name: len(found) for name, found in deeds.items()} == MEMBERS
    assert {name: phone.attended(member, year) for name, member in hall["members"].items()} == MEMBERS
    by_proxy = 1
    assert sum(MEMBERS.values()) == CLASSES["政协委员"][0] - by_proxy
    for name, member in hall["members"].items():
        client.force_login(member.account)
        shown = text_of(client, reverse("phone:record"))
        assert (session.title in shown) == bool(MEMBERS[name]), name


def test_the_figures_are_those_of_the_roster_at_the_close(client, hall):
    """Nothing changes them afterwards: who comes late is refused at every door."""
    session, office = hall["session"], hall["office"]
    services.issue_screen(session, actor=office)
    link = sign_in.admit(sign_in.screen_token(session))
    services.add_statement(session, by="居民代表", category="resident", text="先把门打开。", actor=office)
    services.agree_point(session, session.topics.get(), "月底前交接。", "agreed", actor=office)
    session = services.close_session(session, actor=office)
    late = session.participants.get(name="孙委员")
    doors = [
        lambda: sign_in.check_in(link, key=uuid4(), name="迟到的人", category="other"),
        lambda: sign_in.check_in(session, actor=hall["members"]["孙委员"].account, key=uuid4(), how="self"),
        lambda: services.mark_attendance(late, "present", actor=office),
        lambda: services.add_participant(session, actor=office, category="other", name="迟到的人"),
    ]
    for door in doors:
        with pytest.raises(WrongState):
            door()
    everywhere(client, hall, running=False)
