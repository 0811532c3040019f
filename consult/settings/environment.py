"""What the settings read from the environment, turned into what Django expects."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """A value that production cannot guess."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment: production does not guess it (docs/operations.md).")
    return value


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on: yes; 0, false, no, off and the empty string: no; anything else is a typing error."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in {"1", "true", "yes", "on"}:
        return True
    if value.strip().lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def hours(name: str, default: str = "") -> tuple[int, int] | None:
    """Two full hours, 22-7; empty: none."""
    value = os.environ.get(name, default).strip()
    if not value:
        return None
    begin, _, end = value.partition("-")
    if not (begin.isdecimal() and end.isdecimal() and int(begin) < 24 and int(end) < 24):
        raise ImproperlyConfigured(f"{name} is {value!r}; write two hours, for example 22-7.")
    return int(begin), int(end)


def database(url: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name?sslmode=require as Django wants it; `?host=/folder` is a socket."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgresql://, not {parts.scheme or 'nothing'}://.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **options},
    }
    if flag("DATABASE_POOL"):
        # The pool checks its own connections; Django refuses persistent connections beside it.
        entry |= {
            "CONN_MAX_AGE": 0,
            "OPTIONS": {**entry["OPTIONS"], "pool": {"min_size": 2, "max_size": 8, "timeout": 5}},
        }
    return entry


def broker(url: str) -> str:
    """kombu writes redis+socket:// where Redis itself writes unix://; either is accepted here."""
    scheme, separator, rest = url.partition("://")
    return f"redis+socket://{rest}" if separator and scheme == "unix" else url
