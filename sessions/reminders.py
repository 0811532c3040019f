"""What is pursued about sessions: closing one that is over, deciding on a record, and the minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.outbox import handles
from consult.reminders import SHORT, Due, recheck, register_rows
from consult.reminders.recorded import day_of, recorded_by
from members.models import Account
from members.reach import Reach
from members.states import Role
from sessions.models import ConsultSession, Minutes
from sessions.querysets import MICRO_FORMS
from sessions.services.minutes import minutes_due
from sessions.states import MinutesState, SessionForm, SessionState

CLOSING, DECIDING = "session_close", "session_decide"
DRAFTING, FILING, SIGNING = "minutes_draft", "minutes_file", "minutes_sign"
COLUMNS = ("pk", "uuid", "host_id", "region_code", "title", "form", "day", "recorded", "moderator_id", "recorder_id")
OF_MINUTES = (
    *("pk", "uuid", "state", "moved_on", "drafted_by_id", "day", "recorded", "session__host_id"),
    *("session__region_code", "session__title", "session__form", "session__moderator_id", "session__recorder_id"),
)
#: A session is closed after its end, so nobody is reminded the day before.
AFTER = tuple(rung for rung in SHORT if rung.offset >= 0)


def register() -> None:
    register_rows(CLOSING, AFTER, to_close, lambda today: partial(read_closing, Reach(today)))
    register_rows(DECIDING, SHORT, to_decide, lambda today: partial(read_deciding, Reach(today)))
    register_rows(DRAFTING, SHORT, to_draft, lambda today: partial(read_drafting, Reach(today)))
    register_rows(FILING, SHORT, to_file, lambda today: partial(read_minutes, Reach(today), FILING))
    register_rows(SIGNING, SHORT, to_sign, lambda today: partial(read_minutes, Reach(today), SIGNING))


# sessions -------------------------------------------------------------------------------------------------------------


def _sessions(rows: QuerySet[ConsultSession], day: Any, recorded: Any) -> QuerySet[Any]:
    return rows.annotate(day=day, recorded=recorded).order_by("pk").values_list(*COLUMNS, named=True)


def to_close(today: date) -> QuerySet[Any]:
    """To be closed by the day after its end, whatever the clock of a worker says of the hour."""
    open_ones = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS)
    rows = ConsultSession.objects.filter(state__in=open_ones, is_backfilled=False)
    last = recorded_by("consult_sessions.consultsession", "session.plan", "session.postpone", otherwise=F("created_at"))
    return _sessions(rows, F("ends_at"), last)


def read_closing(reach: Reach, row: Any) -> Due:
    serving = _accounts(reach, row, row.moderator_id, row.recorder_id)
    return _due(
        CLOSING,
        row,
        timezone.localdate(row.day) + timedelta(days=1),
        _("Keep the record of “%(title)s” and close it"),
        reverse("sessions:record", args=[row.uuid]),
        lambda rung: serving if rung == "due" else _upwards(reach, row, rung),
    )


def to_decide(today: date) -> QuerySet[Any]:
    """A record from a yard that could not be placed."""
    recorded = recorded_by("consult_sessions.consultsession", "session.keep_undecided", otherwise=F("created_at"))
    return _sessions(ConsultSession.objects.undecided(), F("created_at"), recorded)


def read_deciding(reach: Reach, row: Any) -> Due:
    since = timezone.localdate(row.recorded)
    days = options.promised(row.host_id, "limits.decide_days", since)
    return _due(
        DECIDING,
        row,
        calendar.add_working_days(since, days, row.host_id),
        _("Decide on the record “%(title)s”"),
        reverse("sessions:detail", args=[row.uuid]),
        lambda rung: (
            reach.holders(row.host_id, row.region_code, Role.OFFICE, Role.CONVENOR)
            if rung in ("T-1", "due")
            else _upwards(reach, row, rung)
        ),
    )


def to_draft(today: date) -> QuerySet[Any]:
    """Held, needs minutes, and nobody has begun them."""
    begun = Minutes.objects.filter(session=OuterRef("pk")).order_by()
    rows = ConsultSession.objects.held().exclude(form=SessionForm.BENCH).filter(~Exists(begun), is_backfilled=False)
    recorded = recorded_by("consult_sessions.consultsession", "session.close", "session.log", otherwise=F("created_at"))
    return _sessions(rows, Coalesce("held_at", "ends_at"), recorded)


def read_drafting(reach: Reach, row: Any) -> Due:
    keeping = _accounts(reach, row, row.recorder_id)
    return _due(
        DRAFTING,
        row,
        minutes_due(row.host_id, row.form, timezone.localdate(row.day)),
        _("Draft the minutes of “%(title)s”"),
        reverse("sessions:detail", args=[row.uuid]),
        lambda rung: keeping if rung in ("T-1", "due") else _upwards(reach, row, rung),
    )


# minutes --------------------------------------------------------------------------------------------------------------


def _minutes(state: str, verb: str, *others: str) -> QuerySet[Any]:
    rows = Minutes.objects.filter(state=state, session__is_backfilled=False, amends=None)
    recorded = recorded_by("consult_sessions.minutes", verb, *others)
    day = Coalesce("session__held_at", "session__ends_at")
    return rows.annotate(day=day, recorded=recorded).order_by("pk").values_list(*OF_MINUTES, named=True)


def to_file(today: date) -> QuerySet[Any]:
    return _minutes(MinutesState.DRAFT, "minutes.draft_minutes", "minutes.return_minutes")


def to_sign(today: date) -> QuerySet[Any]:
    return _minutes(MinutesState.FILED, "minutes.file_minutes")


def read_minutes(reach: Reach, kind: str, row: Any) -> Due:
    """Who drafts sends it for signature; whoever drafted it does not sign it."""
    host_id, code = row.session__host_id, row.session__region_code
    return Due(
        kind=kind,
        item_id=row.pk,
        host_id=host_id,
        due_on=minutes_due(host_id, row.session__form, timezone.localdate(row.day)),
        recorded_on=day_of(row.recorded, row.moved_on),
        recipients=partial(_minutes_people, reach, kind, row, (host_id, code)),
        title=(_("Finish the minutes of “%(title)s”") if kind == FILING else _("Sign the minutes of “%(title)s”"))
        % {"title": row.session__title},
        url=reverse("sessions:minutes", args=[row.uuid]),
    )


def _minutes_people(reach: Reach, kind: str, row: Any, place: tuple[int, str], rung: str) -> list[Account]:
    if rung == "+1":
        return reach.holders(*place, Role.OFFICE)
    if rung not in ("T-1", "due"):
        return reach.holders(*place, Role.APPROVER)
    if kind == FILING:
        return _named(row.session__recorder_id, row.drafted_by_id) or reach.holders(*place, Role.OFFICE)
    signers = reach.holders(*place, Role.APPROVER)
    if row.session__form in MICRO_FORMS:
        signers = [*signers, *reach.holders(*place, Role.CONVENOR, Role.GROUP_LEADER)]
        signers += _named(row.session__moderator_id)
    return [account for account in signers if account.pk != row.drafted_by_id]


# what all have in common ----------------------------------------------------------------------------------------------


def _due(kind: str, row: Any, due_on: date, title: str, url: str, recipients: Any) -> Due:
    return Due(
        kind=kind,
        item_id=row.pk,
        host_id=row.host_id,
        due_on=due_on,
        recorded_on=timezone.localdate(row.recorded),
        recipients=recipients,
        title=title % {"title": row.title},
        body=_("To be done by %(day)s.") % {"day": due_on},
        url=url,
    )


def _named(*keys: int | None) -> list[Account]:
    wanted = [key for key in keys if key]
    return list(Account.objects.filter(pk__in=wanted, is_active=True, is_system=False).order_by("pk")) if wanted else []


def _accounts(reach: Reach, row: Any, *keys: int | None) -> list[Account]:
    """Those named; where nobody with an account is, the office."""
    return _named(*keys) or reach.holders(row.host_id, row.region_code, Role.OFFICE)


def _upwards(reach: Reach, row: Any, rung: str) -> list[Account]:
    return reach.holders(row.host_id, row.region_code, Role.OFFICE if rung == "+1" else Role.APPROVER)


def _recheck(kinds: Iterable[str], pk: int) -> None:
    for kind in kinds:
        recheck(kind, pk)


@handles(
    *("session.close", "session.cancel", "session.postpone", "session.log", "session.accept_log"),
    "minutes.draft_minutes",
)
def session_moved(event: Any) -> None:
    if session_id := event.payload.get("session_id"):
        _recheck((CLOSING, DECIDING, DRAFTING), session_id)


@handles("minutes.draft_minutes", "minutes.file_minutes", "minutes.return_minutes", "minutes.sign_minutes")
def minutes_moved(event: Any) -> None:
    _recheck((FILING, SIGNING), event.payload["minutes_id"])
