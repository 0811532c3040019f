"""What waits about public notices."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.web.words import say_day
from members.states import Role
from outcomes.models import Objection, PublicNotice
from outcomes.states import PUBLIC_STATES, NoticeKind

from .kinds import Desk, Kind
from .rows import Row, branch

RELEASING = (Role.OFFICE, Role.APPROVER)


def _branch(rows: QuerySet[PublicNotice], kind: str) -> QuerySet[Any]:
    return branch(
        rows,
        kind,
        order=("moved_on", "pk"),
        uuid=F("uuid"),
        title=F("title"),
        host=F("host_id"),
        day=F("moved_on"),
        shade=F("kind"),
        who=F("drafted_by__display_name"),
    )


def to_review(desk: Desk) -> QuerySet[Any] | None:
    """Nobody reviews what he drafted, or wrote in last."""
    if not desk.holds(*RELEASING):
        return None
    rows = PublicNotice.objects.drafts().filter(desk.within(*RELEASING)).exclude(drafted_by=desk.reader)
    return _branch(rows.filter(Q(edited_by__isnull=True) | ~Q(edited_by=desk.reader)), "review")


def to_post(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(*RELEASING):
        return None
    return _branch(PublicNotice.objects.to_post().filter(desk.within(*RELEASING)), "post")


def objections(desk: Desk) -> QuerySet[Any] | None:
    """Each one gets an answer."""
    roles = (Role.OFFICE, Role.CONVENOR)
    if not desk.holds(*roles):
        return None
    scope = desk.within(*roles, host="notice__host_id", region="notice__region_code")
    rows = Objection.objects.filter(scope, answered_on__isnull=True, notice__state__in=PUBLIC_STATES)
    return branch(
        rows,
        "objection",
        order=("received_on", "pk"),
        uuid=F("notice__uuid"),
        title=F("notice__title"),
        host=F("notice__host_id"),
        day=F("received_on"),
        note=Left("text", 40),
    )


def _why(row: Row, desk: Desk) -> str:
    kind = dict(NoticeKind.choices).get(row.shade, "")
    return _("%(kind)s, drafted by %(who)s, since %(day)s") % {"kind": kind, "who": row.who, "day": say_day(row.day)}


KINDS = (
    Kind(
        "objection",
        "查",
        objections,
        gettext_lazy("Answer an opinion on “%(title)s”"),
        gettext_lazy("Answer %(count)s opinions on notices"),
        pgettext_lazy("button", "Answer"),
        "outcomes:notice",
        lambda row, desk: _("Received on %(day)s: %(text)s") % {"day": say_day(row.day), "text": row.note},
        all_page="outcomes:notices",
    ),
    Kind(
        "review",
        "查",
        to_review,
        gettext_lazy("Review the notice “%(title)s”"),
        gettext_lazy("Review %(count)s notices"),
        pgettext_lazy("button", "Review"),
        "outcomes:notice",
        _why,
        all_page="outcomes:notices",
    ),
    Kind(
        "post",
        "查",
        to_post,
        gettext_lazy("Post the notice “%(title)s”"),
        gettext_lazy("Post %(count)s notices"),
        pgettext_lazy("button", "Post"),
        "outcomes:notice",
        _why,
        all_page="outcomes:notices",
    ),
)
