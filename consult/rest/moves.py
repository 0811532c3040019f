"""Named moves: one line in a viewset is one address that calls one service.

moves = {
    "pool": Move(services.pool_topic, PoolInput),
    "withdraw": services.withdraw_topic,
    "decline": (services.decline_topic, DeclineInput),
}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from .serializers import NoInput

Service = Callable[..., Any]


@dataclass(frozen=True)
class Move:
    """``service(subject, *, actor, **input)``. ``verb`` is asked in the workflow before the input is looked at."""

    service: Service
    input: type[Any] = NoInput
    verb: str = ""
    summary: str = ""


def as_move(entry: Move | Service | tuple[Service, type[Any]]) -> Move:
    if isinstance(entry, Move):
        return entry
    return Move(*entry) if isinstance(entry, tuple) else Move(entry)


def add_moves(viewset: type[Any], moves: Mapping[str, Any]) -> None:
    """Give the viewset one POST address per verb: ``/{uuid}/{verb}/``."""
    for verb, entry in moves.items():
        setattr(viewset, f"move_{verb}", _endpoint(viewset, verb, as_move(entry)))


def _endpoint(viewset: type[Any], verb: str, move: Move) -> Callable[..., Any]:
    def endpoint(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.make_move(verb, move)

    endpoint.__name__ = f"move_{verb}"
    endpoint.__doc__ = move.summary or (move.service.__doc__ or "").partition("\n")[0]
    decorated = action(detail=True, methods=["post"], url_path=verb, url_name=verb.replace("_", "-"))(endpoint)
    return extend_schema(
        request=None if move.input is NoInput else move.input,
        responses={200: getattr(viewset, "detail_serializer_class", None) or viewset.serializer_class},
        operation_id=f"{_noun(viewset)}_{verb}",
    )(decorated)


def _noun(viewset: type[Any]) -> str:
    workflow = getattr(viewset, "workflow", None)
    return workflow.noun if workflow is not None else viewset.__name__.removesuffix("ViewSet").lower()
