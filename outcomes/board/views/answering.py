"""How the board answers: a copy under a name that no fact can change without changing it, the same for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.templatetags.static import static
from django.utils.http import parse_etags
from django.utils.translation import get_language

from outcomes.board.shelf import shelf

#: Whoever keeps a copy asks again after a second, so that what was taken down is gone at once.
CACHING = "public, max-age=0, s-maxage=1, must-revalidate"


def site(request: HttpRequest) -> str:
    """Where people find this house: the address the office has named, else the one that was asked."""
    return getattr(settings, "PUBLIC_URL", "").rstrip("/") or f"{request.scheme}://{request.get_host()}"


@cache
def edition() -> str:
    """Of templates and style sheets: after an update no browser is told that it knows the page already."""
    digest = hashlib.blake2s(static("css/public.css").encode(), digest_size=8)
    for path in sorted((settings.BASE_DIR / "templates").glob("**/*.html")):
        if path.parent.name == "board" or path.name in ("base.html", "public_base.html", "print_base.html"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def name_of(*facts: Any) -> str:
    """What a copy is called: nothing a page shows can change without its name."""
    told = "\x1f".join(map(str, (edition(), get_language(), *facts)))
    return hashlib.blake2s(told.encode(), digest_size=16).hexdigest()


def answer(
    request: HttpRequest,
    name: str,
    draw: Callable[[], bytes],
    *,
    status: int = 200,
    keep: bool = True,
    content_type: str = "text/html; charset=utf-8",
) -> HttpResponse:
    etag = f'"{name}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(shelf.take(name, draw) if keep else draw(), status=status, content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHING
    return response
