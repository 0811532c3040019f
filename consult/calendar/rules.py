"""Who may correct the calendar: registrar and office of the CPPCC; of everybody's, the system account alone."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def keeps_calendar(actor: Any, override: Any = None) -> bool:
    if override is None:
        return bool(actor.host_ids("registrar", "office"))
    return override.host_id is not None and (
        actor.mandate_for("registrar", "office", host_id=override.host_id) is not None
    )


rules.add_perm("calendar.override_day", keeps_calendar)
