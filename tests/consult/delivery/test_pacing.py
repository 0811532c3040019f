"""At once, one digest a day, never at night: each thing reaches each person once, however often the clock rings."""

import threading
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now

from consult import delivery
from consult.delivery import digests, routing, sending, wording
from consult.delivery.keeping import set_preference
from consult.delivery.models import Digest, DigestLine, InboxItem, Outgoing, Pace, Preference, SendState
from consult.delivery.pacing import default_preference, silence_left
from tests.consult.delivery import gateway
from tests.factories import people

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _gateway(settings):
    settings.EMAIL_BACKEND = gateway.EMAIL_BACKEND
    gateway.reset()


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def reader(pace=Pace.NOW, **changes):
    n = people.account(email="x@example.org", host=people.host())
    row = {"by_email": True, "by_sms": True, "digest_hour": 8, "quiet_from": None, "quiet_until": None, "kinds": {}}
    set_preference(n, pace=pace, **{**row, **changes})
    return n


def tell(account, n=0, **more):
    return delivery.tell(account, key=f"k{n}", title=f"事项 {n}", **more)


@pytest.mark.parametrize(
    ("begin", "end", "now", "hours"),
    [
        (22, 7, at(21, 59), 0),
        (22, 7, at(22), 9),
        (22, 7, at(23, 30), 7.5),
        (22, 7, at(0), 7),
        (22, 7, at(6, 59), 1 / 60),
        (22, 7, at(7), 0),
        (12, 14, at(11, 59), 0),
        (12, 14, at(13), 1),
        (12, 14, at(14), 0),
        (8, 8, at(8), 0),
        (None, None, at(3), 0),
    ],
)
def test_how_long_the_silence_lasts(begin, end, now, hours):
    preference = Preference(quiet_from=begin, quiet_until=end)
    assert silence_left(preference, now) == timedelta(hours=hours)


def test_who_has_chosen_nothing_has_the_hours_of_the_installation(settings):
    settings.DELIVERY_QUIET_HOURS = (22, 7)
    assert silence_left(default_preference(), at(23)) == timedelta(hours=8)


def test_what_comes_at_night_waits_until_morning_red_rungs_too(time_machine):
    account = reader(quiet_from=22, quiet_until=7)
    time_machine.move_to(at(23), tick=False)
    delivery.tell(account, key="reminder:assignment:1:+15:2026-11-02", title="督办")
    assert InboxItem.objects.get().kind == "report"
    assert delivery.send_due_mail() == 0 and not gateway.accepted
    row = Outgoing.objects.annotate(present=Now()).get()
    assert timedelta(hours=7, minutes=59) < row.due_at - row.present <= timedelta(hours=8)
    Outgoing.objects.update(due_at=Now())
    time_machine.move_to(at(7, day=25), tick=False)
    assert delivery.send_due_mail() == 1


def test_a_second_try_at_night_waits_as_well_and_was_no_try(time_machine):
    account = reader(quiet_from=22, quiet_until=7)
    time_machine.move_to(at(21, 50), tick=False)
    tell(account)
    gateway.fail_with(TimeoutError())
    delivery.send_due_mail()
    gateway.fail_with(None)
    time_machine.move_to(at(22, 5), tick=False)
    Outgoing.objects.update(due_at=Now())
    assert delivery.send_due_mail() == 0
    row = Outgoing.objects.get()
    assert (row.attempts, row.state, row.claim) == (1, SendState.QUEUED, None)
    assert not Outgoing.objects.due().exists()


def test_a_pace_for_one_kind_goes_before_the_pace_for_all():
    account = reader(Pace.DIGEST, kinds={"urge": "now", "topic": "inbox"})
    tell(account, 1, kind="urge")
    tell(account, 2, kind="topic")
    tell(account, 3, kind="minutes")
    assert list(Outgoing.objects.values_list("kind", flat=True)) == ["urge"]
    assert list(DigestLine.objects.values_list("item__kind", flat=True)) == ["minutes"]
    assert InboxItem.objects.count() == 3


def test_a_digest_lists_titles_and_due_dates_at_the_chosen_hour():
    account = reader(Pace.DIGEST, digest_hour=17)
    tell(account, 1, kind="remind", facts={"due": date(2026, 12, 2)})
    tell(account, 2)
    tell(account, 3, facts={"due": date(2026, 11, 27)})
    assert digests.make_digests(at(16, 59)) == 0
    assert digests.make_digests(at(17)) == 1
    assert delivery.send_due_mail() == 1
    (letter,) = gateway.sent
    assert letter.to == ["x@example.org"]
    lines = [line for line in letter.body.splitlines() if line.startswith("-")]
    assert [("事项 3" in lines[0], "2026-11-27" in lines[0]), ("事项 1" in lines[1], "2026-12-02" in lines[1])] == [
        (True, True),
        (True, True),
    ]
    assert lines[2] == "- 事项 2"


def test_each_thing_stands_in_exactly_one_digest_over_days():
    account = reader(Pace.DIGEST)
    for day in range(1, 6):
        for n in range(day):
            tell(account, f"{day}:{n}")
        for _again in range(3):
            digests.make_digests(at(9, day=day))
        tell(account, f"{day}:late")
        digests.make_digests(at(23, day=day))
    digests.make_digests(at(8, day=6))
    assert DigestLine.objects.count() == 20 and not DigestLine.objects.filter(digest=None).exists()
    assert [digest.lines.count() for digest in Digest.objects.order_by("day")] == [1, 3, 4, 5, 6, 1]
    assert Outgoing.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_make_one_digest_each():
    accounts = [reader(Pace.DIGEST) for _n in range(12)]
    for n in range(5):
        delivery.tell_all(accounts, key=f"k{n}", title=f"事项 {n}")
    barrier = threading.Barrier(8)

    def work():
        barrier.wait()
        digests.make_digests(at(8))
        delivery.send_due_mail()
        connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    delivery.send_due_mail()
    assert Digest.objects.count() == Outgoing.objects.count() == 12
    assert Counter(gateway.accepted.values()) == {1: 12}
    assert all(letter.body.count("事项") == 5 for letter in gateway.sent)


@pytest.mark.django_db(transaction=True)
def test_a_digest_that_dies_half_way_is_made_again_whole(monkeypatch):
    account = reader(Pace.DIGEST)
    tell(account)
    with monkeypatch.context() as broken:
        broken.setattr(digests, "_queue", lambda *_a: 1 / 0)
        assert digests.make_digests(at(8)) == 0
    assert not Digest.objects.exists()
    assert digests.make_digests(at(8, 5)) == 1
    assert Outgoing.objects.count() == 1


def test_a_day_without_a_clock_is_made_up_for_the_next_day():
    account = reader(Pace.DIGEST)
    tell(account)
    assert digests.make_digests(at(3, day=26)) == 0
    assert digests.make_digests(at(8, day=26)) == 1


def test_what_no_longer_holds_is_in_no_digest():
    account = reader(Pace.DIGEST)
    tell(account, 1)
    tell(account, 2)
    delivery.recall("k1")
    digests.make_digests(at(8))
    assert list(DigestLine.objects.values_list("item__key", flat=True)) == ["k2"]
    delivery.recall("k2")
    assert digests.make_digests(at(8, day=25)) == 0


def test_who_turns_back_to_at_once_still_gets_what_waited():
    account = reader(Pace.DIGEST)
    tell(account, 1)
    set_preference(
        account, by_email=True, by_sms=True, pace="now", digest_hour=8, quiet_from=None, quiet_until=None, kinds={}
    )
    tell(account, 2)
    assert digests.make_digests(at(8)) == 1
    assert delivery.send_due_mail() == 2


def test_a_digest_within_the_quiet_hours_is_refused():
    with pytest.raises(ValidationError) as refused:
        reader(Pace.DIGEST, digest_hour=6, quiet_from=22, quiet_until=7)
    assert set(refused.value.message_dict) == {"digest_hour"}
    reader(Pace.DIGEST, digest_hour=7, quiet_from=22, quiet_until=7)
    reader(Pace.DIGEST, digest_hour=21, quiet_from=22, quiet_until=7)


def test_telling_forty_costs_what_telling_one_costs(django_assert_num_queries):
    one, many = [reader()], [reader() for _n in range(40)]
    counts = []
    for accounts in (one, many):
        wording.memo.start_afresh()
        routing.memo.start_afresh()
        with transaction.atomic(), django_assert_num_queries(10):  # four of them savepoints
            delivery.tell_all(accounts, key=f"to{len(accounts)}", title="通知", kind="topic")
        counts.append(Outgoing.objects.count())
    assert counts == [1, 41]
    assert sending.send_due_mail() == 41
