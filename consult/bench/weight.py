"""What a phone loads for the first view of the board, and how many queries a page asks."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consult.bench.house import Server
from consult.bench.load import Subject
from outcomes.board.shelf import shelf

WANTED = re.compile(rb"""<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*?(?:href|src)="([^"]+)\"""")
INSIDE = re.compile(rb"""url\(["']?([^"')]+)["']?\)""")
GZIP_LEVEL = 6  # as nginx before the application is told to


def first_view(server: Server, path: str) -> dict[str, object]:
    """Bytes over the wire: the page as the proxy packs it, files as the application keeps them packed."""
    _status, _headers, page = server.get(path)
    files = {address.decode(): 0 for address in WANTED.findall(page)}
    foreign = [address for address in files if urlsplit(address).netloc]
    for address in list(files):
        status, headers, body = server.get(address, Accept_Encoding="br, gzip")
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")
        files[address] = len(body)
    packed = len(gzip.compress(page, GZIP_LEVEL))
    return {
        "page": path,
        "html": len(page),
        "html_gzip": packed,
        "files": files,
        "kilobytes": round((packed + sum(files.values())) / 1000, 1),
        "foreign": foreign,
    }


def count_queries(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    """The queries of the first request to each page, in this process, with nothing kept."""
    asked: dict[str, list[str]] = {}
    for subject in subjects:
        shelf.clear()
        headers = {f"HTTP_{name.upper()}": value for name, value in subject.headers.items()}
        client = Client(SERVER_NAME="localhost", **headers)
        client.get(subject.paths[0])  # what is read once per process
        shelf.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(subject.paths[0])
        asked[subject.name] = [query["sql"] for query in captured.captured_queries]
    return asked


def counting(queries: Iterable[str]) -> int:
    """How many of them count rows."""
    return sum("COUNT(" in query.upper() for query in queries)
