"""A notice's sheet: its text and what stands beside it, drawn once at posting; what comes later is put in when read.

The snapshot never changes, so neither does its drawing. It is kept under the edition of the templates and words it was
drawn with; under any other edition it is drawn from the snapshot again, and ``redraw_notices`` does so for all of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.web import drawing
from outcomes.board.paper import Paper
from outcomes.states import NoticeState

_PARTS = ("_crumbs", "_paper", "_side")
_BETWEEN = "<!--part-->"
#: Where something may come to stand. Nothing that somebody typed can look like them: its < is escaped.
CORRECTED, VOICES, LEFT, SAY, HEARD = (f"<!--{name}-->" for name in ("corrected", "voices", "left", "say", "heard"))
_DRAWN_BY = (
    "templates/board/_*.html",
    "outcomes/board/paper.py",
    "outcomes/templatetags/chain.py",
    "consult/web/words.py",
)
_WORDS = "locale/*/LC_MESSAGES/django.mo"


def draw_sheet(snapshot: dict[str, Any], *, sha256: str) -> str:
    """HTML of the snapshot alone: where it is about, the text, what stands beside it."""
    paper = Paper(snapshot, sha256=sha256)
    context = {"paper": paper, "marks": paper.marks, "code": paper.notice["host"]["code"], "at_posting": True}
    return _BETWEEN.join(render_to_string(f"board/{name}.html", context).strip() for name in _PARTS)


@cache
def edition() -> str:
    """That of this process, which read its templates and words when it began."""
    return edition_now()


def edition_now() -> str:
    """Of everything a sheet depends on but its snapshot: templates, words, signs."""
    digest = hashlib.blake2s(static("icons.svg").encode(), digest_size=8)
    for pattern in (*_DRAWN_BY, _WORDS):
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Since:
    """What has come to a notice since it was posted."""

    left: int | None
    voices: list[dict[str, Any]]
    corrected: str = ""
    correction_url: str = ""

    @property
    def answered(self) -> list[dict[str, Any]]:
        return [voice for voice in self.voices if voice.get("answer")]


def fill_sheet(sheet: str, since: Since) -> dict[str, SafeString]:
    """The parts of the sheet as they read today."""
    crumbs, article, side = sheet.split(_BETWEEN)
    if since.corrected:
        correction = {"corrected": since.corrected, "correction_url": since.correction_url}
        article = article.replace(CORRECTED, render_to_string("board/_corrected.html", correction), 1)
    if since.voices:
        answered = since.answered
        context: dict[str, Any] = {
            "voices": since.voices,
            "answered": answered,
            "waiting": len(since.voices) - len(answered),
        }
        article = article.replace(VOICES, render_to_string("board/_voices.html", context), 1)
    side = side.replace(LEFT, _draw_left(since.left), 1).replace(SAY, _say(since.left), 1)
    side = side.replace(HEARD, _draw_heard(since), 1)
    return {"crumbs": mark_safe(crumbs), "article": mark_safe(article), "side": mark_safe(side)}  # noqa: S308  drawn by templates


def _draw_left(left: int | None) -> str:
    """还剩 6 天, or that the period is over."""
    if left is None:
        return format_html('<p class="mt-2 mb-1">{}</p>', drawing.draw_badge("notice", NoticeState.EXPIRED))
    return format_html(
        '<div class="zb-figure pb-count mt-2">{} <span class="fs-5">{}</span></div>',
        left,
        pgettext("period", "days left"),
    )


def _say(left: int | None) -> str:
    words = _("Whoever sees it differently can say so within the period; each objection is answered here.")
    return "" if left is None else format_html(" {}", words)


def _draw_heard(since: Since) -> str:
    if not since.voices:
        return ""
    words = _("%(all)s objections received, %(done)s answered")
    told = words % {"all": len(since.voices), "done": len(since.answered)}
    return format_html('<p class="zb-s m3">{}</p>', told)
