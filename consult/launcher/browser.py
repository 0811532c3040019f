"""The browser of the browser tests: Debian's Chromium, and a font with Chinese in it."""

import os
import shutil
import subprocess
from collections.abc import Iterable

from .places import BASE, IS_ROOT, say

PACKAGES = ["chromium", "fonts-noto-cjk"]
MARK = "mark.browser"


def executable() -> str:
    """Where Chromium is, or nothing."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


def _has_chinese() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _wanted(paths: Iterable[str], expression: str) -> bool:
    """Whether any of the named test files speaks of a browser and the -m expression lets it."""
    if "not browser" in expression or (expression and "browser" not in expression and "not" not in expression):
        return False
    for name in paths:
        path = BASE / name.partition("::")[0]
        files = path.rglob("test_*.py") if path.is_dir() else [path]
        if any(MARK in file.read_text() for file in files if file.exists()):
            return True
    return False


def missing_browser(paths: Iterable[str], expression: str) -> str:
    """Nothing if the browser tests can run (root installs what is missing), or the sentence that says why not."""
    if not _wanted(paths, expression) or (executable() and _has_chinese()):
        return ""
    if IS_ROOT and shutil.which("apt-get"):
        say(f"installing {' '.join(PACKAGES)} for the tests in a browser")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=False)
    if executable() and _has_chinese():
        return ""
    return f"Chromium or a Chinese font is missing: sudo apt-get install {' '.join(PACKAGES)}"
