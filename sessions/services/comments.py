"""会签 and 朱批: the text goes round, the parties remark on it, and words that are taken stand in the next version."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing, WrongState
from consult.text.typed import line
from sessions.models import Minutes, MinutesComment, MinutesRevision, Participant
from sessions.services.minutes import locked_minutes, note_minutes
from sessions.states import MINUTES_WORKFLOW, CommentState

REMARK, PROPOSED, QUOTE = 1000, 2000, 500
MOST = 500


@transaction.atomic
def circulate_minutes(minutes: Minutes, *, actor: Any) -> Minutes:
    """会签: those who were there with an account may read the draft from now on and remark on it."""
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, "circulate_minutes", actor=actor)
    if minutes.circulated_at is not None:
        raise WrongState(_("The text went round already; remarks are open."))
    minutes.circulated_at = timezone.now()
    minutes.save(update_fields=["circulated_at"])
    note_minutes(minutes, "circulate_minutes", actor=actor, before=minutes.state, data={"version": minutes.version})
    return minutes


@transaction.atomic
def comment_minutes(
    minutes: Minutes,
    *,
    actor: Any,
    text: str,
    line_number: int = 0,
    quote: str = "",
    proposed: str = "",
    participant: Participant | None = None,
    version: int | None = None,
) -> MinutesComment:
    """A remark at the whole text, at a paragraph or at words of it; the recorder notes it for who has no account.

    ``version`` is the text that was read: the place is looked for in that text, so that a remark made while somebody
    saved stands where it was meant.
    """
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, "comment_minutes", actor=actor)
    by = _whose(minutes, actor, participant)
    words: dict[str, Any] = {
        "text": text,
        "line_number": line_number,
        "quote": quote,
        "proposed": proposed,
        "version": version,
    }
    comment = write_comment(minutes, by=by, participant=participant, actor=actor, **words)
    _tell(comment, "comment_minutes", actor=actor, on_behalf_of=by if participant else "")
    return comment


def write_comment(
    minutes: Minutes,
    *,
    by: str,
    participant: Participant | None,
    actor: Any,
    text: str,
    line_number: int,
    quote: str,
    proposed: str,
    version: int | None,
) -> MinutesComment:
    """The next remark on locked minutes, at its place in the text that was read."""
    version = version or minutes.version
    body = _body_of(minutes, version)
    text = _words("text", text, REMARK, need=_("Write what is to be mended."))
    quote = _words("quote", quote, QUOTE)
    proposed = _words("proposed", proposed, PROPOSED)
    line_number = _place(body, line_number, quote)
    if proposed and not line_number:
        raise Missing(line_number=_("Say which paragraph the new words belong to."))
    last = minutes.comments.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST:
        raise WrongState(_("There are too many remarks on this text; bring it together first."))
    comment = MinutesComment(
        minutes=minutes,
        number=last + 1,
        version=version,
        line=line_number,
        quote=quote,
        text=text,
        proposed=proposed,
        by=by,
        participant=participant,
        recorded_by=actor,
    )
    comment.full_clean(exclude=["minutes", "recorded_by", "participant"], validate_constraints=False)
    comment.save()
    return comment


@transaction.atomic
def answer_comment(comment: MinutesComment, *, actor: Any, answer: str, proposed: str = "") -> MinutesComment:
    """An answer to a remark; it may propose the words that are to stand there."""
    minutes, comment = _both(comment)
    MINUTES_WORKFLOW.check(minutes, "answer_comment", actor=actor)
    _refuse_adopted(comment)
    comment.answer = _words("answer", answer, REMARK, need=_("Write the answer."))
    proposed = _words("proposed", proposed, PROPOSED)
    if proposed and not comment.line:
        raise Missing(proposed=_("The remark is about the whole text; mend it in the text itself."))
    comment.proposed = proposed or comment.proposed
    comment.state = CommentState.ANSWERED
    comment.answered_by, comment.answered_at = actor, timezone.now()
    comment.save(update_fields=["answer", "proposed", "state", "answered_by", "answered_at"])
    _tell(comment, "answer_comment", actor=actor)
    return comment


@transaction.atomic
def adopt_comment(comment: MinutesComment, *, actor: Any) -> MinutesComment:
    """采用这句: the proposed words take the place of the quoted ones, or of the paragraph, as a new version."""
    minutes, comment = _both(comment)
    MINUTES_WORKFLOW.check(minutes, "adopt_comment", actor=actor)
    _refuse_adopted(comment)
    if not comment.proposed:
        raise Missing(proposed=_("This remark proposes no words; answer it, or mend the text yourself."))
    body = with_words(minutes, comment)
    minutes.version += 1
    minutes.body = body
    minutes.save(update_fields=["version", "body"])
    MinutesRevision.objects.create(minutes=minutes, version=minutes.version, body=body, edited_by=actor)
    comment.state, comment.adopted_version = CommentState.ADOPTED, minutes.version
    comment.answered_by, comment.answered_at = comment.answered_by or actor, comment.answered_at or timezone.now()
    comment.save(update_fields=["state", "adopted_version", "answered_by", "answered_at"])
    data = {"version": minutes.version, "comment": comment.number}
    note_minutes(minutes, "revise_minutes", actor=actor, before=minutes.state, data=data)
    _tell(comment, "adopt_comment", actor=actor)
    return comment


def with_words(minutes: Minutes, comment: MinutesComment) -> str:
    """The present text with the proposed words in their place; when the place is gone it says so."""
    lines = minutes.body.split("\n")
    number = place_now(minutes, comment)
    if not number:
        raise LostRace(_("The words this remark is about have been changed meanwhile. Mend the text yourself."))
    old = lines[number - 1]
    lines[number - 1] = old.replace(comment.quote, comment.proposed, 1) if comment.quote else comment.proposed
    return "\n".join(lines)


def place_now(minutes: Minutes, comment: MinutesComment) -> int:
    """The number of the paragraph today: where the quoted words stand, else where the same paragraph stands."""
    lines = minutes.body.split("\n")
    if not comment.line:
        return 0
    wanted = comment.quote or _line_of(_body_of(minutes, comment.version), comment.line)
    here = comment.line - 1
    nearest = sorted(range(len(lines)), key=lambda number: abs(number - here))
    for number in nearest:
        if (wanted in lines[number]) if comment.quote else (lines[number] == wanted):
            return number + 1
    return 0


def _place(body: str, number: int, quote: str) -> int:
    lines = body.split("\n")
    if number < 0 or number > len(lines):
        raise Missing(line_number=_("There is no such paragraph."))
    if not quote:
        return number
    if number and quote in lines[number - 1]:
        return number
    found = [place for place, text in enumerate(lines, 1) if quote in text]
    if not found:
        raise Missing(quote=_("These words do not stand in the text as they are written here. Copy them from it."))
    return found[0]


def _line_of(body: str, number: int) -> str:
    lines = body.split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _body_of(minutes: Minutes, version: int) -> str:
    if version == minutes.version:
        return minutes.body
    found = minutes.revisions.filter(version=version).values_list("body", flat=True).first()
    if found is None:
        raise Missing(version=_("There is no such version of this text."))
    return found


def _whose(minutes: Minutes, actor: Any, participant: Participant | None) -> str:
    """His own, by the line of the roster he stands on; or that of a participant, by those who keep the minutes."""
    if participant is None:
        mine = minutes.session.participants.select_related("member")
        own = next((one for one in mine if actor.pk in (one.account_id, one.member and one.member.account_id)), None)
        return str(own or actor)[:100]
    if participant.session_id != minutes.session_id:
        raise Missing(participant=_("This person is not on the roster of this session."))
    MINUTES_WORKFLOW.check(minutes, "answer_comment", actor=actor)  # the right of those who keep the minutes
    return party_of(participant)


def party_of(participant: Participant) -> str:
    """Under which name a party remarks."""
    name = str(participant)
    return (f"{participant.organisation_name} {name}" if participant.name and participant.organisation_name else name)[
        :100
    ]


def _words(field: str, words: str, most: int, *, need: str = "") -> str:
    found = line(field, words or "", most)
    if need and not found:
        raise Missing({field: need})
    return found


def _refuse_adopted(comment: MinutesComment) -> None:
    if comment.state == CommentState.ADOPTED:
        raise WrongState(_("The words of this remark stand in the text already."))


def _both(comment: MinutesComment) -> tuple[Minutes, MinutesComment]:
    """The minutes first, then the remark, so that nobody waits in a circle."""
    minutes = locked_minutes(comment.minutes)
    rows = MinutesComment.objects.select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=comment.pk)
    found.minutes = minutes
    return minutes, found


def _tell(comment: MinutesComment, verb: str, *, actor: Any, on_behalf_of: str = "") -> None:
    minutes = comment.minutes
    data = {"comment": comment.number, "version": minutes.version}
    note_minutes(
        minutes, verb, actor=actor, before=minutes.state, on_behalf_of=on_behalf_of, data=data, comment_id=comment.pk
    )
