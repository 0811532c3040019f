"""Who may do what with a public notice, one line per move of PROCEDURE «Public notice»."""

from __future__ import annotations

from typing import Any

import rules

from consult.workflow import four_eyes
from members.rules import holds
from members.states import Role
from outcomes.models import PublicNotice


@rules.predicate
def drafted(actor: Any, notice: Any) -> bool:
    return notice.drafted_by_id == actor.pk


@rules.predicate
def wrote_nothing(actor: Any, notice: Any) -> bool:
    """Neither drafted it nor wrote in it last: nobody reviews his own words."""
    return actor.pk not in (notice.drafted_by_id, notice.edited_by_id)


@rules.predicate
def sees(actor: Any, notice: Any) -> bool:
    """The queryset answers, so that list and page cannot disagree."""
    return PublicNotice.objects.visible_to(actor).filter(pk=notice.pk).exists()


office = holds(Role.OFFICE)
drafts = holds(Role.OFFICE, Role.CONVENOR)
releases = holds(Role.OFFICE, Role.APPROVER)

#: Whose mandate the record names for a move.
ROLES: dict[str, tuple[str, ...]] = {
    "draft_notice": (Role.OFFICE, Role.CONVENOR),
    "edit_notice": (Role.OFFICE, Role.CONVENOR),
    "review_notice": (Role.OFFICE, Role.APPROVER),
    "return_notice": (Role.OFFICE, Role.APPROVER),
    "post_notice": (Role.OFFICE, Role.APPROVER),
    "withdraw_notice": (Role.OFFICE, Role.APPROVER),
    "correct_notice": (Role.OFFICE, Role.CONVENOR),
    "record_objection": (Role.OFFICE, Role.CONVENOR),
    "answer_objection": (Role.OFFICE, Role.CONVENOR),
}

rules.add_perm("outcomes.view_notice", sees)
rules.add_perm("outcomes.draft_notice_notice", drafts)
rules.add_perm("outcomes.edit_notice_notice", office | (drafts & drafted))
rules.add_perm("outcomes.review_notice_notice", releases)
rules.add_perm("outcomes.return_notice_notice", releases)
rules.add_perm("outcomes.post_notice_notice", releases)
rules.add_perm("outcomes.withdraw_notice_notice", releases)
rules.add_perm("outcomes.correct_notice_notice", drafts)
rules.add_perm("outcomes.record_objection_notice", drafts)
rules.add_perm("outcomes.answer_objection_notice", drafts)

four_eyes("outcomes.review_notice_notice", wrote_nothing)
