"""Sessions as calendar entries (RFC 5545): one file for one session, and a feed for one account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText, vUri

from members.models import Account
from sessions.models import CalendarFeed, ConsultSession, Participant
from sessions.services import tokens
from sessions.states import Reply, SessionState

ZONE = "Asia/Shanghai"
PAST, AHEAD = timedelta(days=180), timedelta(days=2 * 366)
MOST = 500
_STATUS = {
    SessionState.PLANNED: "TENTATIVE",
    SessionState.CANCELLED: "CANCELLED",
}


# one session ----------------------------------------------------------------------------------------------------------


def invitation(session: ConsultSession, line: Participant | None = None) -> bytes:
    """A file that a calendar takes in; a session that was called off takes its entry back.

    For a line of the list it is an invitation in the sense of RFC 5546: asked of him, by the CPPCC, to be answered;
    for who is on no list it is only made known.
    """
    if line is None or line.is_walk_in:
        calendar = new_calendar(session.title)
        calendar.add_component(event_of(session))
        return calendar.to_ical()
    calendar = new_calendar(session.title, method=method_for(session))
    event = event_of(session)
    event["attendee"] = _attendee(line, session)
    calendar.add_component(event)
    return calendar.to_ical()


def method_for(session: ConsultSession) -> str:
    return "CANCEL" if session.state == SessionState.CANCELLED else "REQUEST"


_PARTSTAT = {Reply.ATTENDING: "ACCEPTED", Reply.EXCUSED: "DECLINED"}


def _attendee(line: Participant, session: ConsultSession) -> vCalAddress:
    """Under the name by which he was invited; reached by his account's mail, or named by a number of ours."""
    account = line.account or (line.member.account if line.member else None)
    email = account.email if account is not None else ""
    address = vCalAddress(f"mailto:{email}" if email else f"urn:uuid:{line.uuid}")
    address.params["CN"] = vText(str(line))
    address.params["CUTYPE"] = vText("GROUP" if line.count > 1 else "INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText(_PARTSTAT.get(Reply(line.reply)) if line.reply else "NEEDS-ACTION")
    asks = session.state == SessionState.ANNOUNCED and not line.reply
    address.params["RSVP"] = vText("TRUE" if asks else "FALSE")
    return address


def event_of(session: ConsultSession) -> Event:
    """One entry. Its UID is the session's: a later copy replaces an earlier one, and SEQUENCE says which is later."""
    here = ZoneInfo(ZONE)
    event = Event()
    event.add("uid", f"{session.uuid}@consult")
    event.add("sequence", sequence_of(session))
    event.add("dtstamp", session.moved_at)
    event.add("summary", session.title)
    event.add("dtstart", session.starts_at.astimezone(here))
    event.add("dtend", session.ends_at.astimezone(here))
    event.add("location", session.where or _("online"))
    event.add("status", _STATUS.get(SessionState(session.state), "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if session.state == SessionState.CANCELLED else "OPAQUE")
    event.add("class", "PRIVATE")
    event["organizer"] = _organiser(session)
    if settings.PUBLIC_URL:
        event["url"] = vUri(settings.PUBLIC_URL.rstrip("/") + session.get_absolute_url())
    event.add("description", _description(session))
    if session.state in (SessionState.PLANNED, SessionState.ANNOUNCED):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta(hours=-2))
        alarm.add("description", session.title)
        event.add_component(alarm)
    return event


def sequence_of(session: ConsultSession) -> int:
    """Raised by every change of the plan, by postponing and by calling off."""
    return session.version - 1 + (1 if session.state == SessionState.CANCELLED else 0)


def _organiser(session: ConsultSession) -> vCalAddress:
    address = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}")
    address.params["CN"] = vText(session.host.name)
    return address


def _description(session: ConsultSession) -> str:
    """What a calendar may say on a lock screen: no names of people."""
    rows = [session.host.name]
    if session.state == SessionState.CANCELLED:
        rows.append(_("Called off"))
    elif session.state == SessionState.PLANNED:
        rows.append(_("In preparation; the time may still change."))
    return "\n".join(rows)


def new_calendar(name: str, *, feed: bool = False, method: str = "PUBLISH") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//consult//sessions//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if feed:
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", ZONE)
        calendar.add("x-published-ttl", "PT1H")
        calendar["refresh-interval"] = vText("PT1H")
        calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add_component(_zone())
    return calendar


def _zone() -> Any:
    """China has kept one offset since 1991; written out, because some calendars know no names."""
    return Timezone.from_ical(
        b"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19910915T000000\r\n"
        b"TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


# the feed of an account -----------------------------------------------------------------------------------------------


def feed_of(account: Any) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(account=account).first()


def feed_link(feed: CalendarFeed) -> str:
    """The path of the feed: whoever knows it reads it, so only its owner is shown it."""
    return reverse("sign_in:feed", args=[tokens.seal("feed", feed.uuid, feed.version)])


@transaction.atomic
def renew_feed(account: Any) -> CalendarFeed:
    """Switch the feed on, with another address; the old one opens nothing any more."""
    feed, made = CalendarFeed.objects.get_or_create(account=account)
    if not made:
        CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1, is_on=True, changed_at=timezone.now())
        feed.refresh_from_db()
    return feed


@transaction.atomic
def revoke_feed(account: Any) -> None:
    """Switch it off: its address opens nothing from now on, and never again."""
    CalendarFeed.objects.filter(account=account).update(
        version=F("version") + 1, is_on=False, changed_at=timezone.now()
    )


def owner_of_feed(token: str) -> Account | None:
    """Whose feed this address is, while it is his: not after it was renewed, switched off, or he has left."""
    found = tokens.unseal("feed", token)
    if found is None:
        return None
    rows = CalendarFeed.objects.filter(uuid=found.uuid, version=found.number, is_on=True, account__is_active=True)
    feed = rows.select_related("account").first()
    return feed.account if feed else None


def sessions_of(account: Any) -> Iterable[ConsultSession]:
    """Those he sees, half a year back and as far ahead as sessions are planned."""
    now = timezone.now()
    seen = ConsultSession.objects.visible_to(account).filter(is_backfilled=False)
    seen = seen.exclude(state=SessionState.NEEDS_DECISION)
    return (
        seen.filter(starts_at__gte=now - PAST, starts_at__lte=now + AHEAD)
        .select_related("host", "room")
        .order_by("-starts_at", "pk")[:MOST]
    )


def feed_text(account: Any) -> bytes:
    calendar = new_calendar(_("Consultations"), feed=True)
    for session in sessions_of(account):
        calendar.add_component(event_of(session))
    return calendar.to_ical()
