"""Releasing by two people: reviewed by somebody who wrote nothing of it, posted, taken down."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consult import calendar
from consult.errors import Missing, NotAllowed
from consult.regions.codes import level_of
from consult.search import search_vector
from members.models import Account
from outcomes.models import PublicNotice
from outcomes.services.moving import need, number_for
from outcomes.services.notices import boards
from outcomes.services.notices.drawing import drawings_of
from outcomes.services.notices.findings import refuse_private, refuse_private_words
from outcomes.services.notices.moving import begin_notice, finish_notice, lock_notice
from outcomes.services.notices.photos import refuse_unreleased
from outcomes.services.notices.snapshots import build_snapshot, searched_texts, sha256_of
from outcomes.states import NoticeState, SecrecyConclusion

TOWNSHIP = 4


@transaction.atomic
def review_notice(
    notice: PublicNotice,
    *,
    actor: Account,
    secrecy: str = SecrecyConclusion.OPEN,
    secrecy_basis: str = "",
    looked_at: bool = False,
    on: date | None = None,
    implied: bool = False,
) -> PublicNotice:
    """Somebody who wrote nothing of it concludes whether it may be published, and that nobody's data is in it."""
    notice, on = begin_notice(notice, "review_notice", actor=actor, on=on)
    if secrecy not in SecrecyConclusion.values:
        raise Missing({"secrecy": _("Please choose the conclusion of the secrecy review")})
    if secrecy != SecrecyConclusion.OPEN:
        secrecy_basis = need(secrecy_basis, "secrecy_basis", _("Please write why it may not simply be published"))
    refuse_unreleased(notice)
    found = refuse_private(notice, _as_posted(notice, on))
    if found and not (looked_at or actor.is_system):
        words = _("“%(excerpt)s” reads like a house address. Say that you have looked at it, or change the text.")
        raise Missing({"looked_at": [words % {"excerpt": one.excerpt} for one in found]})
    return finish_notice(
        notice,
        "review_notice",
        actor=actor,
        on=on,
        implied=implied,
        data={"secrecy": secrecy, "looked_at": sorted({one.kind for one in found})},
        reviewed_by=actor,
        reviewed_on=on,
        secrecy=secrecy,
        secrecy_basis=secrecy_basis.strip(),
        on_paper=actor.is_system,
    )


@transaction.atomic
def return_notice(notice: PublicNotice, *, actor: Account, reason: str, on: date | None = None) -> PublicNotice:
    """Back to the drafter, with what has to change; the conclusion is void, for the text will be another."""
    notice, on = begin_notice(notice, "return_notice", actor=actor, on=on)
    reason = need(reason, "reason", _("Please write what has to change"))
    return finish_notice(
        notice,
        "return_notice",
        actor=actor,
        on=on,
        reason=reason,
        reviewed_by=None,
        reviewed_on=None,
        secrecy="",
        secrecy_basis="",
    )


@transaction.atomic
def post_notice(
    notice: PublicNotice, *, actor: Account, on: date | None = None, on_paper: bool = False, implied: bool = False
) -> PublicNotice:
    """Put it on the board: the number is taken, the masked chain of the matter is written down for good."""
    if on_paper and not actor.is_system:
        raise NotAllowed(_("Only matters that are brought in from paper were released on paper."))
    if on_paper and notice.state == NoticeState.DRAFTED:
        notice = review_notice(notice, actor=actor, on=on, implied=True)
    notice, on = begin_notice(notice, "post_notice", actor=actor, on=on)
    if notice.secrecy != SecrecyConclusion.OPEN:
        raise Missing({"secrecy": _("The secrecy review did not conclude that it may be published.")})
    notice.on_paper = on_paper
    refuse_unreleased(notice)
    refuse_private(notice, _as_posted(notice, on))
    expires_on = calendar.add_working_days(on, notice.days, notice.host_id)
    number = number_for(notice.host, "notice", on)
    snapshot = build_snapshot(notice, number=number, posted_on=on, expires_on=expires_on)
    sha256 = sha256_of(snapshot)
    posted = finish_notice(
        notice,
        "post_notice",
        actor=actor,
        on=on,
        implied=implied,
        data={"number": number, "sha256": sha256},
        number=number,
        posted_by=actor,
        posted_on=on,
        expires_on=expires_on,
        on_paper=on_paper,
        snapshot=snapshot,
        sha256=sha256,
        township=notice.region_code[:9] if level_of(notice.region_code) >= TOWNSHIP else "",
        figures=boards.figures_of(snapshot),
        search=search_vector(*searched_texts(snapshot)),
    )
    PublicNotice.objects.filter(pk=posted.pk).update(posted_at=Now(), **drawings_of(posted, snapshot))
    _mark_corrected(posted)
    boards.add(posted)
    return posted


@transaction.atomic
def withdraw_notice(notice: PublicNotice, *, actor: Account, reason: str, on: date | None = None) -> PublicNotice:
    """Take it down: the list keeps number, kind, dates and this reason, nothing else can be read or found."""
    notice, on = begin_notice(notice, "withdraw_notice", actor=actor, on=on)
    reason = need(reason, "reason", _("Please write the reason"))
    refuse_private_words("reason", reason)
    gone = finish_notice(
        notice,
        "withdraw_notice",
        actor=actor,
        on=on,
        reason=reason,
        withdrawn_on=on,
        search=None,
        row_html="",
        sheet="",
    )
    if gone.corrects_id is not None:
        PublicNotice.objects.filter(pk=gone.corrects_id).update(corrected_by_number="")
    boards.take_down(gone)
    return gone


def _as_posted(notice: PublicNotice, on: date) -> dict:
    """What posting would write, but for its number."""
    expires_on = calendar.add_working_days(on, notice.days, notice.host_id)
    return build_snapshot(notice, number="", posted_on=on, expires_on=expires_on)


def _mark_corrected(posted: PublicNotice) -> None:
    """已更正，见…号: the old notice stays as it is, and says where the right one hangs."""
    if posted.corrects is not None:
        old = lock_notice(posted.corrects)
        PublicNotice.objects.filter(pk=old.pk).update(corrected_by_number=posted.number)
