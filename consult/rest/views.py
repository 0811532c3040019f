"""Addresses below /api/ that lead nowhere: JSON too, for a program reads no pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.permissions import AllowAny

from .viewsets import StrictView


class NothingHere(StrictView):
    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise Http404
