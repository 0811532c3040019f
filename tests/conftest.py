"""What every test with a database finds: a handful of divisions, and a record that may be emptied between tests."""

import threading
import time

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection

from consult.options.services import memo
from consult.regions.models import Region
from tests.factories import regions


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with real transactions empty all tables afterwards; in life nobody may TRUNCATE the record."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_truncate")
        regions.seed()


@pytest.fixture(autouse=True)
def _divisions(request):
    """Divisions are there in every test with a database, also after another test has emptied the tables."""
    marker = request.node.get_closest_marker("django_db")
    if marker or {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        real = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
        request.getfixturevalue("transactional_db" if real else "db")
        if not Region.objects.exists():
            regions.seed()


@pytest.fixture(autouse=True)
def _settings_read_anew():
    """A test is one transaction that never ends: what a test before it wrote must not keep the memory closed."""
    memo.start_afresh()


@pytest.fixture(autouse=True)
def _answers_end(request):
    """Tables are emptied after a test: not under a request whose browser has gone already."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("live_server")
    running = set()

    def begun(**_words):
        running.add(threading.get_ident())

    def done(**_words):
        running.discard(threading.get_ident())

    request_started.connect(begun)
    request_finished.connect(done)
    yield
    patience = time.monotonic() + 20
    while running - {threading.get_ident()} and time.monotonic() < patience:
        time.sleep(0.02)
    request_started.disconnect(begun)
    request_finished.disconnect(done)
