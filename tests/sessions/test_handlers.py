"""Whom sessions tell: exactly those whom the procedure names, once, and never who did it himself."""

from __future__ import annotations

import pytest

from consult.delivery.models import InboxItem
from consult.outbox import Event, relay
from sessions import services
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db


def told(prefix: str) -> set[str]:
    relay()
    items = InboxItem.objects.filter(key__startswith=prefix, recalled_at=None)
    return set(items.values_list("account__username", flat=True))


@pytest.fixture
def cast():
    host = people.host()
    found = {
        name: people.account(role, host, username=name)
        for name, role in (
            ("office2", "office"),
            ("approver", "approver"),
            ("convenor", "convenor"),
            ("leader", "group_leader"),
            ("member", "member"),
            ("bystander", "member"),
        )
    }
    people.account("office", people.host(people.LANGYA), username="elsewhere")
    return found


def test_the_notice_goes_to_everybody_called_once(cast):
    host = people.host()
    session = make.planned(host, moderator=cast["convenor"], recorder=cast["office2"])
    make.invite(session, cast["member"])
    relay()
    assert told("session.announce") == set()
    session = services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    assert told("session.announce") == {"member", "convenor", "office2"}
    Event.objects.update(delivered_at=None)
    assert told("session.announce") == {"member", "convenor", "office2"}
    assert InboxItem.objects.filter(account=cast["member"]).count() == 1


def test_who_is_invited_afterwards_gets_his_own_notice(cast):
    session = make.announced()
    assert told("session.announce") == set()
    make.invite(session, cast["member"])
    assert told("session.announce") == {"member"}


def test_postponing_recalls_and_tells_those_who_were_told(cast):
    host = people.host()
    session = make.planned(host)
    make.invite(session, cast["member"])
    session = services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    assert told("session.announce") == {"member"}
    when = make.soon(24 * 9)
    services.postpone_session(
        session, actor=make.clerk(host), starts_at=when, ends_at=make.soon(24 * 9 + 2), reason="大雨"
    )
    assert told("session.announce") == set()
    assert told("session.postpone") == {"member"}
    session.refresh_from_db()
    services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    assert told("session.announce") == {"member"}


def test_cancelling_before_the_notice_tells_nobody(cast):
    session = make.planned()
    make.invite(session, cast["member"])
    services.cancel_session(session, actor=make.clerk(session.host), reason="大雨")
    assert told("session.") == set()


def test_a_record_that_could_not_be_placed_reaches_office_and_convenor(cast):
    make.needs_decision()
    assert told("session.keep_undecided") == {"office2", "convenor"}


@pytest.mark.parametrize(
    ("form", "signers"),
    [("formal", {"approver"}), ("micro", {"approver", "convenor", "leader"})],
    ids=["formal", "micro"],
)
def test_the_signature_is_asked_of_those_who_may_give_it(cast, form, signers):
    make.filed(make.held(form=form))
    assert told("minutes.file_minutes") == signers


def test_the_drafter_hears_what_has_to_be_mended(cast):
    minutes = make.filed(make.held(), actor=cast["leader"])
    services.return_minutes(minutes, actor=cast["approver"], reason="第三条没有时限")
    assert told("minutes.return_minutes") == {"leader"}


def test_a_signature_is_told_to_the_office_and_those_who_were_there(cast):
    host = people.host()
    session = make.planned(host)
    make.invite(session, cast["member"])
    session = services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    session = services.open_session(session, actor=make.clerk(host))
    session = services.close_session(make.written(session), actor=make.clerk(host))
    make.signed(session)
    assert told("minutes.sign_minutes") == {"office2", "member"}
