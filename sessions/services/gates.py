"""What must be there before a session is planned, announced or closed; each gap with the sentence that closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult import options
from consult.calendar import working_days_between
from consult.errors import Missing
from consult.regions.codes import prefix_of
from sessions.heads import expected
from sessions.models import ConsultSession
from sessions.services.moves import day_of
from sessions.states import SessionForm, VenueKind
from topics.states import PartyCategory, Profile

LONGEST = timedelta(hours=24)
FURTHEST = timedelta(days=2 * 366)
PARTY_SHARE = 40  # per cent of those invited who should be parties to the matter
#: People whom the matter concerns, as against those who are in office.
PARTIES = (PartyCategory.RESIDENT, PartyCategory.ENTERPRISE, PartyCategory.FOREIGN)


@dataclass(frozen=True)
class Hint:
    """A warning: it asks for a look or a reason, and refuses nothing."""

    code: str
    text: str


def times(starts_at: Any, ends_at: Any, *, actor: Any) -> dict[str, str]:
    """What is wrong with the time of a session."""
    now = timezone.now()
    wrong: dict[str, str] = {}
    if starts_at is None:
        wrong["starts_at"] = _("Say when the session begins.")
    if ends_at is None:
        wrong["ends_at"] = _("Say when the session ends.")
    if wrong:
        return wrong
    if ends_at <= starts_at:
        wrong["ends_at"] = _("The session must end after it begins.")
    elif ends_at - starts_at > LONGEST:
        wrong["ends_at"] = _("A session lasts 24 hours at most; check the dates.")
    if starts_at > now + FURTHEST:
        wrong["starts_at"] = _("This is more than two years ahead; check the year.")
    if starts_at < now and not actor.is_system:
        wrong["starts_at"] = _("This time has passed. A session that was held already is logged, not planned.")
    return wrong


def place(session: ConsultSession) -> dict[str, str]:
    """Where: a room of this host that is in use, or words for a free place; inside the host's division."""
    wrong: dict[str, str] = {}
    if session.venue_kind == VenueKind.ROOM and session.room is None:
        wrong["room"] = _("Choose the room.")
    elif session.room is None and not session.place and session.venue_kind != VenueKind.ONLINE:
        wrong["place"] = _("Write down where: the yard, the field, the pavilion.")
    if session.room is not None and session.room.closed_on is not None:
        wrong["room"] = _("This room has been closed; choose another one.")
    if session.region_code and not session.region_code.startswith(prefix_of(session.host.region_code)):
        wrong["region_code"] = _("The division lies outside that of the CPPCC.")
    return wrong


def three_answers(session: ConsultSession) -> dict[str, str]:
    """谁召集·谁带头 (在哪商 is the place), and who moderates and who records."""
    wrong: dict[str, str] = {}
    if session.convenor is None and not session.convenor_name:
        wrong["convenor_name"] = _("Who convenes it?")
    if session.lead_member is None and not session.lead_name:
        wrong["lead_name"] = _("Which member takes the lead?")
    if session.moderator is None and not session.moderator_name:
        wrong["moderator_name"] = _("Who moderates?")
    if session.recorder is None and not session.recorder_name:
        wrong["recorder_name"] = _("Who keeps the record?")
    return wrong


def moderator_free(session: ConsultSession) -> dict[str, str]:
    """Nobody moderates two sessions at once."""
    if session.moderator_id is None:
        return {}
    other = (
        ConsultSession.objects.open()
        .filter(moderator_id=session.moderator_id, is_backfilled=False)
        .overlapping(session.starts_at, session.ends_at)
        .exclude(pk=session.pk)
        .first()
    )
    if other is None:
        return {}
    text = _("At that time the moderator is at “%(title)s”; choose another time or another moderator.")
    return {"moderator": text % {"title": other.title}}


def refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Missing(wrong)


def notice_days(session: ConsultSession) -> tuple[int, int]:
    """Working days between today and the session, and how many the CPPCC wants."""
    profile = "formal" if session.form == SessionForm.FORMAL else "micro"
    wanted = options.get(session.host_id, f"limits.notice_days_{profile}")
    left = working_days_between(timezone.localdate(), day_of(session.starts_at), session.host_id)
    return left, wanted


def short_notice(session: ConsultSession) -> str:
    """The warning when people are told later than the limit says; empty when there is time enough."""
    left, wanted = notice_days(session)
    if left >= wanted:
        return ""
    text = _("Notice is due %(wanted)s working days ahead; only %(left)s are left. Say why it is shorter.")
    return text % {"wanted": wanted, "left": max(left, 0)}


def missing_classes(session: ConsultSession) -> list[str]:
    """Classes of people the matter concerns of whom nobody is invited."""
    concerned: list[str] = []
    for link in session.session_topics.all():
        concerned += [name for name in link.topic.stakeholders if name not in concerned]
    invited = {participant.category for participant in session.participants.all()}
    return [name for name in concerned if name not in invited]


def party_share(session: ConsultSession) -> tuple[int, int, int]:
    """Heads invited, heads of the parties to the matter, and their share in per cent."""
    heads = [(one.category, expected(one)) for one in session.participants.all()]
    total = sum(count for _category, count in heads)
    parties = sum(count for category, count in heads if category in PARTIES)
    return total, parties, round(100 * parties / total) if total else 0


def hints(session: ConsultSession) -> list[Hint]:
    """What those who prepare a session should look at once more."""
    found = []
    if warning := short_notice(session):
        found.append(Hint("short_notice", warning))
    words = {**dict(PartyCategory.choices), **dict(options.words(session.host_id, "lists.stakeholders"))}
    for name in missing_classes(session):
        label = words.get(name, name)
        found.append(
            Hint(
                "missing_class", _("The matter concerns “%(class)s”, and nobody of them is invited.") % {"class": label}
            )
        )
    total, parties, share = party_share(session)
    if total and share < PARTY_SHARE:
        text = _("%(share)s%% of those invited are parties to the matter; %(wanted)s%% would be better.")
        found.append(Hint("party_share", text % {"share": share, "wanted": PARTY_SHARE}))
    return found


def before_announcing(session: ConsultSession) -> dict[str, str]:
    """Nobody is called to a session without an agenda or without a list."""
    wrong = three_answers(session)
    if not session.agenda.exists():
        wrong["agenda"] = _("The agenda is empty.")
    if not session.participants.exists():
        wrong["participants"] = _("Nobody is invited yet.")
    if session.ends_at <= timezone.now():
        wrong["starts_at"] = _("The time of this session has passed; postpone it first.")
    return wrong


def before_closing(session: ConsultSession, *, no_statements: bool) -> dict[str, str]:
    """What the record of a session still lacks."""
    wrong: dict[str, str] = {}
    if not no_statements and not session.statements.exists():
        wrong["no_statements"] = _("No statement has been noted. Note them, or say that nobody spoke.")
    if not session.consensus_points.exists() and not session.dissent_points.exists():
        wrong["consensus"] = _("Note at least one point; if nothing was agreed, with the level “not agreed”.")
    return wrong


def profile_of(form: str) -> str:
    return Profile.FORMAL if form == SessionForm.FORMAL else Profile.MICRO
