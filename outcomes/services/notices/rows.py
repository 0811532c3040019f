"""A notice's row on the board, rendered once: what changes with the day is put in when the board is read."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from consult.web.states import position
from outcomes.marks import Marks
from outcomes.models import PublicNotice
from outcomes.services.figures import share_of
from outcomes.states import NoticeKind

#: Stands where the view says how long it still hangs.
NOW = "<!--now-->"
LINE_AT_MOST = 60
#: A share of fewer answers is not told, where the snapshot does not say how many are asked for.
LEAST = 5


def render_row(notice: PublicNotice, snapshot: dict[str, Any] | None = None) -> str:
    """Static HTML from the snapshot alone."""
    snapshot = snapshot or notice.snapshot
    own, chain = snapshot["notice"], snapshot.get("chain") or {}
    context = {
        "notice": own,
        "code": own["host"]["code"],
        "day": notice.posted_on,
        "place": place_of(own, chain),
        "line": own.get("summary") or first_sentence(own["text"]),
        "position": _position(chain) if chain else None,
        "fact": _fact(own, chain),
        "marks": Marks(chain.get("illustrative", ())),
        "sample": own.get("sample"),
        "kind": NoticeKind(own["kind"]).label,
    }
    return " ".join(render_to_string("board/_row.html", context).split())


def place_of(own: dict[str, Any], chain: dict[str, Any]) -> str:
    """同乐街道 万桥社区: what lies below the host's own division."""
    names = own.get("region", "").split(" / ")
    host = own["host"]["code"]
    above = 1 + sum(int(host[start:end]) > 0 for start, end in ((2, 4), (4, 6), (6, 9)))
    return " ".join(names[above:])


def first_sentence(text: str) -> str:
    head = text.replace("\n", "").split("。")[0]
    return f"{head}。" if len(head) < LINE_AT_MOST else f"{head[: LINE_AT_MOST - 1]}…"


def _position(chain: dict[str, Any]) -> int:
    return position("topic", chain["topic"]["state"], chain.get("profile", ""))


def _fact(own: dict[str, Any], chain: dict[str, Any]) -> dict[str, Any]:
    """The one figure that matters."""
    result = (chain.get("satisfaction") or {}).get("result") or {}
    asked = sum(result.values())
    if asked:
        pleased = result["satisfied"] + result["basically"]
        told = share_of(pleased, asked, least=own.get("share_minimum", LEAST))
        return {"kind": "satisfaction", "asked": asked, "share": told, "pleased": pleased}
    running = [one for one in chain.get("assignments", []) if one["state"] != "annulled"]
    if running:
        done = sum(one["state"] == "closed" for one in running)
        return {"kind": "assignments", "all": len(running), "done": done}
    if own.get("session"):
        return {"kind": "session", "session": own["session"]}
    return {}
