"""Afterwards: the minutes assemble themselves, and everything that shows the session says the same."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from consult.audit.models import Entry
from sessions.models import ConsultSession
from tests.browser.play.cast import Cast
from topics.models import Topic, Visit


class Office:
    """Who keeps the minutes."""

    def __init__(self, cast: Cast, account: Any, page: Page) -> None:
        self.cast, self.account, self.page = cast, account, page

    def assembles_minutes(self) -> None:
        """起草纪要: one button."""
        self.page.goto(f"/sessions/{self.cast.session.uuid}/draft-minutes/")
        self.page.locator("form.js-form .btn-ink").click()
        self.page.wait_for_url("**/sessions/minutes/*/")

    # what must be true --------------------------------------------------------------------------------------------

    def check(self, facts: dict[str, Any]) -> None:
        """Each fact of the script, wherever it is shown."""
        for name, fact in facts.items():
            getattr(self, f"_{name}")(fact)

    def _said(self, texts: list[str]) -> None:
        """Every line once and in order: on each desk, in the database, the API, the minutes, and in what was done."""
        assert self.cast.said == texts
        for desk in self.cast.desks:
            desk.page.goto(f"/sessions/{self.cast.session.uuid}/record/")
            assert desk.page.locator("#said-list .zb-pre").all_inner_texts() == texts, desk.role
        assert list(self._session.statements.order_by("position").values_list("text", flat=True)) == texts
        assert [one["text"] for one in self._api["statements"]] == texts
        assert Entry.objects.about(self._session).filter(verb="session.add_statement").count() == self.cast.noted
        self._once_in_order(texts)

    def _points(self, points: list[list[Any]]) -> None:
        """Number, words, level; on the screen, on the desks, in the API and in the minutes."""
        rows = self._session.consensus_points.order_by("topic_id", "number")
        assert [list(row) for row in rows.values_list("number", "text", "level")] == points
        assert [[one["number"], one["text"], one["level"]] for one in self._api["consensus_points"]] == points
        texts = [text for _number, text, _level in points]
        for desk in self.cast.desks:
            assert desk.page.locator("#agreed .js-words").all_inner_texts() == texts, desk.role
        self.cast.screen.ends(texts)
        self._once_in_order([text.rstrip("。") for text in texts])

    def _dissents(self, texts: list[str]) -> None:
        assert list(self._session.dissent_points.order_by("pk").values_list("text", flat=True)) == texts
        assert [one["text"] for one in self._api["dissent_points"]] == texts
        for desk in self.cast.desks:
            shown = desk.page.locator("#agreed").inner_text()
            assert [shown.count(text) for text in texts] == [1] * len(texts), desk.role
        self._once_in_order(texts)

    def _attendance(self, facts: dict[str, Any]) -> None:
        """Heads that came and were expected, in all and by class: API, desk, screen, minutes, sheet."""
        present, expected = facts["all"]
        found = self._api["attendance"]
        assert [found["present"], found["expected"]] == [present, expected]
        assert {one["category"]: [one["present"], one["expected"]] for one in found["classes"]} == facts["classes"]
        for desk in self.cast.desks:
            assert desk.page.locator("#signin .zb-cnt").inner_text() == f"{present} / {expected}", desk.role
        expect(self.cast.screen.page.locator(".lv-lead")).to_contain_text(f"{present} 人")
        assert f"到会 {present} 人" in self._minutes
        sheet = self._client.get(reverse("sessions:print_sheet", args=[self._session.uuid])).content.decode()
        assert f"实到 {present} 人，应到 {expected} 人" in sheet

    def _agenda(self, items: list[str]) -> None:
        """Those that were taken up, in their order, each ended after it began."""
        rows = self._session.agenda.exclude(started_at=None).order_by("started_at")
        assert [row.text for row in rows] == items
        assert [row for row in rows if row.ended_at is None or row.ended_at < row.started_at] == []

    def _minutes_say(self, words: list[str]) -> None:
        assert [one for one in words if one not in self._minutes] == []

    def _logged(self, logs: dict[str, list[str]]) -> None:
        """What the telephone wrote: each session with its points, in the order in which they were written."""
        rows = ConsultSession.objects.exclude(client_id=None).order_by("pk")
        assert [row.title for row in rows] == list(logs)
        found = {row.title: list(row.consensus_points.values_list("text", flat=True)) for row in rows}
        assert found == logs

    def _visits(self, findings: list[list[str]]) -> None:
        assert [row.findings for row in Visit.objects.order_by("pk")] == findings

    def _slips(self, titles: list[str]) -> None:
        rows = Topic.objects.filter(source="resident", client_id__isnull=False).order_by("pk")
        assert list(rows.values_list("title", flat=True)) == titles

    def _rows(self, counts: dict[str, int]) -> None:
        """How many there are in all."""
        assert {name: apps.get_model(name).objects.count() for name in counts} == counts

    def _once_in_order(self, texts: list[str]) -> None:
        """On the page of the minutes."""
        body = self._minutes
        assert [(text, body.count(text)) for text in texts if body.count(text) != 1] == []
        places = [body.index(text) for text in texts]
        assert places == sorted(places)

    @property
    def _session(self) -> ConsultSession:
        return ConsultSession.objects.get(pk=self.cast.session.pk)

    @property
    def _minutes(self) -> str:
        return self.page.locator(".zb-paper").inner_text()

    @property
    def _client(self) -> Client:
        client = Client()
        client.force_login(self.account)
        return client

    @property
    def _api(self) -> Any:
        return self._client.get(f"/api/v1/sessions/{self.cast.session.uuid}/").json()
