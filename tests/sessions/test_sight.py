"""Who sees which session, which minutes, which room: the literal tables of PROCEDURE «Sight»."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from sessions import services
from sessions.models import ConsultationRoom, ConsultSession, Minutes
from sessions.states import MinutesState, SessionState
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from topics.models import TopicJoint

pytestmark = pytest.mark.django_db

OFFICIAL = {"office", "approver", "convenor", "supervision_office"}
BELOW = OFFICIAL | {"supervisor"}
EVERYBODY = {
    *("office", "approver", "convenor", "group_leader", "member", "village_liaison"),
    *("liaison", "unit_chief", "supervision_office", "supervisor", "registrar"),
}

#: A session of the division in which the readers have no part.
BYSTANDERS = {
    "planned": BELOW,
    "announced": BELOW,
    "in_progress": BELOW,
    "held": BELOW,
    "cancelled": BELOW,
    "needs_decision": OFFICIAL,
}

#: Every reader is on the roster: called to it once the notices have gone out.
ON_THE_ROSTER = {
    "planned": BELOW,
    "announced": EVERYBODY,
    "in_progress": EVERYBODY,
    "held": EVERYBODY,
    "cancelled": BELOW,  # called off before anybody was called
    "needs_decision": OFFICIAL,
}

#: A session on a matter which the reader took up.
ON_OWN_MATTER = {
    "planned": BELOW | {"group_leader", "member"},
    "announced": BELOW | {"group_leader", "member"},
    "held": BELOW | {"group_leader", "member"},
    "cancelled": BELOW | {"group_leader", "member"},
}

#: Minutes of a micro session in which the readers have no part.
MINUTES_MICRO = {
    "draft": {"office", "approver", "convenor"},
    "filed": {"office", "approver", "convenor"},
    "signed": BELOW,
}


def sees(account, row) -> bool:
    account.forget_mandates()
    return type(row).objects.visible_to(account).filter(pk=row.pk).exists()


def who_sees(accounts, row) -> set[str]:
    return {role for role, account in accounts.items() if sees(account, row)}


@pytest.mark.parametrize("state", SessionState.values)
def test_who_sees_a_session_he_has_no_part_in(state):
    host = people.host()
    session = make.in_state(state, host)
    accounts = make.everyone(host)
    assert who_sees(accounts, session) == BYSTANDERS[state]
    assert not sees(people.account(), session)
    assert not ConsultSession.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("state", SessionState.values)
def test_who_sees_a_session_he_is_invited_to(state):
    host = people.host()
    session = make.in_state(state, host)
    accounts = make.everyone(host)
    for account in accounts.values():
        session.participants.create(category="other", name=str(account), account=account)
    assert who_sees(accounts, session) == ON_THE_ROSTER[state]


@pytest.mark.parametrize("state", ON_OWN_MATTER)
def test_members_see_the_sessions_on_what_they_took_up(state):
    host = people.host()
    accounts = make.everyone(host)
    leader = accounts["group_leader"]
    group = leader.member.groups.get()
    topic = matters.claimed(host)
    type(topic).objects.filter(pk=topic.pk).update(claimed_group=group)
    session = make.in_state(state, host, topics=[topic])
    assert who_sees(accounts, session) == ON_OWN_MATTER[state]
    group.memberships.filter(member=accounts["member"].member).update(until=timezone.localdate().replace(year=2022))
    assert not sees(accounts["member"], session)


@pytest.mark.parametrize("part", ["moderator", "recorder", "created_by"])
def test_who_has_a_part_in_a_session_sees_it_in_every_state(part):
    account = people.account()
    for state in SessionState.values:
        session = make.in_state(state)
        ConsultSession.objects.filter(pk=session.pk).update(**{part: account})
        assert sees(account, session)


def test_another_county_sees_nothing_unless_it_filed_the_matter_too():
    host = people.host()
    session = make.held(host)
    beside = {"langya": people.office(people.host(people.LANGYA)), "far": people.office(people.host(people.SHUANGBAI))}
    assert who_sees(beside, session) == set()
    city = people.host(people.CHUZHOU)
    clerk = people.office(city)
    assert not sees(clerk, session)
    TopicJoint.objects.create(topic=session.topics.get(), host=city)
    assert sees(clerk, session)
    assert who_sees(beside, session) == set()


def test_a_supervisor_sees_what_lies_below_him_and_nothing_beside():
    session = make.held(people.host())
    assert sees(people.supervisor(people.CHUZHOU), session)
    assert sees(people.supervisor(people.ANHUI), session)
    assert not sees(people.supervisor("532300000000"), session)


@pytest.mark.parametrize("state", MinutesState.values)
def test_who_sees_minutes(state):
    host = people.host()
    minutes = make.MINUTES_IN_STATE[state](make.held(host))
    assert who_sees(make.everyone(host), minutes) == MINUTES_MICRO[state]
    assert not Minutes.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("part", ["moderator", "recorder"])
def test_who_runs_the_session_sees_its_unsigned_minutes(part):
    account = people.account()
    minutes = make.drafted()
    assert not sees(account, minutes)
    ConsultSession.objects.filter(pk=minutes.session_id).update(**{part: account})
    assert sees(account, minutes)


def test_who_is_invited_reads_the_minutes_once_they_are_signed():
    host = people.host()
    member = people.account("member", host)
    session = make.held(host)
    session.participants.create(category="member", name="委员", account=member)
    minutes = make.drafted(session)
    assert not sees(member, minutes)
    office = make.clerk(host)
    minutes = services.sign_minutes(
        services.file_minutes(minutes, actor=office), actor=office, on_paper=True, signed_name="分管副主席"
    )
    assert sees(member, minutes)


def test_rooms_are_seen_by_those_who_work_there():
    host = people.host()
    room = make.room(host)
    assert who_sees(make.everyone(host), room) == {
        *("office", "approver", "convenor", "group_leader", "member", "village_liaison"),
        *("supervision_office", "supervisor", "registrar"),
    }
    assert not ConsultationRoom.objects.visible_to(people.office(people.host(people.LANGYA))).exists()
    assert not ConsultationRoom.objects.visible_to(AnonymousUser()).exists()
