"""查我的点单: receipt and the end of the telephone; nobody else's data, and no guessing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from consult.calendar import add_working_days
from consult.desk import tracking_counts
from consult.desk.models import LookupCount
from consult.desk.tracking import tell
from consult.web.callers import caller_of
from sessions import services as session_services
from tests.factories import outcomes, people, sessions
from tests.factories import topics as matters
from topics import services as topic_services
from topics.models import Raiser, Topic

pytestmark = pytest.mark.django_db

PHONE = "13800005566"


def slip(host=None, **changes):
    raiser = {"category": "resident", "name": "李秀英", "phone": PHONE, "consented": True, "on_behalf": True}
    return matters.slip(host, raiser=raiser, **changes)


def receipt_of(topic: Topic) -> str:
    return topic.raisers.first().receipt


def ask(client, receipt: str, tail: str = "5566", **headers):
    return client.post("/track/", {"receipt": receipt, "tail": tail}, **headers)


def test_the_raiser_reads_what_happens_next_and_by_when(client):
    topic = slip(title="公厕一直锁着")
    page = ask(client, receipt_of(topic))
    assert page.status_code == 200
    text = page.content.decode()
    by = add_working_days(topic.moved_on, 3, topic.host_id)
    assert f"{by.month} 月 {by.day} 日" in text
    assert "答复是否受理" in text
    assert "公厕一直锁着" in text
    assert "李秀英" not in text
    assert PHONE not in text


@pytest.mark.parametrize(
    ("receipt", "tail", "status"),
    [
        ("right", "5566", 200),
        ("right", "5567", 404),
        ("right", "", 404),
        ("AAAAAAAAAA", "5566", 404),
        ("AAAAAAAAAA", "", 404),
        ("", "5566", 422),
        ("ABC", "5566", 422),
        ("AAAAAAAAA0", "5566", 422),
        ("right", "55", 422),
        ("right", "五五六六", 422),
    ],
)
def test_only_both_together_open_it(client, receipt, tail, status):
    topic = slip()
    page = ask(client, receipt_of(topic) if receipt == "right" else receipt, tail)
    assert page.status_code == status
    if status != 200:
        assert topic.title not in page.content.decode()


def test_a_wrong_ending_and_an_unknown_receipt_read_alike(client):
    topic = slip()
    known, unknown = ask(client, receipt_of(topic), "0000"), ask(client, "AAAAAAAAAA", "0000")
    words = [
        page.content.decode().replace(receipt_of(topic), "X").replace("AAAAAAAAAA", "X") for page in (known, unknown)
    ]
    assert words[0] == words[1]
    assert "没有查到" in words[0]


def test_a_wrong_ending_and_an_unknown_receipt_cost_the_same(client, django_assert_num_queries):
    topic = slip()
    ask(client, "BBBBBBBBBB", "0000")
    for receipt in (receipt_of(topic), "AAAAAAAAAA"):
        # counted, read, looked up, two misses noted, the old ones forgotten, whether this is a demonstration
        with django_assert_num_queries(7):
            ask(client, receipt, "0000")


def test_a_receipt_may_be_copied_from_paper(client):
    receipt = receipt_of(slip())
    for typed in (receipt.lower(), f" {receipt[:5]} {receipt[5:]} ", f"{receipt[:4]}-{receipt[4:]}"):
        assert ask(client, typed).status_code == 200
    assert ask(client, receipt, "５５６６").status_code == 200


def test_without_a_telephone_it_tells_state_and_dates_only(client):
    assignment = outcomes.closed()
    topic = assignment.topic
    Topic.objects.filter(pk=topic.pk).update(title="某某小区的事")
    for tail in ("", "1234"):
        text = ask(client, receipt_of(topic), tail).content.decode()
        assert "只显示状态和日期" in text
        for hidden in ("某某小区的事", assignment.matter, assignment.lead_unit.name, "共识第 1 条", "排水沟已通"):
            assert hidden not in text
        assert "第 1 项交办已交办" in text
        assert "第 1 项交办已核验" in text


def test_with_a_telephone_it_tells_the_whole_chain_without_names(client):
    host = people.host()
    raiser = {"category": "resident", "name": "李秀英", "phone": PHONE, "consented": True, "on_behalf": True}
    assignment = outcomes.closed(host, outcome=outcomes.submitted(host, raiser=raiser))
    text = ask(client, receipt_of(assignment.topic)).content.decode()
    for told in (assignment.matter, assignment.lead_unit.name, "共识第 1 条", "排水沟已通", "万桥社区委员小组接单"):
        assert told in text
    for hidden in ("李秀英", PHONE, str(matters.clerk(host))):
        assert hidden not in text


def test_others_in_the_same_matter_are_not_told(client):
    topic = slip()
    topic_services.follow_topic(
        topic,
        actor=matters.clerk(topic.host),
        raiser={"name": "王建国", "phone": "13900001234", "consented": True, "on_behalf": True},
    )
    text = ask(client, receipt_of(topic)).content.decode()
    assert "王建国" not in text
    follower = topic.raisers.get(name="王建国")
    text = ask(client, follower.receipt, "1234").content.decode()
    assert "李秀英" not in text
    assert "王建国" not in text


def test_a_merged_matter_tells_how_the_other_one_stands(client):
    host = people.host()
    own, other = slip(host, title="三期充电桩不够"), matters.claimed(host)
    topic_services.merge_topic(own, actor=matters.clerk(host), into=other)
    text = ask(client, receipt_of(own)).content.decode()
    assert "三期充电桩不够" in text
    assert "与另一件同类点单一起商量" in text
    assert other.title not in text
    assert "万桥社区委员小组接单" in text


def test_a_chain_of_merges_ends(client):
    host = people.host()
    first, second, third = slip(host), matters.slip(host), matters.slip(host)
    topic_services.merge_topic(first, actor=matters.clerk(host), into=second)
    topic_services.merge_topic(second, actor=matters.clerk(host), into=third)
    assert tell(Raiser.objects.get(topic=first)).topic.pk == third.pk


# what comes next ------------------------------------------------------------------------------------------------------


def next_of(topic: Topic):
    found = tell(topic.raisers.select_related("topic__host").first())
    return found.next.title, found.next.by


def test_each_state_says_what_comes_next():
    host = people.host()
    today = timezone.localdate()
    expected = {
        "submitted": ("答复是否受理", add_working_days(today, 3, host.pk)),
        "returned": ("请补充点单", today + timedelta(days=30)),
        "pooled": ("等委员接单", None),
        "approved": ("正在筹备协商会", None),
        "claimed": ("答复怎么办", today + timedelta(days=30)),
        "scheduled": ("正在筹备协商会", None),
        "consulted": ("把共识交给单位去办", None),
        "closed": ("已办结", None),
        "declined": ("不立项", None),
        "transferred": ("已转办", None),
        "withdrawn": ("已撤回", None),
    }
    assert {state: next_of(matters.in_state(state, host)) for state in expected} == expected


def test_a_session_that_is_called_is_named_with_its_day():
    host = people.host()
    topic = matters.claimed(host)
    session = sessions.announced(host, topics=[topic])
    topic.refresh_from_db()
    title, _by = next_of(topic)
    assert title.endswith("协商")
    assert f"{timezone.localtime(session.starts_at):%H:%M}" in title


def test_a_session_in_preparation_is_not_told_yet():
    host = people.host()
    topic = matters.claimed(host)
    sessions.planned(host, topics=[topic])
    topic.refresh_from_db()
    assert next_of(topic) == ("正在筹备协商会", None)


def test_minutes_then_assignments_then_satisfaction():
    host = people.host()
    session = sessions.held(host)
    topic = session.topics.first()
    assert next_of(topic) == ("写好并签发纪要", session_services.minutes_due_on(session))
    running = outcomes.in_progress(host)
    assert next_of(running.topic) == ("承办单位正在办", running.due_on)
    closed = outcomes.closed(host)
    assert next_of(closed.topic)[0] == "请说说满意不满意"


def test_what_was_agreed_is_told_when_the_minutes_are_signed():
    session = sessions.held()
    raiser = session.topics.first().raisers.select_related("topic__host").first()
    Raiser.objects.filter(pk=raiser.pk).update(phone=PHONE, phone_tail="5566")
    raiser.refresh_from_db()
    agreed = session.consensus_points.first().text

    def told():
        return " ".join(event.text for slip in tell(raiser).slips for event in slip.events)

    assert agreed not in told()
    assert "正在写纪要" in told()
    sessions.signed(session)
    assert agreed in told()


# the page itself ------------------------------------------------------------------------------------------------------


def test_it_keeps_nothing_in_the_browser_and_in_no_index(client):
    topic = slip()
    for page in (client.get("/track/"), ask(client, receipt_of(topic))):
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "no-referrer"
        assert "Cookie" not in page.get("Vary", "")


def test_it_works_without_any_cookie():
    visitor = Client(enforce_csrf_checks=True)
    assert ask(visitor, receipt_of(slip())).status_code == 200


def test_it_is_not_asked_by_address(client):
    topic = slip()
    page = client.get("/track/", {"receipt": receipt_of(topic), "tail": "5566"})
    assert page.status_code == 200
    assert topic.title not in page.content.decode()


def test_an_error_keeps_what_was_typed_and_stands_at_its_field(client):
    page = ask(client, "AB", "55")
    text = page.content.decode()
    assert 'value="AB"' in text
    assert 'value="55"' in text
    assert text.count('aria-invalid="true"') == 2
    assert "<title>要改：" in text


@pytest.mark.parametrize("receipt", ["<script>", "A" * 10_000, "\x00" * 10, "'; --", "１" * 10, "\u202e" * 10])
def test_bad_input_gets_a_sentence(client, receipt):
    assert ask(client, receipt, receipt).status_code == 422


# how often ------------------------------------------------------------------------------------------------------------


def test_one_caller_asks_so_often_and_no_more(client, monkeypatch):
    monkeypatch.setattr(tracking_counts, "PER_CALLER", 3)
    receipt = receipt_of(slip())
    assert [ask(client, receipt).status_code for _n in range(4)] == [200, 200, 200, 429]
    refused = ask(client, receipt)
    assert refused["Retry-After"] == "600"
    assert "查得太勤了" in refused.content.decode()
    assert ask(client, receipt, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_what_a_caller_says_of_himself_counts_for_nothing(client, monkeypatch, settings):
    monkeypatch.setattr(tracking_counts, "PER_CALLER", 2)
    receipt = receipt_of(slip())
    answers = [ask(client, receipt, HTTP_X_FORWARDED_FOR=f"1.2.3.{n}").status_code for n in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "caller"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:1.1.1.1", "1.1.1.1"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, caller):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert caller_of(rf.get("/track/", REMOTE_ADDR="9.9.9.9", **headers)) == caller


def test_the_ending_of_a_number_is_not_tried_out_from_many_addresses(client):
    receipt = receipt_of(slip())
    for n in range(tracking_counts.PER_RECEIPT):
        assert ask(client, receipt, f"{n:04}", REMOTE_ADDR=f"10.0.0.{n}").status_code == 404
    assert ask(client, receipt, "5566", REMOTE_ADDR="10.0.1.1").status_code == 429


def test_many_misses_of_many_callers_stop_everybody(client, monkeypatch):
    monkeypatch.setattr(tracking_counts, "TOGETHER", 3)
    for n in range(3):
        ask(client, "A" * 9 + "23456"[n], REMOTE_ADDR=f"10.0.0.{n}")
    assert ask(client, receipt_of(slip()), REMOTE_ADDR="10.0.1.1").status_code == 429


def test_whoever_cannot_be_counted_is_not_answered(client):
    receipt = receipt_of(slip())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE desk_lookupcount RENAME TO away")
        cursor.execute("SAVEPOINT before_asking")
    page = ask(client, receipt)
    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "系统这会儿答不了" in page.content.decode()


def test_counters_hold_no_address_and_are_forgotten(client):
    receipt = receipt_of(slip())
    ask(client, receipt, "0000", REMOTE_ADDR="10.1.2.3")
    assert all(len(row.bucket) == 64 for row in LookupCount.objects.all())
    LookupCount.objects.update(span=1)
    ask(client, receipt, REMOTE_ADDR="10.1.2.4")
    assert not LookupCount.objects.filter(span=1).exists()


def test_steps_under_a_slip_go_by_date():
    assignment = outcomes.closed(on=outcomes.day(30))
    found = tell(assignment.topic.raisers.select_related("topic__host").first())
    for slip in found.slips:
        days = [event.day for event in slip.events if event.day]
        assert days == sorted(days)


def test_days_that_no_source_gives_are_marked(client):
    outcome = outcomes.adopted()
    Topic.objects.filter(pk=outcome.topic_id).update(marks=["minutes", "topic.raised_on"])
    found = tell(outcome.topic.raisers.select_related("topic__host").first())
    marked = [event.text for slip in found.slips for event in slip.events if event.sample]
    assert len(marked) == 2
    assert any("纪要已签发" in text for text in marked)
    assert found.raised_sample
    assert "标“示例”的日期，来源里没有" in ask(client, found.receipt, "").content.decode()
