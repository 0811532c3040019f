"""What is posted: the notice and the whole chain of its matter, masked, as data with a checksum."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.utils import timezone

from consult import options
from consult.regions.services import path_of
from outcomes.chain import build_chain
from outcomes.chain.values import without_empty
from outcomes.models import PublicNotice
from outcomes.services.notices.photos import photos_in_snapshot


def build_snapshot(notice: PublicNotice, *, number: str, posted_on: date, expires_on: date) -> dict[str, Any]:
    """Written once, at posting; board, search and public API read nothing else."""
    own = {
        "uuid": str(notice.uuid),
        "number": number,
        "kind": notice.kind,
        "host": {"code": notice.host.region_code, "name": notice.host.name},
        "region": path_of(notice.region_code),
        "region_code": notice.region_code,
        "title": notice.title,
        "text": notice.text,
        "summary": notice.summary,
        "places": list(notice.places),
        "days": notice.days,
        "phone": notice.phone,
        "photos": photos_in_snapshot(notice),
        "posted_on": posted_on,
        "expires_on": expires_on,
        "on_paper": notice.on_paper,
        "session": _announced(notice.session) if notice.session else None,
        "cites": _cited(notice.cites),
        "corrects": _cited(notice.corrects),
        "sample": notice.is_sample,
        "share_minimum": options.get(notice.host_id, "limits.share_minimum"),
    }
    chain = build_chain(notice.topic, public=True) if notice.topic else None
    return without_empty({"notice": own, "chain": chain})


def _cited(other: PublicNotice | None) -> dict[str, str] | None:
    return {"number": other.number, "uuid": str(other.uuid)} if other else None


def _announced(session: Any) -> dict[str, Any]:
    """When and where residents may come; who was invited is not posted before it has happened."""
    return {
        "title": session.title,
        "form": session.form,
        "venue_kind": session.venue_kind,
        "room": session.room.name if session.room else "",
        "place": session.place,
        "region": path_of(session.region_code),
        "starts_at": timezone.localtime(session.starts_at).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": timezone.localtime(session.ends_at).strftime("%Y-%m-%dT%H:%M"),
    }


def canonical(snapshot: dict[str, Any]) -> bytes:
    """One way to write it: sorted keys, no blanks, UTF-8; whoever has the snapshot can compute the checksum again."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(snapshot: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def searched_texts(snapshot: dict[str, Any]) -> list[str]:
    """What the search box finds: the title first, then the words of the notice and of the chain."""
    notice, chain = snapshot["notice"], snapshot.get("chain") or {}
    topic = chain.get("topic", {})
    texts = [notice["title"], notice["text"], notice.get("summary", ""), notice["number"], notice.get("region", "")]
    texts += [topic.get(key, "") for key in ("title", "place", "problem", "category", "number", "region")]
    for session in chain.get("sessions", []):
        texts += [session["title"], session.get("place", ""), session.get("room", "")]
        texts += [point["text"] for point in session.get("consensus", [])]
    for one in chain.get("assignments", []):
        texts += [one["matter"], one["lead_unit"], (one.get("reply") or {}).get("result", "")]
    return texts
