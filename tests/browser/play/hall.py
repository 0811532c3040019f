"""The screen in the hall, and those who come in: each with a telephone of his own and without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from consult.dbclock import database_now
from consult.documents import qr_svg
from sessions.services import sign_in, slips
from tests.browser.play.cast import PATIENCE, Cast

DRAWN = "svg => Array.from(svg.querySelectorAll('path')).map(path => path.getAttribute('d')).join()"


class Screen:
    """Looked at, and never touched."""

    def __init__(self, cast: Cast, code: str, page: Page) -> None:
        self.cast, self.code, self.page = cast, code, page

    def begin(self) -> None:
        self.page.goto(f"/live/{self.code}/")
        expect(self.page.locator("h1")).to_have_text(self.cast.session.title)

    def shows(
        self,
        item: str = "",
        speaker: str = "",
        waiting: list[str] | None = None,
        points: list[str] | None = None,
        counts: dict[str, str] | None = None,
        came: str = "",
    ) -> None:
        """What everybody in the room sees, within three seconds."""
        with self.cast.seeing(f"screen: {item or points or speaker or came}"):
            self._look(item, speaker, waiting, points, counts or {}, came)

    def _look(self, item: str, speaker: str, waiting: Any, points: Any, counts: dict[str, str], came: str) -> None:
        look = self.page.locator
        if item:
            expect(look(".lv-ag li.k")).to_contain_text(item, timeout=PATIENCE)
        if speaker:
            expect(look(".lv-now")).to_have_text(speaker, timeout=PATIENCE)
        if waiting is not None:
            expect(look(".lv-q li b")).to_have_text(waiting, timeout=PATIENCE)
        if points is not None:
            expect(look(".js-points li:not(.none)")).to_have_count(len(points), timeout=PATIENCE)
            for place, text in enumerate(points):
                expect(look(".js-points li").nth(place)).to_contain_text(text, timeout=PATIENCE)
        if came:
            expect(look(".lv-came")).to_contain_text(came, timeout=PATIENCE)
        for label, figures in counts.items():
            expect(look(".lv-counts li", has_text=label)).to_contain_text(figures, timeout=PATIENCE)

    def names_nobody(self, names: list[str]) -> None:
        """No resident stands on the screen by name."""
        shown = self.page.locator("body").inner_text()
        assert [name for name in names if name in shown] == []

    def ends(self, points: list[str]) -> None:
        """Thanks, and what was agreed, each point once and in order."""
        expect(self.page.locator(".lv-over")).to_be_visible(timeout=PATIENCE)
        found = self.page.locator(".lv-all li").all_inner_texts()
        assert [text in line for text, line in zip(points, found, strict=True)] == [True] * len(points), found

    def address(self) -> str:
        """What a camera reads off the screen: compared square by square with the addresses that may stand there."""
        drawn = self.page.locator(".lv-qr svg").evaluate(DRAWN)
        now = database_now()
        for age in (0, 1, 2):
            path = self._path(now - timedelta(minutes=age))
            if _squares(qr_svg(self.cast.server + path)) == drawn:
                return path
        raise AssertionError("the code on the screen opens nothing of this session")

    def _path(self, at: Any) -> str:
        token = sign_in.screen_token(self.cast.session, now=at)
        return sign_in.screen_link(self.cast.session).replace(sign_in.screen_token(self.cast.session), token)


def _squares(svg: str) -> str:
    return ",".join(part.split('"', 1)[0] for part in svg.split(' d="')[1:])


class Guests:
    """Each a telephone that has never been here."""

    def __init__(self, cast: Cast, telephone: Callable[[], Page]) -> None:
        self.cast, self._telephone = cast, telephone
        self._old = ""

    def reply(self, who: str, reply: str, reason: str = "") -> None:
        """The slip that came with the notice, before the session."""
        page = self._telephone()
        page.goto(slips.slip_link(self.cast.session.participants.get(name=who)))
        page.locator(f"[name=reply][value={reply}]").check(force=True)
        page.locator("[name=reason]").fill(reason)
        page.locator("form .btn-ink").click()
        expect(page.locator(".zb-note.song")).to_be_visible()
        page.context.close()

    def scan(self, name: str, category: str, again: bool = False) -> None:
        """The code on the screen; ``again``: the impatient tap twice, go back and send once more."""
        page = self._telephone()
        page.goto(self.cast.screen.address())
        self._fill(page, name, category)
        if again:
            page.go_back()
            page.locator("form[method=post] .btn-ink").last.click()
            expect(page.locator(".si-done")).to_be_visible()
        page.context.close()

    def type_code(self, name: str, category: str, proxy: str = "", reason: str = "") -> None:
        """Six characters, for who cannot scan; perhaps in somebody's place."""
        page = self._telephone()
        page.goto("/s/")
        page.locator("[name=code]").fill(self.cast.screen.page.locator(".lv-six").inner_text().strip())
        page.locator("form .btn-ink").click()
        page.wait_for_selector("[name=name]")
        if proxy:
            page.locator("details summary").last.click()
            page.locator("[name=proxy_name]").fill(proxy)
            page.locator("[name=proxy_reason]").fill(reason)
        self._fill(page, name, category)
        page.context.close()

    def keeps_a_picture(self) -> None:
        """Somebody photographs the screen for somebody at home."""
        self._old = self.cast.screen.address()

    def picture_is_refused(self) -> None:
        """After the close nobody signs in with it."""
        page = self._telephone()
        answer = page.goto(self._old)
        assert answer is not None and answer.status in (409, 410), answer and answer.status
        page.context.close()

    def _fill(self, page: Page, name: str, category: str) -> None:
        page.locator("[name=name]").fill(name)
        page.locator(f"[name=category][value={category}]").check(force=True)
        page.locator("form .btn-ink").last.click()
        expect(page.locator(".si-done")).to_be_visible()
