"""Pages about notices: each person his own choices, each CPPCC its own log, secrets never shown."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from consult import delivery
from consult.delivery import routing
from consult.delivery.keeping import add_robot
from consult.delivery.models import InboxItem, Outgoing, Preference, Robot, SendState, Wording
from consult.desk.views.notices.log import why_words
from consult.outbox.models import MAX_ATTEMPTS, Event
from tests.factories import people

pytestmark = pytest.mark.django_db
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-1111-2222-3333-444444444444"
KEPT = [
    reverse("desk:log"),
    reverse("desk:events"),
    reverse("desk:channels"),
    reverse("desk:robot_new"),
    reverse("desk:wordings"),
    reverse("desk:wording", args=["urge"]),
]


@pytest.fixture(autouse=True)
def _fresh():
    routing.memo.start_afresh()


@pytest.fixture
def office():
    return people.office(people.host(), email="zhang.office@example.org", phone="13800005566")


def dead(office, count=1, **changes):
    rows = []
    for n in range(count):
        delivery.tell(office, key=f"{office.pk}:{n}", title="催办：公厕", kind="urge")
        row = Outgoing.objects.latest("pk")
        Outgoing.objects.filter(pk=row.pk).update(
            state=SendState.DEAD, attempts=7, last_error="HTTP 500", fault="server", **changes
        )
        rows.append(row)
    return rows


@pytest.mark.parametrize("url", KEPT)
def test_office_and_registrar_keep_them_and_nobody_else(client, office, url):
    host = people.host()
    seen = {}
    for role in ("office", "registrar", "member", "liaison", "convenor", "approver"):
        client.force_login(people.account(role, host))
        seen[role] = client.get(url).status_code
    client.logout()
    seen[""] = client.get(url).status_code
    assert seen == {
        "office": 200,
        "registrar": 200,
        "member": 403,
        "liaison": 403,
        "convenor": 403,
        "approver": 403,
        "": 302,
    }


def test_another_county_sees_nothing_of_it_and_sends_nothing_again(client, office):
    (row,) = dead(office)
    robot = add_robot(office.home_id, actor=office, name="督办群", service="wecom", url=HOOK, kinds=["urge"])
    event = Event.objects.create(name="topic.pool", host_id=office.home_id, attempts=3, last_error="ValueError: x")
    client.force_login(people.office(people.host(people.LANGYA)))
    for url in KEPT:
        page = client.get(url).content.decode()
        assert "督办群" not in page and "example.org" not in page and "topic.pool" not in page
    assert client.post(reverse("desk:resend"), {"one": str(row.uuid)}).status_code == 302
    row.refresh_from_db()
    assert row.state == SendState.DEAD
    for name in ("robot_remove", "test_robot"):
        assert client.post(reverse(f"desk:{name}", args=[robot.uuid])).status_code == 404
    assert client.post(reverse("desk:retry_events"), {"pick": [event.pk]}).status_code == 400
    event.refresh_from_db()
    assert event.attempts == 3
    home = people.host()
    assert client.get(reverse("desk:log") + f"?host={home.uuid}").status_code == 403


def test_the_log_masks_addresses_and_says_why(client, office):
    dead(office)
    client.force_login(office)
    page = client.get(reverse("desk:log") + "?tab=dead").content.decode()
    assert "z***@example.org" in page and "zhang.office@example.org" not in page
    assert "HTTP 500" in page and "对方服务器出错" in page and "公厕" not in page


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", ""),
        ("server away", "连不上对方服务器"),
        ("ConnectionRefusedError", "连不上对方服务器"),
        ("TimeoutError", "对方服务器没有及时回应"),
        ("SMTPRecipientsRefused 550", "对方拒收这个地址"),
        ("SMTPDataError 554", "邮件服务器拒绝了"),
        ("HTTP 302", "对方服务器拒绝了"),
        ("code 93000", "群机器人拒绝了，请检查群设置"),
        ("不允许指向内部地址", "不允许指向内部地址"),
        ("ConnectionResetError", "连接中断"),
    ],
)
def test_a_reason_is_said_in_words(note, words):
    assert why_words(note) == words


def test_filters_stand_in_the_address_and_bad_ones_are_refused(client, office):
    dead(office)
    client.force_login(office)
    log = reverse("desk:log")
    found = {
        query: len(client.get(f"{log}?{query}").context["object_list"])
        for query in (
            "",
            "tab=dead",
            "tab=sent",
            "channel=email",
            "channel=sms",
            "kind=urge",
            "kind=topic",
            "since=2020-01-01",
        )
    }
    assert found == {
        "": 1,
        "tab=dead": 1,
        "tab=sent": 0,
        "channel=email": 1,
        "channel=sms": 0,
        "kind=urge": 1,
        "kind=topic": 0,
        "since=2020-01-01": 1,
    }
    assert client.get(f"{log}?channel=pigeon").status_code == 400
    assert client.get(f"{log}?tab=nothing").status_code == 400


@pytest.mark.parametrize(
    ("data", "query", "left"), [("one", "", 2), ("pick", "", 1), ("all", "kind=urge", 0), ("all", "kind=topic", 3)]
)
def test_one_several_or_all_are_sent_again(client, office, data, query, left):
    rows = dead(office, 3)
    given = {
        "one": {"one": str(rows[0].uuid)},
        "pick": {"pick": [str(row.uuid) for row in rows[:2]]},
        "all": {"all": "1"},
    }[data]
    client.force_login(office)
    answer = client.post(f"{reverse('desk:resend')}?{query}", given)
    assert answer.status_code == 302 and answer.url.endswith(f"?{query}" if query else "/notices/")
    assert Outgoing.objects.dead().count() == left
    again = Outgoing.objects.filter(state=SendState.QUEUED)
    assert {(row.attempts, row.claim) for row in again} <= {(0, None)}


def test_sending_again_nothing_is_a_sentence(client, office):
    client.force_login(office)
    for data in ({}, {"pick": ["x"]}, {"one": "1"}):
        assert client.post(reverse("desk:resend"), data).status_code == 400


@pytest.mark.parametrize("count", [1, 30])
def test_the_log_costs_the_same_for_one_and_thirty(client, office, count, django_assert_num_queries):
    dead(office, count)
    client.force_login(office)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("desk:log")).context["object_list"]) == count


def test_failing_handlers_are_seen_and_tried_again(client, office):
    words = "ValueError: 13812345678\r\n\x1b[31m"
    failing = Event.objects.create(name="topic.pool", host_id=office.home_id, attempts=3, last_error=words)
    given_up = Event.objects.create(name="topic.claim", host_id=office.home_id, attempts=MAX_ATTEMPTS)
    Event.objects.create(name="topic.fine", host_id=office.home_id)
    client.force_login(office)
    page = client.get(reverse("desk:events"))
    assert [row.name for row in page.context["object_list"]] == ["topic.claim", "topic.pool"]
    assert "13812345678" not in page.content.decode()
    assert client.post(reverse("desk:retry_events"), {"pick": [given_up.pk]}).status_code == 302
    assert Event.objects.get(pk=given_up.pk).attempts == 0
    assert Event.objects.get(pk=failing.pk).attempts == 3
    client.post(reverse("desk:retry_events"), {"all": "1"})
    assert Event.objects.get(pk=failing.pk).attempts == 0


def test_a_robot_is_entered_tested_and_removed_and_its_secret_is_never_shown(client, office):
    client.force_login(office)
    form = {"service": "wecom", "name": "督办群", "url": HOOK, "kinds": ["urge"]}
    assert client.post(reverse("desk:robot_new"), form).status_code == 302
    robot = Robot.objects.get()
    for url in (reverse("desk:channels"), reverse("desk:robot_remove", args=[robot.uuid])):
        page = client.get(url).content.decode()
        assert "督办群" in page and "44444444" not in page and robot.sealed not in page
    assert client.post(reverse("desk:test_robot", args=[robot.uuid])).status_code == 302
    row = Outgoing.objects.get()
    assert (row.kind, row.channel, row.robot, row.account) == ("test", "robot", robot, None)
    assert client.post(reverse("desk:robot_remove", args=[robot.uuid])).status_code == 302
    assert Outgoing.objects.get().state == SendState.RECALLED
    assert client.get(reverse("desk:robot_remove", args=[robot.uuid])).status_code == 404


@pytest.mark.parametrize("url", ["https://169.254.169.254/x", "https://[::1]/x", "https://localhost./x", "https://0/x"])
def test_an_inner_address_is_refused_at_its_field(client, office, url):
    client.force_login(office)
    page = client.post(reverse("desk:robot_new"), {"service": "wecom", "name": "群", "url": url, "kinds": ["urge"]})
    assert page.status_code == 422 and page.context["form"].errors["url"]
    assert not Robot.objects.exists()


def test_a_test_goes_to_oneself_only(client, office):
    client.force_login(office)
    assert client.post(reverse("desk:test_channel", args=["email"])).status_code == 302
    assert Outgoing.objects.get().to == "zhang.office@example.org"
    assert client.post(reverse("desk:test_channel", args=["sms"])).status_code == 400
    assert client.post(reverse("desk:test_channel", args=["robot"])).status_code == 404


def test_the_preview_saves_nothing_and_shows_nasty_words_literally(client, office):
    client.force_login(office)
    url = reverse("desk:wording", args=["urge"])
    words = {"subject": "{matter} <b>x</b> %(y)s", "body": "{unit} 请于 {due} 前办结", "short": "{kind}"}
    page = client.post(url, {**words, "preview": "1"})
    text = page.content.decode()
    assert page.status_code == 200 and not Wording.objects.exists()
    assert "西二路公厕移交管理 &lt;b&gt;x&lt;/b&gt; %(y)s" in text and "区城市管理局 请于" in text
    assert client.post(url, {**words, "subject": "{{ secret }}", "preview": "1"}).status_code == 422
    assert client.post(url, words).status_code == 302
    assert Wording.objects.get().subject == words["subject"]
    delivery.tell(office, key="k", title="公厕", kind="urge")
    assert InboxItem.objects.get().title == "公厕 <b>x</b> %(y)s"
    assert client.post(url, {**words, "default": "1"}).status_code == 302
    assert Wording.objects.latest("pk").is_default
    assert client.get(reverse("desk:wording", args=["nothing"])).status_code == 404


def test_texts_left_as_they_were_are_no_wording_of_ones_own(client, office):
    client.force_login(office)
    url = reverse("desk:wording", args=["topic"])
    form = client.get(url).context["form"]
    client.post(url, {name: form[name].value() for name in ("subject", "body", "short")})
    assert Wording.objects.get().is_default


def test_everybody_sets_his_own_choices(client, office):
    other = people.account("member", people.host(), email="b@example.org")
    client.force_login(other)
    given = {
        "by_email": "on",
        "pace": "digest",
        "digest_hour": "17",
        "quiet_from": "22",
        "quiet_until": "7",
        "kind_urge": "now",
    }
    assert client.post(reverse("desk:choices"), given).status_code == 302
    row = Preference.objects.get()
    assert (row.account, row.pace, row.digest_hour, row.quiet_from, row.quiet_until, row.kinds) == (
        other,
        "digest",
        17,
        22,
        7,
        {"urge": "now"},
    )
    page = client.post(reverse("desk:choices"), {**given, "digest_hour": "3"})
    assert page.status_code == 422 and page.context["form"].errors["digest_hour"]
    assert client.post(reverse("desk:choices"), {**given, "quiet_until": ""}).status_code == 422
    client.logout()
    assert client.get(reverse("desk:choices")).status_code == 302


def test_what_is_late_by_a_lease_stands_under_waiting(client, office):
    delivery.tell(office, key="k", title="x")
    Outgoing.objects.update(due_at=Now() - timedelta(days=1))
    client.force_login(office)
    assert len(client.get(reverse("desk:log") + "?tab=waiting").context["object_list"]) == 1
