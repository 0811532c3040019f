"""Photos and papers of a matter."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import NotAllowed
from consult.files.models import Attachment
from consult.files.services import store_file
from topics.models import Topic


@transaction.atomic
def attach_file(topic: Topic, *, actor: Any, upload: Any, kind: str = "photo", field: str = "photos") -> Attachment:
    """Keep a photo of the place, or the scan of a paper that was recorded."""
    if not actor.has_perm("topics.attach_topic", topic):
        raise NotAllowed(_("Photos come from who raised the matter, took it up, or from the office."))
    return store_file(actor=actor, subject=topic, upload=upload, kind=kind, field=field)
