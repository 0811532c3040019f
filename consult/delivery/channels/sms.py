"""Text messages, by a small contract that a vendor's bridge fulfils (docs/operations.md).

One request carries up to two hundred messages, each under its own key. A gateway takes each key once: after an
answer that did not come, the same keys go again, and what had been accepted is not sent a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from django.conf import settings

from . import wire
from .base import Answer, Answers, Parcel, later, never, sent


class SmsChannel:
    batch = 200

    def is_configured(self) -> bool:
        return bool(settings.DELIVERY_SMS_URL)

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answers]:
        yield _exchange(list(parcels))


def _exchange(parcels: list[Parcel]) -> Answers:
    messages = [{"key": one.key, "to": one.to, "text": one.body} for one in parcels]
    body = json.dumps({"messages": messages}, ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {settings.DELIVERY_SMS_TOKEN}"} if settings.DELIVERY_SMS_TOKEN else {}
    try:
        reply = wire.post(settings.DELIVERY_SMS_URL, body, headers)
    except (wire.Refused, wire.NoAnswer) as error:
        return [later(one, str(error)) for one in parcels]
    if reply.status != 200:
        return [later(one, f"HTTP {reply.status}") for one in parcels]
    return _judge(reply.body, parcels)


def _judge(body: bytes, parcels: list[Parcel]) -> Answers:
    """A message the gateway says nothing about is asked about again, under its key."""
    try:
        results = {str(each["key"]): each for each in json.loads(body)["results"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return [later(one, "unreadable answer") for one in parcels]
    return [_judge_one(results.get(one.key, {}), one) for one in parcels]


def _judge_one(result: dict[str, object], parcel: Parcel) -> Answer:
    state = result.get("state")
    if state in ("accepted", "repeated"):
        return sent(parcel)
    if state == "refused":
        return never(parcel, f"refused {result.get('code', '')}".strip())
    return later(parcel, "busy" if state == "busy" else "no answer for this message")
