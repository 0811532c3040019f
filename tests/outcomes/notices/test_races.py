"""Two clerks at once, with real threads: one wins, the other is told."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from consult.errors import DomainError
from consult.numbering.services import gaps
from outcomes import services
from outcomes.models import Board, PublicNotice
from outcomes.services.notices import broken_releases, check_boards
from tests.factories import notices, people

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """What each came to: "done" or the code of its refusal."""
    barrier, results = Barrier(len(works)), [""] * len(works)

    def run(place, work):
        try:
            barrier.wait()
            work()
            results[place] = "done"
        except DomainError as error:
            results[place] = error.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_two_posters_take_one_number():
    host = people.host()
    notice = notices.reviewed(host)
    one, two = notices.reviewer(host), people.approver(host)
    works = [lambda who=who: services.post_notice(notice, actor=who) for who in (one, two)]
    assert at_once(*works) == ["done", "wrong_state"]
    assert PublicNotice.objects.exclude(number="").count() == 1
    assert gaps() == [] and broken_releases() == []


def test_posting_and_returning_exclude_each_other():
    host = people.host()
    notice = notices.reviewed(host)
    who = notices.reviewer(host)
    results = at_once(
        lambda: services.post_notice(notice, actor=who),
        lambda: services.return_notice(notice, actor=who, reason="再看看"),
    )
    assert results == ["done", "wrong_state"]
    assert gaps() == []


def test_many_notices_at_once_run_without_gaps_and_all_are_counted():
    host = people.host()
    who = notices.reviewer(host)
    waiting = [notices.reviewed(host) for _each in range(6)]
    assert at_once(*[lambda n=n: services.post_notice(n, actor=who) for n in waiting]) == ["done"] * 6
    numbers = sorted(PublicNotice.objects.values_list("number", flat=True))
    assert [number[-2] for number in numbers] == list("123456")
    assert Board.objects.get(host=host).totals["all"] == 6
    assert check_boards() == [] and gaps() == []


def test_the_end_of_the_period_and_taking_down():
    host = people.host()
    notice = notices.posted(host, days=1)
    who = notices.reviewer(host)
    results = at_once(
        lambda: services.withdraw_notice(notice, actor=who, reason="有误"),
        lambda: services.expire_notices(),
    )
    assert results == ["done", "done"]
    notice.refresh_from_db()
    assert notice.state == "withdrawn"
    assert check_boards() == [] and broken_releases() == []
