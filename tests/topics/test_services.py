"""What each move asks for, writes down and leaves alone."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from consult.audit.models import Entry
from consult.errors import DomainError, LostRace, Missing, NotAllowed, WrongState
from consult.numbering.models import Number
from consult.outbox.models import Event
from members.models import Account
from outcomes.models import Outcome
from tests.factories import people
from tests.factories import topics as make
from topics import services
from topics.models import Raiser, Topic
from topics.services.receipts import ALPHABET

pytestmark = pytest.mark.django_db


def refused(call) -> dict[str, list[str]]:
    with pytest.raises(Missing) as caught:
        call()
    return caught.value.fields


# handing in


def test_handing_in_leaves_a_receipt_an_entry_and_an_event():
    host = people.host()
    topic = make.slip(host)
    raiser = topic.raisers.get()
    entry = Entry.objects.about(topic).get()
    event = Event.objects.get()
    assert (topic.state, topic.raised_on, topic.number) == ("submitted", date.today(), "")
    assert (entry.verb, entry.before, entry.after, entry.matter_id) == ("topic.submit", "", "submitted", topic.pk)
    assert entry.on_behalf_of == raiser.name
    assert "南谯" in entry.mandate_text
    assert (event.name, event.payload["topic_id"], event.host_id) == ("topic.submit", topic.pk, host.pk)
    assert len(raiser.receipt) == 10
    assert set(raiser.receipt) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1Il")


def test_a_slip_of_ones_own_makes_one_the_raiser_and_a_slip_for_another_does_not():
    host = people.host()
    office = people.office(host)
    own = make.slip(host, actor=office, source="office", raiser={}).raisers.get()
    other = make.slip(host, actor=office, raiser={"name": "村民甲", "phone": "13800005566", "consented": True})
    assert (own.account, own.on_behalf) == (office, False)
    raiser = other.raisers.get()
    assert (raiser.account, raiser.on_behalf, raiser.phone_tail) == (None, True, "5566")
    assert raiser.consented_at is not None


def test_a_telephone_number_is_kept_with_consent_only():
    assert "consented" in refused(lambda: make.slip(raiser={"name": "村民甲", "phone": "13800005566"}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"region_code": "341102004000"}, "region_code"),
        ({"on": date.today() + timedelta(days=1)}, "on"),
        ({"pending_since": "去年"}, "pending_since"),
        ({"pending_since": "2014-13"}, "pending_since"),
        ({"pending_since": "2999"}, "pending_since"),
        ({"stakeholders": ["neighbours"]}, "stakeholders"),
    ],
)
def test_a_slip_that_cannot_be_is_refused_at_its_field(changes, field):
    host = people.host()
    assert list(refused(lambda: make.slip(host, **changes))) == [field]
    assert Topic.objects.count() == Raiser.objects.count() == Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "\u200b\u200b"}, "title"),
        ({"title": "公" * 101}, "title"),
        ({"problem": ""}, "problem"),
        ({"problem": "a\u202eb"}, "problem"),
        ({"region_code": "341103999999"}, "region_code"),
        ({"source": "rumour"}, "source"),
        ({"raiser": {"phone": "12345678901", "consented": True}}, "phone"),
    ],
)
def test_bad_text_is_refused_at_its_field_and_leaves_nothing(changes, field):
    host = people.host()
    with pytest.raises(ValidationError) as caught:
        make.slip(host, **changes)
    assert list(caught.value.message_dict) == [field]
    assert Topic.objects.count() == Raiser.objects.count() == Entry.objects.count() == 0


def test_the_party_and_the_government_go_through_the_office():
    host = people.host()
    accounts = make.everyone(host)
    for source in ("party", "government"):
        with pytest.raises(NotAllowed):
            make.slip(host, actor=accounts["member"], source=source)
        assert make.slip(host, actor=accounts["office"], source=source).state == "submitted"


def test_a_slip_from_elsewhere_is_not_entered():
    with pytest.raises(NotAllowed):
        make.slip(people.host(), actor=people.office(people.host(people.LANGYA)))
    township = people.account("convenor", people.host(), region_code=make.TONGLE)
    with pytest.raises(NotAllowed):
        make.slip(actor=township, region_code=make.JINGNAN)


def test_the_same_client_id_is_the_same_slip_and_not_anybody_elses():
    host, key = people.host(), uuid.uuid4()
    first = make.slip(host, client_id=key)
    assert make.slip(host, client_id=str(key)).pk == first.pk
    with pytest.raises(LostRace):
        make.slip(host, client_id=key, actor=people.office(host))
    assert Topic.objects.count() == 1


def test_a_city_hosts_a_matter_in_a_district_and_files_it_jointly():
    city, district = people.host(people.CHUZHOU), people.host()
    topic = make.slip(city, region_code=make.WANQIAO, joint_hosts=[district])
    assert list(topic.joint_hosts.all()) == [district]
    for wrong in (city, people.organisation(city)):
        assert "joint_hosts" in refused(
            lambda wrong=wrong: make.slip(city, region_code=make.WANQIAO, joint_hosts=[wrong])
        )


def test_what_is_completed_is_written_down():
    topic = make.returned()
    topic = services.resubmit_topic(
        topic, actor=make.clerk(topic.host), changes={"problem": "3 号楼东侧公厕不开门。", "place": "3 号楼"}
    )
    entry = Entry.objects.about(topic).last()
    assert (topic.state, topic.reason, topic.place) == ("submitted", "", "3 号楼")
    assert entry.data == {"changed": ["place", "problem"]}
    assert entry.on_behalf_of.startswith("居民代表")
    assert list(Topic.objects.matching("东侧")) == [topic]


def test_only_the_slip_itself_can_be_completed():
    topic = make.returned()
    changes = {"state": "pooled", "host": 1}
    assert set(refused(lambda: services.resubmit_topic(topic, actor=make.clerk(topic.host), changes=changes))) == set(
        changes
    )


# dates


def test_a_move_is_dated_neither_before_the_last_one_nor_in_the_future():
    topic = make.slip(on=make.days_ago(10))
    clerk = make.clerk(topic.host)
    for day in (make.days_ago(11), make.days_ago(-1)):
        assert "on" in refused(lambda day=day: services.return_topic(topic, actor=clerk, reason="补", on=day))
    topic = services.return_topic(topic, actor=clerk, reason="补", on=make.days_ago(10))
    assert topic.moved_on == make.days_ago(10)


def test_a_returned_slip_lapses_after_thirty_days():
    system = Account.objects.system()
    young = make.returned(on=make.days_ago(29))
    old = make.returned(on=make.days_ago(30))
    with pytest.raises(WrongState):
        services.lapse_topic(young, actor=make.clerk(young.host))
    assert services.lapse_due(actor=system) == 1
    assert services.lapse_due(actor=system) == 0
    young.refresh_from_db()
    old.refresh_from_db()
    assert (young.state, old.state) == ("returned", "declined")
    assert old.reason
    assert Entry.objects.about(old).last().actor == system


# screening


def test_a_pooled_matter_has_a_number_of_the_year_and_keeps_it():
    topic = make.pooled(on=make.days_ago(2))
    clerk = make.clerk(topic.host)
    assert "1号" in topic.number
    assert (topic.small_cut, topic.category, topic.screened_on) == (True, "公共设施", make.days_ago(2))
    number = topic.number
    topic = services.reconsider_topic(topic, actor=clerk, reason="看错了")
    assert (topic.state, topic.profile, topic.small_cut, topic.number) == ("submitted", "", None, number)
    topic = services.pool_topic(topic, actor=clerk, profile="formal", **make.CHECKS)
    assert topic.number == number
    assert Number.objects.count() == 1
    assert "2号" in make.pooled().number


@pytest.mark.parametrize("check", ["small_cut", "wide_reach", "vital_interest"])
def test_all_three_checks_must_hold(check):
    topic = make.slip()
    checks = {**make.CHECKS, check: False}
    call = lambda: services.pool_topic(  # noqa: E731
        topic, actor=make.clerk(topic.host), profile="micro", category="住房", **checks
    )
    assert list(refused(call)) == [check]
    assert Number.objects.count() == 0


def test_the_exclusion_list_says_where_to_go():
    topic = make.slip()
    call = lambda: services.pool_topic(  # noqa: E731
        topic, actor=make.clerk(topic.host), profile="micro", category="住房", excluded=True, **make.CHECKS
    )
    assert list(refused(call)) == ["excluded"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"profile": ""}, "profile"), ({"profile": "grand"}, "profile"), ({"category": ""}, "category")],
)
def test_pooling_needs_profile_and_category(changes, field):
    topic = make.slip()
    given = {"profile": "micro", "category": "住房", **make.CHECKS, **changes}
    assert list(refused(lambda: services.pool_topic(topic, actor=make.clerk(topic.host), **given))) == [field]


def test_the_raiser_is_owed_reason_and_reply():
    topic = make.slip()
    clerk = make.clerk(topic.host)
    assert "reason" in refused(lambda: services.decline_topic(topic, actor=clerk, reason=" ", reply_text="请等"))
    assert "reply_text" in refused(lambda: services.decline_topic(topic, actor=clerk, reason="诉讼"))
    assert "to_unit" in refused(
        lambda: services.transfer_topic(topic, actor=clerk, to_unit="", reason="诉讼", reply_text="请等")
    )


def test_a_decision_is_taken_back_only_while_nothing_was_built_on_it():
    clerk = make.clerk(people.host())
    claimed = services.decline_topic(make.claimed(), actor=clerk, reason="不办了", reply_text="请等")
    with pytest.raises(WrongState):
        services.reconsider_topic(claimed, actor=clerk, reason="看错了")
    merged = make.merged()
    assert services.reconsider_topic(merged, actor=clerk, reason="不是一件事").merged_into is None


# merging and splitting


def test_merged_raisers_stay_and_hear_every_later_step():
    first, second, third = make.slip(), make.slip(), make.slip()
    clerk = make.clerk(first.host)
    services.follow_topic(first, actor=clerk, raiser={"name": "村民乙", "on_behalf": True})
    services.merge_topic(first, actor=clerk, into=second)
    second = services.merge_topic(second, actor=clerk, into=third)
    assert (second.state, second.merged_into) == ("merged", third)
    heard = list(services.audience_of(third).values_list("topic_id", flat=True))
    assert sorted(heard) == sorted([first.pk, first.pk, second.pk, third.pk])
    assert [entry.verb for entry in Entry.objects.about(third)] == ["topic.submit", "topic.take_in"]


def test_what_nothing_can_be_merged_into():
    host = people.host()
    topic, clerk = make.slip(host), make.clerk(host)
    assert "into" in refused(lambda: services.merge_topic(topic, actor=clerk, into=topic))
    elsewhere = make.slip(people.host(people.LANGYA))
    assert "into" in refused(lambda: services.merge_topic(topic, actor=clerk, into=elsewhere))
    for state in ("draft", "closed", "declined", "transferred", "merged", "withdrawn"):
        with pytest.raises(WrongState):
            services.merge_topic(topic, actor=clerk, into=make.in_state(state, host))


def test_what_is_brought_in_from_paper_may_lack_a_category_and_join_a_settled_matter():
    host, system = people.host(), Account.objects.system()
    topic = make.slip(host, actor=system)
    topic = services.pool_topic(topic, actor=system, profile="micro", **make.CHECKS)
    assert (topic.state, topic.category) == ("pooled", "")
    merged = services.merge_topic(make.slip(host, actor=system), actor=system, into=make.closed(host))
    assert merged.state == "merged"


def test_a_split_leaves_the_slip_and_copies_raisers_and_followers():
    topic = make.slip(raiser={"name": "村民甲", "phone": "13800005566", "consented": True})
    clerk = make.clerk(topic.host)
    services.follow_topic(topic, actor=clerk, raiser={"name": "村民乙", "on_behalf": True})
    topic = services.split_topic(
        topic, actor=clerk, parts=[{"title": "路灯不亮"}, {"title": "垃圾没人收", "problem": "三天一次"}]
    )
    parts = list(topic.parts.order_by("pk"))
    assert topic.state == "submitted"
    assert [(part.title, part.state, part.raised_on) for part in parts] == [
        ("路灯不亮", "submitted", topic.raised_on),
        ("垃圾没人收", "submitted", topic.raised_on),
    ]
    assert [part.problem for part in parts] == [topic.problem, "三天一次"]
    for part in parts:
        assert [(r.kind, r.name, r.phone_tail) for r in part.raisers.all()] == [
            ("raiser", "村民甲", "5566"),
            ("follower", "村民乙", ""),
        ]
    receipts = Raiser.objects.values_list("receipt", flat=True)
    assert len(receipts) == len(set(receipts)) == 6
    assert list(Topic.objects.matching("路灯")) == [parts[0]]


def test_a_split_without_titles_leaves_nothing():
    topic = make.slip()
    clerk = make.clerk(topic.host)
    for parts in ([], [{"title": "路灯"}, {"title": " "}]):
        assert "parts" in refused(lambda parts=parts: services.split_topic(topic, actor=clerk, parts=parts))
    assert Topic.objects.count() == 1


# taking up


def test_an_approval_names_dates_in_order_words_year_and_committee():
    topic = make.pooled(profile="formal", on=make.days_ago(10))
    host = topic.host
    good = {
        "council_on": make.days_ago(8),
        "party_on": make.days_ago(6),
        "party_text": "同意",
        "plan_year": 2026,
        "lead_committee": make.committee(host),
    }
    approver = people.approver(host)

    def approve(**changes):
        return lambda: services.approve_topic(topic, actor=approver, **{**good, **changes})

    empty = dict.fromkeys(good)
    assert set(refused(approve(**{**empty, "party_text": ""}))) == set(good)
    assert list(refused(approve(council_on=make.days_ago(5)))) == ["party_on"]
    assert list(refused(approve(council_on=make.days_ago(11)))) == ["council_on"]
    assert list(refused(approve(party_on=make.days_ago(-1)))) == ["party_on"]
    stranger = make.committee(people.host(people.LANGYA))
    assert list(refused(approve(lead_committee=stranger))) == ["lead_committee"]
    done = approve()()
    assert (done.state, done.approved_by, done.approved_on) == ("approved", approver, date.today())


def test_the_office_records_the_paper_and_approves_nothing_itself():
    topic = make.pooled(profile="formal")
    office = people.office(topic.host)
    given = {
        "council_on": topic.moved_on,
        "party_on": topic.moved_on,
        "party_text": "同意",
        "plan_year": 2026,
        "lead_committee": make.committee(topic.host),
    }
    assert "on_paper" in refused(lambda: services.approve_topic(topic, actor=office, **given))
    topic = services.approve_topic(topic, actor=office, on_paper=True, on_behalf_of="县政协主席", **given)
    entry = Entry.objects.about(topic).last()
    assert (topic.approved_by, entry.on_behalf_of, entry.data) == (None, "县政协主席", {"on_paper": True})


def test_a_dropped_matter_waits_in_the_pool_without_its_approval():
    topic = make.approved()
    topic = services.drop_topic(topic, actor=people.approver(topic.host), reason="今年不议")
    assert (topic.state, topic.reason, topic.approved_on, topic.lead_committee) == ("pooled", "今年不议", None, None)


def test_a_leader_takes_up_for_his_group_and_a_member_for_himself():
    host = people.host()
    accounts = make.everyone(host)
    by_leader = make.claimed(host, by=accounts["group_leader"])
    by_member = make.claimed(host, by=accounts["member"])
    assert (by_leader.claimed_by, by_leader.claimed_group.memberships.count()) == (accounts["group_leader"], 2)
    assert (by_member.claimed_member, by_member.claimed_group) == (accounts["member"].member, None)
    other = people.group(host, people.member(host))
    with pytest.raises(NotAllowed):
        services.claim_topic(make.pooled(host), actor=accounts["member"], promised_on=make.days_ago(-9), group=other)


def test_a_promise_has_a_day_that_is_not_past():
    topic = make.pooled()
    member = people.account("member", topic.host)
    assert "promised_on" in refused(lambda: services.claim_topic(topic, actor=member, promised_on=None))
    past = make.days_ago(1)
    assert "promised_on" in refused(lambda: services.claim_topic(topic, actor=member, promised_on=past))


def test_the_office_says_for_whom_it_records_a_claim():
    topic = make.pooled()
    office = people.office(topic.host)
    day = make.days_ago(-30)
    assert "group" in refused(lambda: services.claim_topic(topic, actor=office, promised_on=day))
    topic = services.claim_topic(topic, actor=office, promised_on=day, claimed_name="同乐街道委员小组")
    assert (topic.claimed_by, Entry.objects.about(topic).last().on_behalf_of) == (None, "同乐街道委员小组")


def test_a_claim_given_back_leaves_no_trace_at_the_matter():
    topic = make.claimed()
    topic = services.release_claim(topic, actor=make.clerk(topic.host), reason="排不开")
    assert (topic.state, topic.claimed_on, topic.claimed_name, topic.promised_on) == ("pooled", None, "", None)
    assert Entry.objects.about(topic).last().on_behalf_of == "万桥社区委员小组"


# studies


def test_a_study_that_arrives_late_keeps_its_own_dates_and_is_written_once():
    topic = make.consulted(on=make.days_ago(20))
    key = uuid.uuid4()
    given = {
        "actor": make.clerk(topic.host),
        "date_from": make.days_ago(19),
        "date_to": make.days_ago(18),
        "places": ["万桥新苑"],
        "findings": ["已建成未移交"],
        "support": [{"group": "赵洼村民组", "households": 23, "before": 9, "after": 21}],
        "client_id": key,
    }
    study = services.study_topic(topic, **given)
    assert services.study_topic(topic, **given).pk == study.pk
    topic.refresh_from_db()
    assert (topic.state, topic.moved_on) == ("consulted", make.days_ago(20))
    assert study.support[0]["after"] == 21


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_to": make.days_ago(6)}, "date_to"),
        ({"date_from": make.days_ago(50)}, "date_from"),
        ({"date_to": make.days_ago(-1)}, "on"),
        ({"places": []}, "places"),
        ({"findings": [" "]}, "findings"),
        ({"support": [{"group": "赵洼", "households": 3, "after": 4}]}, "support"),
        ({"support": [{"group": "赵洼", "after": -1}]}, "support"),
    ],
)
def test_what_a_study_needs(changes, field):
    topic = make.claimed(on=make.days_ago(10))
    given = {"date_from": make.days_ago(5), "places": ["万桥"], "findings": ["未移交"], **changes}
    assert field in refused(lambda: services.study_topic(topic, actor=make.clerk(topic.host), **given))


# driven


def test_a_matter_goes_back_where_it_came_from():
    clerk = make.clerk(people.host())
    for state in ("approved", "claimed"):
        topic = services.schedule_topic(make.in_state(state), actor=clerk)
        assert services.unschedule_topic(topic, actor=clerk).state == state


def test_a_further_round_has_its_reason_and_begins_when_there_is_an_outcome():
    topic = make.consulted()
    clerk = make.clerk(topic.host)
    assert "further_round_reason" in refused(lambda: services.schedule_topic(topic, actor=clerk))
    topic = services.schedule_topic(topic, actor=clerk, reason="人没到齐")
    assert (topic.round, topic.round_reason) == (1, "人没到齐")
    topic = services.conclude_topic(topic, actor=clerk)
    Outcome.objects.create(
        topic=topic,
        host=topic.host,
        region_code=topic.region_code,
        moved_on=topic.moved_on,
        drafted_by=clerk,
        drafted_on=topic.moved_on,
    )
    topic = services.schedule_topic(topic, actor=clerk, reason="回头再议")
    assert topic.round == 2
    assert services.unschedule_topic(topic, actor=clerk).round == 1


def test_a_reopened_assignment_opens_the_matter_once():
    topic = make.closed()
    clerk = make.clerk(topic.host)
    topic = services.return_to_consulted(topic, actor=clerk, reason="又锁上了")
    assert (topic.state, topic.closed_on) == ("consulted", None)
    entries = Entry.objects.count()
    assert services.return_to_consulted(topic, actor=clerk).state == "consulted"
    assert Entry.objects.count() == entries


# receipts and contacts


def test_a_receipt_needs_the_last_four_digits():
    topic = make.slip(raiser={"name": "村民甲", "phone": "13800005566", "consented": True})
    raiser = topic.raisers.get()
    assert services.find_by_receipt(raiser.receipt, "5566") == raiser
    assert services.find_by_receipt(f" {raiser.receipt.lower()} ", " 5566 ") == raiser
    for receipt, tail in ((raiser.receipt, "5567"), (raiser.receipt, ""), ("ABCDEFGHJK", "5566"), ("", "")):
        assert services.find_by_receipt(receipt, tail) is None


def test_a_receipt_without_a_telephone_shows_state_and_dates_only():
    raiser = make.slip().raisers.get()
    assert services.find_by_receipt(raiser.receipt).phone_tail == ""


def test_looking_at_a_number_is_written_down():
    topic = make.slip(raiser={"name": "村民甲", "phone": "13800005566", "consented": True})
    raiser = topic.raisers.get()
    assert services.show_contact(raiser, actor=people.office(topic.host)) == "13800005566"
    entry = Entry.objects.about(topic).last()
    assert (entry.verb, entry.data) == ("topic.show_contact", {"raiser": str(raiser.uuid)})
    with pytest.raises(NotAllowed):
        services.show_contact(raiser, actor=people.approver(topic.host))


def test_following_twice_is_following_once():
    topic = make.pooled()
    member = people.account("member", topic.host)
    first = services.follow_topic(topic, actor=member)
    assert services.follow_topic(topic, actor=member) == first
    assert (first.kind, first.account) == ("follower", member)
    with pytest.raises(NotAllowed):
        services.follow_topic(make.slip(), actor=member)


def test_similar_titles_are_found_among_what_one_sees():
    host = people.host()
    found = make.slip(host, title="龙蟠南苑三期充电桩不够用")
    make.slip(host, title="妥甸镇老街雨天积水")
    make.slip(people.host(people.LANGYA), title="龙蟠南苑充电桩")
    office = people.office(host)
    assert list(Topic.objects.visible_to(office).similar_to("南苑三期电瓶车充电桩太少")) == [found]


# races


@pytest.mark.usefixtures("transactional_db")
def test_two_clerks_pool_one_slip_and_one_of_them_is_refused():
    topic = make.slip()
    clerks = [people.office(topic.host), people.office(topic.host)]
    outcomes = _together(
        lambda clerk: services.pool_topic(topic, actor=clerk, profile="micro", category="住房", **make.CHECKS), clerks
    )
    assert sorted(outcomes) == ["ok", "wrong_state"]
    assert Number.objects.count() == 1
    assert Entry.objects.filter(verb="topic.pool").count() == Event.objects.filter(name="topic.pool").count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_two_slips_merged_into_each_other_at_once_end_in_one():
    first, second = make.slip(), make.slip()
    clerk = make.clerk(first.host)
    outcomes = _together(
        lambda pair: services.merge_topic(pair[0], actor=clerk, into=pair[1]), [(first, second), (second, first)]
    )
    assert sorted(outcomes) == ["ok", "wrong_state"]
    assert sorted(Topic.objects.values_list("state", flat=True)) == ["merged", "submitted"]


@pytest.mark.usefixtures("transactional_db")
def test_eight_numbers_taken_at_once_have_no_gap():
    host = people.host()
    slips = [make.slip(host) for _n in range(8)]
    clerk = make.clerk(host)
    outcomes = _together(
        lambda one: services.pool_topic(one, actor=clerk, profile="micro", category="住房", **make.CHECKS), slips
    )
    assert outcomes == ["ok"] * 8
    assert sorted(Number.objects.values_list("n", flat=True)) == list(range(1, 9))


def _together(call, arguments) -> list[str]:
    gate, outcomes = threading.Barrier(len(arguments)), []

    def run(argument):
        try:
            gate.wait()
            call(argument)
            outcomes.append("ok")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[argument]) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
