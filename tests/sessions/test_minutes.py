"""Minutes: assembled from the record, revised without losing a word, signed by another pair of eyes, frozen."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from consult.errors import DomainError, FourEyes, LostRace, Missing, WrongState
from members.models import Account
from sessions import services
from sessions.models import Minutes, MinutesComment, MinutesRevision, RemarkLink
from sessions.services import remark_links
from sessions.states import MINUTES_WORKFLOW, MinutesState
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db

ROLES = (
    *("office", "approver", "convenor", "group_leader", "member", "village_liaison"),
    *("liaison", "unit_chief", "supervision_office", "supervisor", "registrar"),
)
OK, NO, EYES = "ok", "not_allowed", "four_eyes"

# Minutes of a session that somebody else drafted; moderator and recorder hold no mandate.
# office approver convenor leader member village liaison chief urging supervisor registrar | moderator recorder
FORMAL = {
    "draft_minutes":  (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "revise_minutes": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "circulate_minutes": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "comment_minutes": (OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK, OK),
    "make_remark_link": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "renew_remark_link": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "revoke_remark_link": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "answer_comment": (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "adopt_comment":  (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "file_minutes":   (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "return_minutes": (OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "sign_minutes":   (NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "on paper":       (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "amend_minutes":  (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK),
}  # fmt: skip
MICRO = {
    "draft_minutes":  (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "revise_minutes": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "circulate_minutes": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "comment_minutes": (OK, OK, OK, OK, NO, NO, NO, NO, NO, NO, NO, OK, OK),
    "make_remark_link": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "renew_remark_link": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "revoke_remark_link": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "answer_comment": (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "adopt_comment":  (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "file_minutes":   (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
    "return_minutes": (OK, OK, OK, OK, NO, NO, NO, NO, NO, NO, NO, OK, NO),
    "sign_minutes":   (NO, OK, OK, OK, NO, NO, NO, NO, NO, NO, NO, OK, NO),
    "on paper":       (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "amend_minutes":  (OK, NO, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, OK),
}  # fmt: skip
STATE_FOR = {
    "revise_minutes": "draft",
    "circulate_minutes": "draft",
    "comment_minutes": "filed",
    "make_remark_link": "draft",
    "renew_remark_link": "filed",
    "revoke_remark_link": "filed",
    "answer_comment": "filed",
    "adopt_comment": "draft",
    "file_minutes": "draft",
    "return_minutes": "filed",
    "sign_minutes": "filed",
    "on paper": "filed",
    "amend_minutes": "signed",
}
SOURCES = {
    "revise_minutes": {"draft"},
    "circulate_minutes": {"draft"},
    "comment_minutes": {"draft", "filed"},
    "make_remark_link": {"draft", "filed"},
    "renew_remark_link": {"draft", "filed"},
    "revoke_remark_link": {"draft", "filed"},
    "answer_comment": {"draft", "filed"},
    "adopt_comment": {"draft"},
    "file_minutes": {"draft"},
    "return_minutes": {"filed"},
    "sign_minutes": {"filed"},
    "on paper": {"filed"},
    "amend_minutes": {"signed"},
}
CALLS = {
    "revise_minutes": lambda m, a: services.revise_minutes(m, actor=a, body=m.body + "\n补一句。", version=m.version),
    "circulate_minutes": lambda m, a: services.circulate_minutes(m, actor=a),
    "comment_minutes": lambda m, a: services.comment_minutes(m, actor=a, text="从哪天开始？"),
    "make_remark_link": lambda m, a: remark_links.make_remark_link(went_round(m), actor=a),
    "renew_remark_link": lambda m, a: remark_links.renew_remark_link(went_round(m), actor=a, link=link(m)),
    "revoke_remark_link": lambda m, a: remark_links.revoke_remark_link(went_round(m), actor=a, link=link(m)),
    "answer_comment": lambda m, a: services.answer_comment(remark(m), actor=a, answer="11 月 23 日。"),
    "adopt_comment": lambda m, a: services.adopt_comment(remark(m), actor=a),
    "file_minutes": lambda m, a: services.file_minutes(m, actor=a),
    "return_minutes": lambda m, a: services.return_minutes(m, actor=a, reason="第三条没有时限"),
    "sign_minutes": lambda m, a: services.sign_minutes(m, actor=a),
    "on paper": lambda m, a: services.sign_minutes(m, actor=a, on_paper=True, signed_name="分管副主席"),
    "amend_minutes": lambda m, a: services.amend_minutes(m, actor=a, reason="写错一个单位"),
}


def went_round(minutes):
    Minutes.objects.filter(pk=minutes.pk).unsigned().update(circulated_at=timezone.now())
    return minutes


def link(minutes):
    """A party that was there has a link."""
    values = {"made_by": Account.objects.system(), "expires_at": timezone.now() + timedelta(days=14)}
    return RemarkLink.objects.create(minutes=minutes, participant=minutes.session.participants.first(), **values)


def remark(minutes):
    """Somebody has remarked on the first paragraph and proposes other words."""
    values = {"version": minutes.version, "line": 1, "text": "写到日。", "proposed": "首段。", "by": "李主任"}
    return MinutesComment.objects.create(minutes=minutes, number=1, recorded_by=Account.objects.system(), **values)


def attempt(call, subject, actor) -> str:
    """What comes of it, undone afterwards."""
    with transaction.atomic():
        try:
            call(subject, actor=actor) if call is services.draft_minutes else call(subject, actor)
            return OK
        except DomainError as error:
            return error.code
        finally:
            transaction.set_rollback(True)


def cast(host):
    accounts = make.everyone(host)
    for name in ("moderator", "recorder"):
        accounts[name] = people.account(host=host, display_name=name)
    return accounts


@pytest.mark.parametrize(("form", "table"), [("formal", FORMAL), ("micro", MICRO)], ids=["formal", "micro"])
@pytest.mark.parametrize("verb", FORMAL)
def test_who_may_make_which_move(form, table, verb):
    host = people.host()
    accounts = cast(host)
    parts = {"moderator": accounts["moderator"], "recorder": accounts["recorder"]}
    subject = make.held(host, form=form, **parts)
    call = services.draft_minutes
    if verb != "draft_minutes":
        subject = make.MINUTES_IN_STATE[STATE_FOR[verb]](subject)
        call = CALLS[verb]
    found = [attempt(call, subject, accounts[role]) for role in (*ROLES, "moderator", "recorder")]
    assert tuple(found) == table[verb]


@pytest.mark.parametrize("verb", CALLS)
def test_from_which_states_a_move_is_possible(verb):
    found = set()
    for state in MinutesState.values:
        minutes = make.MINUTES_IN_STATE[state]()
        actor = people.approver(minutes.session.host) if verb == "sign_minutes" else make.clerk(minutes.session.host)
        try:
            CALLS[verb](minutes, actor)
            found.add(state)
        except WrongState:
            assert Minutes.objects.get(pk=minutes.pk).state == state
    assert found == SOURCES[verb]
    assert MINUTES_WORKFLOW.finals() == {"signed"}


@pytest.mark.parametrize("role", ["convenor", "group_leader", "moderator"])
def test_nobody_signs_what_he_drafted(role):
    host = people.host()
    accounts = cast(host)
    actor = accounts[role]
    session = make.held(host, moderator=accounts["moderator"])
    minutes = make.drafted(session, actor=Account.objects.system())
    Minutes.objects.filter(pk=minutes.pk).update(drafted_by=actor)
    minutes = services.file_minutes(minutes, actor=make.clerk(host))
    with pytest.raises(FourEyes):
        services.sign_minutes(minutes, actor=actor)
    assert "sign_minutes" not in [step.verb for step in MINUTES_WORKFLOW.available(minutes, actor)]


def test_the_office_that_drafted_records_the_paper_of_somebody_else():
    minutes = make.filed()
    office = make.clerk(minutes.session.host)
    assert minutes.drafted_by == office
    with pytest.raises(Missing):
        services.sign_minutes(minutes, actor=office, on_paper=True)
    with pytest.raises(FourEyes):
        services.sign_minutes(minutes, actor=office, on_paper=True, signed_name=str(office))
    minutes = services.sign_minutes(minutes, actor=office, on_paper=True, signed_name="分管副主席")
    assert (minutes.state, minutes.signed_name, minutes.signed_by, minutes.on_paper) == (
        "signed",
        "分管副主席",
        None,
        True,
    )


def test_a_case_file_whose_drafter_is_the_signer_is_refused():
    system = Account.objects.system()
    minutes = services.draft_minutes(make.held(), actor=system, drafted_name="召集人")
    minutes = services.file_minutes(minutes, actor=system)
    with pytest.raises(FourEyes):
        services.sign_minutes(minutes, actor=system, on_paper=True, signed_name="召集人")


# the text -------------------------------------------------------------------------------------------------------------


def test_the_text_is_put_together_from_the_record():
    topic = matters.claimed(title="公厕一直锁着", problem="建好的公厕不开门。")
    session = make.in_progress(topics=[topic])
    office = make.clerk(session.host)
    one, two, three = session.participants.all()
    services.mark_attendance(one, "present", actor=office, came=6)
    services.mark_attendance(two, "present", actor=office)
    services.add_statement(session, by="居民代表", category="resident", text="先把门打开。", actor=office)
    services.agree_point(
        session, topic, "办理移交手续。", actor=office, unit_name="市环卫处", due_on=timezone.localdate()
    )
    services.agree_point(session, topic, "水电费分担", "none", actor=office)
    services.keep_dissent(session, topic, "比例会后再核。", "金鹏建设集团", actor=office)
    session = services.close_session(session, actor=office)
    with translation.override("en"):
        body = services.assemble(session)
    lines = body.split("\n")
    assert [line for line in lines if line[:2] in ("一、", "二、", "三、", "四、", "五、", "六、")] == [
        "一、How things stand",
        "二、Who was there",
        "三、Order of the session",
        "四、What was said",
        "五、Consensus reached",
        "六、Opinions on which no agreement was reached",
    ]
    assert "7 people attended." in lines[0]
    assert "建好的公厕不开门。" in lines
    assert "Absent: 区住建局股室负责人." in lines
    assert "居民代表：先把门打开。" in lines
    assert any(line.startswith("（一）办理移交手续。市环卫处 is asked") for line in lines)
    assert lines[lines.index("六、Opinions on which no agreement was reached") + 1 :][:2] == [
        "金鹏建设集团：比例会后再核。",
        "（二）水电费分担",
    ]


def test_the_chapter_on_disagreement_stands_even_when_there_was_none():
    session = make.in_progress()
    office = make.clerk(session.host)
    services.agree_point(session, None, "开门", actor=office)
    session = services.close_session(session, actor=office, no_statements=True)
    with translation.override("en"):
        body = services.assemble(session)
    assert body.split("\n")[-2:] == ["六、Opinions on which no agreement was reached", "None."]


def test_a_visit_of_one_day_is_one_day_and_figures_stand_apart_from_chinese():
    session = make.in_progress(moderator_name="办公室 经办 01")
    topic, office, day = session.topics.get(), make.clerk(session.host), date(2026, 10, 19)
    topic.studies.create(date_from=day, date_to=day, findings=["灯不亮"], recorded_by=office)
    topic.studies.create(date_from=day, date_to=date(2026, 10, 21), findings=["线老化。"], recorded_by=office)
    services.agree_point(session, topic, "换灯", actor=office, unit_name="A栋物业2")
    with translation.override("zh-hans"):
        lines = services.assemble(session).split("\n")
    assert "会议由办公室 经办 01 主持。" in lines[0]
    assert "2026 年 10 月 19 日调研走访：灯不亮。" in lines
    assert "2026 年 10 月 19 日至 2026 年 10 月 21 日调研走访：线老化。" in lines
    assert "（一）换灯。会议商请 A栋物业2 办理，并将结果书面反馈。" in lines


def test_words_of_command_and_private_numbers_are_pointed_out():
    minutes = make.drafted()
    minutes = services.revise_minutes(
        minutes,
        actor=make.clerk(minutes.session.host),
        body=minutes.body + "\n会议决定由住建局办理，联系电话 13812345678。",
        version=1,
    )
    tones = [check.tone for check in services.check_minutes(minutes)]
    assert "zhu" in tones
    assert tones.count("zhe") >= 2


# revisions ------------------------------------------------------------------------------------------------------------


def test_revisions_are_a_gapless_chain():
    minutes = make.drafted()
    office = make.clerk(minutes.session.host)
    for n in range(2, 5):
        minutes = services.revise_minutes(minutes, actor=office, body=f"第 {n} 稿", version=n - 1)
    assert list(minutes.revisions.values_list("version", flat=True)) == [1, 2, 3, 4]
    assert services.revise_minutes(minutes, actor=office, body="第 4 稿", version=1).version == 4
    assert services.broken_chains() == []


def test_a_stale_edit_is_refused_with_both_texts():
    minutes = make.drafted()
    office = make.clerk(minutes.session.host)
    services.revise_minutes(minutes, actor=office, body="甲的改动", version=1)
    with pytest.raises(LostRace) as refused:
        services.revise_minutes(minutes, actor=office, body="乙的改动", version=1)
    assert (refused.value.status, refused.value.code) == (409, "lost_race")
    answer = refused.value.as_dict()
    assert (answer["yours"], answer["current"]["body"], answer["current"]["version"]) == ("乙的改动", "甲的改动", 2)
    assert answer["base"] == minutes.body


@pytest.mark.django_db(transaction=True)
def test_twelve_save_over_the_same_version_and_one_does():
    minutes = make.drafted()
    office = make.clerk(minutes.session.host)
    results, barrier = [], threading.Barrier(12)

    def save(n):
        barrier.wait()
        try:
            services.revise_minutes(minutes, actor=office, body=f"第 {n} 人的稿", version=1)
            results.append("saved")
        except DomainError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["lost_race"] * 11 + ["saved"]
    assert minutes.revisions.count() == 2
    assert services.broken_chains() == []


def test_one_draft_at_a_time_and_none_before_the_session_is_held():
    session = make.held()
    make.drafted(session)
    with pytest.raises(LostRace):
        make.drafted(session)
    for state in ("planned", "announced", "in_progress", "cancelled"):
        with pytest.raises(WrongState):
            make.drafted(make.in_state(state))


# signing --------------------------------------------------------------------------------------------------------------


def test_signing_takes_a_number_and_freezes_text_and_hash():
    host = people.host()
    minutes = services.sign_minutes(make.filed(make.held(host)), actor=people.approver(host))
    year = timezone.localdate().year
    assert minutes.number == f"南谯协商纪〔{year}〕1号"
    assert minutes.sha256 == hashlib.sha256(minutes.body.encode()).hexdigest()
    assert services.is_intact(minutes)
    assert make.signed(make.held(host)).number == f"南谯协商纪〔{year}〕2号"
    session = type(minutes.session).objects.with_minutes_state().get(pk=minutes.session_id)
    assert session.has_signed_minutes


def test_the_database_refuses_to_touch_what_is_signed():
    minutes = make.signed()
    for write in (
        lambda: Minutes.objects.filter(pk=minutes.pk).update(body="改了"),
        lambda: Minutes.objects.filter(pk=minutes.pk).update(state="draft"),
        lambda: MinutesRevision.objects.filter(minutes=minutes).update(body="改了"),
        lambda: MinutesRevision.objects.filter(minutes=minutes).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    assert services.is_intact(Minutes.objects.get(pk=minutes.pk))


def test_an_amendment_cites_the_signed_text_which_stays():
    host = people.host()
    signed = make.signed(make.held(host))
    office = make.clerk(host)
    with pytest.raises(Missing):
        services.amend_minutes(signed, actor=office, reason="")
    fresh = services.amend_minutes(signed, actor=office, reason="写错一个单位")
    assert (fresh.state, fresh.amends, fresh.body, fresh.number) == ("draft", signed, signed.body, "")
    with pytest.raises(LostRace):
        services.amend_minutes(signed, actor=office, reason="再来一次")
    with pytest.raises(DomainError):
        services.draft_minutes(signed.session, actor=office)
    fresh = services.revise_minutes(fresh, actor=office, body=fresh.body + "\n更正。", version=1)
    fresh = services.sign_minutes(services.file_minutes(fresh, actor=office), actor=people.approver(host))
    assert list(Minutes.objects.in_force()) == [fresh]
    assert fresh.number != signed.number


def test_dates_lie_in_order():
    minutes = make.drafted()
    office = make.clerk(minutes.session.host)
    with pytest.raises(Missing):
        services.file_minutes(minutes, actor=office, on=timezone.localdate().replace(year=2020))
    with pytest.raises(Missing):
        services.file_minutes(minutes, actor=office, on=timezone.localdate().replace(year=2099))


def test_the_limit_of_minutes_counts_working_days():
    assert services.minutes_due_on(make.logged()) is None
    session = make.held(form="formal")
    due = services.minutes_due_on(session)
    assert 7 <= (due - timezone.localdate(session.held_at)).days <= 20
