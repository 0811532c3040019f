"""The clock of a telephone is hours away and is put back between two records: they keep their order and their time."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from members.states import Role
from sessions.models import ConsultSession
from tests.browser.ways import at_home, ready, sent, write_log
from tests.browser.wire import Wire
from tests.factories import people, topics
from topics.models import Visit

pytest_plugins = ("tests.browser.telephones",)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def member(transactional_db: Any) -> Any:
    host = people.host()
    account = people.account(Role.MEMBER, host, display_name="周委员")
    one = people.member(host, account, name="周委员")
    people.group(host, one, leader=one, region_code=topics.WANQIAO)
    return account


def test_a_telephone_five_hours_ahead_and_put_back_between_two_records(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    wire.cut()
    page.context.clock.install(time=timezone.now() + 5 * HOUR)
    write_log(page, "第一件")
    page.clock.set_system_time(timezone.now() + 4 * HOUR)
    write_log(page, "第二件")
    page.goto("/m/visit/")
    ready(page).fill("[name=findings]", "楼道灯不亮")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    page.clock.set_system_time(timezone.now() + 4 * HOUR)
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    rows = list(ConsultSession.objects.order_by("pk"))
    assert [(row.title, row.state) for row in rows] == [("第一件", "held"), ("第二件", "held")]
    assert all(row.starts_at <= timezone.now() for row in rows)
    assert abs(rows[1].starts_at - timezone.now()) < timedelta(minutes=5)
    assert rows[1].claimed_at - timezone.now() > 3 * HOUR  # its word is kept
    assert Visit.objects.get().visited_on == timezone.localdate()
