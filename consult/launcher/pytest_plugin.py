"""pytest on servers of its own, and a new test database in the time of a copy.

Each test run takes a free slot below the run folder: a cluster that may lose data in a power cut, kept between runs.
The migrated schema is a template database named after the migrations; every run (and every xdist worker) copies it.
"""

import hashlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from .browser import missing_browser
from .keeper import Servers
from .places import BASE, RUN
from .processes import Lock, spawn

HELD = pytest.StashKey[tuple[Lock, Servers]]()
SERIAL = ("browser", "faults", "servers")


def _slot() -> tuple[Lock, Path]:
    """The first test cluster that nobody uses."""
    for number in range(20):
        folder = RUN / f"test-{number}"
        lock = Lock(folder / "slot.lock")
        if lock.alone():
            return lock, folder
        lock.free()
    raise pytest.UsageError("Twenty test runs at once in this folder; set CONSULT_RUN to another one.")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before pytest-django reads the settings: the servers' addresses belong into the environment."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        lock, folder = _slot()
        servers = Servers(folder, careless=True)
        os.environ |= servers.hold()
        os.environ["CONSULT_RUN"] = str(folder)
        early_config.stash[HELD] = (lock, servers)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """The template, once per state of the migrations; the browser, if any test needs it."""
    if "PYTEST_XDIST_WORKER" in os.environ or config.option.collectonly or config.option.help:
        return
    os.environ["CONSULT_TEST_DATABASE"] = f"test_consult_{os.getpid()}"
    _drop_leftovers()
    os.environ["CONSULT_TEST_TEMPLATE"] = _template()
    _tell_django()
    os.environ["CONSULT_NO_BROWSER"] = missing_browser(config.args, config.option.markexpr)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the servers; nobody else uses this slot, so they end."""
    held = config.stash.get(HELD, None)
    if held:
        lock, servers = held
        servers.let_go()
        lock.free()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need the machine for themselves run one after the other; without a browser its tests are left out."""
    reason = os.environ.get("CONSULT_NO_BROWSER", "")
    for item in items:
        if any(item.get_closest_marker(name) for name in SERIAL):
            item.add_marker(pytest.mark.xdist_group("serial"))
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out is said, not only counted."""
    reason = os.environ.get("CONSULT_NO_BROWSER", "")
    if reason and "PYTEST_XDIST_WORKER" not in os.environ:
        terminalreporter.write_line(f"Left out: the tests in a browser. {reason}", yellow=True)


def _tell_django() -> None:
    """pytest-django may have read the settings already (a plugin imported them)."""
    from django.conf import settings  # noqa: PLC0415  only now is the environment complete

    settings.DATABASES["default"]["TEST"].update(
        NAME=os.environ["CONSULT_TEST_DATABASE"], TEMPLATE=os.environ["CONSULT_TEST_TEMPLATE"]
    )


def _psql(sql: str) -> str:
    """One statement by psycopg; Django is not ready yet."""
    import psycopg  # noqa: PLC0415  not needed by xdist workers

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        cursor = link.execute(sql.encode())
        return ",".join(str(row[0]) for row in cursor.fetchall()) if cursor.description else ""


def _drop_leftovers() -> None:
    """Databases of runs that were killed; on a shared server only those whose process is gone."""
    for name in filter(None, _psql(r"SELECT datname FROM pg_database WHERE datname ~ '^test_consult_\d+'").split(",")):
        pid = name.removeprefix("test_consult_").partition("_")[0]
        if not Path(f"/proc/{pid}").exists():
            _psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _fingerprint() -> str:
    """What the schema depends on: our migrations and the versions of everybody else's."""
    digest = hashlib.sha256((BASE / "requirements.lock").read_bytes())
    digest.update((BASE / "consult" / "settings" / "base.py").read_bytes())
    patterns = ("*/migrations/*.py", "consult/*/migrations/*.py")
    for path in sorted(path for pattern in patterns for path in BASE.glob(pattern)):
        digest.update(str(path.relative_to(BASE)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _template() -> str:
    """Migrate an empty database once; afterwards a test database is a copy of it."""
    name = f"template_consult_{_fingerprint()}"
    known = _psql(r"SELECT datname FROM pg_database WHERE datname ~ '^template_consult_'").split(",")
    if name in known:
        return name
    for old in filter(None, known):
        _psql(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    half = f"half_{os.getpid()}"
    _psql(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
    _psql(f"CREATE DATABASE \"{half}\" TEMPLATE template0 ENCODING 'UTF8'")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "consult.settings.test", "CONSULT_DATABASE_NAME": half}
    command = [sys.executable, "manage.py", "migrate", "--noinput", "-v0", "--skip-checks"]
    child = spawn(command, env=env, cwd=BASE, session=False)
    if child.wait():
        raise pytest.UsageError("The migrations do not run on an empty database (see above).")
    _psql(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    return name
