"""What is measured: one matter that was really brought in and posted, and as many copies of it as are asked for."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken

from consult.bench.models import BareNotice
from consult.bench.screens import a_screen, coming
from consult.desk.backfill.loading import load_file
from consult.regions.loading import TABLE_FILE, load_table
from consult.regions.models import Region
from members import services as people
from members.models import Account, Organisation
from members.states import Role
from outcomes.models import PublicNotice
from outcomes.services.notices.boards import rebuild_board
from outcomes.states import NoticeKind
from sessions.models import LiveScreen
from sessions.services import beat_of
from topics.models import Topic

CASE = Path(__file__).parent.parent / "desk" / "demo" / "cases" / "yangguang-certificates.yaml"
PROVINCE = "53"  # of the case: the other thirty change nothing that is measured
YEARS = 10

NOTICES = """
INSERT INTO outcomes_publicnotice ({columns})
SELECT {values} FROM outcomes_publicnotice first
CROSS JOIN LATERAL (
    SELECT n, md5('notice ' || n)::uuid AS uuid, first.number || '之' || n AS number,
        (%(kinds)s::text[])[1 + n %% 4] AS kind,
        (%(townships)s::text[])[1 + n %% cardinality(%(townships)s::text[])] AS township,
        CURRENT_DATE - ((%(rows)s - n) * {days}::bigint / %(rows)s)::int AS posted_on
    FROM generate_series(%(from)s::bigint, %(rows)s::bigint) AS n
) AS made
WHERE first.id = %(first)s
"""
SNAPSHOT = """
jsonb_set(first.snapshot, '{notice}', first.snapshot -> 'notice' || jsonb_build_object(
    'uuid', made.uuid, 'number', made.number, 'kind', made.kind,
    'posted_on', made.posted_on, 'expires_on', made.posted_on + 7))
"""
#: Columns of a copy that differ from the first's.
CHANGED = {
    "uuid": "made.uuid",
    "number": "made.number",
    "kind": "made.kind",
    "township": "made.township",
    "posted_on": "made.posted_on",
    "expires_on": "made.posted_on + 7",
    "state": "CASE WHEN made.posted_on + 7 >= CURRENT_DATE THEN 'posted' ELSE 'expired' END",
    "sha256": "md5(made.number) || md5(made.uuid::text)",
    "snapshot": SNAPSHOT,
    "row_html": "replace(replace(first.row_html, first.uuid::text, made.uuid::text), first.number, made.number)",
    "sheet": "replace(replace(first.sheet, first.uuid::text, made.uuid::text), first.number, made.number)",
}
BARE = """
INSERT INTO bench_barenotice (uuid, number, kind, title, summary, text, posted_on, expires_on)
SELECT uuid, number, kind, title, left(text, 60), text, posted_on, expires_on FROM outcomes_publicnotice
WHERE number <> '' AND uuid NOT IN (SELECT uuid FROM bench_barenotice) ORDER BY id
"""
TOPICS = """
INSERT INTO topics_topic ({columns})
SELECT {values} FROM topics_topic first, generate_series(%(from)s::bigint, %(rows)s::bigint) AS n
WHERE first.id = %(first)s
"""
CHANGED_TOPIC = {
    "uuid": "md5('topic ' || n)::uuid",
    "number": "first.number || '之' || n",
    "case_key": "''",
    "client_id": "NULL",
}


@dataclass
class Stock:
    """One host, its board, its office."""

    host: Organisation
    first: PublicNotice
    topic: Topic
    office: Account
    rows: int = 1

    @property
    def board(self) -> str:
        return f"/b/{self.host.region_code}/"

    def uuids(self) -> list[str]:
        """Of every notice, in the order of nothing."""
        rows = PublicNotice.objects.on_board(self.host).order_by("uuid")
        return [str(uuid) for uuid in rows.values_list("uuid", flat=True)]

    def grow(self, rows: int) -> None:
        """Up to so many notices and as many matters; the board's counters are computed anew."""
        codes = Region.objects.filter(level=4, code__startswith=self.host.region_code[:6]).values_list(
            "code", flat=True
        )
        params: dict[str, Any] = {"from": self.rows + 1, "rows": rows, "kinds": list(NoticeKind.values)}
        townships = sorted({code[:9] for code in codes})
        notices = _copying(NOTICES.replace("{days}", str(365 * YEARS)), PublicNotice, CHANGED)
        with connection.cursor() as cursor:
            cursor.execute(notices, {**params, "townships": townships, "first": self.first.pk})
            cursor.execute(_copying(TOPICS, Topic, CHANGED_TOPIC), {**params, "first": self.topic.pk})
            cursor.execute(BARE)
            for model in (PublicNotice, Topic, BareNotice):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
        self.rows = rows
        rebuild_board(self.host.pk)

    def session(self) -> str:
        """The office has signed in."""
        session = SessionStore()
        session[SESSION_KEY] = str(self.office.pk)
        session[BACKEND_SESSION_KEY] = "members.backends.AccountBackend"
        session[HASH_SESSION_KEY] = self.office.get_session_auth_hash()
        session.create()
        return str(session.session_key)

    def screen(self) -> tuple[str, str]:
        """The screen of a session that is about to begin, and its present version."""
        known = LiveScreen.objects.first()
        code = known.code if known else a_screen(coming(self.host))
        beat = beat_of(code)
        if beat is None:
            raise RuntimeError("The screen does not open.")
        return code, beat.etag

    def token(self) -> str:
        return str(AuthToken.objects.create(self.office)[1])


def lay_in(folder: Path) -> Stock:
    """One province, one matter from its case file, one account of the office, one empty bare table."""
    load_table(_part_of_the_table(folder))
    actor = Account.objects.system()
    result = load_file(CASE, actor=actor)
    if result.topic is None:
        raise RuntimeError("\n".join(str(problem) for problem in result.problems))
    host = result.topic.host
    office, _password = people.open_account(actor=actor, home=host, username="bench-office", display_name="政协办公室")
    Account.objects.filter(pk=office.pk).update(must_change_password=False)
    people.grant_mandate(
        office,
        actor=actor,
        role=Role.OFFICE,
        organisation=host,
        region_code=host.region_code,
        valid_from=timezone.localdate(),
    )
    with connection.schema_editor() as editor:
        editor.create_model(BareNotice)
    return Stock(host, PublicNotice.objects.get(topic=result.topic), result.topic, office)


def _part_of_the_table(folder: Path) -> Path:
    part = folder / "regions.csv.gz"
    with gzip.open(TABLE_FILE, "rt", encoding="utf-8", newline="") as lines, gzip.open(part, "wt", 1) as out:
        rows = csv.reader(lines)
        csv.writer(out).writerows([next(rows), *(row for row in rows if row[0].startswith(PROVINCE))])
    return part


def _copying(statement: str, model: type, changed: dict[str, str]) -> str:
    """INSERT … SELECT of every column but the key; the names are the model's, nothing is typed by anybody."""
    fields = [field.column for field in model._meta.concrete_fields if not field.primary_key]  # type: ignore[attr-defined]
    values = [changed.get(name, f'first."{name}"').replace("%", "%%") for name in fields]
    return statement.replace("{columns}", ", ".join(f'"{name}"' for name in fields)).replace(
        "{values}", ", ".join(values)
    )
