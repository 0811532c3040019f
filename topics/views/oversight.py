"""督促过问: what was asked from above, and whether it was answered; for who asked and for the office."""

from __future__ import annotations

from typing import Any

from django.views.generic import ListView

from members.states import Role
from topics.models import OversightNote

MOST = 200


class OversightList(ListView):
    """Own notes for the supervisor, those about its matters for the office; what waits first."""

    template_name, context_object_name = "topics/oversight.html", "notes"

    def get_queryset(self) -> Any:
        reader = self.request.user
        rows = OversightNote.objects.visible_to(reader)
        if reader.mandate_for(Role.SUPERVISOR) is not None and not _is_official(reader):
            rows = rows.filter(written_by=reader)
        return rows.select_related("topic", "topic__host", "organisation").order_by("answered_on", "-pk")[:MOST]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notes = list(self.object_list)
        waiting = [note for note in notes if note.answered_on is None]
        answered = [note for note in notes if note.answered_on is not None]
        own = self.request.user.mandate_for(Role.SUPERVISOR) is not None and not _is_official(self.request.user)
        return super().get_context_data(**{"waiting": waiting, "answered": answered, "own": own, **kwargs})


def _is_official(reader: Any) -> bool:
    return any(mandate.role != Role.SUPERVISOR for mandate in reader.mandates_now())


def notes_of(subject: Any, reader: Any, *, about: Any) -> dict[str, Any]:
    """For the page of a matter or an assignment: the notes about it, and whether this reader may answer."""
    rows = about(OversightNote.objects.visible_to(reader)).select_related("organisation").order_by("-pk")
    notes = list(rows[:20])
    noun = type(subject)._meta.model_name
    app = type(subject)._meta.app_label
    return {
        "notes": notes,
        "may_answer_note": reader.has_perm(f"{app}.answer_note_{noun}", subject),
        "notes_waiting": any(note.answered_on is None for note in notes),
    }
