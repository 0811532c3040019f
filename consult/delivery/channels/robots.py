"""Group robots of WeCom, DingTalk and Feishu: apprise says how each wants to be told, our own wire carries it.

Apprise is asked for the request only. It would follow redirects, wait as long as the server likes, and take every
HTTP 200 for a success, although these three put their refusals inside.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..models.settings import Robot, RobotService
from ..sealing import Unreadable, unseal
from . import wire
from .base import Answer, Answers, Parcel, later, never, sent

MOST_LINES = 20
_TOKEN = re.compile(r"[A-Za-z0-9-]{8,80}")
_PLUGINS = {
    RobotService.WECOM: ("apprise.plugins.wecombot", "NotifyWeComBot"),
    RobotService.DINGTALK: ("apprise.plugins.dingtalk", "NotifyDingTalk"),
    RobotService.FEISHU: ("apprise.plugins.feishu", "NotifyFeishu"),
}
#: Where each service takes messages for a robot.
PLACES = {
    RobotService.WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send"),
    RobotService.DINGTALK: ("oapi.dingtalk.com", "/robot/send"),
    RobotService.FEISHU: ("open.feishu.cn", "/open-apis/bot/v2/hook/"),
}
#: Too many at once, or the service is overloaded: it will take the message later.
_BUSY = {-1, 45009, 130101, 410100, 11232}
_heard = threading.local()


class RobotChannel:
    """Several messages to one group leave as one, line by line."""

    batch = 200

    def is_configured(self) -> bool:
        return bool(settings.DELIVERY_ROBOTS)

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answers]:
        groups: dict[int | None, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            groups[parcel.robot_id].append(parcel)
        for robot_id, those in groups.items():
            yield from self._to_one(_robot(robot_id), those)

    def _to_one(self, robot: Robot | None, parcels: list[Parcel]) -> Iterator[Answers]:
        trouble: Answer | None = None
        for first in range(0, len(parcels), MOST_LINES):
            those = parcels[first : first + MOST_LINES]
            if trouble is None:
                answer = say(robot, "\n".join(dict.fromkeys(one.body for one in those)), those[0])
                trouble = answer if answer.why else None
            yield [Answer(one, answer.state, answer.why, answer.fault) for one in those]


def _robot(pk: int | None) -> Robot | None:
    return Robot.objects.filter(pk=pk, removed_at=None).first() if pk is not None else None


def say(robot: Robot | None, text: str, parcel: Parcel) -> Answer:
    """One message into one group."""
    if robot is None:
        return never(parcel, "robot removed")
    try:
        return _judge(_post(robot.service, unseal(robot.sealed), text), parcel)
    except (wire.Refused, Unreadable) as error:
        return never(parcel, str(error))
    except wire.NoAnswer as error:
        return later(parcel, str(error))


def _judge(reply: wire.Reply, parcel: Parcel) -> Answer:
    if reply.status == 429 or reply.status >= 500:
        return later(parcel, f"HTTP {reply.status}")
    if reply.status != 200:
        return never(parcel, f"HTTP {reply.status}")
    try:
        said = json.loads(reply.body)
        code = int(said.get("errcode", said.get("code", said.get("StatusCode", 0))) or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return later(parcel, "unreadable answer")
    if code == 0:
        return sent(parcel)
    return (later if code in _BUSY else never)(parcel, f"code {code}")


def check_robot(service: str, url: str) -> None:
    """An address at which this service takes messages for a robot, and no other; ``Refused`` says why not."""
    parts = wire.check_url(url)
    host, path = PLACES[RobotService(service)]
    known = {host, *settings.DELIVERY_ROBOT_HOSTS, *settings.DELIVERY_INNER_HOSTS}
    if not {parts.hostname, f"{parts.hostname}:{parts.port}"} & known or not parts.path.startswith(path):
        raise wire.Refused(_("This is not the address of such a robot; copy it from the settings of the group."))
    if not _TOKEN.fullmatch(token_of(service, url)):
        raise wire.Refused(_("The key at the end of the address is missing; copy the whole address."))


def token_of(service: str, url: str) -> str:
    parts = urlsplit(url)
    if service == RobotService.FEISHU:
        return parts.path.rstrip("/").rpartition("/")[2]
    name = "key" if service == RobotService.WECOM else "access_token"
    return parse_qs(parts.query).get(name, [""])[0]


def _post(service: str, secret: dict[str, str], text: str) -> wire.Reply:
    check_robot(service, secret["url"])
    plugin = _plugin(service, secret)
    _heard.reply = None
    plugin.send(body=text, title="")
    if _heard.reply is None:
        raise wire.NoAnswer("nothing was sent")
    return _heard.reply


def _plugin(service: str, secret: dict[str, str]) -> Any:
    """The library's own robot, told to speak to the address that was entered."""
    name = _PLUGINS[RobotService(service)]
    token, url = token_of(service, secret["url"]), secret["url"]
    given = {"key": token} if service == RobotService.WECOM else {"token": token}
    if service == RobotService.DINGTALK and secret.get("secret"):
        given["secret"] = secret["secret"]
    plugin = getattr(_library(name[0]), name[1])(**given)
    plugin.request_rate_per_sec = 0
    plugin.api_url = url
    plugin.notify_url = url.replace("{", "{{").replace("}", "}}")
    return plugin


@lru_cache(maxsize=3)
def _library(name: str) -> Any:
    """Loaded by the worker that needs it, and made to use our wire; it knows no other way to be given one."""
    module: Any = import_module(name)
    module.requests = _Carrier()
    return module


class _Carrier:
    """What the library uses of ``requests``."""

    codes = SimpleNamespace(ok=200)

    class RequestException(Exception):
        """Never raised: our own errors go past the library, which would only say that something failed."""

    def post(
        self, url: str, data: Any = b"", headers: Any = None, params: dict[str, str] | None = None, **_how: Any
    ) -> SimpleNamespace:
        if params:  # the signature comes quoted; quoting it again would break it
            url += ("&" if "?" in url else "?") + "&".join(f"{name}={value}" for name, value in params.items())
        body = data.encode() if isinstance(data, str) else data
        _heard.reply = wire.post(url, body, dict(headers or {}))
        return SimpleNamespace(status_code=_heard.reply.status, content=b"")
