"""The vocabulary of reading visits and links: they are seen with their assignment."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone


class FieldCheckQuerySet(QuerySet):
    def visible_to(self, reader: Any) -> Self:
        seen = apps.get_model("outcomes", "Assignment")._default_manager.visible_to(reader)
        return self.filter(assignment__in=seen)

    def waiting(self) -> Self:
        """Planned, and neither made nor called off."""
        return self.filter(done_on__isnull=True, dropped_on__isnull=True)

    def late(self, on: date | None = None) -> Self:
        return self.waiting().filter(planned_on__lt=on or timezone.localdate())

    def of(self, account: Any) -> Self:
        """Whose visits they are."""
        return self.filter(people=account)

    def for_list(self) -> Self:
        return self.select_related("assignment__topic", "assignment__lead_unit", "done_by").prefetch_related("people")


class AnswerLinkQuerySet(QuerySet):
    def for_page(self) -> Self:
        return self.select_related("unit", "made_by", "assignment").order_by("-pk")
