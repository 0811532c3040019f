"""How dates, numbers and states read; the sentences are those of the design."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template

from consult.web import drawing, words
from consult.web.states import SIGNS, position, sign
from outcomes.states import AssignmentState, NoticeState, OutcomeState
from sessions.states import MinutesState, SessionState
from topics.states import TopicState, VisitState

BEIJING = ZoneInfo("Asia/Shanghai")
TODAY = datetime.date(2026, 11, 18)
NOUNS = {
    "topic": TopicState,
    "session": SessionState,
    "minutes": MinutesState,
    "outcome": OutcomeState,
    "assignment": AssignmentState,
    "notice": NoticeState,
    "visit": VisitState,
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 11, 18, 9, 0, tzinfo=BEIJING), tick=False):
        yield


def day(text):
    return datetime.date.fromisoformat(text)


def render(text, **context):
    return Template("{% load zb %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("value", "form", "reads"),
    [
        ("2026-11-24", "table", "11-24 周二"),
        ("2026-11-24", "public", "11 月 24 日（周二）"),
        ("2026-11-24", "short", "11 月 24 日"),
        ("2026-11-24", "full", "2026 年 11 月 24 日"),
        ("2025-03-02", "table", "2025-03-02"),
        ("2025-03-02", "public", "2025 年 3 月 2 日（周日）"),
        ("2025-03-02", "short", "2025 年 3 月 2 日"),
    ],
)
def test_days(value, form, reads):
    assert words.say_day(day(value), form) == reads


@pytest.mark.parametrize(
    ("due", "done", "reads", "tone"),
    [
        ("2026-11-13", None, "超期 5 天", "zhu"),
        ("2026-11-18", None, "今天到期", "zhe"),
        ("2026-11-19", None, "明天到期", "zhe"),
        ("2026-11-20", None, "还有 2 天", "zhe"),
        ("2026-11-25", None, "还有 7 天", "zhe"),
        ("2026-11-26", None, "11-26 周四", ""),
        ("2026-10-20", "2026-10-18", "提前 2 天", "song"),
        ("2026-11-05", "2026-11-05", "按期", "song"),
        ("2026-11-05", "2026-11-08", "超期 3 天", "zhe"),
        (None, None, "没有定时限", ""),
    ],
)
def test_time_limits(due, done, reads, tone):
    read = words.read_due(due and day(due), done and day(done))
    assert (read.text, read.tone) == (reads, tone)


def test_moments_are_those_of_beijing():
    late = datetime.datetime(2026, 11, 18, 16, 30, tzinfo=datetime.UTC)
    assert words.say_moment(late) == "明天 00:30"
    assert words.say_moment(datetime.datetime(2026, 11, 24, 14, 30, tzinfo=BEIJING)) == "11-24 周二 14:30"
    start, end = (datetime.datetime(2026, 11, 19, hour, 30, tzinfo=BEIJING) for hour in (14, 16))
    assert words.say_span(start, end) == "11 月 19 日（周四） 14:30 至 16:30"


@pytest.mark.parametrize(
    ("value", "kind", "unit", "reads"),
    [
        (1000, "over", "户", "1000 余户"),
        (1000, "under", "户", "近千户"),
        (900, "under", "户", "近 900 户"),
        (10_000, "under", "人", "近万人"),
        (412, "", "件", "412 件"),
        (Decimal("36.50"), "", "万元", "36.5 万元"),
        ({"n": 1000, "about": "over"}, "", "户", "1000 余户"),
        (None, "over", "户", ""),
        (0, "", "户", "0 户"),
    ],
)
def test_rounded_figures_read_as_printed(value, kind, unit, reads):
    assert words.say_about(value, kind, unit) == reads


@pytest.mark.parametrize(
    ("yuan", "kind", "reads"),
    [
        (125_000, "", "12.5 万元"),
        (Decimal("18000000.00"), "over", "1800 余万元"),
        (980, "", "980 元"),
        (Decimal("0.50"), "", "0.5 元"),
        (100_000_000, "under", "近万万元"),
        (None, "", ""),
    ],
)
def test_amounts(yuan, kind, reads):
    assert words.say_money(yuan, kind) == reads


@pytest.mark.parametrize("noun", NOUNS)
def test_every_state_has_its_words_and_no_word_lacks_a_state(noun):
    spoken = {state.partition(":")[0] for of, state in SIGNS if of == noun}
    assert spoken == set(NOUNS[noun].values)


@pytest.mark.parametrize(
    ("noun", "state", "shade", "text", "tone", "place"),
    [
        ("topic", "draft", "", "草稿", "", 1),
        ("topic", "submitted", "", "待初审", "zhe", 1),
        ("topic", "returned", "", "已退回", "zhu", 1),
        ("topic", "pooled", "formal", "待审题会", "zhe", 1),
        ("topic", "pooled", "micro", "待接单", "zhe", 2),
        ("topic", "approved", "formal", "已立项", "dian", 2),
        ("topic", "claimed", "micro", "已接单", "dian", 3),
        ("topic", "scheduled", "", "待协商", "dian", 3),
        ("topic", "consulted", "", "已协商", "dian", 4),
        ("topic", "closed", "", "已办结", "song", 5),
        ("topic", "declined", "", "不立项", "", -1),
        ("topic", "transferred", "", "已转办", "", -1),
        ("topic", "merged", "", "已合并", "", -1),
        ("topic", "withdrawn", "", "已撤回", "", -1),
        ("session", "planned", "formal", "筹备中", "zhe", 3),
        ("session", "announced", "", "已通知", "dian", 3),
        ("session", "in_progress", "", "协商中", "dian", 3),
        ("session", "held", "formal", "待纪要", "zhe", 3),
        ("session", "held", "bench", "已协商", "song", 3),
        ("session", "held", "signed", "已出纪要", "song", 4),
        ("session", "cancelled", "", "已取消", "", -2),
        ("session", "needs_decision", "bench", "待认定", "zhu", 3),
        ("minutes", "draft", "", "草稿", "", 3),
        ("minutes", "filed", "", "待审签", "zhe", 3),
        ("minutes", "signed", "", "已签发", "song", 4),
        ("outcome", "drafted", "", "草稿", "", 4),
        ("outcome", "submitted", "", "已报送", "dian", 4),
        ("outcome", "adopted", "", "已采纳", "song", 4),
        ("outcome", "noted", "", "已阅存", "", 4),
        ("assignment", "issued", "", "待签收", "zhe", 4),
        ("assignment", "accepted", "", "已签收", "dian", 4),
        ("assignment", "sent_back", "", "已退办", "zhu", 4),
        ("assignment", "in_progress", "", "办理中", "dian", 4),
        ("assignment", "replied", "", "待核验", "zhe", 4),
        ("assignment", "verified", "", "已核验", "song", 4),
        ("assignment", "closed", "", "已销号", "song", 5),
        ("assignment", "annulled", "", "已撤销", "", -4),
        ("notice", "drafted", "", "草稿", "", 4),
        ("notice", "reviewed", "", "待发布", "zhe", 4),
        ("notice", "posted", "", "公示中", "zhe", 5),
        ("notice", "expired", "", "公示期满", "song", 5),
        ("notice", "withdrawn", "", "已撤下", "", -4),
    ],
)
def test_the_vocabulary(noun, state, shade, text, tone, place):
    shown = sign(noun, state, shade)
    assert (str(shown.text), shown.tone) == (text, tone)
    assert shown.icon
    assert position(noun, state, shade) == place


def test_marks_say_in_words_what_they_show():
    assert 'aria-label="四单进度：第 3 单，协商解单"' in drawing.draw_marks(3)
    assert drawing.draw_marks(3).count('class="d"') == 2
    assert drawing.draw_marks(3).count('class="k"') == 1
    assert 'class="zb-marks all"' in drawing.draw_marks(5)
    assert 'class="k"' not in drawing.draw_marks(-1)


def test_the_nine_steps_name_the_current_and_the_skipped():
    ruler = render('{% nine 5 skipped="3" reason="微协商" %}')
    assert '<li class="k" aria-current="step">纪要</li>' in ruler
    assert 'title="跳过：微协商"' in ruler
    assert ruler.count('class="d"') == 3


def test_urging_stays_ink_until_it_is_a_reproach():
    assert 'class="k"' not in render('{% urge "提" %}')
    assert '<i class="k">督</i>' in render('{% urge "督" %}')


def test_a_meter_has_its_width_without_a_style():
    assert '<rect width="61%"' in render("{% meter 61 %}")
    assert '<rect width="100%"' in render("{% meter 140 %}")
    assert '<rect width="0%"' in render("{% meter None %}")


def test_what_people_typed_is_escaped():
    hostile = '"><script>alert(1)</script>'
    shown = render(
        '{% about n "over" x %}{% nine 1 skipped="2" reason=x %}{% loop steps %}{% meter 5 "" x %}{% empty x x x x %}',
        n=3,
        x=hostile,
        steps=[{"title": hostile, "lines": [hostile]}],
    )
    assert "<script>" not in shown


def test_phones_are_masked():
    assert render("{% phone '13800005566' %}") == "138****5566"
