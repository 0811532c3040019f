"""The national table goes in by COPY: all of it in seconds, and not at all when it is in already."""

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from consult.regions.codes import LENGTH, level_of
from consult.regions.models import Edition, Region
from consult.regions.querysets import PATH_SEPARATOR

TABLE_FILE = Path(__file__).parent / "data" / "regions.csv.gz"
_LOADER = b"1"  # part of the fingerprint: raise it when the same file is to be read in another way
_CHUNK = 5000
_PARENT_ENDS = (9, 6, 4, 2)
_COLUMNS = "code, name, level, parent_code, path, successor"

Row = tuple[str, str, int, str | None, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    rows: int
    changed: int
    abolished: int
    was_there: bool = False


def fingerprint_of(file: Path) -> str:
    return hashlib.sha256(_LOADER + file.read_bytes()).hexdigest()


def load_table(file: Path = TABLE_FILE, *, progress: Progress = lambda done, total: None) -> Loaded:
    """Bring the table of divisions up to the file: new and changed ones are written, missing ones abolished today."""
    fingerprint = fingerprint_of(file)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regions.load'))")
        edition = Edition.objects.order_by("-pk").first()
        if edition and edition.fingerprint == fingerprint:
            return Loaded(edition.rows, 0, 0, was_there=True)
        loaded = _bring_up(file, progress)
        Edition.objects.create(fingerprint=fingerprint, rows=loaded.rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE regions_region")
    return loaded


def read_rows(file: Path) -> Iterator[Row]:
    """code, name, level, parent, path of every line. The file is in the order of its codes, so parents come first."""
    paths: dict[str, str] = {}  # of everything that may be a parent; villages, nine tenths of the table, are not kept
    last = ""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), 2):
            code, name = line["code"], line["name"].strip()
            if len(code) != LENGTH or code <= last:
                raise ValueError(f"{file.name}, line {number}: codes of 12 digits in ascending order are needed")
            last = code
            parent = next(
                (known for end in _PARENT_ENDS if (known := code[:end] + "0" * (LENGTH - end)) in paths), None
            )
            path = name if parent is None else f"{paths[parent]}{PATH_SEPARATOR}{name}"
            level = 5 if code[9:] != "000" else level_of(code)
            if level < 5:
                paths[code] = path
            yield code, name, level, parent, path


def _bring_up(file: Path, progress: Progress) -> Loaded:
    with connection.cursor() as cursor:
        if not Region.objects.exists():
            copied = _copy(cursor, "regions_region", file, progress)
            return Loaded(copied, copied, 0)
        cursor.execute("CREATE TEMPORARY TABLE regions_new (LIKE regions_region) ON COMMIT DROP")
        copied = _copy(cursor, "regions_new", file, progress)
        cursor.execute("ANALYZE regions_new")
        cursor.execute(
            """
            INSERT INTO regions_region AS old (code, name, level, parent_code, path, successor)
            SELECT code, name, level, parent_code, path, successor FROM regions_new
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
        return Loaded(copied, changed, cursor.rowcount)


def _copy(cursor: Any, table: str, file: Path, progress: Progress) -> int:
    with gzip.open(file, "rb") as lines:
        total = sum(1 for _ in lines) - 1
    done = 0
    rows = read_rows(file)
    with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
        while chunk := [_line(*row) for row in islice(rows, _CHUNK)]:
            copy.write("".join(chunk))
            done += len(chunk)
            progress(done, total)
    return done


def _line(code: str, name: str, level: int, parent: str | None, path: str) -> str:
    return f"{code}\t{_escape(name)}\t{level}\t{parent or chr(92) + 'N'}\t{_escape(path)}\t\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
