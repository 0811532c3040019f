"""过问 and its answer: a supervising CPPCC asks, the office answers; nothing of the matter changes by it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, WrongState
from consult.outbox import publish
from consult.text import Refused, clean_text
from members.states import Role
from topics.models import OversightNote, Topic
from topics.services.moving import lock
from topics.states import TOPIC_WORKFLOW

NOTE_AT_MOST, ANSWER_AT_MOST = 500, 1000


@transaction.atomic
def urge_topic(topic: Topic, *, actor: Any, text: str) -> OversightNote:
    """Who reads the matter from above asks about it; it lies with the office and stands in the record."""
    topic = lock(topic)
    TOPIC_WORKFLOW.check(topic, "urge_note", actor=actor)
    written = keep_note(topic, actor=actor, text=text, about=topic.title)
    write_down(topic, "topic", "urge_note", written, actor=actor, reason=written.text)
    return written


@transaction.atomic
def answer_topic_note(topic: Topic, *, actor: Any, note: OversightNote, answer: str) -> OversightNote:
    """The office says what it does; who asked is told."""
    topic = lock(topic)
    TOPIC_WORKFLOW.check(topic, "answer_note", actor=actor)
    answered = keep_answer(OversightNote.objects.about_topic(topic), note, actor=actor, answer=answer)
    write_down(topic, "topic", "answer_note", answered, actor=actor, reason=answered.answer[:500])
    return answered


# what topics and assignments share


def keep_note(topic: Topic, *, actor: Any, text: str, about: str, assignment_uuid: Any = None) -> OversightNote:
    """The row; its words are checked like all that is typed."""
    text = _words("text", text, NOTE_AT_MOST, _("Say what you ask about."))
    mandate = actor.mandate_for(Role.SUPERVISOR, code=topic.region_code)
    written = OversightNote(
        topic=topic,
        assignment_uuid=assignment_uuid,
        about=about[:200],
        text=text,
        written_on=timezone.localdate(),
        written_by=actor,
        organisation=mandate.organisation if mandate else topic.host,
    )
    written.save()
    return written


def keep_answer(among: Any, note: OversightNote, *, actor: Any, answer: str) -> OversightNote:
    """Answered once, by whoever was first."""
    row = among.select_for_update(of=("self",), no_key=True).filter(pk=note.pk).first()
    if row is None:
        raise Missing(note=_("This note is about something else."))
    if row.answered_on is not None:
        raise WrongState(_("This note has been answered."))
    row.answer = _words("answer", answer, ANSWER_AT_MOST, _("Write what you answer."))
    row.answered_on, row.answered_by = timezone.localdate(), actor
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    return row


def write_down(subject: Any, noun: str, verb: str, note: OversightNote, *, actor: Any, reason: str) -> None:
    """In the record of the subject, and to whom it concerns."""
    role = Role.SUPERVISOR if verb == "urge_note" else Role.OFFICE
    record(
        actor=actor,
        verb=f"{noun}.{verb}",
        subject=subject,
        before=subject.state,
        after=subject.state,
        mandate=actor.mandate_for(role, code=note.topic.region_code),
        matter_id=note.topic_id,
        host_id=note.topic.host_id,
        reason=reason,
        data={"note": str(note.uuid)},
    )
    publish(
        f"{noun}.{verb}",
        host_id=note.topic.host_id,
        matter_id=note.topic_id,
        note_id=note.pk,
        actor_id=actor.pk,
        **{f"{noun}_id": subject.pk},
    )


def _words(field: str, text: str, limit: int, missing: str) -> str:
    try:
        text = clean_text(text or "", limit=limit).strip()
    except Refused as error:
        raise Missing({field: _(error.msgid) % error.params}) from error
    if not text:
        raise Missing({field: missing})
    return text
