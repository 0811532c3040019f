"""Make requirements.lock from pyproject.toml; run as a script, with uv on the path (docs/dependencies.md).

What the demo needs comes first, what only tests and checks need follows a line: `./run up` installs the first part.
"""

import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from install import DIVIDER  # noqa: E402

EXPORT = "uv export --frozen --no-emit-project --no-annotate --no-header --format requirements.txt"


def blocks(*choice: str) -> dict[str, str]:
    """One block of text, version and hashes, per package."""
    command = [*EXPORT.split(), *choice]
    text = subprocess.run(command, cwd=BASE, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            name = line.partition("==")[0]
        if name and not line.startswith("#"):
            found[name] = found.get(name, "") + line
    return found


def main() -> None:
    """Resolve, export twice, write."""
    subprocess.run(["uv", "lock", "--quiet", *sys.argv[1:]], cwd=BASE, check=True)
    demo = blocks("--no-default-groups", "--group", "embedded")
    rest = {name: text for name, text in blocks("--all-groups").items() if name not in demo}
    head = "# Made by consult/launcher/relock.py from pyproject.toml; for every platform, naming no index.\n"
    text = "".join([head, *demo.values(), f"\n{DIVIDER}\n", *rest.values()])
    (BASE / "requirements.lock").write_text(text)
    print(f"{len(demo)} packages for the demo, {len(rest)} more for tests and checks")


if __name__ == "__main__":
    main()
