"""Tokens for programs: taken with name and password, shown once, given back by name or all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from consult.errors import NotAllowed

from ..serializers import StrictSerializer
from ..viewsets import StrictView


class Credentials(StrictSerializer):
    username = serializers.CharField(max_length=50)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


TOKEN = inline_serializer(
    "Token", {"token": serializers.CharField(), "expires": serializers.DateTimeField(allow_null=True)}
)


class TokenViewSet(StrictView, ViewSet):
    """POST with name and password: a token. POST …/revoke/ with it: it is worth nothing any more."""

    def get_permissions(self) -> list[Any]:
        return [AllowAny() if self.action == "create" else IsAuthenticated()]

    def answer(self, request: Any, work: Callable[[], Response]) -> Response:
        """A token is stored nowhere in clear, and a failed try must stay counted when the call is refused."""
        return work() if self.action == "create" else super().answer(request, work)

    @extend_schema(request=Credentials, responses={201: TOKEN}, auth=[])
    def create(self, request: Any) -> Response:
        """Sign in a program."""
        asked = Credentials(data=request.data)
        asked.is_valid(raise_exception=True)
        account = authenticate(request._request, **asked.validated_data)
        if account is None:
            raise AuthenticationFailed
        if getattr(account, "must_change_password", False):
            raise NotAllowed(_("Change the first password in a browser before a program uses it."), "change_password")
        made, token = AuthToken.objects.create(account)
        return Response({"token": token, "expires": made.expiry}, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def revoke(self, request: Any) -> Response:
        """Give back the token of this call; without one, all of the account."""
        tokens = AuthToken.objects.filter(user=request.user)
        if request.auth is not None:
            tokens = tokens.filter(pk=request.auth.pk)
        tokens.delete()
        return Response(status=204)
