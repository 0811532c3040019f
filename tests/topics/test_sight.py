"""Who sees which matter: the literal tables (role × state × sight) of PROCEDURE «Sight»."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from members.models import Account
from outcomes.models import PublicNotice
from sessions.models import ConsultSession, Participant, SessionTopic
from tests.factories import people
from tests.factories import topics as make
from topics.models import Topic, TopicJoint
from topics.states import TopicState

pytestmark = pytest.mark.django_db

OFFICIAL = {"office", "approver", "convenor", "supervision_office"}
HANDED_IN = OFFICIAL | {"supervisor"}

#: A matter of the division that a resident raised and nobody of the readers entered.
STRANGERS = {
    "draft": set(),
    "submitted": HANDED_IN,
    "returned": HANDED_IN,
    "pooled": HANDED_IN | {"group_leader", "member"},  # micro: waiting to be taken up
    "approved": HANDED_IN,
    "claimed": HANDED_IN,
    "scheduled": HANDED_IN,
    "consulted": HANDED_IN,
    "closed": HANDED_IN,
    "declined": HANDED_IN,
    "transferred": HANDED_IN,
    "merged": HANDED_IN,
    "withdrawn": HANDED_IN,
}

#: A matter which the reader himself entered.
ENTERED = {
    "draft": {"office", "convenor", "group_leader", "member", "village_liaison"},
    "submitted": HANDED_IN | {"group_leader", "member", "village_liaison"},
    "declined": HANDED_IN | {"group_leader", "member", "village_liaison"},
    "closed": HANDED_IN | {"group_leader", "member", "village_liaison"},
}


def sees(account, topic) -> bool:
    account.forget_mandates()
    listed = Topic.objects.visible_to(account).filter(pk=topic.pk).exists()
    assert account.has_perm("topics.view_topic", topic) is listed
    return listed


def who_sees(accounts, topic) -> set[str]:
    return {role for role, account in accounts.items() if sees(account, topic)}


@pytest.mark.parametrize("state", TopicState.values)
def test_who_sees_the_matter_of_a_stranger(state):
    host = people.host()
    accounts = make.everyone(host)
    assert who_sees(accounts, make.in_state(state, host)) == STRANGERS[state]


def test_formal_matters_in_the_pool_are_not_shown_to_members():
    host = people.host()
    assert who_sees(make.everyone(host), make.pooled(host, "formal")) == HANDED_IN


@pytest.mark.parametrize("state", ENTERED)
def test_who_sees_what_he_entered(state):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.in_state(state, host)
    seen = set()
    for role, account in accounts.items():
        Topic.objects.filter(pk=topic.pk).update(entered_by=account)
        if sees(account, topic):
            seen.add(role)
    assert seen == ENTERED[state]


@pytest.mark.parametrize("by", ["member", "group_leader"])
def test_members_see_what_they_or_their_group_took_up(by):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.claimed(host, by=accounts[by])
    expected = {"member": {"member"}, "group_leader": {"member", "group_leader"}}[by]
    assert who_sees(accounts, topic) == HANDED_IN | expected


def test_a_raiser_with_an_account_sees_his_matter_when_he_is_a_member():
    host = people.host()
    accounts = make.everyone(host)
    topic = make.slip(host, raiser={"account": accounts["member"], "on_behalf": True, "category": "member"})
    assert who_sees(accounts, topic) == HANDED_IN | {"member"}


def a_session(topic, state="announced", **changes) -> ConsultSession:
    now = timezone.now()
    session = ConsultSession.objects.create(
        host=topic.host,
        region_code=topic.region_code,
        state=state,
        moved_at=now,
        form="micro",
        venue_kind="courtyard",
        place="院坝",
        title="微协商",
        starts_at=now,
        ends_at=now + timezone.timedelta(hours=2),
        created_by=make.clerk(topic.host),
        **changes,
    )
    SessionTopic.objects.create(session=session, topic=topic)
    return session


@pytest.mark.parametrize(("state", "called"), [("planned", set()), ("announced", {"member"}), ("held", {"member"})])
def test_members_see_the_topics_of_sessions_they_are_called_to(state, called):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.scheduled(host)
    session = a_session(topic, state)
    Participant.objects.create(session=session, category="member", name="委员", member=accounts["member"].member)
    assert who_sees(accounts, topic) == HANDED_IN | called


def test_who_moderates_or_records_a_session_sees_its_topics():
    host = people.host()
    accounts = make.everyone(host)
    topic = make.scheduled(host)
    a_session(topic, "planned", recorder=accounts["member"], moderator=accounts["group_leader"])
    assert who_sees(accounts, topic) == HANDED_IN | {"member", "group_leader"}


@pytest.mark.parametrize(
    ("state", "released"),
    [
        ("drafted", set()),
        ("reviewed", set()),
        ("posted", {"village_liaison"}),
        ("expired", {"village_liaison"}),
        ("withdrawn", set()),
    ],
)
def test_the_village_liaison_sees_released_matters_of_the_village(state, released):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.closed(host)
    PublicNotice.objects.create(
        host=host,
        region_code=topic.region_code,
        topic=topic,
        kind="outcome",
        state=state,
        moved_on=make.days_ago(1),
        title="结果公示",
        text="公厕已开门。",
        drafted_by=make.clerk(host),
        drafted_on=make.days_ago(1),
        posted_on=make.days_ago(1),
        posted_at=timezone.now(),
        expires_on=make.days_ago(-5),
        secrecy="open",
        reviewed_on=make.days_ago(1),
        reviewed_by=people.office(host),
        posted_by=people.office(host),
        reason="写错了",
        withdrawn_on=make.days_ago(0),
        snapshot={},
        sha256="0" * 64,
        number="公示〔2026〕1号",
    )
    assert who_sees(accounts, topic) == HANDED_IN | released


@pytest.mark.parametrize("relation", ["lead", "assisting"])
def test_a_unit_sees_the_matter_of_its_assignment_but_not_whole(relation):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.consulted(host)
    unit, other = accounts["liaison"].mandates.get().organisation, people.organisation(host)
    make.assignment(topic, lead=unit if relation == "lead" else other, assisting=[unit] if relation != "lead" else [])
    assert who_sees(accounts, topic) == HANDED_IN | {"liaison", "unit_chief"}
    whole = {role for role, account in accounts.items() if account.has_perm("topics.see_whole_topic", topic)}
    assert whole == HANDED_IN


def test_who_reads_names_and_who_may_look_at_a_number():
    host = people.host()
    accounts = make.everyone(host)
    topic = make.pooled(host)
    names = {role for role, account in accounts.items() if account.has_perm("topics.see_names_topic", topic)}
    numbers = {role for role, account in accounts.items() if account.has_perm("topics.show_contact_topic", topic)}
    assert names == OFFICIAL
    assert numbers == {"office", "convenor"}


def test_nobody_of_a_sibling_county_sees_anything():
    topic = make.pooled(people.host())
    sibling = make.everyone(people.host(people.LANGYA))
    del sibling["supervisor"]  # of the prefecture above both
    assert who_sees(sibling, topic) == set()


def test_a_convenor_sees_his_township_only():
    host = people.host()
    convenor = people.account("convenor", host, region_code=make.TONGLE)
    assert sees(convenor, make.slip(host, region_code=make.WANQIAO))
    assert not sees(convenor, make.slip(host, region_code=make.JINGNAN))


def test_a_city_group_working_in_a_district_sees_the_city_matters_of_that_district():
    city, district = people.host(people.CHUZHOU), people.host()
    member = people.account("member", city, region_code=people.NANQIAO)
    assert sees(member, make.pooled(city, region_code=make.WANQIAO))
    assert not sees(member, make.pooled(city, region_code="341102004000"))
    assert not sees(member, make.pooled(district))


def test_a_joint_filing_is_seen_by_both_hosts():
    city, district = people.host(people.CHUZHOU), people.host()
    topic = make.slip(city, region_code=make.WANQIAO, joint_hosts=[district])
    assert sees(people.office(district), topic)
    assert not sees(people.office(people.host(people.LANGYA)), topic)
    assert not people.office(district).has_perm("topics.pool_topic", topic)


def test_a_joint_filing_across_divisions_is_seen_by_who_answers_for_the_other_host():
    nanqiao, langya = people.host(), people.host(people.LANGYA)
    topic = make.slip(nanqiao, joint_hosts=[langya])
    assert sees(people.office(langya), topic)
    assert not sees(people.account("convenor", langya, region_code="341102004000"), topic)
    assert TopicJoint.objects.count() == 1


def test_a_supervisor_sees_the_divisions_below_and_no_others():
    supervisor = people.supervisor(people.CHUZHOU)
    assert sees(supervisor, make.slip(people.host(people.LANGYA)))
    assert not sees(supervisor, make.slip(people.host(people.SHUANGBAI)))
    assert not sees(supervisor, make.draft(people.host()))


def test_a_mandate_that_ended_shows_nothing():
    host = people.host()
    former = people.account()
    people.mandate(former, "office", host, valid_from=make.days_ago(400), valid_to=make.days_ago(1))
    assert not sees(former, make.slip(host))


def test_the_public_reads_released_snapshots_only():
    make.closed(people.host())
    assert list(Topic.objects.visible_to(AnonymousUser())) == []


def test_the_system_account_sees_everything():
    make.draft(people.host())
    assert Topic.objects.visible_to(Account.objects.system()).count() == 1
