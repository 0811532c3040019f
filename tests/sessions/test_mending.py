"""A line of the roster is mended until attendance freezes; an older version is refused, a number is shown and noted."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from consult.outbox import relay
from sessions import services
from sessions.models import Participant
from sessions.services import sign_in, suggestions
from sessions.services.lines import StaleLine
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db):
    return make.planned(participants=[{"category": "department", "organisation_name": "区住建局"}])


def placeholder(session) -> Participant:
    return suggestions.invite_class(session, actor=clerk(session.host), category="resident")


def mend(line, **changes):
    return services.mend_line(line, actor=clerk(line.session.host), **changes)


def test_a_class_that_was_invited_gets_its_name_number_and_count(session):
    line = mend(placeholder(session), version=1, name="楼栋代表", phone="138 0000 5566", count=6, chosen_how="各楼推选")
    assert (line.name, line.phone, line.count, line.chosen_how, line.version) == (
        *("楼栋代表", "13800005566", 6, "各楼推选"),
        2,
    )
    entry = Entry.objects.get(verb="session.mend_line")
    assert entry.data == {
        "line": 2,
        "category": "resident",
        "count": 6,
        "changed": ["name", "count", "chosen_how", "phone"],
    }
    assert "13800005566" not in json.dumps(entry.data)


def test_a_member_brings_his_name_and_account_and_is_told(session):
    host = session.host
    member = people.member(host, people.account("member", host))
    session = services.announce_session(session, actor=clerk(host), short_notice_reason="群众约好了日子")
    line = services.add_participant(session, actor=clerk(host), category="member", name="委员代表")
    line = mend(line, member=member)
    assert (line.name, line.account) == (member.name, member.account)
    relay()
    assert InboxItem.objects.filter(account=member.account).count() == 1
    mend(line, title="组长")
    relay()
    assert InboxItem.objects.filter(account=member.account).count() == 1


def test_a_unit_brings_its_name(session):
    unit = people.organisation(session.host)
    line = mend(placeholder(session), category="department", organisation=unit)
    assert (line.organisation_name, line.category) == (unit.name, "department")


def test_nothing_changed_is_nothing_written(session):
    line = placeholder(session)
    before = Entry.objects.count()
    assert mend(line, version=1, name=line.name, count=1).version == 1
    assert Entry.objects.count() == before


def test_what_is_wrong_is_said_at_its_field(session):
    line = placeholder(session)
    with pytest.raises(ValidationError) as error:
        mend(line, phone="12")
    assert set(error.value.message_dict) == {"phone"}
    for wrong, field in (({"category": "king"}, "category"), ({"name": " "}, "name"), ({"came": 3}, "came")):
        with pytest.raises(Missing) as missing:
            mend(line, **wrong)
        assert set(missing.value.fields) == {field}
    stranger = people.member(people.host("530902000000"))
    with pytest.raises(Missing):
        mend(line, member=stranger)
    line.refresh_from_db()
    assert line.version == 1


def test_the_same_member_is_not_listed_twice(session):
    member = people.member(session.host, people.account("member", session.host))
    make.invite(session, member.account, member=member)
    with pytest.raises(LostRace) as error:
        mend(placeholder(session), member=member)
    assert error.value.code == "listed_twice"


def test_who_mends_an_older_version_is_refused_and_shown_what_stands_there(session):
    line = placeholder(session)
    mend(line, version=1, name="王秀兰")
    with pytest.raises(StaleLine) as error:
        mend(line, version=1, name="李大伯", phone="13900001234")
    assert (error.value.theirs["name"], error.value.mine["name"]) == ("王秀兰", "李大伯")
    assert "phone" not in error.value.mine
    line.refresh_from_db()
    assert (line.name, line.phone) == ("王秀兰", "")


def test_a_line_whose_people_have_signed_in_stays_what_it_is():
    session = make.in_progress(participants=[{"category": "resident", "name": "居民", "count": 30}])
    line = session.participants.get()
    pass_ = sign_in.admit(sign_in.screen_token(session))
    him = sign_in.check_in(pass_, key=uuid4(), name="李大伯", category="resident")
    for wrong in ({"count": 1}, {"category": "village"}):
        with pytest.raises(Missing):
            mend(line, **wrong)
    with pytest.raises(Missing):
        mend(Participant.objects.get(pk=him.participant_id), category="village")
    services.mark_attendance(line, "present", actor=clerk(session.host), came=20)
    with pytest.raises(Missing):
        mend(line, count=19)
    assert mend(line, count=25).count == 25


def test_after_the_close_nothing_is_mended():
    held = make.held()
    with pytest.raises(WrongState):
        mend(held.participants.first(), name="别人")


def test_the_number_is_shown_to_few_and_each_look_is_written_down(session):
    line = mend(placeholder(session), phone="13800005566")
    assert services.show_phone(line, actor=clerk(session.host)) == "13800005566"
    assert Entry.objects.filter(verb="session.show_phone").count() == 1
    for role in ("group_leader", "approver", "member"):
        with pytest.raises(NotAllowed):
            services.show_phone(line, actor=people.account(role, session.host))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_mend_at_once_one_is_refused():
    session = make.planned(participants=[{"category": "department", "organisation_name": "区住建局"}])
    line, barrier, answers = placeholder(session), threading.Barrier(2), []
    actor = clerk(session.host)

    def run(name):
        try:
            barrier.wait(20)
            answers.append(services.mend_line(line, actor=actor, version=1, name=name).name)
        except LostRace as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("王秀兰", "李大伯")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    line.refresh_from_db()
    assert sorted(answers) == sorted(["stale_line", line.name])


# doors ----------------------------------------------------------------------------------------------------------------


def test_the_page_mends_refuses_what_is_stale_and_masks_the_number(client, session):
    line = placeholder(session)
    client.force_login(clerk(session.host))
    address = reverse("sessions:mend_line", args=[session.uuid, line.uuid])
    assert address in client.get(session.get_absolute_url()).content.decode()
    form = {"version": 1, "category": "resident", "name": "王秀兰", "phone": "13800005566", "count": 1}
    answer = client.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, f"{session.get_absolute_url()}#people")
    stale = client.post(address, {**form, "name": "李大伯"})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert text.count("王秀兰") >= 1
    assert text.count("李大伯") >= 2
    page = client.get(address).content.decode()
    assert "138****5566" in page
    assert "13800005566" not in page
    assert "13800005566" not in client.get(reverse("sessions:slips", args=[session.uuid])).content.decode()
    shown = client.post(reverse("sessions:show_phone", args=[session.uuid, line.uuid]))
    assert "13800005566" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    client.post(address, {**form, "version": 2, "phone": ""})
    line.refresh_from_db()
    assert line.phone == "13800005566"
    client.post(address, {**form, "version": 2, "phone": "", "forget_phone": "on"})
    line.refresh_from_db()
    assert line.phone == ""


def test_the_api_mends_and_tells_of_a_stale_version(client, session):
    line = placeholder(session)
    client.force_login(clerk(session.host))

    def move(**body):
        address = f"/api/v1/sessions/{session.uuid}/mend_line/"
        return client.post(
            address, json.dumps({"participant": str(line.uuid), **body}), content_type="application/json"
        )

    answer = move(version=1, name="王秀兰", phone="13800005566")
    assert answer.status_code == 200
    assert "13800005566" not in answer.content.decode()
    stale = move(version=1, name="李大伯")
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["name"]) == (409, "stale_line", "王秀兰")
    assert move(phone="x").status_code == 400
    client.force_login(people.account("member", session.host))
    assert move(name="x").status_code in (403, 404)
