"""Who may knock. What he may then do is asked by the service."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission


class ReadByAnyone(BasePermission):
    """Anonymous callers read; whoever changes something signs in first. Regions and notices only."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.method in SAFE_METHODS or bool(request.user and request.user.is_authenticated)
