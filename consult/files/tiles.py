"""Smaller pictures of private files, drawn when somebody first looks at them and kept beside the files."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.http import Http404

from consult.files import disk
from consult.files.drawing import DESK, TILE, redraw
from consult.files.models import Attachment

#: What can be asked for: its longest edge, by the first word of the name.
EDGES = {"tile": TILE, "desk": DESK}
FORMATS = {"jpg": "image/jpeg", "webp": "image/webp"}


def picture_of(attachment: Attachment, size: str, format: str) -> bytes:
    """The picture without metadata, no larger than asked; a store that cannot keep it does not keep anybody from it."""
    if not attachment.is_picture or size not in EDGES or format not in FORMATS:
        raise Http404
    place = disk.tile_of(attachment.uuid, f"{size}.{format}")
    with contextlib.suppress(OSError):
        return place.read_bytes()
    with disk.open_stored(attachment.uuid) as file:
        drawn = redraw(file, EDGES[size])
    for name, data in (("jpg", drawn.jpeg), ("webp", drawn.webp)):
        with contextlib.suppress(disk.StorageFull, disk.StorageDown):
            disk.keep_drawn(disk.tile_of(attachment.uuid, f"{size}.{name}"), data)
    return drawn.jpeg if format == "jpg" else drawn.webp


def forget(uuid: UUID) -> None:
    with contextlib.suppress(OSError):
        disk.remove_tiles(uuid)
