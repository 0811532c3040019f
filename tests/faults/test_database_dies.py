"""PostgreSQL is killed under writers, and restarted under idle connections: nothing promised is lost, the web recovers.

A cluster of its own that writes through (fsync on), with a copy of the test's database.
"""

from __future__ import annotations

import time
import uuid

import psycopg
import pytest
from django.urls import reverse

from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import Client, Crowd, OwnPostgres, Web, broken_in, token_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

WRITERS, LINES, KILLS, RECOVERY = 4, 160, 2, 10.0


@pytest.fixture
def cluster(folder, keep):
    return keep(OwnPostgres(folder))


def test_f5_a_killed_database_loses_no_acknowledged_commit(folder, keep, cluster):
    """4 writers note 160 statements with keys; every process of PostgreSQL is killed twice."""
    host = people.host()
    session = make.in_progress(host)
    token = token_of(matters.clerk(host))
    cluster.copy_test_database()
    web = keep(Web(folder, cluster.env()))
    url = f"/api/v1/sessions/{session.uuid}/add_statement/"

    def note(client: Client, key: str):
        words = {"by": "居民代表", "category": "resident", "text": f"第 {key} 句", "client_id": key}
        return client.call(url, words, key)

    crowd = Crowd([Client(web.socket, token) for _ in range(WRITERS)])
    crowd.begin([str(uuid.uuid4()) for _ in range(LINES)], note)
    for n in range(1, KILLS + 1):
        while len(crowd.acknowledged) < n * LINES // (KILLS + 1) and crowd.busy:
            time.sleep(0.01)
        cluster.kill_all()
        cluster.start()
        begun, known = time.monotonic(), len(crowd.acknowledged)
        while len(crowd.acknowledged) <= known and crowd.busy:
            assert time.monotonic() - begun < RECOVERY, "the web does not recover"
            time.sleep(0.02)
    acknowledged = crowd.finish()

    assert {answer.status for answer in acknowledged.values()} == {200}
    with psycopg.connect(cluster.server.url) as link:
        rows = link.execute("SELECT client_id::text FROM consult_sessions_statement").fetchall()
        entries = link.execute("SELECT count(*) FROM audit_entry WHERE verb = 'session.add_statement'").fetchone()
        answers = link.execute("SELECT count(*), count(DISTINCT key) FROM idempotency_storedanswer").fetchone()
    assert sorted(row[0] for row in rows) == sorted(acknowledged)
    assert (entries, answers) == ((LINES,), (LINES, LINES))
    assert broken_in(cluster.env()) == ""


def test_f8_the_first_request_after_a_restart_works(folder, keep, cluster):
    """Connections of every thread were open; the database restarts; the next page of each is whole."""
    clerk = people.office(people.host())
    cluster.copy_test_database()
    web = keep(Web(folder, cluster.env()))
    browser = Client(web.socket)
    assert browser.sign_in(clerk.username).status == 302
    pages = [reverse("topics:list")] * 20
    assert {browser.get(page).status for page in pages} == {200}
    cluster.restart()
    assert [browser.get(page).status for page in pages] == [200] * 20
