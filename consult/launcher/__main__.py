"""`python consult/launcher COMMAND`: run as a folder, so that Django and Celery are not loaded on the way."""

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# Run as a folder Python puts it on the path; its modules are reached through the package only.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != FOLDER]

if "launcher" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "launcher", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    sys.modules["launcher"] = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(sys.modules["launcher"])  # type: ignore[union-attr]

if __name__ == "__main__":
    sys.exit(importlib.import_module("launcher.commands").main(sys.argv[1:]))
