"""The one way out for a file: to somebody the owning app lets see it, and never as a page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from consult.files import disk
from consult.files.models import Attachment


def serve(attachment: Attachment, request: HttpRequest) -> HttpResponseBase:
    """The file as a download, never interpreted as anything else; the caller has asked whether he may."""
    answer = _handed_over(attachment) if settings.FILES_HANDED_OVER_AT else _read_here(attachment)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _read_here(attachment: Attachment) -> HttpResponseBase:
    answer = FileResponse(
        disk.open_stored(attachment.uuid),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    answer["Content-Length"] = str(attachment.size)
    return answer


def _handed_over(attachment: Attachment) -> HttpResponseBase:
    """The server in front reads the file, under an address that nobody can ask it for."""
    place = disk.present_place_of(attachment.uuid)
    if place is None:
        raise disk.StorageDown
    answer = HttpResponse(content_type=attachment.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    answer["X-Accel-Redirect"] = f"{settings.FILES_HANDED_OVER_AT}{place.relative_to(disk.root()).as_posix()}"
    return answer


def show(data: bytes, content_type: str) -> HttpResponse:
    """A picture that was drawn here, shown on a page of ours and nowhere else; kept by nobody."""
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = "inline"
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
        if attachment.removed_at is not None or not may(request.user, attachment):
            raise Http404
        return serve(attachment, request)

    return download
