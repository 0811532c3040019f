"""What the environment may say, and what production refuses to guess."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from consult.launcher.places import BASE
from consult.settings.environment import broker, database, flag

PRODUCTION = {
    "CONSULT_SECRET_KEY": "x" * 60,
    "CONSULT_HOSTS": "xieshang.example.cn",
    "DATABASE_URL": "postgresql://consult@localhost/consult",
    "REDIS_URL": "redis://localhost/0",
    "CONSULT_MEDIA_ROOT": "/nonexistent/media",
    "CONSULT_STATIC_ROOT": "/nonexistent/static",
}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:5433/name", ("db.example", "5433", "u", "p@ss", "name")),
        ("postgres://u@localhost/name", ("localhost", "", "u", "", "name")),
        ("postgresql://u@/name?host=/run/%E5%8D%8F%E5%95%86", ("/run/协商", "", "u", "", "name")),
        ("postgresql://u@/name?host=/run/pg&port=5444", ("/run/pg", "5444", "u", "", "name")),
    ],
)
def test_a_database_address_is_taken_apart(url, expected):
    entry = database(url)
    assert tuple(entry[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")) == expected
    assert entry["CONN_HEALTH_CHECKS"] is True


def test_options_of_the_address_reach_the_driver():
    assert database("postgresql://u@h/n?sslmode=require")["OPTIONS"]["sslmode"] == "require"


def test_the_pool_is_off_until_asked_for(monkeypatch):
    assert "pool" not in database("postgresql://u@h/n")["OPTIONS"]
    monkeypatch.setenv("DATABASE_POOL", "1")
    assert database("postgresql://u@h/n")["CONN_MAX_AGE"] == 0


def test_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        database("mysql://u@h/n")


def test_both_spellings_of_a_redis_socket_are_understood():
    assert broker("unix:///run/redis.sock") == "redis+socket:///run/redis.sock"
    assert broker("redis://h:6379/1") == "redis://h:6379/1"


def test_a_typing_error_in_a_flag_is_no_answer(monkeypatch):
    monkeypatch.setenv("CONSULT_DEBUG", "flase")
    with pytest.raises(ImproperlyConfigured, match="CONSULT_DEBUG"):
        flag("CONSULT_DEBUG")


def _production(**environment):
    known = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    env = {**known, "DJANGO_SETTINGS_MODULE": "consult.settings.production", **environment}
    command = [sys.executable, "-c", "import consult.settings.production as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE)"]
    return subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)


def test_production_starts_with_everything_named():
    assert _production(**PRODUCTION).stdout.strip() == "False True"


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_names_what_is_missing(name):
    done = _production(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert name in done.stderr.splitlines()[-1]


def test_production_refuses_a_short_key():
    assert "too short" in _production(**{**PRODUCTION, "CONSULT_SECRET_KEY": "short"}).stderr
