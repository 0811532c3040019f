"""Who may set what a CPPCC works by: its registrar and its office."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def keeps_settings(actor: Any, setting: Any = None) -> bool:
    """Mandates are known to the storey above; the account answers for them."""
    if setting is None:
        return bool(actor.host_ids("registrar", "office"))
    return actor.mandate_for("registrar", "office", host_id=setting.host_id) is not None


rules.add_perm("options.set_option", keeps_settings)
