"""Who asks, as far as an address tells."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings


def caller_of(request: Any) -> str:
    """The address that asks. What the caller says of himself in X-Forwarded-For counts for nothing: only as many
    entries from its end are believed as there are proxies of our own (CONSULT_PROXIES)."""
    proxies = int(str(settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0))
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    address = forwarded[-min(proxies, len(forwarded))] if proxies and forwarded else request.META.get("REMOTE_ADDR", "")
    return _network(address)


def _network(address: str) -> str:
    """One household has one IPv4 address, and of IPv6 a whole /64."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address[:64]
    if found.version == 6 and not found.ipv4_mapped:
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found.ipv4_mapped or found) if found.version == 6 else str(found)
