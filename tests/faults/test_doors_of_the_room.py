"""F2 at the doors that need no account: the answer is lost after the commit; sent again, everything is there once."""

from __future__ import annotations

import json
import uuid

import pytest
from django.urls import reverse

from consult.audit.models import Entry
from consult.dbclock import database_now
from sessions import services
from sessions.models import CheckIn, MinutesComment
from sessions.services import remark_links, sign_in
from tests.factories import sessions as make
from tests.factories.topics import clerk
from tests.faults.tools import LOST, Client, Web, environment
from tests.journeys.year import broken

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROSTER = [
    {"category": "resident", "name": "龙蟠南苑居民", "count": 30},
    {"category": "resident", "name": "王秀兰"},
]


def test_f2_who_was_cut_off_at_the_door_is_there_once(folder, keep):
    session = make.in_progress(participants=ROSTER)
    round_ = services.circulate_minutes(make.drafted(make.held(session.host)), actor=clerk(session.host))
    (link, *_rest) = remark_links.make_remark_link(round_, actor=clerk(session.host))
    deadly = keep(Web(folder, environment(TESTING="1", FAILPOINT="after_commit:exit"), workers=1))
    sound = keep(Web(folder, environment(), workers=1))
    came, key = "2026-11-22T09:00", str(uuid.uuid4())
    ticket = sign_in.ticket_for(sign_in.admit(sign_in.screen_token(session)), database_now())
    page = sign_in.screen_link(session)
    form = {"ticket": ticket, "key": key, "claimed_at": came, "name": "李大伯", "category": "resident", "listed_in": ""}
    said = {"code": session.sign_in_code, "key": str(uuid.uuid4()), "name": "张大妈", "category": "resident"}

    def twice(send):
        with pytest.raises(LOST):
            Client(deadly.socket).insist(lambda: Client(deadly.socket).get("/healthz"))
            send(Client(deadly.socket))
        return send(Client(sound.socket))

    signed = twice(lambda client: client.post(page, form))
    row = CheckIn.objects.get(key=key)
    assert (signed.status, signed.headers["Location"]) == (302, reverse("sign_in:done", args=[row.uuid]))
    body = json.dumps(said).encode()
    again = twice(lambda client: client.request("POST", "/s/check-in/", body, Content_Type="application/json"))
    assert (again.status, again.data["check_in"]) == (200, str(CheckIn.objects.get(key=said["key"]).uuid))
    floor = reverse("sign_in:floor", args=[row.uuid])
    assert twice(lambda client: client.post(floor, {"do": "ask"})).status == 302
    remark = {"text": "门是去年锁的。", "line_number": "0", "version": "1"}
    assert twice(lambda client: client.post(remark_links.path_of(link), remark)).status == 302

    assert CheckIn.objects.filter(session=session).count() == 2
    assert sign_in.present_total(session) == 2
    assert [str(one) for one in services.queue_of(session)] == ["李大伯"]
    assert MinutesComment.objects.count() == 1
    for verb, count in (("session.sign_in", 2), ("session.ask_floor", 1), ("minutes.comment_minutes", 1)):
        assert Entry.objects.filter(verb=verb).count() == count
    assert broken() == []
