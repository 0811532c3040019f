"""What happens to people: one public function per sentence."""

from .accounts import change_account, close_account, open_account, reopen_account, reset_password, set_own_password
from .directory import (
    add_member,
    add_to_group,
    appoint_convenor,
    change_convenor,
    change_group,
    change_member,
    change_organisation,
    close_organisation,
    dismiss_convenor,
    dissolve_group,
    found_group,
    register_organisation,
    remove_from_group,
    resign_member,
    set_group_leader,
)
from .hosts import establish_host
from .mandates import end_mandate, grant_mandate
from .signing_in import note_failed_sign_in, note_sign_in

__all__ = [
    "add_member",
    "add_to_group",
    "appoint_convenor",
    "change_account",
    "change_convenor",
    "change_group",
    "change_member",
    "change_organisation",
    "close_account",
    "close_organisation",
    "dismiss_convenor",
    "dissolve_group",
    "end_mandate",
    "establish_host",
    "found_group",
    "grant_mandate",
    "note_failed_sign_in",
    "note_sign_in",
    "open_account",
    "register_organisation",
    "remove_from_group",
    "reopen_account",
    "reset_password",
    "resign_member",
    "set_group_leader",
    "set_own_password",
]
