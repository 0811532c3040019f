"""Bare pages: the least Django can do for the same request, behind the same middleware and the same server."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ModelSerializer

from consult.bench.models import BareNotice

PAGE_SIZE = 20
CONSTANT = b"<!doctype html><title>bare</title><p>bare"


@login_not_required
def constant(request: HttpRequest) -> HttpResponse:
    """What server, middleware and the way back cost."""
    return HttpResponse(CONSTANT)


@login_not_required
def listing(request: HttpRequest) -> HttpResponse:
    """One indexed query of the ORM, a template of twenty rows."""
    rows = BareNotice.objects.order_by("-posted_on", "-pk")[:PAGE_SIZE]
    return HttpResponse(_render("bench/list.html", {"rows": rows}))


@login_not_required
def detail(request: HttpRequest, uuid: Any) -> HttpResponse:
    """One row by its public key."""
    return HttpResponse(_render("bench/detail.html", {"row": get_object_or_404(BareNotice, uuid=uuid)}))


def _render(template: str, context: dict[str, Any]) -> bytes:
    return render(None, template, context).content  # type: ignore[arg-type]  # without context processors, as the board


class BareSerializer(ModelSerializer):
    class Meta:
        model = BareNotice
        fields = ["uuid", "number", "kind", "title", "summary", "posted_on", "expires_on"]


class Pages(CursorPagination):
    page_size = PAGE_SIZE
    ordering = ("-posted_on", "-pk")


@method_decorator(login_not_required, name="dispatch")
class BareApi(ListAPIView):
    """What DRF costs for twenty rows by cursor."""

    queryset = BareNotice.objects.all()
    serializer_class = BareSerializer
    pagination_class = Pages
    authentication_classes = ()
    permission_classes = (AllowAny,)
    filter_backends = ()
