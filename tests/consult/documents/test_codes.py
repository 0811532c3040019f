"""QR codes that a page may contain."""

import re
from xml.etree import ElementTree

import pytest

from consult.documents import qr_svg


def test_the_code_is_a_drawing_with_a_name():
    drawing = ElementTree.fromstring(qr_svg("https://example.org/b/341103000000/H7KM2RT9XZ", label="回执码"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "回执码"


def test_the_label_cannot_break_out():
    markup = qr_svg("x", label='"><script>alert(1)</script>')
    assert "<script" not in markup


def test_nothing_in_it_that_the_content_policy_refuses():
    markup = qr_svg("https://example.org/")
    assert not re.search(r"style|script|onload|href|url\(", markup)


def test_the_same_text_gives_the_same_drawing_and_another_text_another():
    assert qr_svg("a") == qr_svg("a") != qr_svg("b")


@pytest.mark.parametrize("text", ["", "x" * 601])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(ValueError, match="QR code"):
        qr_svg(text)
