"""Who runs the session: moderator and recorders at their desks, each in a browser of his own."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.play.cast import PATIENCE, Cast

PASSWORD = "桥头见面喝茶 2026"
KINDS = {"opinion": "1", "demand": "2", "answer": "3", "proposal": "4"}
READY = "html.zb-desk-ready"


class Desk:
    """One recorder. What he notes is seen by all other desks, or waits on his computer and is seen later."""

    def __init__(self, cast: Cast, role: str, account: Any, page: Page) -> None:
        self.cast, self.role, self.account, self.page = cast, role, account, page
        self._waiting: list[str] = []
        self._cut = self._out = False
        self._mended = ("", "")

    @property
    def is_away(self) -> bool:
        return self._cut or self._out

    @property
    def _base(self) -> str:
        return f"/sessions/{self.cast.session.uuid}"

    # coming and going ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """To the record, with the keyboard in the field for what is said."""
        self.page.goto(f"{self._base}/record/")
        expect(self.page.locator(READY)).to_have_count(1)

    def open(self) -> None:
        """The session begins, by its own page."""
        self._move("open")
        self.cast.session.refresh_from_db()

    def close(self) -> None:
        """The session ends, by the page that says what is missing."""
        self._move("close")
        self.cast.session.refresh_from_db()

    def _move(self, verb: str) -> None:
        self.page.goto(f"{self._base}/{verb}/")
        self.page.locator("form.js-form .btn-ink").click()
        self.page.wait_for_url(lambda url: not url.endswith(f"/{verb}/"))

    def reload(self) -> None:
        """F5, whatever stands in the fields: it stands there again."""
        before = self._typed()
        self.page.wait_for_timeout(150)
        self.page.reload()
        expect(self.page.locator(READY)).to_have_count(1)
        assert self._typed() == before, (self.role, self._typed(), before)

    def _typed(self) -> list[str]:
        fields = ("#add_statement [name=text]", "#agree_point textarea", "#keep_dissent textarea")
        return [self.page.locator(field).input_value() for field in fields]

    def lose_network(self) -> None:
        self.page.context.set_offline(True)
        self._cut = True

    def find_network(self) -> None:
        """What waited is sent by itself, in its order."""
        self.page.context.set_offline(False)
        self._cut = False
        self._arrived()

    def is_signed_out(self) -> None:
        """The sign-in runs out; the next line meets it."""
        self.account.set_password(PASSWORD)
        self.account.save()
        self.page.context.clear_cookies()
        self._out = True

    def signs_in_again(self) -> None:
        """On top of the page, in the middle of what he writes."""
        box = self.page.locator("#again")
        expect(box).to_be_visible()
        box.locator("[name=username]").fill(self.account.username)
        box.locator("[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(box).to_be_hidden()
        self._out = False
        self._arrived()

    # what is said -------------------------------------------------------------------------------------------------

    def type(self, who: str, text: str, kind: str = "opinion") -> None:
        """Into the field, and not yet sent."""
        self._turn("said")
        self._choose(who)
        self.page.locator("#add_statement [name=text]").fill(text)
        self.page.keyboard.press(f"Alt+{KINDS[kind]}")

    def send(self) -> None:
        """Ctrl+Enter: what stands in the field becomes a line."""
        self._front("said")
        field = self.page.locator("#add_statement [name=text]")
        self._noted(field, field.input_value())

    def say(self, who: str, text: str, kind: str = "opinion") -> None:
        self.type(who, text, kind)
        self.send()

    def _noted(self, field: Locator, text: str) -> None:
        self._turn("said")
        field.focus()
        begun = time.monotonic()
        self.page.keyboard.press("Control+Enter")
        if self.is_away:
            self._waiting.append(text)
            expect(self.page.locator("#unsent li")).to_have_count(len(self._waiting))
            return
        self._seen([text], begun)

    def _arrived(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._seen(waiting, time.monotonic())
        expect(self.page.locator("#unsent li")).to_have_count(0)

    def _seen(self, texts: list[str], begun: float) -> None:
        """By everybody who writes and has a network, within three seconds; and his own page says that nothing waits."""
        self.cast.said += texts
        self.cast.noted += len(texts)
        for desk in self.cast.desks:
            if texts and not desk.is_away:
                with self.cast.seeing(f"{desk.role}: {texts[-1]}", begun):
                    expect(desk.page.locator("#said-list .zb-pre").last).to_have_text(texts[-1], timeout=PATIENCE)
        expect(self.page.locator("#saved")).not_to_contain_text("待上传")

    def _front(self, tab: str) -> None:
        """On a narrow desk the columns are tabs."""
        button = self.page.locator(f"#tab-{tab}")
        if button.is_visible():
            button.click()

    # mending ------------------------------------------------------------------------------------------------------

    def strike(self, text: str) -> None:
        """The line goes, for everybody; the next lines stay where they are."""
        self._turn("said")
        self._row(text).locator(".js-strike").click()
        self.cast.struck[text] = self.cast.said.index(text)
        self.cast.said.remove(text)
        self._all_read_the_same()

    def undo(self, text: str) -> None:
        """Alt+Z: what was struck out last stands again where it stood."""
        self.page.locator("#add_statement [name=text]").focus()
        self.page.keyboard.press("Alt+z")
        self.cast.said.insert(self.cast.struck.pop(text), text)
        self._all_read_the_same()

    def begin_mending(self, text: str, to: str) -> None:
        """In the box above the page, and not yet saved."""
        self._turn("said")
        self._row(text).locator("a.js-mend").click()
        self.page.locator("#mend textarea").fill(to)
        self._mended = text, to

    def save_mended(self, stale: bool = False) -> None:
        """``stale``: somebody was faster; both texts stand there, and saving once more puts his in place."""
        text, to = self._mended
        self.page.keyboard.press("Control+Enter")
        if stale:
            expect(self.page.locator("#mend .js-mine")).to_have_text(to)
            text = self.page.locator("#mend .js-theirs").inner_text()
            self.page.locator("#mend .btn-ink").click()
        expect(self.page.locator("#mend")).to_be_hidden()
        self.cast.said[self.cast.said.index(text)] = to
        self._all_read_the_same()

    def _row(self, text: str) -> Locator:
        return self.page.locator("#said-list .js-said", has_text=text)

    def _all_read_the_same(self) -> None:
        said = list(self.cast.said)
        self.cast.all_see(
            f"{len(said)} lines",
            lambda page: expect(page.locator("#said-list .zb-pre")).to_have_text(said, timeout=PATIENCE),
        )

    def _choose(self, who: str) -> None:
        self._front("said")
        value = self.page.locator("#add_statement [name=participant]").evaluate(
            "(box, who) => (Array.from(box.options).find(one => one.textContent.startsWith(who + '（')) || {}).value",
            who,
        )
        assert value, f"{who} does not stand in the list of who may speak"
        self.page.locator("#add_statement [name=participant]").select_option(value)

    # what is agreed -----------------------------------------------------------------------------------------------

    def agree(self, text: str, said: str = "", level: str = "agreed", unit: str = "", due: str = "") -> None:
        """A point, from a statement when ``said`` names one."""
        form = self.page.locator("#agree_point")
        self._front("said" if said else "agreed")
        self._turn("said" if said else "agreed")
        if said:
            row = self.page.locator("#said-list .js-said", has_text=said)
            row.locator(".js-point").click()
            expect(form.locator("textarea")).to_have_value(said)
        self._turn("agreed")
        form.locator("textarea").fill(text)
        form.locator(f"[name=c-level][value={level}]").check(force=True)
        form.locator("[name=c-unit_name]").fill(unit)
        form.locator("[name=c-due_on]").fill(due)
        form.locator("textarea").press("Control+Enter")
        self.cast.all_see(text, lambda page: expect(page.locator("#agreed")).to_contain_text(text, timeout=PATIENCE))

    def read_out(self, text: str) -> None:
        """The point is read back to the room."""
        self._front("agreed")
        self._turn("agreed")
        row = self.page.locator("#agreed .js-agreed", has_text=text)
        row.locator(".js-read").click()
        expect(row.locator(".js-read")).to_have_count(0)

    def dissent(self, text: str, by: str = "", about: str = "") -> None:
        """What somebody holds against it is kept, never voted down."""
        self._turn("agreed")
        self.page.keyboard.press("Alt+d")
        form = self.page.locator("#keep_dissent")
        form.locator("textarea").fill(text)
        form.locator("[name=d-by]").fill(by)
        if about:
            value = form.locator("[name=d-point]").evaluate(
                "(box, about) => (Array.from(box.options).find(one => one.textContent.includes(about)) || {}).value",
                about,
            )
            form.locator("[name=d-point]").select_option(value)
        form.locator("textarea").press("Control+Enter")
        self.cast.all_see(text, lambda page: expect(page.locator("#agreed")).to_contain_text(text, timeout=PATIENCE))

    # agenda and floor ---------------------------------------------------------------------------------------------

    def next_item(self, item: str) -> None:
        """By key; every desk follows."""
        self._front("said")
        self._turn("said")
        self.page.locator("#add_statement [name=text]").focus()
        self.page.keyboard.press("Alt+n")
        self.cast.all_see(
            item, lambda page: expect(page.locator("#clock li.k")).to_contain_text(item, timeout=PATIENCE)
        )

    def previous_item(self, item: str) -> None:
        """Back to the item before, which runs on."""
        self._turn("said")
        self.page.locator("#add_statement [name=text]").focus()
        self.page.keyboard.press("Alt+b")
        self.cast.all_see(
            item, lambda page: expect(page.locator("#clock li.k")).to_contain_text(item, timeout=PATIENCE)
        )

    def extend(self, minutes: int) -> None:
        """Five minutes more; then the item has so many."""
        self._front("said")
        self._turn("said")
        self.page.locator("#add_statement [name=text]").focus()
        self.page.keyboard.press("Alt+m")
        self.cast.all_see(
            f"{minutes} 分",
            lambda page: expect(page.locator("#clock li.k > span").nth(2)).to_have_text(
                f"{minutes} 分", timeout=PATIENCE
            ),
        )

    def asks_to_speak(self, who: str) -> None:
        self._line(who).locator("button[name=do][value=ask]").click()
        expect(self.page.locator("#queue .zb-waiting")).to_contain_text(who, timeout=PATIENCE)

    def give_floor(self, who: str) -> None:
        self._turn("said")
        self._choose(who)
        self.page.keyboard.press("Alt+s")
        self.cast.all_see(
            who, lambda page: expect(page.locator("#queue .zb-floor b")).to_have_text(who, timeout=PATIENCE)
        )

    def does_not_want_to_speak(self, who: str) -> None:
        """Out of the queue without having spoken."""
        self._turn("people")
        self.page.locator("#queue .zb-waiting li", has_text=who).locator("button[value=back]").click()
        expect(self.page.locator("#queue")).not_to_contain_text(who, timeout=PATIENCE)

    def has_finished(self) -> None:
        """The floor is free."""
        self.page.locator("#add_statement [name=text]").focus()
        self.page.keyboard.press("Alt+f")
        self.cast.all_see(
            "floor", lambda page: expect(page.locator("#queue .zb-floor")).to_have_count(0, timeout=PATIENCE)
        )

    def queue_is(self, who: list[str]) -> None:
        """Who waits, in the order in which they are called."""
        found = [self.page.locator("#queue .zb-waiting li").nth(n) for n in range(len(who))]
        for row, name in zip(found, who, strict=True):
            expect(row).to_contain_text(name, timeout=PATIENCE)
        expect(self.page.locator("#queue .zb-waiting li")).to_have_count(len(who))

    # who came -----------------------------------------------------------------------------------------------------

    def mark(self, who: str, came: int = 0) -> None:
        line = self._line(who)
        if came:
            line.locator("[name=came]").fill(str(came))
        line.locator("button[name=mark][value=present]").click()
        expect(self._line(who).locator(".song")).to_contain_text("到会", timeout=PATIENCE)

    def excuse(self, who: str) -> None:
        self._line(who).locator("button[name=mark][value=excused]").click()
        expect(self._line(who)).to_contain_text("请假", timeout=PATIENCE)

    def has_left(self, who: str) -> None:
        self._line(who).locator("button[name=do][value=leave]").click()
        expect(self._line(who)).to_contain_text("离场", timeout=PATIENCE)

    def is_back(self, who: str) -> None:
        """Who had gone came back."""
        self._line(who).locator("button[name=do][value=back]").click()
        expect(self._line(who)).not_to_contain_text("离场", timeout=PATIENCE)

    def takes_mark_back(self, who: str) -> None:
        """It was somebody else."""
        self._line(who).locator("button[name=mark][value='']").click()
        expect(self._line(who).locator("button[name=mark][value=present]")).to_have_count(1, timeout=PATIENCE)

    def proxy(self, who: str, name: str, reason: str) -> None:
        """Somebody else came in his place, and why: a page of its own."""
        self._line(who).locator("a[id^=px-]").click()
        self.page.locator("[name=proxy_name]").fill(name)
        self.page.locator("[name=proxy_reason]").fill(reason)
        self.page.locator("form.js-form .btn-ink").click()
        expect(self.page.locator(READY)).to_have_count(1)
        expect(self._line(who)).to_contain_text(name)

    def walk_in(self, category: str, name: str, count: int = 1) -> None:
        """Somebody came without being on the list."""
        self._front("people")
        self._turn("people")
        self._unfold("details:has(#walk_in)")
        form = self.page.locator("#walk_in")
        form.locator("[name=w-category]").select_option(category)
        form.locator("[name=w-name]").fill(name)
        form.locator("[name=w-count]").fill(str(count))
        form.locator("button").click()
        expect(self.page.locator(f"#signin li[data-name^='{name}（']")).to_have_count(1, timeout=PATIENCE)

    def languages(self, languages: str, interpreter: str) -> None:
        self._front("agenda")
        self._turn("agenda")
        self._unfold("details:has(#set_languages)")
        form = self.page.locator("#set_languages")
        form.locator("[name=languages]").fill(languages)
        form.locator("[name=interpreter]").fill(interpreter)
        form.locator("button").click()
        self.cast.all_see(
            interpreter, lambda page: expect(page.locator(".zb-desk-l")).to_contain_text(interpreter, timeout=PATIENCE)
        )

    def _turn(self, tab: str) -> None:
        """On a narrow window the parts of the record are tabs."""
        button = self.page.locator(f"#tab-{tab}")
        if button.count() and button.is_visible():
            button.click()

    def _line(self, who: str) -> Locator:
        self._turn("people")
        self._front("people")
        line = self.page.locator(f"#signin li[data-name^='{who}（']")
        self._unfold(f"#signin details:has(li[data-name^='{who}（'])")
        return line

    def _unfold(self, details: str) -> None:
        box = self.page.locator(details)
        if box.get_attribute("open") is None:
            box.locator("summary").click()
