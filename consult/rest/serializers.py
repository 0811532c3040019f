"""Input that refuses what it does not know; output that says what the caller may do next."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from consult.text import Refused, clean_line, clean_text


class LineField(serializers.CharField):
    """One line as it would be typed into a form: the same cleaning, the same refusals."""

    multiline = False

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            cleaned = clean_text(data) if self.multiline else clean_line(data)
        except Refused as error:
            raise ValidationError(_(error.msgid) % error.params, code=error.code) from None
        if not cleaned and not self.allow_blank:
            self.fail("blank")
        return cleaned


class TextField(LineField):
    """Several lines."""

    multiline = True


class StrictInput:
    """A field that is not asked for is refused by name: nothing is assigned that the move does not name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields: Mapping[str, serializers.Field] = self.fields  # type: ignore[attr-defined]
            asked = {name for name, field in fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in data if name not in asked)
            if unknown:
                words = _("There is no such field. Possible: %(names)s") % {"names": "、".join(sorted(asked)) or "–"}
                raise ValidationError({name: [words] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(StrictInput, serializers.Serializer):
    """Input of one move. ``validated_data`` goes to the service as its keyword arguments."""


class NoInput(StrictSerializer):
    """A move that needs no words; any field sent with it is refused."""


class StrictModelSerializer(StrictInput, serializers.ModelSerializer):
    """Output of a model (name the fields; say ``read_only``), and input where a service takes the same fields."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: LineField,
        models.TextField: TextField,
    }


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class ActionsField(serializers.Field):
    """The verbs that the caller may call on this object now: what a page would show as buttons."""

    def __init__(self, workflow: Any = None, **kwargs: Any) -> None:
        self.workflow = workflow
        kwargs |= {"source": "*", "read_only": True}
        super().__init__(**kwargs)

    def to_representation(self, subject: Any) -> list[str]:
        request = self.context.get("request")
        workflow = self.workflow or getattr(self.context.get("view"), "workflow", None)
        if workflow is None or request is None or not request.user.is_authenticated:
            return []
        return [step.verb for step in workflow.available(subject, request.user)]


@extend_schema_field({"type": "string", "format": "uuid"})
class Reference(serializers.RelatedField):
    """Another object by its UUID, found only among those the caller can see.

    ``Reference(Organisation.objects.all())`` asks ``visible_to(caller)`` where the queryset has it;
    ``Reference(choose=lambda reader: …)`` names the rows itself; ``Reference(read_only=True)`` is output.
    """

    def __init__(
        self, queryset: Any = None, *, choose: Callable[[Any], QuerySet[Any]] | None = None, **kwargs: Any
    ) -> None:
        self.choose = choose
        super().__init__(queryset=queryset, **kwargs)

    def get_queryset(self) -> Any:
        reader = self.context["request"].user
        if self.choose is not None:
            return self.choose(reader)
        rows: Any = super().get_queryset()
        return rows.visible_to(reader) if hasattr(rows, "visible_to") else rows

    def to_internal_value(self, data: Any) -> Any:
        try:
            wanted = uuid.UUID(data)
        except (ValueError, TypeError, AttributeError):
            raise ValidationError(_("Write the UUID of the object.")) from None
        found = self.get_queryset().filter(uuid=wanted).first()
        if found is None:
            raise ValidationError(_("There is nothing with this UUID that you can see."))
        return found

    def to_representation(self, value: Any) -> str:
        return str(value.uuid)
