"""Who may read a photo or scan: whoever sees the outcome or the assignment it belongs to."""

from __future__ import annotations

from typing import Any

from outcomes.models import Assignment, HandlingReply, Outcome, ProgressEntry, Verification


def may_read(reader: Any, attachment: Any) -> bool:
    """Asked by the one way out for files; an unknown subject is nobody's."""
    if attachment.subject_type == Outcome._meta.label_lower:
        return Outcome.objects.visible_to(reader).filter(pk=attachment.subject_id).exists()
    if attachment.subject_type == Assignment._meta.label_lower:
        return Assignment.objects.visible_to(reader).filter(pk=attachment.subject_id).exists()
    for model in (ProgressEntry, HandlingReply, Verification):
        if attachment.subject_type == model._meta.label_lower:
            rows = model.objects.filter(pk=attachment.subject_id)
            return rows.filter(assignment__in=Assignment.objects.visible_to(reader)).exists()
    return False
