"""F15, F34, P12: text messages go once, hostile robots harm nobody else, short texts name no matter."""

import json
import logging
import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.functions import Now

from consult import delivery
from consult.delivery import routing, sending
from consult.delivery.channels import robots, wire
from consult.delivery.keeping import add_robot, remove_robot
from consult.delivery.models import ChannelName, Fault, Outgoing, Robot, SendState
from consult.delivery.sealing import Unreadable, seal, unseal
from consult.errors import NotAllowed
from tests.consult.delivery import receivers
from tests.factories import people

pytestmark = pytest.mark.django_db
PHONE = "13800005566"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(wire, "SECONDS", 1.0)
    routing.memo.forget()


@pytest.fixture
def gateway(settings):
    book = receivers.SmsGateway()
    with receivers.receiver(book) as made:
        settings.DELIVERY_INNER_HOSTS = [made.place]
        settings.DELIVERY_SMS_URL = f"http://{made.place}/sms"
        settings.DELIVERY_SMS_TOKEN = "token-of-the-gateway"
        book.made = made
        yield book


def urge(reader, n=0, **more):
    return delivery.tell(
        reader, key=f"urge:{n}", title="催办：张三的低保申请 13912345678", body="身份证丢失", kind="urge", **more
    )


def make_due():
    Outgoing.objects.filter(state=SendState.QUEUED).update(due_at=Now() - timedelta(seconds=1), claimed_until=None)


def test_nothing_is_queued_for_a_channel_that_is_not_set_up():
    urge(people.account(phone=PHONE))
    assert not Outgoing.objects.exists()


def test_a_text_message_names_no_matter_and_no_person(gateway):
    urge(people.account(phone=PHONE))
    assert sending.send_due(ChannelName.SMS) == 1
    ((to, text),) = gateway.texts
    assert to == PHONE
    assert "张三" not in text and "低保" not in text and "身份证" not in text and "1391" not in text
    assert b"Authorization: Bearer token-of-the-gateway" in gateway.made.heard[0]


def test_only_what_is_important_goes_by_text_message(gateway):
    delivery.tell(people.account(phone=PHONE), key="k", title="议题有进展", kind="topic")
    assert not Outgoing.objects.exists()


def test_the_gateway_accepts_and_hangs_and_each_message_is_sent_once(gateway):
    for n in range(5):
        urge(people.account(phone=PHONE), n)
    gateway.hangs = 2
    assert sending.send_due(ChannelName.SMS) == 0
    row = Outgoing.objects.first()
    assert (row.state, row.fault, row.last_error, row.attempts) == (SendState.QUEUED, Fault.SERVER, "TimeoutError", 1)
    make_due()
    assert sending.send_due(ChannelName.SMS) == 0
    make_due()
    assert sending.send_due(ChannelName.SMS) == 5
    assert list(gateway.taken.values()) == [1] * 5
    assert gateway.repeated == 10
    assert set(gateway.taken) == {str(row.uuid) for row in Outgoing.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_four_workers_text_600_people_once_each(gateway):
    readers = [people.account(phone=PHONE) for _n in range(30)]
    for n in range(20):
        delivery.tell_all(readers, key=f"urge:{n}", title="催办", kind="urge")
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        sending.send_due(ChannelName.SMS, 10_000)
        connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gateway.taken) == 600 and gateway.repeated == 0


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        ({"state": "refused", "code": "BLACKLIST"}, SendState.DEAD, "refused BLACKLIST"),
        ({"state": "busy"}, SendState.QUEUED, "busy"),
        ({}, SendState.QUEUED, "no answer for this message"),
        ({"state": "refused", "code": "\x1b[31mred\r\nnew line"}, SendState.DEAD, "refused [31mred new line"),
    ],
)
def test_what_a_gateway_may_answer(settings, answer, state, why):
    def answers(request, sock):
        (one,) = json.loads(request.partition(b"\r\n\r\n")[2])["messages"]
        receivers.reply(sock, body=json.dumps({"results": [{"key": one["key"], **answer}]}).encode())

    with receivers.receiver(answers) as made:
        settings.DELIVERY_INNER_HOSTS, settings.DELIVERY_SMS_URL = [made.place], f"http://{made.place}/"
        urge(people.account(phone=PHONE))
        sending.send_due(ChannelName.SMS)
    row = Outgoing.objects.get()
    assert (row.state, row.last_error) == (state, why)


# robots ---------------------------------------------------------------------------------------------------------------

PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=00000000-1111-2222-3333-444444444444",
    "dingtalk": "/robot/send?access_token=abcdef0123456789",
    "feishu": "/open-apis/bot/v2/hook/00000000-1111-2222-3333-444444444444",
}


def robot_at(settings, made, office, service="wecom", **more):
    settings.DELIVERY_INNER_HOSTS = [*settings.DELIVERY_INNER_HOSTS, made.place]
    return add_robot(
        office.home_id,
        actor=office,
        name=more.pop("name", "督办群"),
        service=service,
        url=f"http://{made.place}{PATHS[service]}",
        kinds=["urge", "report"],
        **more,
    )


@pytest.mark.parametrize("service", ["wecom", "dingtalk", "feishu"])
def test_a_robot_says_once_what_many_are_told(settings, service):
    with receivers.receiver(receivers.says(0)) as made:
        office = people.office(people.host())
        robot_at(settings, made, office, service, secret="SECabc" if service == "dingtalk" else "")
        delivery.tell_all([people.account(host=office.home) for _n in range(3)], key="k", title="张三的事", kind="urge")
        delivery.tell(office, key="other", title="不在群里说", kind="topic")
        assert sending.send_to_robots() == 1
        assert sending.send_to_robots() == 0
        (request,) = made.heard
    head, _separator, body = request.partition(b"\r\n\r\n")
    said = json.loads(body)
    text = {
        "wecom": lambda: said["text"]["content"],
        "dingtalk": lambda: said["text"]["content"],
        "feishu": lambda: said["content"]["text"],
    }[service]()
    assert "张三" not in text and text
    assert PATHS[service].encode() in head.splitlines()[0]
    assert (b"&sign=" in head and b"%25" not in head) is (service == "dingtalk")


def test_many_notices_leave_as_few_messages(settings):
    with receivers.receiver(receivers.says(0)) as made:
        office = people.office(people.host())
        robot_at(settings, made, office)
        for n in range(45):
            delivery.tell(office, key=f"k{n}", title="催", kind="urge")
        assert sending.send_to_robots() == 45
        assert len(made.heard) == 3


@pytest.mark.parametrize(
    ("answer", "state", "fault"),
    [
        (receivers.breaks, SendState.QUEUED, Fault.SERVER),
        (receivers.hangs, SendState.QUEUED, Fault.SERVER),
        (receivers.drips, SendState.QUEUED, Fault.SERVER),
        (receivers.floods, SendState.QUEUED, Fault.SERVER),
        (receivers.redirects, SendState.DEAD, Fault.MESSAGE),
        (receivers.says(45009), SendState.QUEUED, Fault.SERVER),
        (receivers.says(93000), SendState.DEAD, Fault.MESSAGE),
    ],
    ids=["500", "hangs", "one byte at a time", "huge", "redirect", "too many", "wrong key"],
)
def test_a_hostile_receiver_is_put_off_and_another_county_is_served(settings, answer, state, fault):
    with receivers.receiver(answer) as bad, receivers.receiver(receivers.says(0)) as good:
        here, there = people.office(people.host()), people.office(people.host(people.LANGYA))
        robot_at(settings, bad, here)
        robot_at(settings, good, there)
        for office in (here, there):
            for n in range(30):
                delivery.tell(office, key=f"{office.pk}:{n}", title="催", kind="urge")
        began = time.monotonic()
        assert sending.send_to_robots() == 30
        assert time.monotonic() - began < 4
        assert len(good.heard) == 2 and len(bad.heard) == 1
    rows = Outgoing.objects.filter(host_id=here.home_id)
    assert set(rows.values_list("state", "fault", "attempts")) == {(state, fault, 1)}
    assert not Outgoing.objects.due().exists()


def test_a_robot_that_never_answers_ends_among_the_given_up(settings):
    with receivers.receiver(receivers.breaks) as made:
        office = people.office(people.host())
        robot_at(settings, made, office)
        delivery.tell(office, key="k", title="催", kind="urge")
        for _n in range(7):
            make_due()
            sending.send_to_robots()
        assert len(made.heard) == 7
        make_due()
        assert sending.send_to_robots() == 0
    row = Outgoing.objects.get()
    assert (row.state, row.attempts, row.last_error) == (SendState.DEAD, 7, "HTTP 500")


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/cgi-bin/webhook/send?key=00000000-1111",
        "https://127.0.0.1/cgi-bin/webhook/send?key=00000000-1111",
        "https://localhost./cgi-bin/webhook/send?key=00000000-1111",
        "https://2130706433/cgi-bin/webhook/send?key=00000000-1111",
        "https://evil.example.com/cgi-bin/webhook/send?key=00000000-1111",
        "https://qyapi.weixin.qq.com.evil.example.com/cgi-bin/webhook/send?key=00000000-1111",
        "https://qyapi.weixin.qq.com/other?key=00000000-1111",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-1111",
    ],
)
def test_other_addresses_are_no_robots(url):
    office = people.office(people.host())
    with pytest.raises(ValidationError) as refused:
        add_robot(office.home_id, actor=office, name="群", service="wecom", url=url)
    assert set(refused.value.message_dict) == {"url"}
    assert not Robot.objects.exists()


def test_robots_are_kept_by_office_and_registrar_of_the_house():
    office, other, member = (
        people.office(people.host()),
        people.office(people.host(people.LANGYA)),
        people.account("member", people.host()),
    )
    url = f"https://qyapi.weixin.qq.com{PATHS['wecom']}"
    for stranger in (other, member):
        with pytest.raises(NotAllowed):
            add_robot(office.home_id, actor=stranger, name="群", service="wecom", url=url)
    robot = add_robot(office.home_id, actor=office, name="群", service="wecom", url=url)
    with pytest.raises(NotAllowed):
        remove_robot(robot, actor=other)


def test_a_secret_lies_sealed_and_a_removed_robot_forgets_it():
    office = people.office(people.host())
    url = f"https://qyapi.weixin.qq.com{PATHS['wecom']}"
    robot = add_robot(office.home_id, actor=office, name="群", service="wecom", url=url, kinds=["urge"])
    assert "44444444" not in robot.sealed and unseal(robot.sealed)["url"] == url
    delivery.tell(office, key="k", title="催", kind="urge")
    remove_robot(robot, actor=office)
    robot.refresh_from_db()
    assert robot.sealed == "" and Outgoing.objects.get().state == SendState.RECALLED


def test_a_seal_of_another_key_opens_with_the_earlier_key_or_not_at_all(settings):
    sealed = seal({"url": "x"})
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == {"url": "x"}


def test_no_secret_reaches_the_log(settings, caplog):
    with caplog.at_level(logging.DEBUG), receivers.receiver(receivers.breaks) as made:
        office = people.office(people.host())
        robot_at(settings, made, office)
        delivery.tell(office, key="k", title="催", kind="urge")
        sending.send_to_robots()
    assert any("not sent" in record.getMessage() for record in caplog.records)
    assert not any("44444444" in record.getMessage() for record in caplog.records)


def test_only_the_hosts_own_robots_speak(settings):
    with receivers.receiver(receivers.says(0)) as made:
        here, there = people.office(people.host()), people.office(people.host(people.LANGYA))
        robot_at(settings, made, here)
        delivery.tell(there, key="k", title="催", kind="urge")
        assert sending.send_to_robots() == 0 and made.heard == []
    assert robots.RobotChannel().is_configured()
    settings.DELIVERY_ROBOTS = False
    delivery.tell(here, key="k2", title="催", kind="urge")
    assert not Outgoing.objects.exists()
