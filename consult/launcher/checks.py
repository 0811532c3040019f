"""`./run lint`: everything that can be said about the code without running the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from . import catalogue
from .keeper import Servers
from .places import BASE, RUN, Trouble, environment, say

SOURCES = ["consult", "members", "topics", "sessions", "outcomes"]
PYTHON = sys.executable


def lint(arguments: list[str]) -> int:
    """All checks, or those named; every failure is shown, not only the first."""
    checks = all_checks()
    unknown = set(arguments) - set(checks)
    if unknown:
        raise Trouble(f"There is no check {', '.join(sorted(unknown))}; there are {', '.join(checks)}.")
    failed = []
    for name in arguments or checks:
        began = time.monotonic()
        sound = checks[name]() == 0
        say(f"{name}: {'ok' if sound else 'FAILED'} ({time.monotonic() - began:.1f} s)")
        if not sound:
            failed.append(name)
    say(f"lint failed: {', '.join(failed)}" if failed else "lint passed")
    return 1 if failed else 0


def all_checks() -> dict[str, Callable[[], int]]:
    """By name, in the order of their cost."""
    return {
        "ruff": lambda: _tool("ruff", "check", "--quiet", "."),
        "format": lambda: _tool("ruff", "format", "--check", "--quiet", "."),
        "catalogue": lambda: catalogue.main(["--check"]),
        "imports": lambda: _program("lint-imports", "--no-logo"),
        "templates": lambda: _program("djlint", "templates", "--lint", "--quiet"),
        "django": lambda: _django("check", "--fail-level", "WARNING"),
        "deploy": deploy,
        "migrations": migrations,
        "types": lambda: _tool("mypy", *SOURCES),
    }


def _call(command: list[str], env: dict[str, str] | None = None) -> int:
    """Show what it says only if it fails."""
    done = subprocess.run(
        command, cwd=BASE, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(done.stdout)
    return done.returncode


def _tool(module: str, *arguments: str) -> int:
    return _call([PYTHON, "-m", module, *arguments])


def _program(name: str, *arguments: str) -> int:
    return _call([str(BASE / ".venv" / "bin" / name), *arguments])


def _django(*arguments: str, **extra: str) -> int:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "consult.settings.base", **extra}
    return _call([PYTHON, "-W", "ignore::RuntimeWarning", "manage.py", *arguments], env)


def deploy() -> int:
    """Django's own list for production, with an environment like a county's."""
    return _django(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        DJANGO_SETTINGS_MODULE="consult.settings.production",
        CONSULT_SECRET_KEY="only-for-this-check-" + "".join(map(str, range(40))),
        CONSULT_HOSTS="xieshang.example.cn",
        CONSULT_MEDIA_ROOT="/nonexistent/media",
        CONSULT_STATIC_ROOT="/nonexistent/static",
        DATABASE_URL="postgresql://consult@localhost/consult",
        REDIS_URL="redis://localhost/0",
    )


def migrations() -> int:
    """The models say what the migrations say; asked with a database, so that the history is looked at too."""
    servers = Servers(RUN / "lint", careless=True)
    try:
        env = environment(servers.hold())
        return _call([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], env)
    finally:
        servers.let_go()
