"""The one way out for a file: to somebody the owning app lets see it, and never as a page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from consult.files import disk
from consult.files.models import Attachment


def serve(attachment: Attachment, request: HttpRequest) -> HttpResponseBase:
    """The file as a download, never interpreted as anything else; the caller has asked whether he may."""
    answer = FileResponse(
        disk.open_stored(attachment.uuid),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    answer["Content-Length"] = str(attachment.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def download_view(may: Callable[[Any, Attachment], bool]) -> Callable[..., HttpResponseBase]:
    """A view ``(request, uuid)`` that serves the file when ``may(reader, attachment)``, and is blind otherwise."""

    @require_safe
    def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        attachment = get_object_or_404(Attachment, uuid=uuid)
        if not may(request.user, attachment):
            raise Http404
        return serve(attachment, request)

    return download
