"""Build `.venv` from the lock file. Run as a script, by any Python 3.11 or newer, before anything is installed."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
DIVIDER = "# --- only for tests and checks ---"


def main(extent: str, stamp: str) -> int:
    """Install the demo's part of the lock file, or all of it; several may ask at once."""
    with (BASE / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        marker = VENV / f".installed-{extent}"
        if marker.exists() and marker.read_text().strip() == stamp:
            return 0
        if not sound():
            make_venv()
        print(f"[run] installing packages from requirements.lock ({extent})", flush=True)
        if install(extent):
            print("[run] The packages could not be installed: is a package index reachable?", file=sys.stderr)
            return 1
        for done in {extent, "demo"}:
            (VENV / f".installed-{done}").write_text(stamp)
    return 0


def sound() -> bool:
    """Whether the folder holds a working environment (its Python may have been upgraded away)."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """An empty environment; on Debian the module for that is a package of its own."""
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            print("[run] installing python3-venv", flush=True)
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "update", "-qq"], env=environment, stdout=subprocess.DEVNULL, check=False)
            command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        else:
            sys.exit("[run] Python's venv is missing: sudo apt-get install python3-venv, then try again.")
    print(f"[run] making .venv with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)


def install(extent: str) -> int:
    """Hand pip the part that is wanted; hashes are checked, nothing is compiled."""
    text = (BASE / "requirements.lock").read_text()
    if extent == "demo":
        text = text.partition(DIVIDER)[0]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as part:
        part.write(text)
        part.flush()
        command = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        command += ["--root-user-action=ignore", "--require-hashes", "--only-binary", ":all:", "-r", part.name]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
