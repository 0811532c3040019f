"""移交: what is open goes to successors in one transaction; the registrar reads kinds, numbers and counts."""

import pytest
from django.urls import reverse

from consult.audit import Entry
from consult.delivery.models import InboxItem
from consult.desk.handover import SORTS, hand_over, open_piles
from consult.desk.invariants import violations
from consult.errors import Missing, NotAllowed
from members.states import Role
from outcomes import services as outcome_services
from sessions import services as session_services
from sessions.models import Minutes
from tests.factories import outcomes, people, sessions
from tests.factories import topics as matters
from topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def registrar(host):
    return people.account(Role.REGISTRAR, host)


@pytest.fixture
def leaver(host):
    account = people.account(Role.GROUP_LEADER, host)
    people.mandate(account, Role.OFFICE, host)
    people.member(host, account)
    return account


@pytest.fixture
def successor(host):
    account = people.account(Role.GROUP_LEADER, host)
    people.mandate(account, Role.OFFICE, host)
    return account


def everything(host, leaver):
    """One open thing of each sort."""
    claim = matters.claimed(host, by=leaver)
    slip = matters.slip(host, actor=leaver)
    session = sessions.planned(host, moderator=leaver, recorder=leaver)
    minutes = session_services.draft_minutes(sessions.held(host), actor=leaver)
    outcome = outcome_services.draft_outcome(outcomes.matter(host), actor=leaver, effects=["consensus"])
    notice = outcome_services.draft_notice(
        actor=leaver, host=host, kind="announcement", title="协商预告", text="下周三商量停车的事。"
    )
    return {
        "claims": claim,
        "slips": slip,
        "sessions": session,
        "minutes": minutes,
        "outcomes": outcome,
        "notices": notice,
    }


def counts(account, registrar):
    return {pile.key: pile.count for pile in open_piles(account, registrar)}


def test_everything_open_moves_and_is_written_down(host, registrar, leaver, successor):
    made = everything(host, leaver)
    everybody = {sort.key: successor for sort in SORTS}
    before = counts(leaver, registrar)
    assert before == {"sessions": 1, "minutes": 1, "claims": 1, "slips": 1, "outcomes": 1, "notices": 1}
    entries = Entry.objects.count()
    assert hand_over(leaver, actor=registrar, to=everybody) == before
    assert counts(leaver, registrar) == {}
    assert counts(successor, registrar) == before
    verbs = list(Entry.objects.order_by("pk")[entries:].values_list("verb", flat=True))
    assert verbs == [
        "session.hand_over",
        "minutes.hand_over",
        "topic.hand_over",
        "topic.hand_over",
        "outcome.hand_over",
        "notice.hand_over",
    ]
    assert {entry.actor_id for entry in Entry.objects.order_by("pk")[entries:]} == {registrar.pk}
    assert InboxItem.objects.filter(account=successor).count() == 6
    for thing in made.values():
        thing.refresh_from_db()
    assert (made["sessions"].moderator, made["sessions"].recorder) == (successor, successor)
    assert made["minutes"].drafted_by == successor
    assert [str(one) for one in violations(["I12"]) if "hand_over" in str(one)] == []


def test_the_promise_stays_and_the_member_changes(host, registrar, leaver, successor):
    people.member(host, successor)
    claim = matters.claimed(host, by=leaver)
    hand_over(leaver, actor=registrar, to={"claims": successor})
    after = Topic.objects.get(pk=claim.pk)
    assert (after.claimed_by, after.claimed_member, after.promised_on) == (
        successor,
        successor.member,
        claim.promised_on,
    )
    assert after.state == "claimed"


def test_what_is_over_stays_with_who_did_it(host, registrar, leaver, successor):
    done = matters.declined(host)
    Topic.objects.filter(pk=done.pk).update(entered_by=leaver)
    signed = sessions.signed(sessions.held(host, recorder=leaver), actor=leaver)
    assert counts(leaver, registrar) == {}
    with pytest.raises(Missing):
        hand_over(leaver, actor=registrar, to={"slips": successor})
    assert Minutes.objects.get(pk=signed.pk).drafted_by == leaver


def test_filed_minutes_stay_his_so_that_nobody_signs_his_own_words(host, registrar, leaver):
    sessions.filed(sessions.held(host), actor=leaver)
    assert counts(leaver, registrar) == {}


def test_all_or_nothing(host, registrar, leaver, successor):
    everything(host, leaver)
    unfit = people.account(Role.MEMBER, host, region_code=matters.SHIJI)
    before = counts(leaver, registrar)
    with pytest.raises(Missing) as refused:
        hand_over(leaver, actor=registrar, to={"sessions": successor, "claims": unfit})
    assert list(refused.value.fields) == ["claims"]
    assert counts(leaver, registrar) == before


def test_a_moderator_is_not_put_into_two_rooms_at_once(host, registrar, leaver, successor):
    start = sessions.soon()
    sessions.planned(host, moderator=leaver, starts_at=start)
    sessions.planned(host, moderator=successor, starts_at=start)
    with pytest.raises(Missing) as refused:
        hand_over(leaver, actor=registrar, to={"sessions": successor})
    assert list(refused.value.fields) == ["sessions"]


@pytest.mark.parametrize("who", ["office", "other_registrar", "oneself"])
def test_only_the_registrar_of_that_cppcc_hands_over(host, registrar, leaver, successor, who):
    matters.claimed(host, by=leaver)
    actors = {
        "office": people.office(host),
        "other_registrar": people.account(Role.REGISTRAR, people.host(people.LANGYA)),
        "oneself": leaver,
    }
    people.mandate(leaver, Role.REGISTRAR, host)
    with pytest.raises(NotAllowed):
        hand_over(leaver, actor=actors[who], to={"claims": successor})


def test_matters_of_another_cppcc_are_not_touched(host, registrar, leaver, successor):
    other = people.host(people.LANGYA)
    people.mandate(leaver, Role.GROUP_LEADER, other)
    matters.claimed(other, by=leaver, region_code="341102004000")
    assert counts(leaver, registrar) == {}


# the page -------------------------------------------------------------------------------------------------------------


def url_of(account):
    return reverse("desk:handover", args=[account.uuid])


def test_the_page_shows_counts_and_numbers_and_no_titles(client, host, registrar, leaver, successor):
    made = everything(host, leaver)
    client.force_login(registrar)
    text = client.get(url_of(leaver)).content.decode()
    assert made["claims"].number in text
    assert "在办 1 件" in text
    for thing in (made["claims"], made["slips"], made["sessions"], made["notices"]):
        assert thing.title not in text


def test_the_page_hands_over_and_says_so(client, host, registrar, leaver, successor):
    matters.claimed(host, by=leaver)
    client.force_login(registrar)
    answer = client.post(url_of(leaver), {"claims": str(successor.uuid)}, follow=True)
    assert answer.redirect_chain == [(leaver.get_absolute_url(), 302)]
    assert "已移交 1 件" in answer.content.decode()
    assert counts(leaver, registrar) == {}


def test_only_fitting_people_stand_to_choose(client, host, registrar, leaver, successor):
    matters.claimed(host, by=leaver)
    stranger = people.account(Role.GROUP_LEADER, people.host(people.LANGYA))
    gone = people.account(Role.GROUP_LEADER, host, is_active=False)
    client.force_login(registrar)
    choices = set(client.get(url_of(leaver)).context["form"].fields["claims"].queryset)
    assert successor in choices
    assert not {stranger, gone, leaver, registrar} & choices
    assert client.post(url_of(leaver), {"claims": str(stranger.uuid)}).status_code == 422


def test_nothing_chosen_is_said(client, host, registrar, leaver):
    matters.claimed(host, by=leaver)
    client.force_login(registrar)
    answer = client.post(url_of(leaver), {})
    assert answer.status_code == 422
    assert "至少给一类选好接手的人" in answer.content.decode()


def test_nothing_open_leads_on_to_closing(client, host, registrar, leaver):
    client.force_login(registrar)
    text = client.get(url_of(leaver)).content.decode()
    assert "没有在办事项" in text
    assert reverse("members:account_close", args=[leaver.uuid]) in text


def test_the_account_leads_to_it(client, registrar, leaver):
    client.force_login(registrar)
    assert url_of(leaver) in client.get(leaver.get_absolute_url()).content.decode()


def test_places_on_rosters_are_named(client, host, registrar, leaver):
    people.convenor(host, matters.TONGLE, account=leaver)
    people.group(host, leaver.member, leader=leaver.member)
    client.force_login(registrar)
    text = client.get(url_of(leaver)).content.decode()
    assert "现任乡镇召集人" in text
    assert "现任委员小组组长" in text


@pytest.mark.parametrize("role", ["office", "approver", "member"])
def test_others_find_no_such_page(client, host, leaver, role):
    client.force_login(matters.everyone(host)[role])
    assert client.get(url_of(leaver)).status_code == 404
