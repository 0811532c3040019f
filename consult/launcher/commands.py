"""The words after `./run`."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import catalogue, checks, up
from .keeper import Servers, keep
from .places import BASE, RUN, Trouble, environment, say
from .processes import spawn
from .servers import pg_bin

USAGE = """./run up [PORT]               install, start everything, print the address (Ctrl-C ends it)
./run down                    end what ./run up started
./run test [ARGUMENTS]        the test suite; ARGUMENTS go to pytest
./run manage COMMAND …        a Django command, with the database running
./run psql [ARGUMENTS]        the database's prompt
./run lint                    style, import contracts, types, migrations, translations
./run catalogue [--check]     merge the translations, or check them
./run bench [ARGUMENTS]       measure pages against bare ones
CONSULT_RUN names another folder for the servers' data; DATABASE_URL and REDIS_URL name real servers."""


def with_servers(command: list[str], run: Path = RUN, *, careless: bool = False) -> int:
    """Run one command to its end while the servers are up; Ctrl-C is the command's to answer."""
    servers = Servers(run, careless=careless)
    try:
        env = environment(servers.hold())
        child = spawn(command, env=env, cwd=BASE, session=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: child.send_signal(number) if number != signal.SIGINT else None)
        code = child.wait()
        return code if code >= 0 else 128 - code
    finally:
        servers.let_go()


def manage(arguments: list[str]) -> int:
    """A Django command."""
    return with_servers([sys.executable, "manage.py", *arguments])


def bench(arguments: list[str]) -> int:
    """The measurements, on a database of their own."""
    return with_servers([sys.executable, "-m", "consult.bench", *arguments], RUN / "bench")


def psql(arguments: list[str]) -> int:
    """The database's prompt."""
    command = [str(pg_bin(RUN) / "psql")]
    servers = Servers(RUN)
    try:
        url = os.environ.get("DATABASE_URL") or servers.hold()["DATABASE_URL"]
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the prompt's own business
        return subprocess.call([*command, url, *arguments], cwd=BASE)
    finally:
        servers.let_go()


def test(arguments: list[str]) -> int:
    """The suite; the whole of it runs on two processes, what needs the machine for itself on one of them."""
    spread = [] if arguments else ["-n", "2", "--dist", "loadgroup"]
    child = spawn([sys.executable, "-m", "pytest", *spread, *arguments], cwd=BASE, session=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # pytest answers it
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: child.send_signal(signal.SIGINT))
    code = child.wait()
    return code if code >= 0 else 128 - code


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up.up,
    "down": up.down,
    "test": test,
    "manage": manage,
    "psql": psql,
    "lint": checks.lint,
    "catalogue": catalogue.main,
    "bench": bench,
    "keep": lambda arguments: keep(Path(arguments[0]), arguments[1], arguments[2:]),
}


def main(arguments: list[str]) -> int:
    """One word, one function; trouble is one sentence."""
    word = arguments[0] if arguments else ""
    if word not in COMMANDS:
        print(USAGE, file=sys.stdout if word in {"", "-h", "--help", "help"} else sys.stderr)
        return 0 if word in {"-h", "--help", "help"} else 2
    try:
        if word in {"up", "test", "manage"}:
            catalogue.refresh()
        return COMMANDS[word](arguments[1:])
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except KeyboardInterrupt:
        return 130
