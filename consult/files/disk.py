"""Where files lie: written under a temporary name, given their own when the transaction is over.

``incoming/<uuid>.part`` until the commit, ``<2 figures>/<uuid>`` afterwards. Between the commit and the renaming the
reader looks in both places, so that a crash there hides nothing; the sweep finishes what was left.
"""

import contextlib
import errno
import os
import threading
import time
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageFull(DomainError):
    """There is no room for the file; nothing was kept."""

    code = "storage_full"
    status = 507
    sentence = _("The file was not kept: the store is full. Your words are still here; tell the office's technician.")


class StorageDown(DomainError):
    """The store of files cannot be reached; everything else goes on."""

    code = "storage_down"
    status = 503
    sentence = _("Files cannot be kept or read at present. Everything else goes on; try again later.")


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "private"


def incoming() -> Path:
    return root() / "incoming"


def place_of(uuid: UUID) -> Path:
    return root() / uuid.hex[:2] / uuid.hex


def waiting_place_of(uuid: UUID) -> Path:
    return incoming() / f"{uuid.hex}.part"


def present_place_of(uuid: UUID) -> Path | None:
    """Where the file lies now, whatever its renaming stands at."""
    return next((place for place in (place_of(uuid), waiting_place_of(uuid), place_of(uuid)) if place.exists()), None)


def receive(uuid: UUID, data: bytes) -> None:
    """Write the bytes under the temporary name, for good or not at all."""
    _write(waiting_place_of(uuid), data, os.O_EXCL)


def _write(place: Path, data: bytes, how: int, *, becomes: Path | None = None) -> None:
    """For good under this name, or the one it then takes; or not at all."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | how, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if becomes is not None:
            place.replace(becomes)
    except OSError as error:
        with contextlib.suppress(OSError):
            place.unlink(missing_ok=True)
        raise (StorageFull if error.errno in _FULL else StorageDown)() from error


def settle(uuid: UUID) -> None:
    """Give the file its own name; harmless when that has happened already."""
    place = place_of(uuid)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        waiting_place_of(uuid).replace(place)
    except FileNotFoundError:
        if not place.exists():
            raise


def open_stored(uuid: UUID) -> BufferedReader:
    """The file, wherever its renaming stands."""
    for place in (place_of(uuid), waiting_place_of(uuid), place_of(uuid)):
        try:
            return place.open("rb")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StorageDown from error
    raise StorageDown


def waiting(older_than: float = 0) -> Iterator[tuple[UUID, Path]]:
    """Files under a temporary name whose last change lies that many seconds back."""
    return _found(incoming().glob("*.part"), older_than)


def settled(older_than: float = 0) -> Iterator[tuple[UUID, Path]]:
    return _found(root().glob("[0-9a-f][0-9a-f]/*"), older_than)


def _found(paths: Iterator[Path], older_than: float) -> Iterator[tuple[UUID, Path]]:
    latest = time.time() - older_than
    for path in paths:
        try:
            uuid, changed = UUID(hex=path.stem.partition("-")[0]), path.stat().st_mtime
        except (ValueError, FileNotFoundError):
            continue  # not ours, or renamed while we looked
        if changed <= latest:
            yield uuid, path


# what is drawn from a file -------------------------------------------------------------------------------------------


def tile_of(uuid: UUID, name: str) -> Path:
    """A smaller picture of a private file; it can be drawn again at any time."""
    return root() / "tiles" / uuid.hex[:2] / f"{uuid.hex}-{name}"


def copy_of(uuid: UUID, name: str) -> Path:
    """A picture that the public may come to see, under the name of its copy."""
    return Path(settings.MEDIA_ROOT) / "copies" / uuid.hex[:2] / f"{uuid.hex}-{name}"


def keep_drawn(place: Path, data: bytes) -> None:
    """Whole under its name, or not at all."""
    partial = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}.part")
    _write(partial, data, os.O_TRUNC, becomes=place)


def remove_copy(uuid: UUID) -> None:
    """Every picture of a copy that nobody may see any more."""
    for path in copy_of(uuid, "").parent.glob(f"{uuid.hex}-*"):
        path.unlink(missing_ok=True)


def remove_tiles(uuid: UUID) -> None:
    for path in tile_of(uuid, "").parent.glob(f"{uuid.hex}-*"):
        path.unlink(missing_ok=True)


def remove_file(uuid: UUID) -> None:
    """The file itself, for good."""
    for path in (place_of(uuid), waiting_place_of(uuid)):
        path.unlink(missing_ok=True)
    remove_tiles(uuid)


def copies(older_than: float = 0) -> Iterator[tuple[UUID, Path]]:
    """Pictures of copies, and what a crash left half written beside them."""
    return _found((Path(settings.MEDIA_ROOT) / "copies").glob("[0-9a-f][0-9a-f]/*"), older_than)
