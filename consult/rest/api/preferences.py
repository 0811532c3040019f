"""How I am told: at once or by digest, quiet hours, by which channels. Everybody reads and sets his own only."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from consult.delivery.keeping import set_preference
from consult.delivery.kinds import KINDS
from consult.delivery.models import Pace, Preference
from consult.delivery.pacing import preference_of
from consult.delivery.routing import ways_of

from ..filters import refuse_unknown
from ..serializers import StrictSerializer
from ..viewsets import StrictView

FIELDS = ("by_email", "by_sms", "pace", "digest_hour", "quiet_from", "quiet_until", "kinds")


def _hour(**how: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=23, **how)


class PaceInput(StrictSerializer):
    pace = serializers.ChoiceField(choices=Pace.choices)
    digest_hour = _hour(required=False)
    kinds = serializers.DictField(child=serializers.ChoiceField(choices=Pace.choices), required=False)

    def validate_kinds(self, value: dict[str, str]) -> dict[str, str]:
        strange = sorted(set(value) - set(KINDS))
        if strange:
            raise serializers.ValidationError(f"{', '.join(strange)} ≠ {', '.join(KINDS)}")
        return value


class QuietInput(StrictSerializer):
    quiet_from = _hour(allow_null=True)
    quiet_until = _hour(allow_null=True)


class ChannelsInput(StrictSerializer):
    by_email = serializers.BooleanField()
    by_sms = serializers.BooleanField()


class PreferenceSerializer(serializers.ModelSerializer[Preference]):
    reached_by = serializers.SerializerMethodField()

    class Meta:
        model = Preference
        fields = (*FIELDS, "reached_by")
        read_only_fields = fields

    def get_reached_by(self, row: Preference) -> list[str]:
        """The channels by which something really leaves: configured, wished for, and the account has an address."""
        return ways_of(self.context["request"].user, row)


class PreferenceViewSet(StrictView, ViewSet):
    """GET: my own. The moves change what they name and leave the rest; who has set nothing has the defaults."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: PreferenceSerializer(many=False)}, operation_id="preferences_mine")
    def list(self, request: Any) -> Response:
        """How I am told."""
        refuse_unknown(request.query_params, ())
        return self._answer(request, preference_of(request.user))

    @extend_schema(request=PaceInput, responses={200: PreferenceSerializer})
    @action(detail=False, methods=["post"])
    def set_pace(self, request: Any) -> Response:
        """At once, in one digest a day at an hour, or only among the messages here; other paces for single kinds."""
        return self._set(request, PaceInput)

    @extend_schema(request=QuietInput, responses={200: PreferenceSerializer})
    @action(detail=False, methods=["post"])
    def set_quiet(self, request: Any) -> Response:
        """Quiet hours, both or neither; what comes in them waits, urging too."""
        return self._set(request, QuietInput)

    @extend_schema(request=ChannelsInput, responses={200: PreferenceSerializer})
    @action(detail=False, methods=["post"])
    def set_channels(self, request: Any) -> Response:
        """By e-mail, by text message; the addresses are those of the account, which the registrar keeps."""
        return self._set(request, ChannelsInput)

    def _set(self, request: Any, form: type[StrictSerializer]) -> Response:
        asked = form(data=request.data)
        asked.is_valid(raise_exception=True)
        present = preference_of(request.user)
        words = {name: getattr(present, name) for name in FIELDS} | dict(asked.validated_data)
        return self._answer(request, set_preference(request.user, **words))

    def _answer(self, request: Any, row: Preference) -> Response:
        return Response(PreferenceSerializer(row, context={"request": request}).data)
