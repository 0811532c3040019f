"""Clocks differ and are put back (F19, F20): the database's clock decides, whatever web servers and phones believe.

Real processes: a small library is compiled and loaded before them, which moves what they take for the time. It moves
the whole process (gunicorn, and in F20 PostgreSQL with it, as on one computer), not single threads; signing with
timestamps, JSON and the log included. Where there is no C compiler these tests are skipped and say so. The clocks of
browsers: tests/browser/test_clocks.py, of telephones: tests/browser/test_phone_clock.py.
"""

from __future__ import annotations

import shutil
import subprocess
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from consult.audit.models import Entry
from consult.launcher import servers
from sessions.models import AgendaItem, CheckIn, ConsultSession, Participant, Statement
from sessions.services import sign_in
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import Client, OwnPostgres, Web, broken_in, environment, token_of
from tests.journeys.year import broken

COMPILER = shutil.which("cc") or shutil.which("gcc")
pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler: the clock of another process cannot be moved"),
]
AHEAD, BACK = 600, 3600  # seconds
ROSTER = [
    {"category": "resident", "name": "王秀兰", "chosen_how": "各楼推选"},
    {"category": "village", "organisation_name": "万桥社区"},
]


@dataclass
class Clock:
    """What a process takes for the time; it may be put forward and back while it runs."""

    folder: Path

    def __post_init__(self) -> None:
        self._file, library = self.folder / "skew", self.folder / "skew.so"
        source = Path(__file__).with_name("skew.c")
        subprocess.run([str(COMPILER), "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
        self.set(0)
        self.folder.chmod(0o755)  # PostgreSQL runs under an account of its own
        self.env = {"LD_PRELOAD": str(library), "SKEW_FILE": str(self._file)}

    def set(self, seconds: int) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds}\n")
        fresh.chmod(0o644)
        fresh.rename(self._file)


@pytest.fixture
def clock(folder: Path) -> Clock:
    return Clock(folder)


class Program:
    """Somebody who keeps the record through one web server; every answer must be good."""

    def __init__(self, web: Web, token: str, session: Any):
        self.client, self._base = Client(web.socket, token), f"/api/v1/sessions/{session.uuid}/"

    def do(self, verb: str, **words: Any) -> Any:
        answer = self.client.call(f"{self._base}{verb}/", words, str(uuid.uuid4()))
        assert answer.status in (200, 201), (verb, answer.text[:500])
        return answer.data if answer.body else None

    def say(self, text: str) -> None:
        claimed = (timezone.now() - timedelta(days=3)).isoformat()  # the recorder's computer is wrong, too
        self.do("add_statement", by="居民代表", category="resident", text=text, claimed_at=claimed)

    def thinks_it_is(self) -> datetime:
        return parsedate_to_datetime(self.client.get("/healthz").headers["Date"])


def come(web: Web, token: str, name: str) -> Any:
    words = {"token": token, "key": str(uuid.uuid4()), "name": name, "category": "resident"}
    return Client(web.socket).call("/s/check-in/", words, "")


def near(moment: datetime, now: datetime | None = None) -> bool:
    return abs(moment - (now or timezone.now())) < timedelta(seconds=60)


def test_f19_a_web_server_ten_minutes_ahead_and_a_phone_three_days_behind(folder, keep, clock):
    """Two web servers before one database write one session in turns."""
    host = people.host()
    session, clerk = make.announced(host, participants=ROSTER), matters.clerk(host)
    clock.set(AHEAD)
    (folder / "ahead").mkdir()
    true = keep(Web(folder, environment(), workers=1))
    wrong = keep(Web(folder / "ahead", environment(**clock.env), workers=1))
    token = token_of(clerk)
    right, ahead = Program(true, token, session), Program(wrong, token, session)
    assert near(ahead.thinks_it_is() - timedelta(seconds=AHEAD))
    assert near(right.thinks_it_is())

    ahead.do("open")
    right.do("run_agenda")
    texts = [f"第 {n} 句" for n in range(1, 9)]
    for n, text in enumerate(texts):
        (ahead if n % 2 else right).say(text)
    ahead.do("run_agenda")
    right.do("run_agenda")
    session.refresh_from_db()
    link = sign_in.screen_token(session)
    assert [come(web, link, name).status for web, name in ((wrong, "王秀兰"), (true, "过路人"))] == [201, 201]
    late = sign_in.screen_token(session, now=timezone.now() - timedelta(minutes=10))
    assert [come(web, late, "迟到的人").status for web in (wrong, true)] == [410, 410]
    line = session.participants.get(name="王秀兰")
    ahead.do("leave", participant=str(line.uuid))
    ahead.do("agree_point", text="月底前交接。", level="agreed")
    right.do("close")  # at once, after a move that the other server dated

    session.refresh_from_db()
    rows = list(Statement.objects.filter(session=session).order_by("position"))
    assert [row.text for row in rows] == texts
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    assert all(near(row.created_at) for row in rows)
    assert all(not near(row.claimed_at, row.created_at) for row in rows if row.claimed_at)  # kept as their word
    assert near(session.opened_at)
    assert session.opened_at <= session.held_at
    items = AgendaItem.objects.filter(session=session).exclude(started_at=None)
    assert [item for item in items if not item.started_at <= item.ended_at] == []
    assert all(near(row.at) for row in CheckIn.objects.all())
    line.refresh_from_db()
    assert line.signed_in_at <= line.left_at
    assert near(line.left_at)
    entries = Entry.objects.about(session).filter(verb__startswith="session.").order_by("pk")
    assert all(near(entry.happened_at) for entry in entries if entry.happened_at > session.opened_at)

    # the phone's record: three days ago by its clock, which is kept as its word
    then = timezone.now() - timedelta(days=3)
    said = {
        "host": str(host.uuid),
        "region_code": matters.WANQIAO,
        "title": "树下说路灯",
        "place": "大雷村民组院坝",
        "agreed": ["月底前换灯泡"],
        "client_id": str(uuid.uuid4()),
        "claimed_at": then.isoformat(),
    }
    for web in (wrong, true, wrong):
        answer = Client(web.socket, token).call("/api/v1/sessions/log/", said, str(uuid.uuid4()))
        assert answer.status == 201, answer.text[:500]
    logged = ConsultSession.objects.get(title="树下说路灯")
    assert (logged.state, logged.claimed_at) == ("held", then)
    assert Entry.objects.about(logged).get(verb="session.log").recorded_at > session.held_at
    assert broken() == []


def test_f20_the_clock_of_the_whole_computer_is_put_back_an_hour_in_mid_session(folder, keep, clock, monkeypatch):
    """Database and web server lose an hour; the session goes on, and nothing ended before it began."""
    host = people.host()
    session, clerk = make.announced(host, participants=ROSTER), matters.clerk(host)
    token = token_of(clerk)
    for name, value in clock.env.items():
        monkeypatch.setitem(servers.ENVIRONMENT, name, value)
    cluster = keep(OwnPostgres(folder))
    cluster.copy_test_database()
    web = keep(Web(folder, cluster.env(**clock.env), workers=1))
    program = Program(web, token, session)
    with psycopg.connect(cluster.server.url, autocommit=True) as link:

        def ask(statement: str) -> Any:
            return link.execute(statement).fetchall()

        program.do("open")
        program.do("run_agenda")
        for text in ("第一句", "第二句"):
            program.say(text)
        line = Participant.objects.get(session=session, name="王秀兰")
        program.do("mark_attendance", participant=str(line.uuid), attendance="present")
        program.do("queue", participant=str(line.uuid))
        before = ask("SELECT now()")[0][0]

        clock.set(-BACK)
        assert before - ask("SELECT now()")[0][0] > timedelta(seconds=BACK - 120)
        assert near(program.thinks_it_is(), before - timedelta(seconds=BACK))
        for text in ("第三句", "第四句"):
            program.say(text)
        program.do("run_agenda")
        program.do("leave", participant=str(line.uuid))
        now = datetime.now(UTC) - timedelta(seconds=BACK)
        session.state = "in_progress"
        fresh = sign_in.screen_token(session, now=now)
        assert come(web, fresh, "过路人").status == 201
        program.do("agree_point", text="月底前交接。", level="agreed")
        program.do("close")

        texts = ask("SELECT text FROM consult_sessions_statement ORDER BY position")
        assert [row[0] for row in texts] == ["第一句", "第二句", "第三句", "第四句"]
        assert ask("SELECT count(*) FROM consult_sessions_consultsession WHERE held_at < opened_at") == [(0,)]
        assert ask("SELECT count(*) FROM consult_sessions_agendaitem WHERE ended_at < started_at") == [(0,)]
        assert ask("SELECT count(*) FROM consult_sessions_agendaitem WHERE ended_at IS NOT NULL") == [(2,)]
        assert ask("SELECT count(*) FROM consult_sessions_participant WHERE left_at < signed_in_at") == [(0,)]
        assert ask("SELECT count(*) FROM consult_sessions_participant WHERE attendance = 'present'") == [(2,)]
        states = ask(
            "SELECT before, after FROM audit_entry WHERE verb IN ('session.open', 'session.close') ORDER BY id"
        )
        assert states == [("announced", "in_progress"), ("in_progress", "held")]
    assert broken_in(cluster.env(**clock.env)) == ""
