"""Every kind that is pursued: who has it in hand hears of it, and once it has moved nobody hears of it any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consult import calendar
from consult.delivery.models import InboxItem
from consult.outbox import relay
from consult.reminders import ladders, run_ladders
from consult.reminders.models import Reminder
from outcomes import services
from outcomes.models import SatisfactionSurvey
from sessions import services as session_services
from tests.factories import notices, people, sessions, topics
from tests.factories import outcomes as make
from topics import services as topic_services

pytestmark = pytest.mark.django_db
COUNTS = {"process": [1, 0, 0], "result": [1, 0, 0]}


def screening(host, clerk):
    topic = topics.slip(host)
    return topic, lambda: topic_services.return_topic(topic, actor=clerk, reason="写清地点")


def returned(host, clerk):
    topic = topics.returned(host)
    return topic, lambda: topic_services.decline_topic(topic, actor=clerk, reason="已诉讼", reply_text="请等法院。")


def claim(host, clerk):
    topic = topics.claimed(host)
    type(topic).objects.filter(pk=topic.pk).update(promised_on=timezone.localdate() + timedelta(days=20))
    return topic, lambda: topic_services.release_claim(topic, actor=clerk, reason="小组换届")


def session_close(host, clerk):
    session = sessions.written(sessions.in_progress(host))
    return session, lambda: session_services.close_session(session, actor=clerk)


def session_called_off(host, clerk):
    session = sessions.in_progress(host)
    return session, lambda: session_services.cancel_session(session, actor=clerk, reason="台风")


def record_accepted(host, clerk):
    session = sessions.needs_decision(host)
    began = timezone.now() - timedelta(hours=3)
    return session, lambda: session_services.accept_log(session, actor=clerk, starts_at=began)


def record_refused(host, clerk):
    session = sessions.needs_decision(host)
    return session, lambda: session_services.cancel_session(session, actor=clerk, reason="没有开成")


def minutes_draft(host, clerk):
    session = sessions.held(host)
    return session, lambda: sessions.drafted(session)


def minutes_file(host, clerk):
    minutes = sessions.drafted(sessions.held(host))
    return minutes, lambda: session_services.file_minutes(minutes, actor=clerk)


def minutes_sign(host, clerk):
    minutes = sessions.filed(sessions.held(host))
    words = {"on_paper": True, "signed_name": "分管副主席"}
    return minutes, lambda: session_services.sign_minutes(minutes, actor=clerk, **words)


def objection(host, clerk):
    notice = notices.running(host)
    found = services.record_objection(notice, actor=clerk, text="数目不对")
    return found, lambda: services.answer_objection(notice, actor=clerk, answer="已更正", objection=found)


def objection_withdrawn(host, clerk):
    notice = notices.running(host)
    found = services.record_objection(notice, actor=clerk, text="数目不对")
    return found, lambda: services.withdraw_notice(notice, actor=clerk, reason="重复")


def satisfaction(host, clerk):
    survey = _survey(host)
    return survey, lambda: services.record_satisfaction(survey.outcome, actor=clerk, **COUNTS)


def explanation(host, clerk):
    survey = _survey(host)
    services.record_satisfaction(survey.outcome, actor=clerk, raiser_result="unsatisfied", **COUNTS)
    explain = services.explain_dissatisfaction
    return survey, lambda: explain(survey.outcome, actor=clerk, explanation="材料月底到，到了就装。")


def _survey(host):
    return SatisfactionSurvey.objects.get(outcome=make.closed(host, on=make.day(0)).outcome)


def review(host, clerk):
    assignment = make.closed(host, reply_class="C")
    return assignment, lambda: services.reopen_assignment(assignment, actor=clerk, reason="没修好")


def looked_at_again(host, clerk):
    """A visit (回头看) found it done; one that did not would have changed nothing (below)."""
    assignment = make.closed(host, reply_class="C")
    on = timezone.localdate() + timedelta(days=20)
    type(assignment).objects.filter(pk=assignment.pk).update(next_review_on=on)
    words = {"method": "site", "finding": "路已经修好"}
    return assignment, lambda: services.record_check(assignment, actor=clerk, verdict="ok", **words)


def assignment_replied(host, clerk):
    row = make.in_progress(host, on=make.day(0))
    return row, lambda: make.reply(row)


def assignment_annulled(host, clerk):
    row = make.issued(host, on=make.day(0))
    return row, lambda: services.annul(row, actor=clerk, reason="并入另一件")


CASES = {
    "screening": ("screening", screening),
    "returned": ("returned", returned),
    "claim": ("claim", claim),
    "session closed": ("session_close", session_close),
    "session called off": ("session_close", session_called_off),
    "record accepted": ("session_decide", record_accepted),
    "record refused": ("session_decide", record_refused),
    "minutes drafted": ("minutes_draft", minutes_draft),
    "minutes filed": ("minutes_file", minutes_file),
    "minutes signed": ("minutes_sign", minutes_sign),
    "objection answered": ("objection", objection),
    "notice withdrawn": ("objection", objection_withdrawn),
    "satisfaction recorded": ("satisfaction", satisfaction),
    "explained": ("explanation", explanation),
    "reopened": ("review", review),
    "looked at again": ("review", looked_at_again),
    "replied": ("assignment", assignment_replied),
    "annulled": ("assignment", assignment_annulled),
}
#: Re-checks of long-term products pass by themselves (tests/outcomes/test_other_ladders.py).
ELSEWHERE = {"recheck"}


def test_every_kind_is_tried():
    assert {kind for kind, _case in CASES.values()} | ELSEWHERE == set(ladders())


@pytest.mark.parametrize("case", CASES)
def test_it_is_pursued_until_it_moves_and_no_longer(case):
    kind, lay_in = CASES[case]
    host = people.host()
    people.approver(host)
    item, move = lay_in(host, topics.clerk(host))
    due_on = next(due.due_on for due in ladders()[kind].dues(timezone.localdate()) if due.item_id == item.pk)

    run_ladders(due_on)
    told = Reminder.objects.filter(kind=kind, item_id=item.pk)
    count = told.count()
    assert count and not told.exclude(cancelled_at=None).exists()
    unread = InboxItem.objects.unread().filter(key__startswith=f"reminder:{kind}:{item.pk}:")
    assert unread.count() == count

    move()
    relay()
    assert not told.filter(cancelled_at=None).exists(), "told, and still standing"
    assert not unread.exists()
    for n in (1, 5, 15, 25):
        run_ladders(calendar.add_working_days(due_on, n, host.pk))
    assert told.count() == count, "told of again after it had moved"


@pytest.mark.parametrize(("verdict", "ahead"), [("not_ok", 20), ("ok", 90)])
def test_a_visit_too_early_or_in_vain_is_no_review(verdict, ahead):
    host = people.host()
    assignment = make.closed(host, reply_class="C")
    on = timezone.localdate() + timedelta(days=ahead)
    type(assignment).objects.filter(pk=assignment.pk).update(next_review_on=on)
    words = {"method": "site", "finding": "还没有动工"}
    services.record_check(assignment, actor=topics.clerk(host), verdict=verdict, **words)
    run_ladders(on)
    assert Reminder.objects.filter(kind="review", item_id=assignment.pk, cancelled_at=None).exists()
    assert list(type(assignment).objects.due_for_review(on)) == [assignment]
