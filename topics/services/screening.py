"""审题: into the pool, not taken up, transferred, merged, split; and taking such a decision back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult import options
from consult.errors import Missing, WrongState
from consult.numbering import take_number
from consult.search import search_vector
from consult.text.typed import line, text
from topics.models import Topic
from topics.services.moving import Move, lock_both, note, said, tell
from topics.services.receipts import copy_raisers
from topics.states import ALIVE, Profile, TopicState

#: What a part takes over from the slip it was split from.
_COPIED = (
    *("host", "region_code", "place", "source", "expectation", "category", "tags", "stakeholders", "programme"),
    *("households", "households_about", "people", "people_about"),
    *("pending_since", "pending_event", "blocked_by", "raised_on", "is_sample"),
)


@transaction.atomic
def pool_topic(
    topic: Topic,
    *,
    actor: Any,
    profile: str,
    category: str = "",
    small_cut: bool,
    wide_reach: bool,
    vital_interest: bool,
    excluded: bool = False,
    on: date | None = None,
    on_behalf_of: str = "",
    implied: bool = False,
) -> Topic:
    """入库: three checks passed, none of the kinds that are not consulted about; the matter takes its number."""
    move = Move.begin(topic, "pool", actor=actor, on=on, on_behalf_of=on_behalf_of, implied=implied)
    checks: dict[str, Any] = {"small_cut": small_cut, "wide_reach": wide_reach, "vital_interest": vital_interest}
    _ask_checks(checks, excluded)
    category = line("category", category, 40) or move.topic.category
    if not category and not actor.is_system:
        raise Missing({"category": _("Choose a category.")})
    return move.finish(
        profile=profile_of(profile),
        category=category,
        screened_on=move.on,
        number=move.topic.number or number_of(move),
        **checks,
    )


def _ask_checks(checks: dict[str, bool], excluded: bool) -> None:
    if excluded:
        raise Missing(
            {
                "excluded": _(
                    "Lawsuits, petitions and secret matters are not consulted about. "
                    "Do not take it up and say where to go, or transfer it to the body in charge."
                )
            }
        )
    sentences = {
        "small_cut": _("The cut is not small: return it, or split it into concrete matters."),
        "wide_reach": _("It concerns one household only: transfer it, or do not take it up and say where to go."),
        "vital_interest": _("It does not touch the interests of residents: transfer it, or do not take it up."),
    }
    if failed := {name: sentences[name] for name, passed in checks.items() if not passed}:
        raise Missing(failed)


def profile_of(profile: str) -> Profile:
    if profile not in Profile.values:
        raise Missing({"profile": _("Choose whether the matter goes the formal way or the way of the four slips.")})
    return Profile(profile)


def number_of(move: Move) -> str:
    """The number of the matter; what was taken once is kept, whatever becomes of it."""
    host = move.topic.host
    return take_number(
        organisation_id=host.pk,
        kind="topic",
        year=move.on.year,
        pattern=options.get(host.pk, "numbers.topic"),
        short_name=host.short_name or host.name,
    ).text


@transaction.atomic
def change_profile(topic: Topic, *, actor: Any, profile: str, on: date | None = None) -> Topic:
    """While it waits in the pool a matter can still change its way."""
    move = Move.begin(topic, "change_profile", actor=actor, on=on)
    if profile_of(profile) == move.topic.profile:
        raise Missing({"profile": _("It goes this way already.")})
    return move.finish(stay=True, profile=profile, data={"from": move.topic.profile, "to": str(profile)})


@transaction.atomic
def decline_topic(
    topic: Topic, *, actor: Any, reason: str, reply_text: str = "", on: date | None = None, on_behalf_of: str = ""
) -> Topic:
    """不立项: with the reason, and a reply that tells the raiser where to go instead."""
    move = Move.begin(topic, "decline", actor=actor, on=on, on_behalf_of=on_behalf_of)
    return move.finish(**_answer(move, reason, reply_text))


@transaction.atomic
def transfer_topic(
    topic: Topic,
    *,
    actor: Any,
    to_unit: str,
    reason: str,
    reply_text: str = "",
    on: date | None = None,
    on_behalf_of: str = "",
) -> Topic:
    """转办: to the hotline, the petition office, the proposals or whoever is in charge."""
    move = Move.begin(topic, "transfer", actor=actor, on=on, on_behalf_of=on_behalf_of)
    to_unit = said("to_unit", line("to_unit", to_unit, 100), _("Say to whom it is transferred."))
    answer = _answer(move, reason, reply_text)
    return move.finish(to_unit=to_unit, data={"to": to_unit}, **answer)


def _answer(move: Move, reason: str, reply_text: str) -> dict[str, Any]:
    """Reason and reply; a paper file need not have kept the reply."""
    reason = said("reason", reason, _("Say why; the raiser is owed the reason."))
    if not move.actor.is_system:
        reply_text = said("reply_text", reply_text, _("Write what the raiser is told, and where he can go instead."))
    return {"reason": reason, "reply_text": text("reply_text", reply_text, 1000)}


@transaction.atomic
def merge_topic(
    topic: Topic, *, actor: Any, into: Topic, reason: str = "", on: date | None = None, on_behalf_of: str = ""
) -> Topic:
    """并案: the same matter goes on under one number; its raisers stay with it and hear every later step."""
    if topic.pk == into.pk:
        raise Missing({"into": _("A matter cannot be merged into itself.")})
    topic, into = lock_both(topic, into)
    move = Move.begin(topic, "merge", actor=actor, on=on, on_behalf_of=on_behalf_of)
    if into.host_id != topic.host_id:
        raise Missing({"into": _("Both matters must belong to the same CPPCC.")})
    if not _goes_on(into, actor):
        raise WrongState(
            _("“%(title)s” is over (%(state)s), nothing can be merged into it.")
            % {"title": into.title, "state": into.get_state_display()}
        )
    merged = move.finish(reason=reason, merged_into=into, data={"into": str(into.uuid), "title": into.title})
    note(move, into, "take_in", before=into.state, data={"from": str(topic.uuid), "title": topic.title})
    return merged


def _goes_on(into: Topic, actor: Any) -> bool:
    """Alive; a matter brought in from paper may have been settled since."""
    return into.state in ALIVE or (actor.is_system and into.state == TopicState.CLOSED)


@transaction.atomic
def split_topic(
    topic: Topic, *, actor: Any, parts: Sequence[dict[str, str]], on: date | None = None, on_behalf_of: str = ""
) -> Topic:
    """拆分: other matters in the same slip go on by themselves, each with all raisers and followers.

    The parts are ``topic.parts`` of the answer.
    """
    move = Move.begin(topic, "split", actor=actor, on=on, on_behalf_of=on_behalf_of)
    topic = move.topic
    if not parts:
        raise Missing({"parts": _("Write down at least one matter that goes on by itself.")})
    made = [_part(move, **part) for part in parts]
    for one in made:
        note(move, one, "submit", before="", data={"split_from": str(topic.uuid)})
        tell(move, one, "submit", split_from=topic.pk)
    return move.finish(data={"parts": [str(one.uuid) for one in made]})


def _part(move: Move, *, title: str, problem: str = "") -> Topic:
    topic = move.topic
    part = Topic(
        **{name: getattr(topic, name) for name in _COPIED},
        state=TopicState.SUBMITTED,
        moved_on=move.on,
        title=said("parts", line("title", title, 100), _("Each part needs a title.")),
        problem=text("problem", problem, 3000) or topic.problem,
        split_from=topic,
        entered_by=move.actor,
    )
    part.full_clean(exclude=["host", "entered_by", "uuid", "search", "region_code", "split_from"])
    part.search = search_vector(part.title, part.problem, part.place)
    part.save(force_insert=True)
    copy_raisers(topic, part, actor=move.actor)
    part.joint_hosts.set(topic.joint_hosts.all())
    return part


@transaction.atomic
def reconsider_topic(topic: Topic, *, actor: Any, reason: str, on: date | None = None) -> Topic:
    """撤回处理: the decision is taken back, as long as nothing was built on it."""
    move = Move.begin(topic, "reconsider", actor=actor, on=on)
    reason = said("reason", reason, _("Say why the decision is taken back."))
    if built := built_upon(move.topic):
        raise WrongState(built)
    return move.finish(
        reason=reason,
        profile="",
        small_cut=None,
        wide_reach=None,
        vital_interest=None,
        screened_on=None,
        merged_into=None,
        reply_text="",
        to_unit="",
    )


def built_upon(topic: Topic) -> str:
    """What stands in the way of taking the decision back; empty when nothing does."""
    if topic.claimed_on or topic.approved_on:
        return _("It was taken up or approved already; close it in the ordinary way.")
    if topic.studies.exists():
        return _("A field study has been made already.")
    if topic.session_topics.exists():
        return _("It is on the agenda of a session already.")
    if topic.notices.exists():
        return _("A public notice has been drafted already.")
    return ""
