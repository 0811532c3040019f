"""What every endpoint shares: fetch among what the caller sees, call one service, answer."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from inspect import getattr_static
from typing import Any, ClassVar

from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from consult.errors import DomainError

from . import answering
from .clients import put_right, refuse_unknown_client
from .exceptions import Malformed
from .filters import StrictFilterBackend, refuse_unknown
from .moves import Move, add_moves
from .pagination import CursorPagination
from .parsing import StrictJSONParser

log = logging.getLogger(__name__)

SECRETS = ("token", "access_token", "auth_token", "authorization", "key", "api_key")


class Stale(DomainError):
    """The caller's copy (If-Match) is not the present one."""

    code = "stale"
    status: ClassVar[int] = 412


class StrictView(APIView):
    """One effect per key, no secrets in addresses, no parameters that nobody reads."""

    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    http_method_names = ("get", "post", "head")

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        if any(name.lower() in SECRETS for name in request.query_params):
            raise Malformed(
                _("A token in an address can be read by others. Put it into the Authorization header, and renew it."),
                "token_in_url",
            )
        super().initial(request, *args, **kwargs)
        refuse_unknown_client(request)
        if getattr(self, "action", None) != "list":
            refuse_unknown(request.query_params, self.query_parameters())

    def query_parameters(self) -> tuple[str, ...]:
        """Parameters that this address takes besides a list's filters."""
        return ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The framework's own dispatch, with the stored answer around the handler."""
        self.args, self.kwargs = args, kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request = request
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            handler = self._handler(request)
            response = self.answer(request, lambda: handler(request, *args, **kwargs))
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def _handler(self, request: Any) -> Any:
        method = request.method.lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            self.http_method_not_allowed(request)
        return handler

    def answer(self, request: Any, work: Callable[[], Response]) -> Response:
        """Unsafe calls: one transaction, one effect per key."""
        return answering.answer(request, work)

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal is answered; a fault of ours is written down whole, and answered without a word about it."""
        try:
            return super().handle_exception(exc)
        except Exception:
            log.exception("%s %s", self.request.method, self.request.path)
            got_request_exception.send(sender=type(self), request=self.request._request)
            detail = _("Something went wrong here, not with you. It has been noted.")
            return Response({"code": "server_error", "detail": detail}, status=500, exception=True)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What is not for everybody is kept by nobody on the way."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class MoveMixin:
    """Named moves from the table ``moves``, and one creating service."""

    workflow: ClassVar[Any] = None
    moves: ClassVar[Mapping[str, Any]] = {}
    create_service: ClassVar[Any] = None
    create_serializer_class: ClassVar[type[Any] | None] = None
    detail_serializer_class: ClassVar[type[Any] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        add_moves(cls, cls.__dict__.get("moves", {}))
        if cls.__dict__.get("create_service") is not None:
            setattr(cls, "create", _create_endpoint(cls))  # noqa: B010  (the router looks for this name)

    def make_move(self: Any, verb: str, move: Move) -> Response:
        """404 unseen, 403 no mandate, 409 wrong state, 400 missing input: in this order, then the service."""
        subject = self.get_object()
        self.refuse_stale(subject)
        asked = move.verb or verb
        if self.workflow is not None and asked in self.workflow:
            self.workflow.check(subject, asked, actor=self.request.user)
        move.service(subject, actor=self.request.user, **self.read_input(move.input))
        return Response(self.represent(subject.pk))

    def make_new(self: Any) -> Response:
        found = getattr_static(self, "create_service")
        service = found.__func__ if isinstance(found, staticmethod) else found
        subject = service(actor=self.request.user, **self.read_input(self.create_serializer_class))
        data = self.represent(subject.pk, fallback=subject)
        return Response(data, status=201, headers={"Location": self.address_of(subject)})

    def read_input(self: Any, serializer_class: type[Any]) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        words = dict(serializer.validated_data)
        if moment := put_right(self.request, words.get("at")):
            words["at"] = moment
        return words

    def represent(self: Any, pk: int, fallback: Any = None) -> Any:
        """The object as the caller now sees it; after a move it may be out of his sight."""
        subject = self.get_queryset().filter(pk=pk).first()
        if subject is None:
            return {"uuid": str(fallback.uuid)} if fallback is not None else {}
        serializer_class = self.detail_serializer_class or self.serializer_class
        return serializer_class(subject, context=self.get_serializer_context()).data

    def address_of(self: Any, subject: Any) -> str:
        return reverse(f"api:{self.basename}-detail", args=[subject.uuid], request=self.request)

    def refuse_stale(self: Any, subject: Any) -> None:
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and wanted.strip() not in ("*", etag_of(self.represent(subject.pk))):
            raise Stale(_("Somebody has changed this meanwhile. Fetch it again."))


class ReadViewSet(ListModelMixin, RetrieveModelMixin, StrictView, GenericViewSet):
    """List and detail of what ``get_queryset`` lets the caller see."""

    lookup_field = "uuid"
    pagination_class = CursorPagination
    filter_backends = (StrictFilterBackend,)
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    detail_serializer_class: ClassVar[type[Any] | None] = None

    def get_object(self) -> Any:
        """By its public name among what the caller sees; anything else is not there."""
        name = str(self.kwargs[self.lookup_field])
        if not self.is_name(name):
            raise Http404
        subject = self.get_queryset().filter(**{self.lookup_field: name}).first()
        if subject is None:
            raise Http404
        self.check_object_permissions(self.request, subject)
        return subject

    def is_name(self, name: str) -> bool:
        """Could anything be called so?"""
        try:
            uuid.UUID(name)
        except ValueError:
            return False
        return True

    def get_serializer_class(self) -> type[Any]:
        if self.action != "list" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        data = self.get_serializer(self.get_object()).data
        return Response(data, headers={"ETag": etag_of(data)})


class StatefulViewSet(MoveMixin, ReadViewSet):
    """List, detail and named moves; never a writable state.

    Say ``workflow``, ``serializer_class`` (list), ``detail_serializer_class``, ``filterset_class``,
    ``ordering_fields``, ``moves``, ``create_service`` with ``create_serializer_class``; and ``get_queryset``,
    which begins with ``visible_to(self.request.user)``.
    """


def etag_of(data: Any) -> str:
    """A name for exactly this representation."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def _create_endpoint(viewset: type[Any]) -> Any:
    def create(self: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
        return self.make_new()

    create.__doc__ = (getattr(viewset.create_service, "__doc__", "") or "").partition("\n")[0]
    return extend_schema(
        request=viewset.create_serializer_class,
        responses={201: viewset.detail_serializer_class or viewset.serializer_class},
    )(create)
