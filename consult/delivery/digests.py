"""The daily digest: one message that lists what somebody was told since the last one."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.privacy import mask

from .models import ChannelName, Digest, DigestLine, InboxItem, Outgoing, Preference
from .pacing import default_preference, preference_of, silence_left
from .routing import address_of, after, one_line, way_to, ways_of

log = logging.getLogger(__name__)

MOST_LINES = 200


def make_digests(now: datetime | None = None, limit: int = 1000) -> int:
    """For everybody whose hour has come and for whom something waits: one digest of the day. Safe to run twice."""
    now = timezone.localtime(now)
    made = 0
    for account_id in _waiting(now)[:limit]:
        try:
            made += make_digest(account_id, now.date())
        except Exception:
            log.exception("digest of account %s", account_id)
    return made


def _waiting(now: datetime) -> list[int]:
    """Accounts with lines, whose hour has come and who have had no digest today."""
    waiting = (
        DigestLine.objects.filter(digest=None).order_by("account_id").values_list("account_id", flat=True).distinct()
    )
    hours = dict(Preference.objects.filter(account__in=waiting).values_list("account_id", "digest_hour"))
    usual = default_preference().digest_hour
    had = set(Digest.objects.filter(day=now.date()).values_list("account_id", flat=True))
    return [pk for pk in waiting if pk not in had and hours.get(pk, usual) <= now.hour]


@transaction.atomic
def make_digest(account_id: int, day: date) -> bool:
    """The row of the day can exist once; the lines and the message are written with it or not at all."""
    digest, fresh = Digest.objects.get_or_create(account_id=account_id, day=day)
    if not fresh:
        return False
    lines = DigestLine.objects.filter(account_id=account_id, digest=None, item__recalled_at=None)
    keys = list(lines.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    if not keys:
        digest.delete()
        return False
    DigestLine.objects.filter(pk__in=keys).update(digest=digest)
    _queue(digest, list(InboxItem.objects.filter(pk__in=keys).order_by("due_on", "pk")))
    return True


def _queue(digest: Digest, items: list[InboxItem]) -> None:
    account = digest.account
    preference = preference_of(account)
    ways = ways_of(account, preference)
    if not ways:
        return  # no address any more; it stands in the inbox
    by_mail = ways[0] == ChannelName.EMAIL
    subject = ngettext("%(count)s message for you", "%(count)s messages for you", len(items)) % {"count": len(items)}
    lead = _("%(day)s: %(what)s") % {"day": digest.day.isoformat(), "what": subject}
    host_ids = {line.host_id for line in digest.lines.all()}
    Outgoing.objects.create(
        channel=ways[0],
        digest=digest,
        account=account,
        host_id=host_ids.pop() if len(host_ids) == 1 else account.home_id,
        kind="digest",
        key=f"digest:{account.pk}:{digest.day.isoformat()}",
        to=address_of(account, ways[0]),
        subject=one_line(lead, 250),
        body=_letter(lead, items) if by_mail else f"{lead}. {way_to('')}",
        **after(silence_left(preference)),
    )


def _letter(lead: str, items: list[InboxItem]) -> str:
    """First what is due, by its day, then the rest."""
    lines = [_line(item) for item in items[:MOST_LINES]]
    if len(items) > MOST_LINES:
        lines.append(_("and %(more)s more") % {"more": len(items) - MOST_LINES})
    return "\n".join([lead, "", *lines, "", way_to("/inbox/")])


def _line(item: InboxItem) -> str:
    title = mask(item.title)
    return (
        _("- %(title)s (due %(due)s)") % {"title": title, "due": item.due_on.isoformat()}
        if item.due_on
        else f"- {title}"
    )
