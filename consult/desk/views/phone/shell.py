"""What makes the pages under /m/ a program on the telephone: its worker, its manifest, and the greeting before sending.

The worker is registered for /m/ alone: pages of the staff and of the public never pass through it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from consult.rest.clients import CURRENT

#: What lies on the telephone besides its owner's own pages; the same for everybody.
SHELL = (
    "vendor/bootstrap-5.3.9/bootstrap-parts.min.css",
    "css/zb.css",
    "css/phone.css",
    "icons.svg",
    "icons/seal.svg",
    "icons/check.svg",
    "icons/caret.svg",
    "icons/radio.svg",
    "js/phone/base.js",
    "js/phone/vault.js",
    "js/phone/store.js",
    "js/phone/photos.js",
    "js/phone/sync.js",
    "js/phone/strip.js",
    "js/phone/sheet.js",
    "js/phone/forms.js",
    "js/phone/hand.js",
    "js/phone/cards.js",
    "js/phone/kept.js",
    "js/phone/sitting.js",
    "js/phone/queue.js",
)
WORKER = "js/phone/worker.js"
SCOPE = "/m/"


@method_decorator(login_not_required, name="dispatch")
class Worker(View):
    """The service worker with the list of what it keeps; asked afresh each time, new only when something changed."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        files = [static(name) for name in SHELL]
        facts = {
            "version": edition(),
            "shell": [*files, reverse("phone:offline"), reverse("phone:kept")],
            "offline": reverse("phone:offline"),
            "scope": SCOPE,
        }
        head = f"const FACTS = {json.dumps(facts)};\n"
        response = HttpResponse(head + _read(WORKER), content_type="text/javascript; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        response["Service-Worker-Allowed"] = SCOPE
        return response


@method_decorator(login_not_required, name="dispatch")
class Manifest(View):
    """So that it can stand among the programs of the telephone; the same for every county."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        icons = [
            {"src": static(f"icons/seal-{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
            for name, size, use in (("192", 192, "any"), ("512", 512, "any"), ("maskable-512", 512, "maskable"))
        ]
        facts = {
            "id": SCOPE,
            "name": _("Consultation at the grassroots"),
            "short_name": _("Consultation"),
            "lang": "zh-Hans",
            "start_url": SCOPE,
            "scope": SCOPE,
            "display": "standalone",
            "theme_color": "#FCFAF4",
            "background_color": "#FCFAF4",
            "icons": icons,
        }
        response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False})
        response["Content-Type"] = "application/manifest+json"
        response["Cache-Control"] = "max-age=3600"
        return response


@method_decorator(login_not_required, name="dispatch")
class Offline(TemplateView):
    """Shown for a page of /m/ that is not on this telephone, while there is no network. Says nothing of anybody."""

    template_name = "phone/offline.html"
    http_method_names = ["get", "head"]

    def render_to_response(self, context: Any, **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-cache"
        return response


class Kept(Offline):
    """What accounts have left on this telephone, for who cannot sign in any more. The server says nothing here."""

    template_name = "phone/kept.html"


@method_decorator([login_not_required, never_cache], name="dispatch")
class Hello(View):
    """Who is signed in here: asked before a telephone sends, so that nobody sends under another one's name.

    The key opens what this account left on this telephone. It is the same at each sign-in, and made, not stored.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated or user.must_change_password:
            return JsonResponse({"code": "not_signed_in", "detail": _("Sign in first.")}, status=401)
        return JsonResponse(
            {
                "account": str(user.uuid),
                "token": get_token(request),
                "key": base64.b64encode(key_of(user)).decode(),
                "understood": CURRENT,
                "edition": edition(),
            }
        )


def key_of(account: Any) -> bytes:
    """32 bytes for AES; whoever has the telephone but not the account does not have them."""
    secret = hashlib.sha256(b"telephone\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(secret, account.uuid.bytes, hashlib.sha256).digest()


def _read(name: str) -> str:
    found = finders.find(name)
    if not found:  # only the collected files are there
        found = str(Path(settings.STATIC_ROOT) / name)
    return Path(str(found)).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def edition() -> str:
    """The name of this edition of the program: it changes when one of its files does."""
    digest = hashlib.sha256()
    for name in (*SHELL, WORKER):
        digest.update(name.encode() + _read(name).encode())
    return digest.hexdigest()[:12]
