"""The outcome of a round of consultation: drafted, submitted, adopted or noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import DomainError, LostRace, Missing, WrongState
from consult.files.models import AttachmentKind
from members.models import Account
from members.states import Role
from outcomes.models import Benefit, Outcome, Product
from outcomes.services.closing import settle
from outcomes.services.moving import (
    begin_outcome,
    business_date,
    finish_outcome,
    keep_files,
    lock_topic,
    need,
    number_for,
    tell_of_outcome,
)
from outcomes.states import OUTCOME_WORKFLOW, Effect
from sessions.models import ConsultSession, Minutes, SessionTopic
from sessions.states import SessionForm, SessionState
from topics.models import Topic
from topics.states import TopicState


@transaction.atomic
def draft_outcome(
    topic: Topic,
    *,
    actor: Account,
    effects: Iterable[str] = (),
    summary: str = "",
    benefits: Iterable[Mapping[str, Any]] = (),
    products: Iterable[Mapping[str, Any]] = (),
    on: date | None = None,
    implied: bool = False,
) -> Outcome:
    """Write down what the round of consultation came to; its minutes are signed, or it was a bench session."""
    topic = lock_topic(topic.pk)
    outcome = Outcome(topic=topic, host=topic.host, region_code=topic.region_code, round=topic.round, drafted_by=actor)
    OUTCOME_WORKFLOW.check(outcome, "draft_outcome", actor=actor)
    last = _last_day_of_round(topic)
    on = business_date(on, max(topic.moved_on, last))
    OUTCOME_WORKFLOW.advance(outcome, "draft_outcome", actor=actor)
    outcome.effects = _effects(effects)
    outcome.summary = summary.strip()
    outcome.drafted_on = outcome.moved_on = on
    outcome.full_clean(exclude=["region_code", "host", "topic", "drafted_by"])
    outcome.save()
    _put_benefits(outcome, benefits)
    _put_products(outcome, products)
    record(
        actor=actor,
        verb="outcome.draft_outcome",
        subject=outcome,
        after=outcome.state,
        happened_at=on,
        mandate=actor.mandate_for(Role.OFFICE, host_id=outcome.host_id, code=outcome.region_code),
        matter_id=topic.pk,
        implied=implied,
    )
    tell_of_outcome(outcome, "draft_outcome", actor=actor)
    return outcome


def _last_day_of_round(topic: Topic) -> date:
    """The gate of a draft: the round is over, and its minutes are signed unless everything was a bench session."""
    if topic.state != TopicState.CONSULTED:
        raise WrongState(_("The matter has not been consulted on yet, or a further session is still to come."))
    if Outcome.objects.filter(topic=topic, round=topic.round).exists():
        raise LostRace(_("The outcome of this round has been drafted already."))
    rows = SessionTopic.objects.filter(Q(round=topic.round) | Q(round__isnull=True), topic=topic)
    rows = rows.filter(session__state=SessionState.HELD).select_related("session")
    sessions = [row.session for row in rows.order_by("session__starts_at", "session_id")]
    if not sessions:
        raise Missing(reason=_("No session of this round has been held, so there is no outcome to write down."))
    spoken = [session for session in sessions if session.form != SessionForm.BENCH]
    if not spoken:
        return _day(sessions[-1])
    signed = Minutes.objects.signed().filter(session=spoken[-1]).order_by("-signed_on", "-pk").first()
    if signed is None:
        raise Missing(reason=_("The minutes of “%(session)s” are not signed yet.") % {"session": spoken[-1]})
    return max(signed.signed_on, _day(sessions[-1]))


def _day(session: ConsultSession) -> date:
    return timezone.localdate(session.held_at or session.ends_at)


@transaction.atomic
def edit_outcome(
    outcome: Outcome,
    *,
    actor: Account,
    effects: Iterable[str] | None = None,
    summary: str | None = None,
    benefits: Iterable[Mapping[str, Any]] | None = None,
    products: Iterable[Mapping[str, Any]] | None = None,
    on: date | None = None,
) -> Outcome:
    """Change the draft; once submitted its words stand."""
    outcome, on = begin_outcome(outcome, "edit_outcome", actor=actor, on=on)
    if benefits is not None:
        _put_benefits(outcome, benefits)
    if products is not None:
        _put_products(outcome, products)
    changes: dict[str, Any] = {}
    if effects is not None:
        changes["effects"] = _effects(effects)
    if summary is not None:
        changes["summary"] = summary.strip()
    return finish_outcome(outcome, "edit_outcome", actor=actor, on=on, **changes)


@transaction.atomic
def submit_outcome(
    outcome: Outcome, *, actor: Account, submitted_to: Iterable[str], on: date | None = None, implied: bool = False
) -> Outcome:
    """Submit it to the Party committee, the government or the township; it takes its number."""
    outcome, on = begin_outcome(outcome, "submit_outcome", actor=actor, on=on)
    recipients = list(dict.fromkeys(name.strip() for name in submitted_to if name.strip()))
    if not recipients:
        raise Missing(submitted_to=_("Name at least one recipient."))
    return finish_outcome(
        outcome,
        "submit_outcome",
        actor=actor,
        on=on,
        implied=implied,
        submitted_to=recipients,
        submitted_on=on,
        number=number_for(outcome.host, "outcome", on),
    )


@transaction.atomic
def adopt_outcome(
    outcome: Outcome,
    *,
    actor: Account,
    adopted_by: str = "",
    instruction: str = "",
    files: Iterable[Any] = (),
    on: date | None = None,
    implied: bool = False,
) -> Outcome:
    """Record the written instruction by which the recipient adopts it: what, by whom, when."""
    outcome, on = begin_outcome(outcome, "adopt_outcome", actor=actor, on=on)
    if not actor.is_system:
        adopted_by = need(adopted_by, "adopted_by", _("Say who gave the instruction, by post."))
        instruction = need(instruction, "instruction", _("Copy the words of the instruction."))
    keep_files(outcome, files, AttachmentKind.SCAN, actor=actor, within=outcome)
    return finish_outcome(
        outcome,
        "adopt_outcome",
        actor=actor,
        on=on,
        implied=implied,
        on_behalf_of=adopted_by.strip(),
        adopted_by=adopted_by.strip(),
        instruction=instruction.strip(),
        adopted_on=on,
    )


@transaction.atomic
def note_outcome(outcome: Outcome, *, actor: Account, on: date | None = None) -> Outcome:
    """Record that the recipient took note without adopting it."""
    outcome, on = begin_outcome(outcome, "note_outcome", actor=actor, on=on)
    return finish_outcome(outcome, "note_outcome", actor=actor, on=on, noted_on=on)


@transaction.atomic
def nothing_to_assign(outcome: Outcome, *, actor: Account, reason: str, on: date | None = None) -> Outcome:
    """Say with a reason that nothing is left to be assigned; the matter closes."""
    topic = lock_topic(outcome.topic_id)
    outcome, on = begin_outcome(outcome, "nothing_to_assign", actor=actor, on=on)
    reason = need(reason, "reason", _("Say why nothing is to be assigned."))
    if outcome.round != topic.round:
        raise DomainError(_("A further round of consultation has begun; say it of that round's outcome."))
    if topic.assignments.unfinished().exists():
        raise DomainError(_("Something is still being worked on; close or annul it first."))
    if outcome.nothing_to_assign_on is not None and topic.state == TopicState.CLOSED:
        raise WrongState(_("This has been said already, and the matter is closed."))
    outcome = finish_outcome(
        outcome,
        "nothing_to_assign",
        actor=actor,
        on=on,
        reason=reason,
        nothing_to_assign_on=on,
        nothing_to_assign_reason=reason,
    )
    settle(topic, outcome, actor=actor, on=on)
    return outcome


@transaction.atomic
def record_benefits(
    outcome: Outcome, *, actor: Account, benefits: Iterable[Mapping[str, Any]], on: date | None = None
) -> Outcome:
    """Write down what residents got; this is often known only when the work is done."""
    outcome, on = begin_outcome(outcome, "record_benefits", actor=actor, on=on)
    before = [str(benefit) for benefit in outcome.benefits.all()]
    _put_benefits(outcome, benefits)
    return finish_outcome(outcome, "record_benefits", actor=actor, on=on, data={"earlier": before})


def _effects(effects: Iterable[str]) -> list[str]:
    chosen = list(dict.fromkeys(effects))
    if unknown := sorted(set(chosen) - set(Effect.values)):
        raise ValidationError({"effects": _("There is no such effect: %(names)s") % {"names": "、".join(unknown)}})
    return chosen


def _put_benefits(outcome: Outcome, benefits: Iterable[Mapping[str, Any]]) -> None:
    outcome.benefits.all().delete()
    for position, given in enumerate(benefits):
        benefit = Benefit(
            outcome=outcome,
            what=str(given["what"]).strip(),
            amount=_amount(given["amount"]),
            about=given.get("about") or "",
            unit=str(given.get("unit") or "").strip(),
            position=position,
        )
        benefit.full_clean(exclude=["outcome"])
        benefit.save()


def _amount(given: Any) -> Decimal:
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        raise ValidationError({"benefits": _("Write the amount as a number.")}) from None
    if not amount.is_finite() or amount < 0:
        raise ValidationError({"benefits": _("The amount cannot be negative.")})
    return amount


def _put_products(outcome: Outcome, products: Iterable[Mapping[str, Any]]) -> None:
    """A product whose text was changed is a new version of the same title."""
    earlier = {product.title: product for product in outcome.products.all()}
    outcome.products.all().delete()
    for given in products:
        title, text = str(given["title"]).strip(), str(given["text"]).strip()
        known = earlier.get(title)
        product = Product(
            outcome=outcome,
            kind=given["kind"],
            title=title,
            text=text,
            version=known.version + (known.text != text) if known else 1,
            duties=list(given.get("duties") or ()),
        )
        product.full_clean(exclude=["outcome"])
        product.save()
