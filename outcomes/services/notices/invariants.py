"""I7: every published notice has its approved version, and what was approved is what hangs there."""

from __future__ import annotations

from consult.audit import Entry
from consult.numbering.models import Number
from outcomes.models import PublicNotice
from outcomes.services.notices.snapshots import sha256_of
from outcomes.states import BOARD_STATES


def broken_releases() -> list[str]:
    """Sentences about notices whose release does not hold; nothing when all do."""
    return [*_without_release(), *_changed(), *_numbers()]


def _without_release() -> list[str]:
    """On the board, but never posted by a move (and the other way round)."""
    posted = set(Entry.objects.filter(verb="notice.post_notice").values_list("subject_id", flat=True))
    shown = dict(PublicNotice.objects.filter(state__in=BOARD_STATES).values_list("pk", "number"))
    wrong = [f"notice {shown[pk]} hangs there without a release" for pk in shown.keys() - posted]
    return wrong + [f"notice {pk} was released and does not hang there" for pk in posted - shown.keys()]


def _changed() -> list[str]:
    """The snapshot, its checksum and the words of the row say the same; the reviewer was not the drafter."""
    wrong = []
    rows = PublicNotice.objects.filter(state__in=BOARD_STATES).select_related("reviewed_by")
    for notice in rows.iterator(chunk_size=500):
        own = (notice.snapshot or {}).get("notice", {})
        if sha256_of(notice.snapshot or {}) != notice.sha256:
            wrong.append(f"notice {notice.number}: the snapshot is not what its checksum says")
        if (own.get("number"), own.get("title"), own.get("text")) != (notice.number, notice.title, notice.text):
            wrong.append(f"notice {notice.number}: number, title or text differ from the snapshot")
        if notice.reviewed_by_id is None or (notice.reviewed_by_id == notice.drafted_by_id and not notice.on_paper):
            wrong.append(f"notice {notice.number}: reviewed by nobody else")
    return wrong


def _numbers() -> list[str]:
    """Each number of the register stands on one notice and the other way round."""
    taken = set(Number.objects.filter(kind="notice").values_list("organisation_id", "text"))
    worn = set(PublicNotice.objects.filter(state__in=BOARD_STATES).values_list("host_id", "number"))
    return [f"number {text} is on one side only" for _host, text in sorted(taken ^ worn)]
