"""Who may read a photo or scan: whoever sees the outcome or the assignment it belongs to."""

from __future__ import annotations

from typing import Any

from outcomes.models import (
    Assignment,
    FieldCheck,
    HandlingReply,
    Outcome,
    PaperForms,
    ProgressEntry,
    Verification,
)


def may_read(reader: Any, attachment: Any) -> bool:
    """Asked by the one way out for files; an unknown subject is nobody's."""
    if attachment.subject_type == Outcome._meta.label_lower:
        return Outcome.objects.visible_to(reader).filter(pk=attachment.subject_id).exists()
    if attachment.subject_type == Assignment._meta.label_lower:
        return Assignment.objects.visible_to(reader).filter(pk=attachment.subject_id).exists()
    for model in (ProgressEntry, HandlingReply, Verification, FieldCheck):
        if attachment.subject_type == model._meta.label_lower:
            rows = model.objects.filter(pk=attachment.subject_id)
            return rows.filter(assignment__in=Assignment.objects.visible_to(reader)).exists()
    if attachment.subject_type == PaperForms._meta.label_lower:
        # what people wrote on a form is for the office that counted it
        pile = PaperForms.objects.select_related("survey__outcome").filter(pk=attachment.subject_id).first()
        return pile is not None and reader.has_perm("outcomes.enter_forms_outcome", pile.survey.outcome)
    return False
