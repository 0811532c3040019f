"""Signing in: by the code on the screen, by six characters, from one's account, by the recorder, by proxy."""

from __future__ import annotations

from typing import Any

from sessions.models import ConsultSession


def screen_link(session: ConsultSession) -> str:
    """The path that the screen shows as a QR code; another one every minute."""
    raise NotImplementedError


def sign_in_code(session: ConsultSession) -> str:
    """Six characters for who cannot scan; empty while the session does not run."""
    raise NotImplementedError


def counts(session: ConsultSession) -> list[dict[str, Any]]:
    """Per class of the host's words: ``category``, ``label``, ``present``, ``expected``."""
    raise NotImplementedError


def present_total(session: ConsultSession) -> int:
    """Heads that came."""
    raise NotImplementedError
