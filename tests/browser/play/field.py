"""The telephone of a member under a tree: a browser of its own with a profile on the disk, behind a wire."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from sessions.models import ConsensusPoint, ConsultSession, Participant
from tests.browser.play.cast import Cast
from tests.browser.ways import at_home, ready, sent, strip, until
from tests.browser.wire import Telephone, Wire
from topics.models import Topic, Visit

#: What a telephone writes; sent once more, none of them becomes more.
WRITTEN = (ConsultSession, ConsensusPoint, Participant, Topic, Visit)


class Phone:
    """One member. What he writes goes into the queue of his telephone first, network or not."""

    def __init__(self, cast: Cast, account: Any, telephone: Telephone, wire: Wire) -> None:
        self.cast, self.account, self.telephone, self.wire = cast, account, telephone, wire
        self.page: Page
        self._rows: list[Any] = []

    def begin(self) -> None:
        """The program lies on the telephone, with his own pages."""
        self.telephone.sign_in(self.account)
        self.page = at_home(self.telephone)

    def lose_network(self) -> None:
        self.wire.cut()

    def find_network(self) -> None:
        self.wire.mend()

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_function("window.Phone && Phone.store")

    def is_killed(self) -> None:
        """No battery any more: kill -9."""
        self.telephone.kill()

    def comes_back(self) -> None:
        """Switched on again, in the same place; a killed browser has forgotten who was signed in."""
        self.telephone.start()
        self.page = self.telephone.page()
        self.page.goto("/m/queue/")
        self.page.wait_for_selector(".js-queue[data-ready=yes]")

    def signs_in(self) -> None:
        self.telephone.sign_in(self.account)

    # at the session -----------------------------------------------------------------------------------------------

    def scan(self) -> None:
        """The code on the screen: one tap, because it is his own account."""
        self.page.goto(self.cast.screen.address())
        self.page.get_by_role("button", name="我到了").click()
        expect(self.page.locator(".si-done")).to_be_visible()

    # writing ------------------------------------------------------------------------------------------------------

    def type_log(self, title: str, agreed: list[str], place: str = "", residents: int = 0, dissent: str = "") -> None:
        """记微协商, and not yet sent."""
        self.page.goto("/m/log/")
        ready(self.page).fill("[name=title]", title)
        self.page.fill("[name=agreed]", "\n".join(agreed))
        if place:
            self.page.fill("[name=place]", place)
        if residents:
            self.page.fill("[name=came_resident]", str(residents))
        if dissent:
            self.page.locator("details:has([name=dissent]) summary").click()
            self.page.fill("[name=dissent]", dissent)
        expect(self.page.locator(".js-saved")).to_contain_text("已存在本机")

    def still_has(self, title: str, agreed: list[str]) -> None:
        """What was typed before stands in the form again."""
        self.page.goto("/m/log/")
        ready(self.page)
        expect(self.page.locator("[name=title]")).to_have_value(title)
        expect(self.page.locator("[name=agreed]")).to_have_value("\n".join(agreed))

    def hand_in(self) -> None:
        """What stands in the form goes into the queue."""
        self.page.click("button[name=send]")
        self.page.wait_for_url("**/m/")
        self.page.wait_for_function("window.Phone && Phone.sync")

    def log(self, **words: Any) -> None:
        self.type_log(**words)
        self.hand_in()

    def visit(self, findings: list[str], households: int) -> None:
        """走访."""
        self.page.goto("/m/visit/")
        ready(self.page).fill("[name=findings]", "\n".join(findings))
        self.page.fill("[name=households]", str(households))
        self.hand_in()

    def slip(self, title: str, problem: str, name: str = "", phone: str = "") -> None:
        """代群众点单."""
        self.page.goto("/m/slip/")
        ready(self.page).fill("[name=title]", title)
        self.page.fill("[name=problem]", problem)
        self.page.fill("[name=name]", name)
        if phone:
            self.page.fill("[name=phone]", phone)
            self.page.check("[name=consented]")
        self.hand_in()

    # sending ------------------------------------------------------------------------------------------------------

    def queue_holds(self, count: int) -> None:
        """待上传 n 条: told on every page."""
        expect(strip(self.page)).to_contain_text(f"{count} 条")

    def sends(self) -> None:
        """Everything that waits, in its order."""
        until(self.page, "Phone.store.entries().then(rows => rows.every(row => !row.locked))")
        self._rows = self.page.evaluate(
            "Phone.store.entries().then(rows => rows.filter(row => row.state === 'waiting' || row.state === 'unsure'))"
        )
        self.page.evaluate("Phone.sync.run(true)")
        sent(self.page)

    def sends_again(self, times: int) -> None:
        """The same queue once more, forwards and backwards: nothing changes."""
        assert self._rows, "nothing was sent yet"
        before = [model.objects.count() for model in WRITTEN]
        for n in range(times):
            rows = self._rows[::-1] if n % 2 else self._rows
            self.page.evaluate(
                "async rows => { for (const row of rows) await Phone.store.keep(row); await Phone.sync.run(true); }",
                rows,
            )
            sent(self.page)
        assert [model.objects.count() for model in WRITTEN] == before
