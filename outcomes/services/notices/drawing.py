"""What the board shows of a notice, drawn when it is posted and again when templates or words have changed."""

from __future__ import annotations

from typing import Any

from outcomes.board import sheets
from outcomes.models import PublicNotice
from outcomes.services.notices.rows import render_row

AT_ONCE = 2000


def drawings_of(notice: PublicNotice, snapshot: dict[str, Any]) -> dict[str, str]:
    """Its row in the list and its sheet, as columns."""
    return {
        "row_html": render_row(notice, snapshot),
        "sheet": sheets.draw_sheet(snapshot, sha256=notice.sha256),
        "sheet_edition": sheets.edition(),
    }


def redraw_notices(limit: int = AT_ONCE) -> int:
    """Those that templates or words of another edition drew. Until then the board draws them from their snapshots."""
    old = PublicNotice.objects.public().exclude(sheet_edition=sheets.edition())
    drawn = 0
    for notice in old.order_by("-posted_on", "-pk").only("pk", "posted_on", "sha256", "snapshot")[:limit]:
        # What was taken down in the meantime stays without drawings.
        rows = PublicNotice.objects.public().filter(pk=notice.pk)
        drawn += rows.update(**drawings_of(notice, notice.snapshot))
    return drawn
