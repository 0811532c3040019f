"""One effect per key: the answer of an unsafe call is stored in the transaction of its effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from consult.idempotency import Fingerprint, once, owner_of
from consult.idempotency.failpoints import failpoint

from .exceptions import Malformed

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEPT_HEADERS = ("Location",)


def answer(request: Any, work: Callable[[], Response]) -> Response:
    """Do the work once per key. With a token the key is required; a browser session may leave it out."""
    if request.method in SAFE:
        return work()
    key = request.headers.get(HEADER)
    if key is None:
        if request.auth is not None:
            raise Malformed(
                _("Send an Idempotency-Key header with every call that changes something."), "idempotency_key_required"
            )
        return _without_key(work)
    if not (key.isascii() and key.isprintable() and 0 < len(key.strip()) == len(key) <= LONGEST_KEY):
        raise Malformed(_("An Idempotency-Key is 1 to 200 visible characters."), "idempotency_key_invalid")
    return _with_key(request, key, work)


def _without_key(work: Callable[[], Response]) -> Response:
    with transaction.atomic():
        return work()


def _with_key(request: Any, key: str, work: Callable[[], Response]) -> Response:
    fingerprint = Fingerprint(request.method, request.get_full_path(), _hash(request))
    with transaction.atomic(), once(owner_of(request), key, fingerprint) as slot:
        if slot.answer is not None:
            return _replay(slot.answer)
        response = work()
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        slot.keep(status=response.status_code, headers=headers, body=JSONRenderer().render(response.data))
        failpoint("before_commit")
    failpoint("after_commit")
    return response


def _replay(stored: Any) -> Response:
    body = bytes(stored.body)
    headers = {**stored.headers, "Idempotent-Replayed": "true"}
    return Response(json.loads(body) if body else None, status=stored.status, headers=headers)


def _hash(request: Any) -> str:
    """The same body is the same content, whatever the order of its keys."""
    canonical = json.dumps(request.data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_file_hash)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _file_hash(value: Any) -> Any:
    """A file that came along stands for its bytes."""
    if not isinstance(value, UploadedFile):
        raise TypeError(f"{type(value).__name__} cannot be part of a request")
    value.seek(0)
    digest = hashlib.file_digest(value, "sha256").hexdigest()  # type: ignore[arg-type]  # an upload reads like a file
    value.seek(0)
    return {"file": digest}
