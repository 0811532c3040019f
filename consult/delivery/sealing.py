"""Secrets that staff type in lie in the table sealed: a copy of the database alone opens none of them.

The key is made from the installation's own SECRET_KEY. After that has been changed the old seals do not open, unless
the old key stands in SECRET_KEY_FALLBACKS; the robot then has to be entered again.
"""

from __future__ import annotations

import base64
import json
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _


class Unreadable(Exception):
    """Sealed under another key."""


def seal(secret: dict[str, str]) -> str:
    return _box().encrypt(json.dumps(secret).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    try:
        return json.loads(_box().decrypt(sealed.encode()))
    except _fernet().InvalidToken:
        raise Unreadable(_("The secret cannot be read any more; enter the robot again.")) from None


def _box() -> Any:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [salted_hmac("consult.delivery.seal", "robot", secret=key, algorithm="sha256").digest() for key in keys]
    fernet = _fernet()
    return fernet.MultiFernet([fernet.Fernet(base64.urlsafe_b64encode(key)) for key in made])


def _fernet() -> Any:
    """Loaded where something is sealed or opened, which most processes never do."""
    return import_module("cryptography.fernet")
