"""Who hears of a move: raisers and followers with an account, and those who have to do something next.

Handlers write inbox rows, once per person and event; whoever made the move himself is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.delivery import tell_all
from consult.outbox import handles
from consult.regions.codes import prefix_of
from members.models import Account, Mandate
from members.states import Role
from topics.models import OversightNote, Topic
from topics.services import audience_of
from topics.states import Profile, TopicState

#: What raisers and followers read; the title of the matter stands before it.
SENTENCES = {
    "return_topic": gettext_lazy("Something has to be completed: %(reason)s"),
    "lapse": gettext_lazy("It was closed because nothing was completed in time."),
    "pool": gettext_lazy("It has been taken into the pool under %(number)s."),
    "decline": gettext_lazy("It is not taken up. %(reply)s"),
    "transfer": gettext_lazy("It was transferred to %(unit)s. %(reply)s"),
    "merge": gettext_lazy("It goes on together with “%(into)s”; you will hear of every later step."),
    "reconsider": gettext_lazy("The decision was taken back, and it is looked at again: %(reason)s"),
    "approve": gettext_lazy("It is in the plan of consultations."),
    "drop": gettext_lazy("It has left the plan of consultations: %(reason)s"),
    "claim": gettext_lazy("%(who)s took it up; you will hear of it by %(day)s."),
    "release_claim": gettext_lazy("It was given back and waits to be taken up again."),
    "schedule": gettext_lazy("A consultation is being prepared."),
    "conclude": gettext_lazy("It has been consulted about."),
    "close": gettext_lazy("It is settled. You will be asked whether you are satisfied."),
    "reopen": gettext_lazy("It is open again: %(reason)s"),
    "return_to_consulted": gettext_lazy("It is open again."),
    "withdraw": gettext_lazy("It has been withdrawn: %(reason)s"),
}


@handles("topic.submit")
def give_receipt(event: Any) -> None:
    """The raiser hears his receipt; the office and the convenor that something waits."""
    topic = _topic(event)
    for raiser in topic.raisers.all():
        if raiser.account is not None:
            tell_all(
                [raiser.account],
                key=f"{event.pk}:receipt:{raiser.pk}",
                title=_("Receipt %(receipt)s: %(title)s") % {"receipt": raiser.receipt, "title": topic.title},
                body=_("With the receipt and the last four digits of your telephone you can follow the matter."),
                url=topic.get_absolute_url(),
                event=event,
            )
    _tell_who_screens(event, topic, _("To be screened: %(title)s"))


@handles("topic.resubmit")
def tell_who_screens(event: Any) -> None:
    _tell_who_screens(event, _topic(event), _("Handed in again: %(title)s"))


def _tell_who_screens(event: Any, topic: Topic, title: str) -> None:
    """Only while it still waits: a file brought in later is not announced."""
    if topic.state == TopicState.SUBMITTED:
        who = holders(topic, Role.OFFICE, Role.CONVENOR)
        _tell(event, topic, who, title % {"title": topic.title}, "", "screen")


@handles("topic.pool", "topic.release_claim")
def tell_who_could_take_it_up(event: Any) -> None:
    """A micro matter in the pool waits for a group or a member."""
    topic = _topic(event)
    if topic.profile == Profile.MICRO and topic.state == TopicState.POOLED:
        title = _("To be taken up: %(title)s") % {"title": topic.title}
        _tell(event, topic, holders(topic, Role.GROUP_LEADER, Role.MEMBER), title, topic.place, "claim")


@handles(*(f"topic.{verb}" for verb in SENTENCES))
def tell_audience(event: Any) -> None:
    """Everybody who raised or follows the matter, or one merged into it, hears each later step."""
    topic = _topic(event)
    silent = set(topic.mutes.values_list("account_id", flat=True))
    heard = [one.account for one in audience_of(topic) if one.account is not None and one.account_id not in silent]
    sentence = SENTENCES[event.name.partition(".")[2]] % _words(topic)
    _tell(event, topic, heard, topic.title, sentence, "audience")


@handles("topic.claim", "topic.release_claim", "topic.withdraw")
def tell_office(event: Any) -> None:
    """The office follows what others do with its matters."""
    topic = _topic(event)
    if topic.case_key:
        return
    titles = {
        "topic.claim": _("Taken up: %(title)s"),
        "topic.release_claim": _("Given back: %(title)s"),
        "topic.withdraw": _("Withdrawn: %(title)s"),
    }
    title = titles[event.name] % {"title": topic.title}
    _tell(event, topic, holders(topic, Role.OFFICE), title, topic.reason, "office")


def holders(topic: Topic, *roles: str) -> list[Account]:
    """Accounts with a mandate of one of the roles that covers the matter today."""
    mandates = Mandate.objects.in_force().filter(role__in=roles, host_id=topic.host_id, account__is_active=True)
    found = {
        mandate.account_id: mandate.account
        for mandate in mandates.select_related("account")
        if topic.region_code.startswith(prefix_of(mandate.region_code))
    }
    return list(found.values())


def _tell(event: Any, topic: Topic, accounts: Iterable[Account], title: str, body: str, why: str) -> None:
    others = [account for account in accounts if account.pk != event.payload["actor_id"]]
    tell_all(others, key=f"{event.pk}:{why}", title=title, body=body, url=topic.get_absolute_url(), event=event)


def _topic(event: Any) -> Topic:
    return Topic.objects.select_related("merged_into", "claimed_group", "claimed_member", "claimed_by").get(
        pk=event.payload["topic_id"]
    )


def _words(topic: Topic) -> dict[str, Any]:
    return {
        "reason": topic.reason,
        "reply": topic.reply_text,
        "number": topic.number,
        "unit": topic.to_unit,
        "into": topic.merged_into.title if topic.merged_into else "",
        "who": topic.claimed_group or topic.claimed_member or topic.claimed_name or topic.claimed_by or "",
        "day": topic.promised_on.isoformat() if topic.promised_on else "",
    }


@handles("topic.urge_note", "assignment.urge_note")
def tell_asked_from_above(event: Any) -> None:
    """The note lies in the inbox of the office of the matter."""
    written = _note(event)
    words = {"organisation": written.organisation, "about": written.about}
    tell_all(
        holders(written.topic, Role.OFFICE),
        key=f"{event.pk}:note",
        title=_("%(organisation)s asks about: %(about)s") % words,
        body=written.text,
        url=written.get_absolute_url(),
        event=event,
    )


@handles("topic.answer_note", "assignment.answer_note")
def tell_answered_above(event: Any) -> None:
    written = _note(event)
    tell_all(
        [written.written_by],
        key=f"{event.pk}:answer",
        title=_("Your note was answered: %(about)s") % {"about": written.about},
        body=written.answer,
        url=written.get_absolute_url(),
        event=event,
    )


def _note(event: Any) -> OversightNote:
    rows = OversightNote.objects.select_related("topic__host", "organisation", "written_by")
    return rows.get(pk=event.payload["note_id"])
