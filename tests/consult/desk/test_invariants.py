"""manage.py check_invariants: silent when all holds, and each invariant broken once."""

import io
import json
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from consult.audit.models import Entry
from consult.desk.invariants import NAMES, violations
from consult.files import disk
from consult.files.models import Attachment
from consult.idempotency.models import StoredAnswer
from consult.numbering import take_number
from consult.reminders import run_ladders
from outcomes import services as outcome_services
from outcomes.models import Assignment, PublicNotice
from sessions import services as session_services
from sessions.models import CheckIn, ConsultSession, MinutesRevision, Participant
from tests.factories import people, sessions
from tests.factories import topics as matters
from topics.models import Topic

pytestmark = pytest.mark.django_db


def check(*options: str) -> tuple[int, list[str]]:
    """The exit status and the lines."""
    out = io.StringIO()
    try:
        call_command("check_invariants", *options, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lived():
    """One matter that went all the way, through the services alone."""
    host = people.host()
    office, leader = matters.clerk(host), people.approver(host)
    session = sessions.held(host)
    minutes = session_services.file_minutes(session_services.draft_minutes(session, actor=office), actor=office)
    session_services.sign_minutes(minutes, actor=leader)
    topic = session.topics.get()
    outcome = outcome_services.draft_outcome(topic, actor=office, effects=["consensus"], summary="议定一件事")
    outcome = outcome_services.submit_outcome(outcome, actor=office, submitted_to=["同乐街道"])
    outcome_services.issue_assignment(
        outcome,
        actor=office,
        matter="移交公厕",
        fulfils=list(topic.consensus_points.all()),
        lead_unit=people.organisation(host),
        issued_by="同乐街道",
    )
    notice = outcome_services.draft_notice(
        actor=office, host=host, kind="announcement", title="协商预告", text="下周三商量停车的事。"
    )
    outcome_services.review_notice(notice, actor=leader, secrecy="open", secrecy_basis="不涉密", looked_at=True)
    outcome_services.post_notice(notice, actor=office)
    return topic


def test_a_life_without_faults_is_silent(lived):
    assert check() == (0, [])
    assert check("--json") == (0, [])


def test_an_empty_house_is_silent():
    assert check() == (0, [])


def test_violations_stand_one_a_line_and_end_with_1(lived):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE topics_topic SET state = 'scheduled' WHERE id = %s", [lived.pk])
    status, lines = check()
    assert status == 1
    assert lines == [f"I12 topics.topic {lived.pk} is scheduled, the record says consulted"]
    status, lines = check("--json")
    assert status == 1
    assert [json.loads(line)["invariant"] for line in lines] == ["I12"]
    assert check("--only", "I1", "I2") == (0, [])


def test_every_invariant_of_this_platform_is_checked():
    assert NAMES == ("I1", "I2", "I3", "I5", "I7", "I8", "I10", "I11", "I12")


def broken(name: str) -> list[str]:
    found = [str(one) for one in violations()]
    assert {line.split()[0] for line in found} <= {name}, found
    return found


# one after the other -------------------------------------------------------------------------------------------------


def meddle(*statements: str) -> None:
    """What only somebody with the database's own key can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def answer(path: str, status: int = 201, headers: dict | None = None, body: bytes = b"") -> StoredAnswer:
    return StoredAnswer.objects.create(
        owner="account:1",
        key=str(uuid4()),
        method="POST",
        path=path,
        body_hash="0",
        status=status,
        headers=headers or {},
        body=body,
    )


def test_i1_what_was_acknowledged_is_there(lived):
    gone = uuid4()
    answer(f"/api/v1/topics/{lived.uuid}/pool/", 200, body=json.dumps({"uuid": str(lived.uuid)}).encode())
    answer("/topics/new/", 302, {"Location": f"/topics/{lived.uuid}/"})
    answer("/topics/several/decline/", 302, {"Location": "/topics/"})
    answer("/members/new/", 200, body=b"<p>saved</p>")
    answer("/api/v1/topics/", 201, body=b'{"broken')
    assert broken("I1") == []
    answer("/api/v1/topics/", 201, body=json.dumps({"uuid": str(gone)}).encode())
    answer("/topics/new/", 302, {"Location": f"/topics/{gone}/"})
    assert len(broken("I1")) == 1
    assert str(gone) in broken("I1")[0]


def test_i1_what_was_refused_promises_nothing():
    answer(f"/api/v1/topics/{uuid4()}/pool/", 409)
    assert broken("I1") == []


def test_i2_one_answer_per_key():
    meddle("ALTER TABLE idempotency_storedanswer DROP CONSTRAINT stored_answer_once_per_key")
    for _n in range(2):
        row = answer("/topics/")
        StoredAnswer.objects.filter(pk=row.pk).update(key="same")
    assert broken("I2") == ["I2 account:1 same: more than one stored answer"]


def test_i3_nobody_signs_in_twice():
    host = people.host()
    account = people.account("member", host)
    member = people.member(host, account)
    session = sessions.announced(host)
    values = {"session": session, "category": "member", "name": "委员", "attendance": "present"}
    Participant.objects.create(member=member, **values)
    assert broken("I3") == []
    Participant.objects.create(account=account, **values)  # the same person by another way
    assert broken("I3") == [f"I3 session {session.pk}: account {account.pk} is signed in 2 times"]


def test_i3_each_signing_in_counts_once_and_stands_on_its_line():
    session = sessions.in_progress(participants=[{"category": "resident", "name": "王秀兰"}])
    pass_ = session_services.sign_in.admit(session_services.sign_in.screen_token(session))
    for name in ("王秀兰", "过路人", "另一位"):
        session_services.sign_in.check_in(pass_, key=uuid4(), name=name, category="resident")
    assert broken("I3") == []
    first, second, third = CheckIn.objects.order_by("pk")
    session.participants.filter(pk=first.participant_id).update(attendance="absent")
    meddle(
        "ALTER TABLE consult_sessions_checkin DROP CONSTRAINT consult_sessions_checkin_key_key",
        "DROP INDEX check_in_line_once",
        "DROP INDEX check_in_person_once",
        f"UPDATE consult_sessions_checkin SET participant_id = {second.participant_id}, person = '{second.person}',"
        f" key = '{second.key}' WHERE id = {third.pk}",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",
        "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry WHERE verb = 'session.sign_in')",
    )
    assert broken("I3") == [
        f"I3 key {second.key} signed in 2 times",
        f"I3 session {session.pk}: line {second.participant_id} is signed in 2 times",
        f"I3 session {session.pk}: a person without a line is signed in 2 times",
        f"I3 session {session.pk}: check-in {first.pk} counts, its line does not say so",
        f"I3 session {session.pk}: 3 signed in by themselves, 2 entries in the record",
    ]


def test_i3_who_is_of_a_line_is_counted_by_one_of_his_session_and_class():
    roster = [{"category": "resident", "name": "居民", "count": 30}, {"category": "village", "name": "村干部"}]
    session = sessions.in_progress(participants=roster)
    pass_ = session_services.sign_in.admit(session_services.sign_in.screen_token(session))
    signed = session_services.sign_in.check_in(pass_, key=uuid4(), name="李大伯", category="resident")
    assert broken("I3") == []
    wrong = session.participants.get(name="村干部")
    Participant.objects.filter(pk=signed.participant_id).update(listed_in=wrong)
    told = f"I3 session {session.pk}: line {signed.participant_id} is counted by one that cannot count it"
    assert broken("I3") == [told]


def test_i5_no_room_is_held_twice():
    host = people.host()
    room, start = sessions.room(host), sessions.soon()
    first = sessions.planned(host, venue_kind="room", room=room, starts_at=start)
    second = sessions.planned(host, starts_at=start + timedelta(hours=1))
    meddle("ALTER TABLE consult_sessions_consultsession DROP CONSTRAINT room_booked_once")
    ConsultSession.objects.filter(pk=second.pk).update(room=room)
    assert broken("I5") == [f"I5 room {room.pk}: sessions {first.pk} and {second.pk} hold it at the same time"]
    ConsultSession.objects.filter(pk=second.pk).update(
        starts_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1)
    )
    assert broken("I5") == []


def test_i7_a_notice_says_what_was_released(lived):
    meddle("ALTER TABLE outcomes_publicnotice DISABLE TRIGGER USER")
    PublicNotice.objects.update(sha256="0" * 64)
    found = broken("I7")
    assert len(found) == 1
    assert "checksum" in found[0]


def running(host) -> Assignment:
    outcome = Assignment.objects.get().outcome
    return outcome_services.issue_assignment(
        outcome,
        actor=matters.clerk(host),
        matter="装路灯",
        fulfils=list(outcome.topic.consensus_points.all()),
        lead_unit=people.organisation(host),
        issued_by="同乐街道",
        due_on=timezone.localdate(),
    )


def test_i8_everybody_is_reminded_of_what_is_due(lived, monkeypatch):
    assignment = running(people.host())
    assert broken("I8") == []  # only just issued: the ladder has not been climbed yet
    monkeypatch.setattr("consult.desk.invariants.reminded.GRACE", timedelta(0))
    assert len(broken("I8")) == 1
    assert f"assignment {assignment.pk}" in broken("I8")[0]
    run_ladders()
    assert broken("I8") == []


def test_i8_of_each_rung_once(lived):
    running(people.host())
    run_ladders()
    meddle(
        "ALTER TABLE reminders_reminder DROP CONSTRAINT reminded_once",
        "INSERT INTO reminders_reminder (kind, item_id, host_id, rung, account_id, due_on, fires_on)"
        " SELECT kind, item_id, host_id, rung, account_id, due_on, fires_on FROM reminders_reminder LIMIT 1",
    )
    assert [line.split(":")[0] for line in broken("I8")] == ["I8 reminded twice"]


def test_i10_each_row_has_its_file_and_each_file_its_row(tmp_path):
    row = Attachment.objects.create(
        subject_type="topics.topic",
        subject_id=1,
        kind="photo",
        name="a.jpg",
        size=3,
        sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        content_type="image/jpeg",
        uploaded_by=matters.clerk(people.host()),
    )
    assert broken("I10") == [f"I10 file {row.uuid} (a.jpg): missing"]
    place = disk.place_of(row.uuid)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"foo")
    assert broken("I10") == []
    place.write_bytes(b"bar")
    assert broken("I10") == [f"I10 file {row.uuid} (a.jpg): changed"]
    place.write_bytes(b"foo")
    stray = disk.place_of(uuid4())
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    assert broken("I10") == []  # younger than an hour: its row may be on the way
    _age(stray, hours=2)
    assert broken("I10") == [f"I10 file {stray.name}: no row knows it"]


def _age(path: Path, hours: int) -> None:

    then = timezone.now().timestamp() - hours * 3600
    os.utime(path, (then, then))


def test_i11_minutes_are_a_gapless_chain():
    minutes = sessions.drafted(sessions.held())
    session_services.revise_minutes(minutes, actor=matters.clerk(minutes.session.host), body="新的一稿", version=1)
    assert broken("I11") == []
    meddle("ALTER TABLE consult_sessions_minutesrevision DISABLE TRIGGER USER")
    MinutesRevision.objects.filter(version=1).delete()
    assert len(broken("I11")) == 1


def test_i12_every_state_has_its_move(lived):
    session = ConsultSession.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consult_sessions_consultsession SET state = 'cancelled' WHERE id = %s", [session.pk])
    expected = f"I12 consult_sessions.consultsession {session.pk} is cancelled, the record says held"
    assert broken("I12") == [expected]


def test_i12_what_came_to_be_without_a_move(lived):
    copy = Topic.objects.get(pk=lived.pk)
    copy.pk, copy.uuid, copy.number = None, uuid4(), ""
    copy.save(force_insert=True)
    expected = f"I12 topics.topic {copy.pk} is consulted, the record knows no move"
    assert broken("I12") == [expected]


def test_i12_a_move_left_out_shows_in_the_next_one():
    topic = matters.claimed()
    meddle("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    Entry.objects.filter(subject_id=topic.pk, verb="topic.pool")._raw_delete("default")
    [line] = broken("I12")
    assert line.endswith("begins at pooled after submitted")


def test_i12_numbers_are_gapless_and_stand_on_their_things(lived):
    host = people.host()
    take_number(organisation_id=host.pk, kind="topic", year=2026, pattern="{short}{year}{n}", short_name="区")
    [line] = broken("I12")
    assert "taken, neither used nor annulled" in line


def test_i12_a_number_that_the_register_does_not_know(lived):
    Topic.objects.filter(pk=lived.pk).update(number="自编 1 号")
    assert sorted(line.partition(": ")[2] for line in broken("I12")) == [
        "not in the register",
        "taken, neither used nor annulled",
    ]
