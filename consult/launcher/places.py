"""Where things lie, and what may be put there."""

import contextlib
import hashlib
import os
import re
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent.parent
RUN = Path(os.environ.get("CONSULT_RUN") or BASE / ".run").absolute()
IS_ROOT = os.geteuid() == 0


class Trouble(Exception):
    """Something the person at the keyboard can mend; shown as one plain sentence."""


def say(sentence: str) -> None:
    """Tell the person at the keyboard; a closed terminal is no reason to fall over."""
    with contextlib.suppress(OSError):
        print(f"[run] {sentence}", flush=True)


def environment(addresses: Mapping[str, str]) -> dict[str, str]:
    """What our children need to know."""
    defaults = {"DJANGO_SETTINGS_MODULE": "consult.settings.base", "PYTHONUNBUFFERED": "1"}
    return {**defaults, **os.environ, **addresses, "CONSULT_RUN": str(RUN), "CONSULT_SECRET_KEY": secret_key()}


def secret_key() -> str:
    """The key that signs sessions: the environment's, or one made for this run folder."""
    if os.environ.get("CONSULT_SECRET_KEY"):
        return os.environ["CONSULT_SECRET_KEY"]
    path = RUN / "secret_key"
    RUN.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    return path.read_text()


def unprivileged() -> dict[str, Any]:
    """Popen's arguments for PostgreSQL, which refuses to be root: root runs it as nobody."""
    if not IS_ROOT:
        return {}
    import pwd  # noqa: PLC0415  absent on Windows, where there is no root either

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_away(folder: Path) -> None:
    """Root hands a folder to the user that PostgreSQL runs as."""
    if IS_ROOT:
        account = unprivileged()
        os.chown(folder, account["user"], account["group"])


def reachable(path: Path) -> bool:
    """Whether the user that PostgreSQL runs as can get there (/root is closed to nobody)."""
    if not IS_ROOT:
        return True
    done: int = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **unprivileged()).returncode
    return done == 0


def own_folder(path: Path, mode: int) -> Path:
    """A folder of ours below /tmp or /var/tmp, where anybody may have been first."""
    path.mkdir(mode=mode, exist_ok=True)
    status = path.lstat()
    allowed = {os.geteuid(), unprivileged().get("user", os.geteuid())}
    if path.is_symlink() or status.st_uid not in allowed:
        raise Trouble(f"{path} belongs to somebody else; remove it or set CONSULT_RUN to another folder.")
    return path


def outside(run: Path) -> Path:
    """A folder that nobody can reach, for a checkout that it cannot; named once per run folder, not per path."""
    name = run / "outside"
    if not name.exists():
        run.mkdir(parents=True, exist_ok=True)
        name.write_text(f"/var/tmp/consult-{secrets.token_hex(4)}\n")  # noqa: S108  own_folder() looks whose it is
    return own_folder(Path(name.read_text().strip()), 0o755)


def plain(path: Path) -> bool:
    """A socket's path may have some 100 bytes, and addresses dislike spaces and Chinese in it."""
    return len(str(path)) < 85 and re.fullmatch(r"[A-Za-z0-9/._-]+", str(path)) is not None


def socket_folder(folder: Path, *, given_away: bool = False) -> Path:
    """The folder itself, or a short plain one in its stead."""
    if plain(folder):
        return folder
    name = f"consult-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    short = own_folder(Path("/tmp") / name, 0o700)  # noqa: S108  own_folder() looks whose it is
    if given_away:
        give_away(short)
    return short
