"""A recorder's browser is killed in mid sentence, without a network: lines arrive once, the rest stands there."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from consult.launcher.browser import executable
from tests.factories import people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]


def launch(playwright: Playwright, folder: Path, url: str) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        str(folder), executable_path=executable(), args=["--no-sandbox"], base_url=url, locale="zh-CN"
    )


def processes(folder: Path) -> list[int]:
    """Those of this profile that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={folder}".encode() in words and "State:\tZ" not in (entry / "status").read_text():
                found.append(int(entry.name))
    return found


def kill(context: BrowserContext, folder: Path) -> None:
    """kill -9, and wait until nothing of it is left."""
    for pid in processes(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    limit = time.monotonic() + 10
    while processes(folder) and time.monotonic() < limit:
        time.sleep(0.1)
    with contextlib.suppress(Error):
        context.close()
    for lock in folder.glob("Singleton*"):  # a computer that was switched on again asks nobody about these
        lock.unlink()


def desk(context: BrowserContext, session: Any) -> Page:
    page = context.pages[0]
    page.goto(f"/sessions/{session.uuid}/record/")
    expect(page.locator("html.zb-desk-ready")).to_have_count(1)
    return page


@pytest.mark.timeout(120)
def test_a_killed_browser_loses_nothing(transactional_db: Any, live_server: Any, tmp_path: Path) -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    host = people.host()
    session, account = make.in_progress(host), people.office(host)
    visitor = Client()
    visitor.force_login(account)
    cookie = {"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": live_server.url}
    with sync_playwright() as playwright:
        context = launch(playwright, tmp_path / "profile", live_server.url)
        context.add_cookies([cookie])
        page = desk(context, session)
        context.set_offline(True)
        for text in ("断电前第一句", "断电前第二句"):
            page.locator("#add_statement [name=participant]").select_option(index=1)
            page.locator("#add_statement [name=text]").fill(text)
            page.keyboard.press("Control+Enter")
        page.locator("#add_statement [name=text]").press_sequentially("打到一半的话", delay=30)
        time.sleep(0.3)
        kill(context, tmp_path / "profile")
        context = launch(playwright, tmp_path / "profile", live_server.url)
        context.add_cookies([cookie])
        page = desk(context, session)
        expect(page.locator("#said-list .zb-pre")).to_have_text(["断电前第一句", "断电前第二句"])
        expect(page.locator("#add_statement [name=text]")).to_have_value("打到一半的话")
        expect(page.locator("#unsent li")).to_have_count(0)
        context.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    assert list(session.statements.values_list("text", flat=True)) == ["断电前第一句", "断电前第二句"]
