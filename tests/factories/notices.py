"""Public notices for tests, brought to a state by the services themselves."""

from __future__ import annotations

from itertools import count
from typing import Any

from members.models import Account, Organisation
from outcomes import services
from outcomes.models import PublicNotice
from tests.factories import outcomes as make
from tests.factories import people, topics

_numbers = count(1)


def reviewer(host: Organisation) -> Account:
    """The second pair of eyes: an office account that drafts nothing."""
    found = Account.objects.filter(username=f"reviewer{host.pk}").first()
    return found or people.office(host, username=f"reviewer{host.pk}")


def drafted(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    """An outcome notice of a matter that was consulted and whose outcome was submitted."""
    on = changes.pop("on", None) or make.day(10)
    kind = changes.pop("kind", "outcome")
    topic = changes.pop("topic", None)
    if topic is None:
        topic = make.submitted(host, on=min(on, make.day(20))).topic
    topic.refresh_from_db()
    n = next(_numbers)
    changes.setdefault("actor", topics.clerk(topic.host))
    changes.setdefault("title", f"第 {n} 号成果公示：公厕已经开门")
    changes.setdefault("text", "公厕已移交并投入使用，由市环卫处保洁。")
    changes.setdefault("summary", "公厕开门了，有人保洁。")
    changes.setdefault("places", ["万桥社区公开栏"])
    return services.draft_notice(host=topic.host, kind=kind, topic=topic, on=on, **changes)


def reviewed(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    notice = drafted(host, **changes)
    return services.review_notice(notice, actor=reviewer(notice.host), on=notice.moved_on)


def posted(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    notice = reviewed(host, **changes)
    return services.post_notice(notice, actor=reviewer(notice.host), on=notice.moved_on)


def running(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    """Posted today, so its period runs."""
    return posted(host, **{"on": make.day(0), **changes})


def expired(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    notice = posted(host, **{"on": make.day(20), "days": 1, **changes})
    return services.expire_notice(notice, actor=Account.objects.system())


def withdrawn(host: Organisation | None = None, **changes: Any) -> PublicNotice:
    notice = posted(host, **changes)
    return services.withdraw_notice(notice, actor=reviewer(notice.host), reason="数字写错", on=notice.moved_on)


#: state -> how to bring a new notice there
IN_STATE = {
    "drafted": drafted,
    "reviewed": reviewed,
    "posted": running,
    "expired": expired,
    "withdrawn": withdrawn,
}


def copies(notice: PublicNotice, n: int) -> None:
    """Many rows like a posted one, written at once: for counting queries and for pages."""
    notice.refresh_from_db()
    kept = {
        field.attname: getattr(notice, field.attname)
        for field in PublicNotice._meta.concrete_fields
        if field.attname not in ("id", "uuid", "number")
    }
    rows = []
    for _each in range(n):
        row = PublicNotice(**kept, number=f"{notice.number[:-1]}副{next(_numbers)}号")
        row.row_html = notice.row_html.replace(str(notice.uuid), str(row.uuid))
        rows.append(row)
    PublicNotice.objects.bulk_create(rows)
