"""QR codes as drawings that a page may contain: no script, no style, no outside address."""

import io

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TEXT_AT_MOST = 600  # more makes squares that a phone cannot tell apart on paper


def qr_svg(text: str, label: str = "") -> SafeString:
    """The QR code of a text as ``<svg>`` markup for the page; ``label`` is what a screen reader says."""
    if not text or len(text) > TEXT_AT_MOST:
        raise ValueError(f"a QR code holds 1 to {TEXT_AT_MOST} characters")
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, nl=False, svgclass=None, lineclass=None, omitsize=True, light="#fff")
    name = escape(label or _("QR code"))
    markup = drawn.getvalue().decode()
    opening = f'<svg class="qr" role="img" aria-label="{name}" focusable="false"'
    # The library escapes nothing because it writes figures only; the label is escaped above.
    return mark_safe(markup.replace("<svg", opening, 1))  # noqa: S308
