"""过问 about one assignment: by who reads it from above; the office answers."""

from __future__ import annotations

from django.db import transaction

from members.models import Account
from outcomes.models import Assignment
from outcomes.services.moving import lock_assignment, lock_topic
from outcomes.states import ASSIGNMENT_WORKFLOW
from topics.models import OversightNote
from topics.services.oversight import keep_answer, keep_note, write_down


@transaction.atomic
def urge_assignment(assignment: Assignment, *, actor: Account, text: str) -> OversightNote:
    """It changes neither state nor date; it lies with the office and stands in what happened to the assignment."""
    topic = lock_topic(assignment.topic_id)
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "urge_note", actor=actor)
    written = keep_note(topic, actor=actor, text=text, about=assignment.matter, assignment_uuid=assignment.uuid)
    write_down(assignment, "assignment", "urge_note", written, actor=actor, reason=written.text)
    return written


@transaction.atomic
def answer_assignment_note(
    assignment: Assignment, *, actor: Account, note: OversightNote, answer: str
) -> OversightNote:
    """The office says what is done; who asked is told."""
    lock_topic(assignment.topic_id)
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "answer_note", actor=actor)
    answered = keep_answer(OversightNote.objects.about_assignment(assignment), note, actor=actor, answer=answer)
    write_down(assignment, "assignment", "answer_note", answered, actor=actor, reason=answered.answer[:500])
    return answered
