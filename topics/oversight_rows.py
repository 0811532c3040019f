"""The vocabulary of reading notes from above: who wrote them, and the office that has to answer."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from consult.regions.querysets import inside
from members.states import Role


class OversightQuerySet(models.QuerySet):
    def visible_to(self, reader: Any) -> Self:
        """With the matter, for the officials of the host; a supervisor reads those of supervisors below him too."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        topics: Any = apps.get_model("topics", "Topic")._default_manager
        officials = topics.official_to(reader)
        below = topics.filter(inside(*reader.prefixes(Role.SUPERVISOR)))
        return self.filter(Q(topic__in=officials.values("pk")) | Q(topic__in=below.values("pk")))

    def waiting(self) -> Self:
        return self.filter(answered_on__isnull=True)

    def about_topic(self, topic: Any) -> Self:
        return self.filter(topic=topic, assignment_uuid__isnull=True)

    def about_assignment(self, assignment: Any) -> Self:
        return self.filter(assignment_uuid=assignment.uuid)
