"""Who is asked how satisfied he is, and the address that he answers by.

One voice each: every raiser, every account that attended, and for everybody else who attended a slip of paper that
bears no name; whoever hands the slips out does not write down who got which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consult import options
from members.models import Account
from outcomes.models import Invitee, Outcome, SatisfactionInvitation, SatisfactionSurvey
from sessions.heads import standing
from sessions.models import ConsultSession, Participant
from sessions.states import Attendance, SessionState
from topics.models import Raiser
from topics.services import audience_of
from topics.services.receipts import ALPHABET
from topics.states import RaiserKind

#: 32 letters and digits to the power of 16: nobody tries 2^80.
LENGTH = 16
#: More slips than a hall has seats is a slip of the pen.
MOST = 2000


def token_of(invitation: SatisfactionInvitation) -> str:
    """What stands in the address. It is computed when it is needed, and only its hash is kept."""
    digest = salted_hmac("consult.outcomes.rating", invitation.uuid.hex, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: SatisfactionInvitation) -> str:
    """The path of the form; nobody's name stands in it."""
    return reverse("rating:open", args=[token_of(invitation)])


def invite(survey: SatisfactionSurvey, outcome: Outcome, *, on: date) -> list[SatisfactionInvitation]:
    """In the transaction in which satisfaction is asked: one invitation for every voice."""
    days = options.get(outcome.host_id, "limits.rating_days")
    survey.closes_on = on + timedelta(days=days)
    survey.save(update_fields=["closes_on"])
    rows = [_invitation(survey, **who) for who in _voices(outcome)]
    return SatisfactionInvitation.objects.bulk_create(rows[:MOST])


def _invitation(survey: SatisfactionSurvey, **who: object) -> SatisfactionInvitation:
    row = SatisfactionInvitation(survey=survey, asking=survey.asking, uuid=uuid4(), **who)
    row.token_hash = hash_of(token_of(row))
    return row


def _voices(outcome: Outcome) -> Iterator[dict[str, object]]:
    raisers = one_each(audience_of(outcome.topic).filter(kind=RaiserKind.RAISER))
    for raiser in raisers:
        yield {"kind": Invitee.RAISER, "raiser": raiser, "account": raiser.account}
    accounts = {raiser.account_id for raiser in raisers} - {None}
    names = {raiser.name for raiser in raisers} - {""}
    for line in standing(_lines(outcome)):
        account = _account_of(line)
        if account is not None:
            if account.pk not in accounts:
                accounts.add(account.pk)
                yield {"kind": Invitee.ATTENDEE, "account": account, "session": line.session}
            continue
        if line.count == 1 and line.name:
            if line.name in names:
                continue  # he raised it, or sat in an earlier session too
            names.add(line.name)
        # Those of its people who signed in by themselves are asked each for himself.
        heads = (line.count if line.came is None else line.came) - line.among
        for _head in range(min(max(heads, 0), MOST)):
            yield {"kind": Invitee.ATTENDEE, "session": line.session}


def _lines(outcome: Outcome) -> Iterable[Participant]:
    """Who came to the sessions that were held about the matter."""
    away = Q(attendance__in=(Attendance.EXCUSED, Attendance.ABSENT))
    held = Q(session__topics=outcome.topic_id, session__state=SessionState.HELD)
    rows = Participant.objects.filter(held).exclude(away).select_related("account", "member__account", "session")
    return rows.order_by("session__starts_at", "session_id", "position", "pk")


def _account_of(line: Participant) -> Account | None:
    """Whom the inbox reaches; who came in somebody's place gets a slip of paper."""
    if line.proxy_name:
        return None
    account = line.account or (line.member.account if line.member else None)
    return account if account is not None and account.is_active else None


def one_each(raisers: Iterable[Raiser]) -> list[Raiser]:
    """Whoever handed the same matter in twice, and was merged, is asked once."""
    found: dict[object, Raiser] = {}
    for raiser in raisers:
        found.setdefault(raiser.account_id or raiser.phone or f"receipt {raiser.receipt}", raiser)
    return list(found.values())


# slips of paper


def slips_of(survey: SatisfactionSurvey, session: ConsultSession) -> list[SatisfactionInvitation]:
    """The slips of one session that nobody has used, to be printed; printed again they are the same."""
    rows = SatisfactionInvitation.objects.filter(
        survey=survey, asking=survey.asking, session=session, account__isnull=True, is_used=False
    )
    return [_still_good(row) for row in rows.order_by("uuid")]


def _still_good(row: SatisfactionInvitation) -> SatisfactionInvitation:
    """After the secret of the installation was changed, what is printed anew opens again."""
    wanted = hash_of(token_of(row))
    if row.token_hash != wanted:
        row.token_hash = wanted
        with transaction.atomic():
            row.save(update_fields=["token_hash"])
    return row


def invitation_of(raiser: Raiser) -> SatisfactionInvitation | None:
    """What the raiser is asked now about his own matter, wherever it went on; he asks by his receipt."""
    same = Q(raiser=raiser)
    if raiser.account_id:
        same |= Q(raiser__account=raiser.account_id)
    elif raiser.phone:
        same |= Q(raiser__phone=raiser.phone, raiser__account__isnull=True)
    rows = SatisfactionInvitation.objects.filter(same, kind=Invitee.RAISER).select_related("survey__outcome__topic")
    ours = [row for row in rows.order_by("-pk") if raiser.pk in _askers(row)]
    return next((row for row in ours if row.asking == row.survey.asking), None)


def _askers(row: SatisfactionInvitation) -> set[int]:
    return {one.pk for one in audience_of(row.survey.outcome.topic)}
