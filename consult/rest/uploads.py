"""Files through the API: one multipart call, one file; the same ``client_id`` sent again is the same file."""

from __future__ import annotations

from typing import IO, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from consult.files.models import CAPTION, Attachment, AttachmentKind

from .parsing import StrictJSONParser, refusal_of
from .serializers import LineField, StrictSerializer

#: What is handed in through this door; scans come with the move that they prove.
UPLOAD_KINDS = [(kind.value, kind.label) for kind in (AttachmentKind.PHOTO, AttachmentKind.DOCUMENT)]


class UploadParser(MultiPartParser):
    """A form with one file; how long it may be says the server in front, how large the file the service."""

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        parsed = super().parse(stream, media_type, parser_context)
        twice = [name for name in parsed.data if len(parsed.data.getlist(name)) > 1]
        twice += [name for name in parsed.files if len(parsed.files.getlist(name)) > 1 or name in parsed.data]
        if twice:
            sentence = [_("This field stands there twice.")]
            raise ValidationError({"body" if refusal_of(name) else name: sentence for name in twice})
        return parsed


#: JSON is read as well, so that who may not see the thing gets his 404, and who may is told that the file is missing.
UPLOAD_PARSERS = (UploadParser, StrictJSONParser)


class UploadInput(StrictSerializer):
    """``file`` and what is said about it."""

    file = serializers.FileField(source="upload", allow_empty_file=True, max_length=None)
    caption = LineField(max_length=CAPTION, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=UPLOAD_KINDS, required=False, default=AttachmentKind.PHOTO)
    client_id = serializers.UUIDField(required=False)


class AttachmentSerializer(serializers.ModelSerializer):
    """What was kept. ``url`` is the file itself, ``tile`` a small picture of it; both ask who is reading."""

    url = serializers.SerializerMethodField()
    tile = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = (
            *("uuid", "kind", "name", "caption", "size", "sha256", "content_type", "client_id", "created_at"),
            *("url", "tile"),
        )
        read_only_fields = fields

    def get_url(self, attachment: Attachment) -> str:
        return reverse("files:download", args=[attachment.uuid])

    def get_tile(self, attachment: Attachment) -> str | None:
        return reverse("files:tile", args=[attachment.uuid, "jpg"]) if attachment.is_picture else None


def kept_answer(kept: Attachment, is_new: bool, context: Any) -> Response:
    """201 the first time, 200 when it was there already."""
    kept.refresh_from_db()
    return Response(AttachmentSerializer(kept, context=context).data, status=201 if is_new else 200)
