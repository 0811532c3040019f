"""What the board tells programs: newsreaders, calendars, search machines, chat programs that preview a link.

All of it from what was released, like the pages: titles, numbers, dates and the sixty plain characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from icalendar import Event, vUri

from outcomes.board.asking import Question
from outcomes.board.listing import ORDER, asked_rows
from outcomes.board.reading import BoardFacts, Hanging
from outcomes.models import PublicNotice
from outcomes.states import NoticeKind
from sessions.services import calendar as calendars

#: Entries of a feed; addresses in one sitemap, as many as its format takes.
NEWEST, ADDRESSES = 30, 50_000
HERE = ZoneInfo(calendars.ZONE)
_TOLD = ("uuid", "title", "kind", "number", "posted_on", "posted_at", "snapshot__notice__summary")
_SAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def notice_url(site: str, code: str, uuid: Any) -> str:
    return f"{site}{reverse('board:notice', args=[code, uuid])}"


# newsreaders ----------------------------------------------------------------------------------------------------------


def draw_feed(facts: BoardFacts, question: Question, site: str) -> bytes:
    """The newest thirty that hang, with the filters of the list; what was taken down has gone."""
    home = site + reverse("board:home", args=[facts.code])
    here = site + reverse("board:feed", args=[facts.code]) + question.address().rstrip("?")
    feed = Atom1Feed(
        title=_("%(name)s: consultation board") % {"name": facts.name},
        link=home,
        description="",
        language="zh-Hans",
        author_name=facts.name,
        feed_url=here,
        feed_guid=here,
    )
    for row in asked_rows(facts, question).public().order_by(*ORDER).values_list(*_TOLD, named=True)[:NEWEST]:
        moment = row.posted_at or _midnight(row.posted_on)
        feed.add_item(
            title=row.title,
            link=notice_url(site, facts.code, row.uuid),
            description=" ".join(filter(None, (row.number, row.snapshot__notice__summary))),
            unique_id=f"urn:uuid:{row.uuid}",
            pubdate=moment,
            updateddate=moment,
            categories=[str(NoticeKind(row.kind).label)],
        )
    return feed.writeString("utf-8").encode()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HERE)


# calendars ------------------------------------------------------------------------------------------------------------


def draw_calendar(facts: BoardFacts, site: str) -> bytes:
    """Sessions that were announced on the board: where residents may come, and when."""
    calendar = calendars.new_calendar(facts.name, feed=True)
    rows = PublicNotice.objects.public().filter(host=facts.pk, kind=NoticeKind.ANNOUNCEMENT, session__isnull=False)
    rows = rows.filter(posted_on__gte=timezone.localdate() - calendars.PAST).order_by(*ORDER)
    told: set[Any] = set()
    for row in rows.values_list("uuid", "session", "posted_on", "posted_at", "snapshot", named=True)[:NEWEST]:
        session = row.snapshot["notice"].get("session")
        if session and row.session not in told:  # of a session announced twice, what was said last
            told.add(row.session)
            calendar.add_component(_event(row, session, notice_url(site, facts.code, row.uuid)))
    text: bytes = calendar.to_ical()
    return text


def _event(row: Any, session: dict[str, Any], url: str) -> Event:
    """From what was posted: a plan that was changed since is told when it is posted again."""
    event = Event()
    event.add("uid", f"{row.session}.board@consult")
    event.add("dtstamp", row.posted_at or _midnight(row.posted_on))
    event.add("summary", session["title"])
    for name, value in (("dtstart", session["starts_at"]), ("dtend", session["ends_at"])):
        event.add(name, datetime.fromisoformat(value).replace(tzinfo=HERE))
    event.add("location", session.get("room") or session.get("place") or session.get("region", ""))
    event["url"] = vUri(url)
    return event


# search machines ------------------------------------------------------------------------------------------------------


def draw_sitemap(facts: BoardFacts, year: int, site: str) -> bytes:
    """Addresses of what was posted in that year and hangs still, the newest first."""
    rows = PublicNotice.objects.public().filter(host=facts.pk).posted_in(year).order_by(*ORDER)
    found = rows.values_list("uuid", "posted_on")[:ADDRESSES]
    pages = ((notice_url(site, facts.code, uuid), day) for uuid, day in found)
    return _listed("urlset", "url", pages)


def draw_sitemaps(boards: Iterable[BoardFacts], site: str) -> bytes:
    """One for each board and year that has something."""
    maps = (
        (site + reverse("board:sitemap", args=[facts.code, year]), None)
        for facts in boards
        for year in sorted(facts.totals.get("years", {}), reverse=True)
    )
    return _listed("sitemapindex", "sitemap", maps)


def _listed(whole: str, each: str, rows: Iterable[tuple[str, date | None]]) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<{whole} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for url, day in rows:
        lines.append(f"<{each}><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{each}>")
    return "\n".join([*lines, f"</{whole}>\n"]).encode()


# the head of a page ---------------------------------------------------------------------------------------------------


def head_of_notice(row: Hanging, site: str) -> str:
    """What chat programs show of a link, and the same for machines (schema.org Report)."""
    url = notice_url(site, row.host.code, row.uuid)
    words = row.summary or f"{row.number} {row.title}"
    told = {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": row.title,
        "reportNumber": row.number,
        "description": words,
        "datePublished": row.posted_on.isoformat(),
        "expires": row.expires_on.isoformat(),
        "inLanguage": "zh-Hans",
        "url": url,
        "publisher": _keeper(row.host.name, row.host.phone, site + reverse("board:home", args=[row.host.code])),
        "identifier": f"sha256:{row.sha256}",
    }
    return _head(row.title, words, url, row.host.name, "article", told)


def head_of_board(facts: BoardFacts, site: str) -> SafeString:
    url = site + reverse("board:home", args=[facts.code])
    title = _("%(name)s: consultation board") % {"name": facts.name}
    words = _(
        "What concerns people is settled by talking with them. Who raised it, who took it up, how it was talked over "
        "and what came of it: all of it hangs here."
    )
    told = {"@context": "https://schema.org", **_keeper(facts.name, facts.phone, url), "description": words}
    feed = format_html(
        '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">'
        '<link rel="alternate" type="text/calendar" href="{}">',
        title,
        reverse("board:feed", args=[facts.code]),
        reverse("board:calendar", args=[facts.code]),
    )
    return feed + _head(title, words, url, facts.name, "website", told)


def _keeper(name: str, phone: str, url: str) -> dict[str, str]:
    told = {"@type": "GovernmentOrganization", "name": name, "telephone": phone, "url": url}
    return {key: value for key, value in told.items() if value}


def _head(title: str, words: str, url: str, site_name: str, kind: str, told: dict[str, Any]) -> SafeString:
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(_SAFE)
    return format_html(
        '<meta name="description" content="{}"><link rel="canonical" href="{}"><meta property="og:type" content="{}">'
        '<meta property="og:title" content="{}"><meta property="og:description" content="{}">'
        '<meta property="og:url" content="{}"><meta property="og:site_name" content="{}">'
        '<script type="application/ld+json">{}</script>',
        words,
        url,
        kind,
        title,
        words,
        url,
        site_name,
        mark_safe(data),  # noqa: S308  its < > & are written as \\u escapes
    )
