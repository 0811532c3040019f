"""A fragment of the same page for htmx, and refusals as pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from consult.errors import DomainError
from consult.web.trouble import answer


def wants_fragment(request: HttpRequest) -> bool:
    """Asked by htmx, and neither for a whole page (boosted) nor for one from the history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )


class HtmxPartialMixin:
    """The page includes the fragment, so both tell the same; caches are told that the header matters."""

    partial_template_name: str | None = None
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except DomainError as error:
            response = answer(request, error)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_template_names(self) -> list[str]:
        if self.partial_template_name and wants_fragment(self.request):
            return [self.partial_template_name]
        return super().get_template_names()  # type: ignore[misc]
