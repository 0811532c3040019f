"""Everybody who raised, follows or talked over a matter hears each later step, once, until he wants to hear no more.

Handled last: whoever was told of the same step because it is his work is not told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.delivery import InboxItem, tell_all
from consult.outbox import handles
from members.models import Account
from outcomes.models import Assignment, PublicNotice
from outcomes.services.subscription import subscribers, text_raisers
from sessions.models import ConsultSession, Minutes
from topics.models import Topic

#: What is said of each step; the title of the matter stands before it.
STEPS: dict[str, str | Promise] = {
    "session.announce": gettext_lazy("A consultation is called: %(when)s, at %(where)s."),
    "minutes.sign_minutes": gettext_lazy("The minutes are signed: what was agreed stands."),
    "assignment.issue": gettext_lazy("%(unit)s was asked to see to it: %(matter)s"),
    "assignment.reply": gettext_lazy("%(unit)s has replied: %(matter)s"),
    "assignment.verify": gettext_lazy("Somebody else went to see and verified it: %(matter)s"),
    "assignment.close": gettext_lazy("Closed out: %(matter)s"),
    "notice.post_notice": gettext_lazy("The result hangs on the public board: %(number)s"),
}


@handles("session.announce", last=True)
def tell_of_session(event: Any) -> None:
    session = ConsultSession.objects.select_related("room").get(pk=event.payload["session_id"])
    if session.is_backfilled or session.state != "announced":
        return
    words = {"when": f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}", "where": session.where or _("online")}
    for topic in session.topics.all():
        _tell(event, topic, words)


@handles("minutes.sign_minutes", last=True)
def tell_of_agreement(event: Any) -> None:
    minutes = Minutes.objects.select_related("session").get(pk=event.payload["minutes_id"])
    if not minutes.session.is_backfilled:
        for topic in minutes.session.topics.all():
            _tell(event, topic, {})


@handles("assignment.issue", "assignment.reply", "assignment.verify", "assignment.close", last=True)
def tell_of_work(event: Any) -> None:
    row = Assignment.objects.select_related("topic", "lead_unit").get(pk=event.payload["assignment_id"])
    _tell(event, row.topic, {"unit": row.lead_unit.name, "matter": row.matter})


@handles("notice.post_notice", last=True)
def tell_of_notice(event: Any) -> None:
    rows = PublicNotice.objects.select_related("topic", "host").defer("snapshot", "search")
    notice = rows.get(pk=event.payload["notice_id"])
    if notice.topic is not None and not notice.on_paper:
        _tell(event, notice.topic, {"number": notice.number}, url=notice.board_url)


def _tell(event: Any, topic: Topic, words: dict[str, Any], url: str = "") -> None:
    """The receipt stands in what the raiser reads, and nobody else's."""
    if topic.case_key:
        return  # brought in from old paper: it happened long ago
    sentence = str(STEPS[event.name]) % words
    heard = {event.payload["actor_id"], *_told_already(event, topic)}
    others: list[Account] = []
    for one in subscribers(topic):
        if one.account.pk in heard:
            continue
        if one.receipt:
            _say(event, topic, [one.account], f"{sentence} {_('Receipt %(receipt)s') % {'receipt': one.receipt}}", url)
        else:
            others.append(one.account)
    _say(event, topic, others, sentence, url)
    text_raisers(topic, event=event)


def _told_already(event: Any, topic: Topic) -> Iterable[int]:
    """By this event, for another reason (his work, his invitation), but not of this matter as such."""
    items = InboxItem.objects.filter(event_id=event.pk).exclude(key__contains=":step:")
    return items.values_list("account_id", flat=True)


def _say(event: Any, topic: Topic, people: list[Account], sentence: str, url: str) -> None:
    if people:
        tell_all(
            people,
            key=f"{event.pk}:step:{topic.pk}",
            title=topic.title,
            body=sentence,
            url=url or topic.get_absolute_url(),
            event=event,
            kind="topic",
        )
