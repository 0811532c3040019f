"""Receipts: who raised or follows a matter finds it again by ten characters and the last digits of his telephone."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, NotAllowed
from consult.outbox import publish
from consult.text import typed
from topics.models import Mute, Raiser, Topic
from topics.services.moving import lock
from topics.states import PartyCategory, RaiserKind, Source

#: Without 0, O, 1, I and l: a receipt is read out over the telephone and copied by hand.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10

#: Who stands behind a slip when nobody was named.
CATEGORY_OF_SOURCE = {
    Source.MEMBER: PartyCategory.MEMBER,
    Source.PROPOSAL: PartyCategory.MEMBER,
    Source.VILLAGE: PartyCategory.VILLAGE,
    Source.PARTY: PartyCategory.DEPARTMENT,
    Source.GOVERNMENT: PartyCategory.DEPARTMENT,
    Source.OFFICE: PartyCategory.OTHER,
}


def new_receipt() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def add_raiser(topic: Topic, *, actor: Any, kind: str = RaiserKind.RAISER, **who: Any) -> Raiser:
    """Write down who raised (or follows) a matter. The receipt is drawn again in the rare case that it exists."""
    account = who.get("account")
    on_behalf = who.get("on_behalf")
    if on_behalf is None:
        on_behalf = actor.is_system or bool(account and account != actor) or bool(who.get("name") or who.get("phone"))
    if not on_behalf and account is None:
        account = actor
    phone = typed.phone(who.get("phone", ""))
    category = who.get("category") or CATEGORY_OF_SOURCE.get(Source(topic.source), PartyCategory.RESIDENT)
    raiser = Raiser(
        topic=topic,
        kind=kind,
        category=category,
        name=typed.line("name", who.get("name", ""), 60) or ("" if on_behalf else str(actor)[:60]),
        organisation=typed.line("organisation", who.get("organisation", ""), 100),
        account=account,
        phone=phone,
        phone_tail=phone[-4:],
        wants_to_attend=bool(who.get("wants_to_attend")),
        consented_at=timezone.now() if who.get("consented") or not on_behalf else None,
        entered_by=actor,
        on_behalf=on_behalf,
        copied_from=who.get("copied_from"),
    )
    if phone and raiser.consented_at is None and not actor.is_system:
        raise Missing({"consented": _("Ask whether he agrees that his telephone number is kept, and tick it.")})
    return _with_receipt(raiser)


def _with_receipt(raiser: Raiser) -> Raiser:
    for _attempt in range(5):
        raiser.receipt = new_receipt()
        raiser.full_clean(exclude=["topic", "account", "entered_by", "copied_from", "uuid", "receipt"])
        try:
            with transaction.atomic():
                raiser.save(force_insert=True)
        except IntegrityError as error:
            if "receipt" not in str(error):
                raise
        else:
            return raiser
    raise RuntimeError("five receipts in a row were taken")


def copy_raisers(source: Topic, target: Topic, *, actor: Any) -> list[Raiser]:
    """Splitting loses nobody: each raiser and follower stands at every part, with a receipt of his own.

    Also those of matters that were merged into it; an account that stands there twice goes on once, as raiser if it
    is one. Who wanted to hear no more of it hears nothing of the parts either.
    """
    copies = []
    muted = source.mutes.values_list("account_id", flat=True)
    Mute.objects.bulk_create([Mute(topic=target, account_id=pk) for pk in muted], ignore_conflicts=True)
    for raiser in _each_once(audience_of(source)):
        copy = Raiser(
            topic=target,
            **{
                field: getattr(raiser, field)
                for field in (
                    "kind",
                    "category",
                    "name",
                    "organisation",
                    "account",
                    "phone",
                    "phone_tail",
                    "wants_to_attend",
                    "consented_at",
                    "on_behalf",
                )
            },
            entered_by=raiser.entered_by,
            copied_from=raiser,
        )
        copies.append(_with_receipt(copy))
    return copies


def _each_once(raisers: QuerySet[Raiser]) -> list[Raiser]:
    found: dict[Any, Raiser] = {}
    for raiser in raisers:
        key = raiser.account_id or f"receipt {raiser.receipt}"
        if key not in found or (found[key].kind, raiser.kind) == (RaiserKind.FOLLOWER, RaiserKind.RAISER):
            found[key] = raiser
    return sorted(found.values(), key=lambda raiser: raiser.pk)


def audience_of(topic: Topic) -> QuerySet[Raiser]:
    """Everybody who raised or follows the matter or one that was merged into it, however long ago."""
    found, wave = {topic.pk}, [topic.pk]
    while wave:
        wave = list(Topic.objects.filter(merged_into__in=wave).exclude(pk__in=found).values_list("pk", flat=True))
        found.update(wave)
    return Raiser.objects.filter(topic__in=found).select_related("account", "topic").order_by("pk")


def find_by_receipt(receipt: str, phone_tail: str = "") -> Raiser | None:
    """The raiser of this receipt, if the last four digits are his.

    Wrong receipt and wrong digits take the same way and give the same answer. Where no telephone was left the digits
    are not asked; then ``phone_tail`` of the answer is empty and the page shows state and dates only.
    """
    wanted = "".join(str(receipt).split()).upper()[:20]
    raiser = Raiser.objects.filter(receipt=wanted).select_related("topic", "topic__host", "account").first()
    tail = raiser.phone_tail if raiser else "----"
    given = str(phone_tail).strip()[:8]
    matches = secrets.compare_digest(tail.encode(), given.encode())
    return raiser if raiser is not None and (matches or not tail) else None


@transaction.atomic
def follow_topic(topic: Topic, *, actor: Any, raiser: dict[str, Any] | None = None) -> Raiser:
    """Follow a matter instead of filing it twice; for oneself once, or for somebody who came to the counter."""
    if not (actor.is_system or actor.has_perm("topics.follow_topic", topic)):
        raise NotAllowed()
    who = raiser or {}
    topic = lock(topic)
    if not who:
        Mute.objects.filter(topic=topic, account=actor).delete()
        if found := topic.raisers.filter(account=actor).first():
            return found
    follower = add_raiser(topic, actor=actor, kind=RaiserKind.FOLLOWER, **who)
    _write_down(topic, "follow", actor=actor, on_behalf_of=follower.name if follower.on_behalf else "")
    publish("topic.follow", host_id=topic.host_id, matter_id=topic.pk, topic_id=topic.pk, actor_id=actor.pk)
    return follower


@transaction.atomic
def unfollow_topic(topic: Topic, *, actor: Any) -> Mute:
    """To hear no later step any more, for whoever raised it, follows it or came; the receipt stays good."""
    if not (actor.is_authenticated and hears_of(topic, actor)):
        raise NotAllowed(_("You are not told of this matter."))
    topic = lock(topic)
    mute, is_new = Mute.objects.get_or_create(topic=topic, account=actor)
    if is_new:
        _write_down(topic, "unfollow", actor=actor)
    return mute


def hears_of(topic: Topic, reader: Any) -> bool:
    """He is told of its steps, or would be had he not asked to hear no more."""
    on_roster = Q(sessions__participants__account=reader) | Q(sessions__participants__member__account=reader)
    if Topic.objects.filter(on_roster, pk=topic.pk).exists():
        return True
    return audience_of(topic).filter(account=reader).exists()


@transaction.atomic
def show_contact(raiser: Raiser, *, actor: Any) -> str:
    """The telephone number in full; each look at it is written down."""
    topic = raiser.topic
    if not actor.has_perm("topics.show_contact_topic", topic):
        raise NotAllowed(_("Telephone numbers of residents are shown to the office and the convenor only."))
    _write_down(topic, "show_contact", actor=actor, data={"raiser": str(raiser.uuid)})
    return raiser.phone


def _write_down(topic: Topic, verb: str, *, actor: Any, **words: Any) -> None:
    """In the record of the matter, which does not move by it."""
    record(
        actor=actor,
        verb=f"topic.{verb}",
        subject=topic,
        before=topic.state,
        after=topic.state,
        matter_id=topic.pk,
        host_id=topic.host_id,
        mandate=actor.mandate_for(host_id=topic.host_id),
        **words,
    )
