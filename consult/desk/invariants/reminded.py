"""I8: everybody is reminded of what is due, and of each rung once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from consult.audit import Entry
from consult.reminders import checks

#: The ladder is climbed every few minutes; younger than this nothing is forgotten.
GRACE = timedelta(minutes=10)


def broken_reminders() -> Iterator[str]:
    yield from (f"reminded twice: {double}" for double in checks.doubles())
    now = timezone.localtime()
    if now - GRACE < now.replace(hour=0, minute=0, second=0, microsecond=0):
        return  # the rungs of this day have only just come
    forgotten = [(text, *text.split()[:2]) for text in checks.forgotten(now.date())]
    fresh = _moved_lately([int(item_id) for _text, _kind, item_id in forgotten])
    yield from (f"nobody was told: {text}" for text, _kind, item_id in forgotten if int(item_id) not in fresh)


def _moved_lately(item_ids: list[int]) -> set[int]:
    """Things of any kind, recorded or moved within the last minutes: their rung is climbed at the next turn."""
    if not item_ids:
        return set()
    last = Entry.objects.filter(subject_id__in=item_ids, recorded_at__gt=timezone.now() - GRACE)
    return set(last.values_list("subject_id", flat=True))
