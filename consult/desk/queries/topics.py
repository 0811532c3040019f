"""What waits about matters: screening, completing, approving, taking up, writing down what came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from consult import options
from consult.web.words import say_day
from members.states import Role
from outcomes.models import Outcome, PublicNotice
from outcomes.states import NoticeKind, NoticeState
from sessions.models import Minutes, SessionTopic
from sessions.states import MinutesState, SessionForm, SessionState
from topics.models import Raiser, Topic, Visit
from topics.states import RaiserKind, TopicState

from .kinds import Desk, Kind, from_day
from .rows import Row, branch

S = TopicState
#: Who took a matter up, in words.
CLAIMER = Coalesce(
    "claimed_group__name", "claimed_member__name", NullIf("claimed_name", Value("")), "claimed_by__display_name"
)


def _branch(rows: QuerySet[Topic], kind: str, **columns: Any) -> QuerySet[Any]:
    values = {"uuid": F("uuid"), "title": F("title"), "host": F("host_id"), "day": F("moved_on"), **columns}
    return branch(rows, kind, order=("moved_on", "pk"), **values)


def _own(reader: Any) -> Exists:
    """He raised it himself, so he does not decide on it."""
    kept = Raiser.objects.filter(topic=OuterRef("pk"), kind=RaiserKind.RAISER)
    own = Q(account=reader) | Q(account__isnull=True, entered_by=reader, on_behalf=False)
    return Exists(kept.filter(own))


def to_screen(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE, Role.CONVENOR):
        return None
    rows = Topic.objects.to_screen().filter(desk.within(Role.OFFICE, Role.CONVENOR), ~_own(desk.reader))
    return _branch(rows, "screen", shade=F("source"))


def to_lapse(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    over = Q(pk__in=())
    for host_id in desk.hosts(Role.OFFICE):
        over |= Q(
            host_id=host_id, moved_on__lte=desk.today - timedelta(days=desk.limit(host_id, "returned_lapse_days"))
        )
    rows = Topic.objects.filter(desk.within(Role.OFFICE), over, state=S.RETURNED)
    return _branch(rows, "lapse", note=Left("reason", 60))


def to_complete(desk: Desk) -> QuerySet[Any] | None:
    """Slips of his own that came back."""
    own = Raiser.objects.filter(account=desk.reader, kind=RaiserKind.RAISER).values("topic_id")
    return _branch(Topic.objects.filter(pk__in=own, state=S.RETURNED), "complete", note=Left("reason", 60))


def to_submit(desk: Desk) -> QuerySet[Any] | None:
    rows = Topic.objects.filter(entered_by=desk.reader, state=S.DRAFT)
    return _branch(rows, "submit")


def to_approve(desk: Desk) -> QuerySet[Any] | None:
    """The approving leader approves; the office records his paper."""
    if not desk.holds(Role.APPROVER, Role.OFFICE):
        return None
    mine = (desk.within(Role.APPROVER) & ~Q(_own(desk.reader))) | desk.within(Role.OFFICE)
    return _branch(Topic.objects.to_approve().filter(mine), "approve", note=F("category"))


def to_claim(desk: Desk) -> QuerySet[Any] | None:
    roles = (Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR)
    if not desk.holds(*roles):
        return None
    return _branch(Topic.objects.to_claim().filter(desk.within(*roles)), "claim", note=F("place"))


def own_claims(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR):
        return None
    still = Q(claimed_group__memberships__until__isnull=True) | Q(claimed_group__memberships__until__gte=desk.today)
    of_group = Topic.objects.filter(still, claimed_group__memberships__member__account=desk.reader)
    mine = Q(claimed_by=desk.reader) | Q(claimed_member__account=desk.reader) | Q(pk__in=of_group.values("pk"))
    return _branch(Topic.objects.filter(mine, state=S.CLAIMED), "promised", day=F("promised_on"), who=CLAIMER)


def visits_to_decide(desk: Desk) -> QuerySet[Any] | None:
    """Entries of visit books that could not be placed."""
    if not desk.holds(Role.OFFICE, Role.CONVENOR):
        return None
    rows = Visit.objects.undecided().filter(desk.within(Role.OFFICE, Role.CONVENOR))
    columns = {"uuid": F("uuid"), "title": F("place"), "host": F("host_id"), "day": F("visited_on")}
    who = F("recorded_by__display_name")
    return branch(rows, "visit", order=("pk",), **columns, who=who, note=F("decision_note"))


def late_claims(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    rows = Topic.objects.filter(desk.within(Role.OFFICE), state=S.CLAIMED, promised_on__lt=desk.today)
    return _branch(rows, "promise", day=F("promised_on"), who=CLAIMER)


def to_plan(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    rows = Topic.objects.filter(desk.within(Role.OFFICE), state=S.APPROVED)
    return _branch(rows, "plan", day=F("approved_on"), who=F("lead_committee__name"))


def to_write_up(desk: Desk) -> QuerySet[Any] | None:
    """The round is over and its minutes are signed; nobody has written down what it came to."""
    if not desk.holds(Role.OFFICE):
        return None
    held = SessionTopic.objects.filter(
        Q(round=OuterRef("round")) | Q(round__isnull=True), topic=OuterRef("pk"), session__state=SessionState.HELD
    )
    signed = Minutes.objects.filter(session=OuterRef("session_id"), state=MinutesState.SIGNED)
    owing = held.exclude(session__form=SessionForm.BENCH).filter(~Exists(signed))
    written = Outcome.objects.filter(topic=OuterRef("pk"), round=OuterRef("round"))
    rows = Topic.objects.filter(desk.within(Role.OFFICE), state=S.CONSULTED)
    return _branch(rows.filter(Exists(held), ~Exists(owing), ~Exists(written)), "outcome")


def to_post(desk: Desk) -> QuerySet[Any] | None:
    """Settled, and the public has not been told."""
    roles = (Role.OFFICE, Role.CONVENOR)
    if not desk.holds(*roles):
        return None
    told = PublicNotice.objects.filter(topic=OuterRef("pk"), kind__in=(NoticeKind.OUTCOME, NoticeKind.PROGRESS))
    told = told.exclude(state=NoticeState.WITHDRAWN)
    rows = Topic.objects.filter(desk.within(*roles), state=S.CLOSED).filter(~Exists(told))
    return _branch(rows, "tell")


# words ----------------------------------------------------------------------------------------------------------------


def _screening_due(row: Row, desk: Desk) -> date | None:
    return desk.working_days_after(row.day, row.host, "screening_days") if row.day else None


def _lapse_due(row: Row, desk: Desk) -> date | None:
    return row.day + timedelta(days=desk.limit(row.host, "returned_lapse_days", row.day)) if row.day else None


def _why_screen(row: Row, desk: Desk) -> str:
    words = {
        "day": say_day(row.day),
        "source": options.label_of(row.host, "lists.sources", row.shade),
        "limit": desk.limit(row.host, "screening_days"),
    }
    return _("%(source)s, handed in on %(day)s; the limit is %(limit)s working days") % words


def _why_lapse(row: Row, desk: Desk) -> str:
    return _("Returned on %(day)s and not completed since: %(reason)s") % {"day": say_day(row.day), "reason": row.note}


def _why_complete(row: Row, desk: Desk) -> str:
    return _("Returned on %(day)s: %(reason)s") % {"day": say_day(row.day), "reason": row.note}


def _waiting(row: Row, desk: Desk) -> str:
    since = _("waiting since %(day)s") % {"day": say_day(row.day)}
    return f"{row.note}{pgettext('clause', ', ')}{since}" if row.note else since


def _why_promised(row: Row, desk: Desk) -> str:
    return _("%(who)s promised an answer by %(day)s; no session is set yet") % {
        "who": row.who,
        "day": say_day(row.day),
    }


def _why_plan(row: Row, desk: Desk) -> str:
    return _("Approved on %(day)s, led by %(who)s; no session is set yet") % {"day": say_day(row.day), "who": row.who}


def _why_outcome(row: Row, desk: Desk) -> str:
    return _("Consulted on %(day)s and the minutes are signed") % {"day": say_day(row.day)}


def _why_tell(row: Row, desk: Desk) -> str:
    return _("Settled on %(day)s, and nothing about it stands on the board") % {"day": say_day(row.day)}


KINDS = (
    Kind(
        "screen",
        "点",
        to_screen,
        gettext_lazy("Screen “%(title)s”"),
        gettext_lazy("Screen %(count)s new slips"),
        pgettext_lazy("button", "Screen"),
        "topics:detail",
        _why_screen,
        _screening_due,
        all_page="topics:list",
        all_query="tab=submitted",
    ),
    Kind(
        "lapse",
        "点",
        to_lapse,
        gettext_lazy("Close “%(title)s” as unanswered"),
        gettext_lazy("Close %(count)s returned slips as unanswered"),
        pgettext_lazy("button", "Close it"),
        "topics:lapse",
        _why_lapse,
        _lapse_due,
        all_page="topics:list",
        all_query="tab=returned",
    ),
    Kind(
        "complete",
        "点",
        to_complete,
        gettext_lazy("Complete “%(title)s”"),
        gettext_lazy("Complete %(count)s returned slips"),
        pgettext_lazy("button", "Complete"),
        "topics:resubmit",
        _why_complete,
        _lapse_due,
    ),
    Kind(
        "submit",
        "点",
        to_submit,
        gettext_lazy("Hand in the draft “%(title)s”"),
        gettext_lazy("Hand in %(count)s drafts"),
        pgettext_lazy("button", "Hand in"),
        "topics:detail",
        lambda row, desk: _("Kept as a draft on %(day)s; only you see it") % {"day": say_day(row.day)},
    ),
    Kind(
        "approve",
        "点",
        to_approve,
        gettext_lazy("Approve “%(title)s”"),
        gettext_lazy("Approve %(count)s matters"),
        pgettext_lazy("button", "Approve"),
        "topics:approve",
        _waiting,
        all_page="topics:list",
        all_query="tab=approve",
    ),
    Kind(
        "promised",
        "接",
        own_claims,
        gettext_lazy("Bring “%(title)s” to the table"),
        gettext_lazy("Bring %(count)s matters you took up to the table"),
        pgettext_lazy("button", "Arrange"),
        "topics:detail",
        _why_promised,
        from_day,
        all_page="topics:list",
        all_query="tab=mine",
    ),
    Kind(
        "promise",
        "接",
        late_claims,
        gettext_lazy("Ask after “%(title)s”"),
        gettext_lazy("Ask after %(count)s matters past their promise"),
        pgettext_lazy("button", "Ask"),
        "topics:detail",
        _why_promised,
        from_day,
        all_page="topics:list",
        all_query="tab=consult",
    ),
    Kind(
        "plan",
        "接",
        to_plan,
        gettext_lazy("Prepare a session on “%(title)s”"),
        gettext_lazy("Prepare sessions on %(count)s approved matters"),
        pgettext_lazy("button", "Prepare"),
        "sessions:plan",
        _why_plan,
        all_page="topics:list",
        all_query="tab=consult",
        page_query="topic={uuid}",
    ),
    Kind(
        "outcome",
        "查",
        to_write_up,
        gettext_lazy("Draft the outcome of “%(title)s”"),
        gettext_lazy("Draft %(count)s outcomes"),
        pgettext_lazy("button", "Draft"),
        "outcomes:draft_outcome",
        _why_outcome,
        all_page="outcomes:outcomes",
    ),
    Kind(
        "tell",
        "查",
        to_post,
        gettext_lazy("Draft the notice on “%(title)s”"),
        gettext_lazy("Draft notices on %(count)s settled matters"),
        pgettext_lazy("button", "Draft a notice"),
        "outcomes:draft_notice",
        _why_tell,
        all_page="topics:list",
        all_query="tab=closed",
    ),
    Kind(
        "visit",
        "接",
        visits_to_decide,
        gettext_lazy("Decide on house calls of %(who)s"),
        gettext_lazy("Decide on %(count)s entries of visit books"),
        pgettext_lazy("button", "Decide"),
        "topics:visit",
    ),
    Kind(
        "claim",
        "接",
        to_claim,
        gettext_lazy("Take up “%(title)s”"),
        gettext_lazy("%(count)s matters can be taken up"),
        pgettext_lazy("button", "Take up"),
        "topics:claim",
        _waiting,
        all_page="topics:to_claim",
    ),
)
