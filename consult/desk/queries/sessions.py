"""What waits about sessions and their minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.calendar import add_working_days
from consult.web.words import say_day, say_moment
from members.states import Role
from sessions.models import ConsultSession, Minutes, Participant
from sessions.querysets import MICRO_FORMS
from sessions.states import MinutesState, SessionForm, SessionState

from .kinds import Desk, Kind, moment, start
from .rows import Row, branch

S = SessionState
PREPARING = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)


def _branch(rows: QuerySet[ConsultSession], kind: str, **columns: Any) -> QuerySet[Any]:
    where = Coalesce("room__name", NullIf("place", Value("")))
    values = {"uuid": F("uuid"), "title": F("title"), "host": F("host_id"), "moment": F("starts_at")}
    return branch(rows, kind, order=("starts_at", "pk"), **{**values, "shade": F("form"), "who": where, **columns})


def _serving(desk: Desk) -> Q:
    """Who runs the session: moderator, recorder, office."""
    return Q(moderator=desk.reader) | Q(recorder=desk.reader) | desk.within(Role.OFFICE)


def _prepared_by(desk: Desk) -> QuerySet[ConsultSession]:
    """Sessions the reader prepares; a group leader those that he sees."""
    rows = ConsultSession.objects.filter(desk.within(*PREPARING), is_backfilled=False)
    if desk.holds(Role.GROUP_LEADER) and not desk.holds(Role.OFFICE, Role.CONVENOR):
        return rows.filter(pk__in=ConsultSession.objects.visible_to(desk.reader).values("pk"))
    return rows


def invitations(desk: Desk) -> QuerySet[Any] | None:
    """He is called to a session and has not said whether he comes."""
    mine = Q(account=desk.reader) | Q(member__account=desk.reader)
    rows = Participant.objects.filter(
        mine, session__state=S.ANNOUNCED, session__ends_at__gte=desk.now, reply="", is_walk_in=False
    )
    return branch(
        rows,
        "invitation",
        order=("session__starts_at", "pk"),
        uuid=F("uuid"),
        title=F("session__title"),
        host=F("session__host_id"),
        moment=F("session__starts_at"),
        who=Coalesce("session__room__name", NullIf("session__place", Value(""))),
    )


def to_announce(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(*PREPARING):
        return None
    return _branch(_prepared_by(desk).filter(state=S.PLANNED), "announce")


def to_open(desk: Desk) -> QuerySet[Any] | None:
    rows = ConsultSession.objects.filter(_serving(desk), state=S.ANNOUNCED, starts_at__lt=desk.end_of_today)
    return _branch(rows, "open")


def to_close(desk: Desk) -> QuerySet[Any] | None:
    return _branch(ConsultSession.objects.filter(_serving(desk), state=S.IN_PROGRESS), "close", moment=F("ends_at"))


def to_decide(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE, Role.CONVENOR):
        return None
    rows = ConsultSession.objects.undecided().filter(desk.within(Role.OFFICE, Role.CONVENOR))
    return _branch(rows, "decide", note=F("decision_note"))


def _keeping_minutes(desk: Desk, at: str = "") -> Q:
    """Recorder, office; a group leader in micro-consultation."""
    scope = {"host": f"{at}host_id", "region": f"{at}region_code"}
    keeping = Q(**{f"{at}recorder": desk.reader}) | desk.within(Role.OFFICE, **scope)
    if desk.holds(Role.GROUP_LEADER):
        seen = ConsultSession.objects.visible_to(desk.reader).filter(form__in=MICRO_FORMS).values("pk")
        of_group = desk.within(Role.GROUP_LEADER, **scope) & Q(**{f"{at}pk__in": seen})
        keeping |= of_group
    return keeping


def to_draft_minutes(desk: Desk) -> QuerySet[Any] | None:
    begun = Minutes.objects.filter(session=OuterRef("pk"))
    rows = ConsultSession.objects.held().exclude(form=SessionForm.BENCH).filter(_keeping_minutes(desk), ~Exists(begun))
    held = TruncDate(Coalesce("held_at", "ends_at"))
    return _branch(rows, "draft_minutes", day=held)


def _minutes(rows: QuerySet[Minutes], kind: str) -> QuerySet[Any]:
    return branch(
        rows,
        kind,
        order=("moved_on", "pk"),
        uuid=F("uuid"),
        title=F("session__title"),
        host=F("session__host_id"),
        day=TruncDate(Coalesce("session__held_at", "session__ends_at")),
        shade=F("session__form"),
        who=Coalesce(NullIf("drafted_name", Value("")), "drafted_by__display_name"),
        note=F("reason"),
    )


def to_file(desk: Desk) -> QuerySet[Any] | None:
    mine = _keeping_minutes(desk, "session__")
    return _minutes(Minutes.objects.filter(mine, state=MinutesState.DRAFT), "file_minutes")


def to_sign(desk: Desk) -> QuerySet[Any] | None:
    """Whoever drafted it does not sign it; the office records what was signed on paper."""
    scope = {"host": "session__host_id", "region": "session__region_code"}
    micro = Q(session__form__in=MICRO_FORMS)
    may = desk.within(Role.APPROVER, **scope) | (
        micro & (desk.within(Role.CONVENOR, Role.GROUP_LEADER, **scope) | Q(session__moderator=desk.reader))
    )
    mine = (may & ~Q(drafted_by=desk.reader)) | desk.within(Role.OFFICE, **scope)
    rows = Minutes.objects.to_sign().filter(mine, pk__in=Minutes.objects.visible_to(desk.reader).values("pk"))
    return _minutes(rows, "sign_minutes")


# words ----------------------------------------------------------------------------------------------------------------


def _minutes_due(row: Row, desk: Desk) -> date | None:
    formal = row.shade == SessionForm.FORMAL
    key = "minutes_days_formal" if formal else "minutes_days_micro"
    return desk.working_days_after(row.day, row.host, key) if row.day else None


def _notice_due(row: Row, desk: Desk) -> date | None:
    """So many working days ahead the notices are out."""
    if row.moment is None:
        return None
    key = "notice_days_formal" if row.shade == SessionForm.FORMAL else "notice_days_micro"
    return add_working_days(timezone.localtime(row.moment).date(), -desk.limit(row.host, key), row.host)


def _where(row: Row, desk: Desk) -> str:
    if not row.moment:
        return row.who
    return _("%(when)s, %(where)s") % {"when": say_moment(row.moment), "where": row.who or _("online")}


def _why_minutes(row: Row, desk: Desk) -> str:
    return _("Held on %(day)s; nobody has begun the minutes") % {"day": say_day(row.day)}


def _why_file(row: Row, desk: Desk) -> str:
    if row.note:
        return _("Sent back: %(reason)s") % {"reason": row.note}
    return _("Drafted by %(who)s, not yet sent for signature") % {"who": row.who}


def _why_sign(row: Row, desk: Desk) -> str:
    return _("Drafted by %(who)s, held on %(day)s") % {"who": row.who, "day": say_day(row.day)}


KINDS = (
    Kind(
        "invitation",
        "解",
        invitations,
        gettext_lazy("Say whether you come to “%(title)s”"),
        gettext_lazy("Answer %(count)s invitations"),
        pgettext_lazy("button", "Answer"),
        "sessions:reply",
        _where,
        start,
        moment,
        all_page="sessions:list",
    ),
    Kind(
        "open",
        "解",
        to_open,
        gettext_lazy("Open “%(title)s”"),
        gettext_lazy("Open %(count)s sessions"),
        pgettext_lazy("button", "Open"),
        "sessions:detail",
        _where,
        start,
        moment,
        all_page="sessions:list",
    ),
    Kind(
        "close",
        "解",
        to_close,
        gettext_lazy("Keep the record of “%(title)s” and close it"),
        gettext_lazy("Close %(count)s sessions in progress"),
        pgettext_lazy("button", "Record"),
        "sessions:record",
        lambda row, desk: _("In progress, planned until %(when)s") % {"when": say_moment(row.moment)},
        start,
        moment,
        all_page="sessions:list",
    ),
    Kind(
        "announce",
        "解",
        to_announce,
        gettext_lazy("Send the notices of “%(title)s”"),
        gettext_lazy("Send the notices of %(count)s sessions"),
        pgettext_lazy("button", "Send"),
        "sessions:announce",
        _where,
        _notice_due,
        all_page="sessions:list",
    ),
    Kind(
        "decide",
        "解",
        to_decide,
        gettext_lazy("Decide on the record “%(title)s”"),
        gettext_lazy("Decide on %(count)s records that could not be placed"),
        pgettext_lazy("button", "Decide"),
        "sessions:detail",
        all_page="sessions:list",
    ),
    Kind(
        "draft_minutes",
        "解",
        to_draft_minutes,
        gettext_lazy("Draft the minutes of “%(title)s”"),
        gettext_lazy("Draft the minutes of %(count)s sessions"),
        pgettext_lazy("button", "Draft"),
        "sessions:draft_minutes",
        _why_minutes,
        _minutes_due,
        all_page="sessions:list",
    ),
    Kind(
        "file_minutes",
        "解",
        to_file,
        gettext_lazy("Finish the minutes of “%(title)s”"),
        gettext_lazy("Finish the minutes of %(count)s sessions"),
        pgettext_lazy("button", "Finish"),
        "sessions:minutes",
        _why_file,
        _minutes_due,
        all_page="sessions:list",
    ),
    Kind(
        "sign_minutes",
        "解",
        to_sign,
        gettext_lazy("Sign the minutes of “%(title)s”"),
        gettext_lazy("Sign the minutes of %(count)s sessions"),
        pgettext_lazy("button", "Check and sign"),
        "sessions:minutes",
        _why_sign,
        _minutes_due,
        all_page="sessions:list",
    ),
)
