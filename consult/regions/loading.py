"""The national table goes in by COPY: all of it in seconds, and not at all when it is in already."""

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from consult.regions.codes import level_of, possible_parents
from consult.regions.models import Edition, Region
from consult.regions.querysets import PATH_SEPARATOR

TABLE_FILE = Path(__file__).parent / "data" / "regions.csv.gz"
_LOADER = b"1"  # part of the fingerprint: raise it when the same file is to be read in another way
_CHUNK = 5000
_COLUMNS = "code, name, level, parent_code, path, successor"


@dataclass(frozen=True)
class Loaded:
    rows: int
    changed: int
    abolished: int
    was_there: bool = False


def fingerprint_of(file: Path) -> str:
    return hashlib.sha256(_LOADER + file.read_bytes()).hexdigest()


def load_table(file: Path = TABLE_FILE, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Loaded:
    """Bring the table of divisions up to the file: new and changed ones are written, missing ones abolished today."""
    fingerprint = fingerprint_of(file)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regions.load'))")
        edition = Edition.objects.order_by("-pk").first()
        if edition and edition.fingerprint == fingerprint:
            return Loaded(edition.rows, 0, 0, was_there=True)
        loaded = _bring_up(list(read_rows(file)), progress)
        Edition.objects.create(fingerprint=fingerprint, rows=loaded.rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE regions_region")
    return loaded


def read_rows(file: Path) -> Iterator[tuple[str, str, int, str | None, str]]:
    """code, name, level, parent, path of every line, parents before their children."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        names = {line["code"]: line["name"].strip() for line in csv.DictReader(lines)}
    paths: dict[str, str] = {}
    for code in sorted(names):
        parent = next((known for known in possible_parents(code) if known in names), None)
        paths[code] = names[code] if parent is None else f"{paths[parent]}{PATH_SEPARATOR}{names[code]}"
        yield code, names[code], level_of(code), parent, paths[code]


def _bring_up(rows: list[tuple[str, str, int, str | None, str]], progress: Callable[[int, int], None]) -> Loaded:
    with connection.cursor() as cursor:
        if not Region.objects.exists():
            _copy(cursor, "regions_region", rows, progress)
            return Loaded(len(rows), len(rows), 0)
        cursor.execute("CREATE TEMPORARY TABLE regions_new (LIKE regions_region) ON COMMIT DROP")
        _copy(cursor, "regions_new", rows, progress)
        cursor.execute("ANALYZE regions_new")
        cursor.execute(
            f"""
            INSERT INTO regions_region AS old ({_COLUMNS}) SELECT {_COLUMNS} FROM regions_new
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent_code = excluded.parent_code,
                path = excluded.path, valid_to = NULL, successor = ''
            WHERE (old.name, old.parent_code, old.path) IS DISTINCT FROM
                (excluded.name, excluded.parent_code, excluded.path) OR old.valid_to IS NOT NULL
            """
        )
        changed = cursor.rowcount
        cursor.execute(
            """
            UPDATE regions_region SET valid_to = CURRENT_DATE WHERE valid_to IS NULL
            AND NOT EXISTS (SELECT FROM regions_new WHERE regions_new.code = regions_region.code)
            """
        )
        return Loaded(len(rows), changed, cursor.rowcount)


def _copy(cursor, table: str, rows: list[tuple], progress: Callable[[int, int], None]) -> None:
    with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            copy.write("".join(_line(*row) for row in chunk))
            progress(start + len(chunk), len(rows))


def _line(code: str, name: str, level: int, parent: str | None, path: str) -> str:
    return f"{code}\t{_escape(name)}\t{level}\t{parent or chr(92) + 'N'}\t{_escape(path)}\t\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
