"""The pages of a member's telephone: they fit, nobody is shut out, and they look as they were drawn."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from members.states import Role
from sessions import services as on_sessions
from tests.browser.test_pages import faults
from tests.factories import people, sessions, topics
from topics import services as on_topics

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


def equipped(host: Any) -> Any:
    """A member with a group, something to take up, something taken up, and an invitation."""
    account = people.account(Role.MEMBER, host, display_name="周委员")
    member = people.member(host, account, name="周委员")
    people.group(host, member, leader=member, name="万桥社区委员小组", region_code=topics.TONGLE)
    for title in ("万桥新苑二期车棚漏雨", "万桥社区卫生站夜间没人值班"):
        topics.pooled(host, title=title, households=8)
    mine = topics.pooled(host, title="万桥新苑公厕移交")
    promised = timezone.localdate() + timedelta(days=9)
    on_topics.claim_topic(mine, actor=account, promised_on=promised)
    sessions.announced(host, participants=[{"category": "member", "member": member, "name": "周委员"}])
    return account


def test_the_telephone_of_a_member(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    account = equipped(host)
    waiting = topics.pooled(host)
    line = account.member.invitations.get()
    sessions.logged(host, actor=account, title="万桥新苑二期停车位微协商")
    on_topics.note_visit(
        actor=account, host=host, visited_on=timezone.localdate(), findings=["楼道灯不亮"], households=3
    )
    names = ["home", "claims", "log", "visit", "slip", "queue", "record", "visits", "offline", "kept"]
    paths = [reverse(f"phone:{name}") for name in names]
    run = sessions.announced(host, moderator=account, starts_at=sessions.soon(96))
    on_sessions.open_session(run, actor=account)
    paths.append(reverse("phone:sitting", args=[run.uuid]))
    paths += [reverse("phone:claim", args=[waiting.uuid]), reverse("phone:invitation", args=[line.uuid])]
    assert faults(visit, account, paths) == []


def test_others_find_their_way_too(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    liaison = people.account(Role.VILLAGE_LIAISON, host, region_code=topics.WANQIAO)
    names = ["home", "claims", "visit", "slip", "queue", "record"]
    assert faults(visit, liaison, [reverse(f"phone:{name}") for name in names]) == []


def test_on_the_narrowest_telephone_nothing_is_wider_than_it(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    account = equipped(host)
    run = sessions.announced(host, moderator=account, starts_at=sessions.soon(96))
    on_sessions.open_session(run, actor=account)
    names = ["home", "claims", "log", "visit", "slip", "queue", "record", "visits", "offline", "kept"]
    paths = [reverse(f"phone:{name}") for name in names]
    paths += [reverse("phone:claim", args=[topics.pooled(host).uuid]), reverse("phone:sitting", args=[run.uuid])]
    paths.append(reverse("phone:invitation", args=[account.member.invitations.get().uuid]))
    page = visit(account)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("load")
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > 320} == {}
