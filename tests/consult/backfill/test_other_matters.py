"""Matters unlike the five: other ends, several sessions, bench sessions, notices of other kinds."""

import textwrap

import pytest

from consult.desk.backfill.loading import load_file
from members.models import Account
from outcomes.chain import build_chain
from outcomes.models import PublicNotice
from sessions.models import Minutes
from topics.models import Topic

pytestmark = pytest.mark.django_db

TOPIC = """
    key: {key}
    host: "341103000000"
    profile: {profile}
    topic:
      title: 桥头坡道照明
      source: resident
      region: "341103005001"
      category: 公共设施
      problem: 坡道晚上看不清，老人摔过两次。
      raised_on: 2022-03-01
      raised_by: {{category: resident, name: 居民代表}}
"""
SCREENED = (
    "    screening: {{date: 2022-03-03, small_cut: true, wide_reach: true, vital_interest: true, "
    "decision: {decision}{more}}}\n"
)
CLAIM = "    claim: {date: 2022-03-05, member: 委员甲, promised_on: 2022-05-01}\n"


@pytest.fixture
def load(tmp_path):
    def _load(text, name="case.yaml"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        result = load_file(path, actor=Account.objects.system())
        assert [str(problem) for problem in result.problems] == []
        return result.topic

    return _load


def begin(key="light", profile="micro", decision="pool", more="", claim=True):
    text = TOPIC.format(key=key, profile=profile) + SCREENED.format(decision=decision, more=more)
    return text + (CLAIM if claim and decision == "pool" else "")


def test_a_slip_that_waits(load):
    assert load(TOPIC.format(key="light", profile="micro")).state == "submitted"


def test_a_matter_in_the_pool(load):
    assert load(begin(claim=False)).state == "pooled"


@pytest.mark.parametrize(
    ("decision", "more", "state"),
    [
        ("decline", ", reason: 个人纠纷, reply: 请找人民调解", "declined"),
        ("transfer", ", to_unit: 12345, reason: 由热线直接办, reply: 已转办", "transferred"),
    ],
)
def test_a_matter_that_ends_at_screening(load, decision, more, state):
    assert load(begin(decision=decision, more=more)).state == state


def test_a_matter_merged_into_another(load):
    target = load(begin(claim=False))
    merged = load(begin(key="same", decision="merge", more=", into: light, reason: 同一件事"), "same.yaml")
    assert (merged.state, merged.merged_into_id) == ("merged", target.pk)


SESSION = """
      - title: {title}
        form: {form}
        venue_kind: {venue}
        place: 桥头
        region: "341103005001"
        starts_at: {day}T09:00
        ends_at: {day}T10:30
        convenor: 同乐街道召集人
        lead_member: 委员甲
        participants:
          - {{category: resident, name: 居民代表, count: {{n: 20, about: over}}, attendance: present}}
          - {{category: department, organisation: 区城管局, attendance: excused}}
        consensus:
          - {{number: {number}, text: {text}, level: agreed}}
"""


def test_two_sessions_with_minutes_each(load):
    first = SESSION.format(
        title="第一次", form="micro", venue="courtyard", day="2022-03-10", number=1, text="先装两盏灯"
    )
    second = SESSION.format(title="第二次", form="micro", venue="online", day="2022-03-24", number=2, text="再修栏杆")
    minutes = "        minutes: {{drafted_on: {0}, signed_on: {0}, signed_by: 委员甲}}\n"
    topic = load(
        begin()
        + "    sessions:"
        + first
        + minutes.format("2022-03-11")
        + second.lstrip("\n")
        + minutes.format("2022-03-25")
    )
    assert topic.state == "consulted"
    assert Minutes.objects.filter(session__topics=topic, state="signed").count() == 2
    chain = build_chain(topic, public=False)
    assert [point["number"] for one in chain["sessions"] for point in one["consensus"]] == [1, 2]
    assert chain["sessions"][0]["participants"][0]["count"] == {"n": 20, "about": "over"}


BENCH = SESSION.format(title="小板凳议事", form="bench", venue="square", day="2022-03-10", number=1, text="先装两盏灯")
HANDLED = """
    outcome: {effects: [resolved], submitted_to: [同乐街道], submitted_on: 2022-03-12}
    assignments:
      - number: 1
        matter: 装灯
        fulfils: [1]
        lead_unit: 区城管局
        assisting: [万桥社区]
        issued_by: 同乐街道
        issued_on: 2022-03-14
        due_on: 2022-04-14
        funds: {amount: 12000, kind: budget, source: 街道经费}
        progress: [{date: 2022-03-20, text: 已勘查, spent: 3000}]
        reply: {date: 2022-04-10, class: C, result: 列入下半年计划}
        verification: {date: 2022-04-12, by: 委员甲, method: phone, finding: 计划已下达}
        closed_on: 2022-04-13
"""


def test_a_bench_session_needs_no_minutes(load):
    topic = load(begin() + "    sessions:" + BENCH + HANDLED)
    assert topic.state == "closed"
    assert topic.assignments.get().get_state_display()


@pytest.mark.parametrize("kind", ["topic", "announcement", "progress"])
def test_notices_of_other_kinds(load, kind):
    notice = (
        f"    notice: {{kind: {kind}, title: 坡道照明公示, text: 坡道照明进展。, posted_on: 2022-05-03, days: 3}}\n"
    )
    topic = load(begin() + "    sessions:" + BENCH + HANDLED + notice)
    posted = PublicNotice.objects.get(topic=topic)
    assert (posted.kind, posted.posted_on.isoformat()) == (kind, "2022-05-03")


def test_a_host_that_is_not_here_yet_is_set_up_without_accounts(load):
    topic = load(begin().replace('"341103000000"', '"341102000000"').replace('"341103005001"', '"341102007001"'))
    assert topic.host.region_code == "341102000000"
    assert Account.objects.filter(is_system=False).count() == 0
    assert Topic.objects.count() == 1
