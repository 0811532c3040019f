"""What happens to a public notice: drafted, reviewed by somebody else, posted, corrected, taken down."""

from .boards import check_boards, rebuild_board
from .drafting import correct_notice, draft_notice, edit_notice, mask_notice
from .drawing import redraw_notices
from .expiry import expire_notice, expire_notices
from .findings import Found, find_private
from .invariants import broken_releases
from .photos import offered_photos
from .releasing import post_notice, return_notice, review_notice, withdraw_notice
from .snapshots import build_snapshot, sha256_of
from .voices import answer_objection, record_objection
from .wording import proposal

__all__ = [
    "Found",
    "answer_objection",
    "broken_releases",
    "build_snapshot",
    "check_boards",
    "correct_notice",
    "draft_notice",
    "edit_notice",
    "expire_notice",
    "expire_notices",
    "find_private",
    "mask_notice",
    "offered_photos",
    "post_notice",
    "proposal",
    "rebuild_board",
    "record_objection",
    "redraw_notices",
    "return_notice",
    "review_notice",
    "sha256_of",
    "withdraw_notice",
]
