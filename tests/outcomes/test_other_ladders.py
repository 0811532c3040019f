"""The same engine pursues what the CPPCC owes itself: who, on which rung, until it moves; limits keep their dates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consult import calendar, options
from consult.outbox import relay
from consult.reminders import ladders, run_ladders
from consult.reminders.models import Reminder
from consult.reminders.slots import claim_slot
from members.models import Account
from outcomes import services
from outcomes.models import Product, PublicNotice, SatisfactionSurvey
from outcomes.services.assignments import last_day_to_send_back
from sessions import services as session_services
from sessions.services import minutes_due_on
from tests.factories import outcomes as make
from tests.factories import people, sessions, topics
from topics import services as topic_services
from topics.services.handing_in import lapse_due

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def host():
    made = people.host()
    people.approver(made)
    topics.clerk(made)
    return made


def told(kind, *, standing=True):
    rows = Reminder.objects.filter(kind=kind)
    rows = rows.filter(cancelled_at=None) if standing else rows
    return {(row.rung, role) for row in rows.select_related("account") for role in _roles(row.account)}


def _roles(account):
    return {mandate.role for mandate in account.mandates.all()} or {"none"}


def test_every_kind_is_registered():
    assert sorted(ladders()) == sorted(
        [
            *("assignment", "screening", "returned", "claim", "session_close", "session_decide"),
            *("minutes_draft", "minutes_file", "minutes_sign", "objection", "satisfaction", "explanation"),
            *("review", "recheck"),
        ]
    )


def due_of(kind, item):
    return next(due.due_on for due in ladders()[kind].dues(TODAY()) if due.item_id == item.pk)


def climb(due_on, host):
    for n in (-1, 0, 1, 5):
        day = calendar.add_working_days(due_on, n, host.pk)
        run_ladders(day)
        run_ladders(day)


RUNGS = {"T-1", "due", "+1", "+5"}


def test_screening_is_asked_of_the_office_and_at_last_of_the_approver(host):
    topic = topics.slip(host)
    due_on = due_of("screening", topic)
    assert due_on == calendar.add_working_days(topic.moved_on, 3, host.pk)
    climb(due_on, host)
    assert {("T-1", "office"), ("due", "office"), ("+1", "office"), ("+5", "approver")} <= told("screening")
    assert ("+5", "office") not in told("screening") and ("due", "approver") not in told("screening")
    count = Reminder.objects.filter(kind="screening", item_id=topic.pk).count()
    assert (
        count
        == Reminder.objects.filter(kind="screening", item_id=topic.pk).values("rung", "account").distinct().count()
    )


def test_what_moved_falls_silent_at_once(host):
    topic = topics.slip(host)
    run_ladders(due_of("screening", topic))
    assert told("screening")
    topic_services.return_topic(topic, actor=topics.clerk(host), reason="写清地点")
    relay()
    assert not told("screening") and told("screening", standing=False)


def test_a_returned_slip_reminds_who_handed_it_in(host):
    topic = topics.returned(host)
    due_on = due_of("returned", topic)
    assert due_on == topic.moved_on + timedelta(days=30)
    run_ladders(calendar.add_working_days(due_on, -1, host.pk))
    assert Reminder.objects.filter(kind="returned", account=topic.entered_by).exists()


def test_a_claim_is_asked_after_by_its_promised_day(host):
    topic = topics.claimed(host)
    type(topic).objects.filter(pk=topic.pk).update(promised_on=TODAY() + timedelta(days=20))
    topic.refresh_from_db()
    assert due_of("claim", topic) == topic.promised_on
    climb(topic.promised_on, host)
    rungs = {row.rung for row in Reminder.objects.filter(kind="claim")}
    assert rungs == RUNGS
    assert {account for rung, account in told("claim") if rung == "+5"} == {"approver"}
    assert ("due", "office") in told("claim")  # taken up on paper: the office asks


def test_a_session_is_closed_by_the_day_after_it(host):
    session = sessions.in_progress(host)
    due_on = due_of("session_close", session)
    assert due_on == timezone.localdate(session.ends_at) + timedelta(days=1)
    climb(due_on, host)
    assert {row.rung for row in Reminder.objects.filter(kind="session_close")} == {"due", "+1", "+5"}


def test_minutes_are_pursued_from_drafting_to_signing(host):
    session = sessions.held(host)
    due_on = due_of("minutes_draft", session)
    assert due_on == minutes_due_on(session)
    run_ladders(due_on)
    assert told("minutes_draft")
    minutes = sessions.drafted(session)
    relay()
    assert not told("minutes_draft")
    run_ladders(due_on)
    assert told("minutes_file") and due_of("minutes_file", minutes) == due_on
    session_services.file_minutes(minutes, actor=topics.clerk(host))
    relay()
    assert not told("minutes_file")
    run_ladders(due_on)
    assert ("due", "approver") in told("minutes_sign")


def test_a_record_that_needs_a_decision_is_decided(host):
    session = sessions.needs_decision(host)
    run_ladders(due_of("session_decide", session))
    assert ("due", "office") in told("session_decide")


def test_satisfaction_and_reviews(host):
    assignment = make.closed(host, reply_class="C")
    survey = SatisfactionSurvey.objects.get(outcome=assignment.outcome)
    assert due_of("satisfaction", survey) == survey.due_on
    survey.due_on = TODAY() + timedelta(days=20)
    survey.save()
    climb(survey.due_on, host)
    assert ("due", "office") in told("satisfaction") and ("+5", "approver") in told("satisfaction")
    assert due_of("review", assignment) == assignment.next_review_on
    run_ladders(assignment.next_review_on)
    assert ("due", "office") in told("review")
    services.reopen_assignment(assignment, actor=topics.clerk(host), reason="没修好")
    relay()
    assert not told("review")


def test_long_term_products_are_looked_at_again_three_times(host):
    outcome = make.submitted(host, on=make.day(0))
    Product.objects.create(outcome=outcome, kind="village_rules", title="村规民约", text="门前三包")
    days = [calendar.add_months_workday(outcome.submitted_on, n, host.pk) for n in (3, 6, 12)]
    for day in days:
        run_ladders(day)
        run_ladders(day)
    rows = Reminder.objects.filter(kind="recheck", rung="due")
    assert sorted(set(rows.values_list("due_on", flat=True))) == days


def test_an_opinion_gets_its_answer(host):
    today = TODAY()
    notice = PublicNotice.objects.create(
        host=host,
        region_code=host.region_code,
        kind="outcome",
        state="posted",
        moved_on=today,
        title="公示",
        text="正文",
        number="县协商公〔2026〕9号",
        drafted_by=topics.clerk(host),
        drafted_on=today,
        reviewed_by=people.office(host),
        reviewed_on=today,
        secrecy="open",
        posted_on=today,
        posted_by=topics.clerk(host),
        expires_on=today + timedelta(days=9),
        snapshot={"notice": {}},
        sha256="0" * 64,
    )
    objection = notice.objections.create(received_on=today, text="数目不对", recorded_by=topics.clerk(host))
    due_on = due_of("objection", objection)
    assert due_on == calendar.add_working_days(today, 5, host.pk)
    climb(due_on, host)
    assert ("due", "office") in told("objection") and ("+5", "approver") in told("objection")
    notice.objections.update(answer="已更正", answered_on=today)
    run_ladders(due_on)
    assert not told("objection")


def test_backfilled_matters_owe_nothing(host):
    slip = topics.slip(host)
    type(slip).objects.filter(pk=slip.pk).update(case_key="old")
    assert list(ladders()["screening"].dues(TODAY())) == []


# a changed limit never moves a date already given


def change(host, key, value):
    options.set_option(host.pk, key, value, actor=Account.objects.system())


def test_a_changed_limit_moves_no_date_already_given(host):
    topic, slip = topics.returned(host), topics.slip(host)
    session, assignment = sessions.held(host), make.issued(host, on=make.day(0))
    closed = make.closed(host)
    before = (
        due_of("screening", slip),
        due_of("returned", topic),
        minutes_due_on(session),
        assignment.due_on,
        last_day_to_send_back(assignment),
        SatisfactionSurvey.objects.get(outcome=closed.outcome).due_on,
    )
    for key, value in (
        ("limits.screening_days", 9),
        ("limits.returned_lapse_days", 5),
        ("limits.minutes_days_formal", 20),
        ("limits.minutes_days_micro", 20),
        ("limits.reply_months", 12),
        ("limits.send_back_days", 1),
        ("limits.satisfaction_days", 60),
    ):
        change(host, key, value)
    assignment.refresh_from_db()
    assert before == (
        due_of("screening", slip),
        due_of("returned", topic),
        minutes_due_on(session),
        assignment.due_on,
        last_day_to_send_back(assignment),
        SatisfactionSurvey.objects.get(outcome=closed.outcome).due_on,
    )
    assert lapse_due(actor=Account.objects.system(), on=topic.moved_on + timedelta(days=6)) == 0


def test_what_is_promised_from_the_next_day_on_follows_the_new_limit(host):
    change(host, "limits.screening_days", 9)
    today = TODAY()
    assert options.promised(host.pk, "limits.screening_days", today) == 3
    assert options.promised(host.pk, "limits.screening_days", today + timedelta(days=1)) == 9
    assert [row.value for row in options.services.history(host.pk, "limits.screening_days")] == [9]


# clocks ---------------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_tells_and_recalls_nothing(host):
    assignment = make.in_progress(host, on=make.day(0))
    day = assignment.due_on
    run_ladders(day)
    before = list(Reminder.objects.values_list("pk", "cancelled_at"))
    run_ladders(day - timedelta(days=1))
    assert list(Reminder.objects.values_list("pk", "cancelled_at")) == before


def test_a_slot_that_comes_again_is_not_taken_twice():
    hour, now = timedelta(hours=1), timezone.make_aware(timezone.datetime(2026, 11, 24, 10, 30))
    assert claim_slot("job", every=hour, now=now - hour)
    assert claim_slot("job", every=hour, now=now)
    assert not claim_slot("job", every=hour, now=now - hour)
    assert claim_slot("job", every=hour, now=now + 6 * hour)  # one catch-up after an outage, not six
    assert not claim_slot("job", every=hour, now=now + 6 * hour)


def test_dates_of_an_unpublished_year_say_so_on_the_pages(host, client):
    office = people.office(host)
    assignment = make.in_progress(host, on=make.day(0))
    soon = TODAY() + timedelta(days=2)
    type(assignment).objects.filter(pk=assignment.pk).update(due_on=soon, due_provisional=True)
    client.force_login(office)
    assert (
        "暂按周末推算" in client.get("/").content.decode() or "暂按周末推算" in client.get("/today/").content.decode()
    )
