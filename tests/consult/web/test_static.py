"""Styles, scripts and vendored files: the floor is Chromium 90, nothing from elsewhere, first views stay light."""

import gzip
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

ROOT = settings.BASE_DIR
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PHONE = sorted((ROOT / "static" / "js" / "phone").glob("*.js"))
PARTS = next((ROOT / "static" / "vendor").glob("bootstrap-*/bootstrap-parts.min.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "consult" / "web").rglob("*.html"))

TOO_NEW_STYLE = (
    r":has\(|@layer|@container|@scope|@starting|color-mix|oklch|\d(?:dvh|svh|lvh)\b"
    r"|accent-color|subgrid|:popover|text-wrap:"
)
TOO_NEW_SCRIPT = (
    r"\.at\(|structuredClone|\.findLast|Object\.groupBy|\.toSorted|hasOwn\(|\.showPopover|this\.#|static \{"
)


def size(*paths):
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


@pytest.mark.parametrize("path", [*STYLES, PARTS], ids=lambda path: path.name)
def test_styles_stay_on_the_floor(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(TOO_NEW_STYLE, text) == []
    assert text.count("{") == text.count("}")
    assert re.findall(r"^\s*&|[;{]\s*&", text, re.MULTILINE) == []  # nesting


@pytest.mark.parametrize("path", [*SCRIPTS, *PHONE], ids=lambda path: path.name)
def test_scripts_stay_on_the_floor(path):
    text = path.read_text()
    assert re.findall(TOO_NEW_SCRIPT, text) == []
    assert re.findall(r"\beval\(|new Function|\.innerHTML", text) == []


@pytest.mark.parametrize("path", [*STYLES, PARTS, *SCRIPTS, *PHONE], ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"https?://(?!www\.w3\.org)", text) == []
    assert "@import" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_nothing_inline(path):
    text = path.read_text()
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []


def test_pictures_named_in_styles_exist():
    for path in STYLES:
        for name in re.findall(r"url\(\"([^\"]+)\"\)", path.read_text()):
            assert (path.parent / name).resolve().exists(), name


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text()))
    pages = (ROOT / "templates").rglob("*.html")
    asked = {name for page in pages for name in re.findall(r'{% icon "([^"]+)"', page.read_text())}
    assert asked <= drawn, asked - drawn


def test_a_first_view_of_the_board_is_light():
    shared = [
        PARTS,
        ROOT / "static" / "css" / "zb.css",
        ROOT / "static" / "css" / "public.css",
        ROOT / "static" / "icons.svg",
    ]
    assert size(*shared) < 32_000  # leaves 28 KB for the page itself


def test_a_first_view_of_the_workbench_is_light():
    htmx = finders.find("django_htmx/htmx-2.min.js")
    assert htmx
    with open(htmx, "rb") as file:
        scripts = len(gzip.compress(file.read(), 6)) + size(ROOT / "static" / "js" / "app.js")
    assert scripts < 26_000


def test_the_desk_of_the_recorder_and_the_screen_are_light():
    """What their pages load beside that."""
    desk, screen = ("morph", "record", "sessions"), ("morph", "live")
    for names, most in ((desk, 14_000), (screen, 5_000)):
        assert size(*(ROOT / "static" / "js" / f"{name}.js" for name in names)) < most


@pytest.mark.parametrize(
    ("page", "also", "most"),
    [("home", [], 26_000), ("queue", ["cards", "kept"], 30_000), ("sitting", ["sitting"], 30_000)],
)
def test_a_page_of_the_telephone_is_light(page, also, most):
    """Every page keeps, sends and tells; records as cards and the sitting on the spot come where they are looked at."""
    named = re.findall(r"js/phone/(\w+)\.js", (ROOT / "templates" / "phone" / "_scripts.html").read_text())
    apart = {"cards", "kept", "sitting"}
    loaded = [name for name in named if name not in apart or name in also]
    assert apart <= set(named) and len(loaded) == len(named) - len(apart) + len(also)
    assert size(*(ROOT / "static" / "js" / "phone" / f"{name}.js" for name in loaded)) < most, page


def test_every_class_of_the_templates_is_drawn():
    """A class without a style is a typing error, unless it is a hook of a script (js-…)."""
    styles = "".join(path.read_text() for path in [*STYLES, PARTS])
    drawn = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", styles))
    missing = {}
    for page in TEMPLATES:
        values = re.findall(r'class="((?:[^"{]|\{[{%].*?[}%]\})*)"', page.read_text())
        used = {name for value in values for name in re.sub(r"\{[{%].*?[}%]\}", " ", value).split()}
        if lost := {name for name in used - drawn if not name.startswith("js-")}:
            missing[str(page.relative_to(ROOT))] = sorted(lost)
    assert missing == {}
