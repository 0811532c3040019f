"""A wire between browser and server that a test can cut; and browsers that it can kill."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright

from consult.launcher.browser import executable
from tests.browser.conftest import PATIENCE, PHONE


class Wire:
    """Listens on a port of its own and passes everything on, until it is cut."""

    def __init__(self, url: str) -> None:
        self._far = (urlparse(url).hostname, urlparse(url).port)
        self._whole = True
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole = False
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def mend(self) -> None:
        self._whole = True

    def end(self) -> None:
        self.cut()
        _close(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                _close(near)
                continue
            try:
                far = socket.create_connection(self._far)
            except OSError:
                _close(near)
                continue
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        _close(one)
        _close(other)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()


class Telephone:
    """A browser with a profile of its own on the disk: what was kept outlives it."""

    def __init__(self, playwright: Playwright, profile: Path, wire: Wire, **options: Any) -> None:
        self._playwright, self.profile, self.wire, self.options = playwright, profile, wire, options
        self.complaints: list[str] = []
        self.context: BrowserContext
        self.start()

    def start(self) -> None:
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=executable(),
            args=["--no-sandbox"],
            viewport=PHONE,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=self.wire.url,
            **self.options,
        )
        self.context.set_default_timeout(PATIENCE)

    def sign_in(self, account: Any) -> None:
        visitor = Client()
        visitor.force_login(account)
        value = visitor.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": value, "url": self.wire.url}])

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def kill(self) -> None:
        """kill -9 of the browser's first process, found by its profile."""
        for pid in _processes(str(self.profile)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        limit = time.monotonic() + 10
        while _processes(str(self.profile)) and time.monotonic() < limit:
            time.sleep(0.1)
        with contextlib.suppress(Exception):
            self.context.close()

    def end(self) -> None:
        with contextlib.suppress(Exception):
            self.context.close()


def _processes(profile: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={profile}".encode() in words and (entry / "status").read_text().find("State:\tZ") < 0:
                found.append(int(entry.name))
    return found
