"""A file is what is in it; what pretends, bursts or runs is refused with a sentence."""

import random
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.files.content import check_upload, recognise
from consult.files.formats import SENTENCES
from consult.files.names import clean_name
from tests.consult.files import samples


def refused(data, name):
    with pytest.raises(ValidationError) as caught:
        recognise(data, name)
    assert caught.value.messages[0]
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (samples.jpeg(), "现场.jpg", "image/jpeg"),
        (samples.jpeg(progressive=True), "现场.JPEG", "image/jpeg"),
        (samples.picture("JPEG", mode="CMYK"), "a.jpg", "image/jpeg"),
        (samples.jpeg(exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"), "a.jpg", "image/jpeg"),
        (samples.jpeg() + b"\0\0\0\x18ftypmp42" + b"\0" * 40, "motion.jpg", "image/jpeg"),
        (samples.picture("PNG"), "a.png", "image/png"),
        (samples.picture("PNG", mode="L"), "截图.png", "image/png"),
        (samples.picture("WEBP"), "a.webp", "image/webp"),
        (samples.picture("WEBP", lossless=True), "a.webp", "image/webp"),
        (samples.picture("WEBP"), "微信图片.jpg", "image/webp"),
        (samples.jpeg(), "image", "image/jpeg"),
        (samples.jpeg(), "2021.03.15现场", "image/jpeg"),
        (samples.pdf(), "纪要.pdf", "application/pdf"),
        (samples.pdf(), "纪要.docx.pdf", "application/pdf"),
        (samples.pdf_with_objects(b"1 0 << /Type /Page >>"), "a.pdf", "application/pdf"),
        (samples.office("docx"), "纪要.docx", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (samples.office("xlsx"), "台账.xlsx", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (samples.ofd(), "公文.ofd", "application/ofd"),
    ],
)
def test_honest_files_are_taken_for_what_they_are(data, name, content_type):
    assert recognise(data, name).content_type.endswith(content_type)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "unknown"),
        (b"<svg onload='x'/>", "a.jpg", "not_what_it_says"),
        (b"<html><script>alert(1)</script>", "a.html", "unknown"),
        (b"<!doctype html>", "a.pdf", "not_what_it_says"),
        (b"MZ\x90\0" + b"\0" * 60, "a.jpg", "not_what_it_says"),
        (b"MZ\x90\0" + b"\0" * 60, "a.exe", "unknown"),
        (b"\x7fELF", "a", "unknown"),
        (b"GIF89a/*" + b"\0" * 30 + b"*/=alert(1)", "a.gif", "unknown"),
        (b"FWS\x06", "a.swf", "unknown"),
        (b"a,b,c\n1,2,3\n", "a.xlsx", "not_what_it_says"),
        (samples.picture("PNG"), "a.xlsx", "not_what_it_says"),
        (samples.pdf(), "a.jpg", "not_what_it_says"),
        (samples.jpeg(), "a.gif", "not_what_it_says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "a.doc", "old_office"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "encrypted",
        ),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "IMG_1.HEIC", "heic"),
        # names that pretend
        (samples.jpeg(), "a.php.jpg", "program"),
        (samples.jpeg(), "a.jpg.exe", "program"),
        (samples.jpeg(), "a.jpg%00.php", "program"),
        (samples.jpeg(), "photo\u202egpj.exe", "program"),
        (samples.jpeg(), "a.svg", "program"),
        (samples.jpeg(), "a.php5.jpg", "program"),
        (samples.office("docx"), "a.docm", "program"),
        # two things at once
        (samples.jpeg() + samples.office("docx"), "a.jpg", "hidden"),
        (samples.jpeg() + b"<script>alert(1)</script>", "a.jpg", "hidden"),
        (samples.jpeg() + b"\0\0\0\x18ftypmp42<?php system($x);", "a.jpg", "hidden"),
        (samples.jpeg(comment=b"<?php system($_GET[0]);"), "a.jpg", "hidden"),
        (samples.picture("PNG") + b"PK\x03\x04rest", "a.png", "hidden"),
        (samples.picture("WEBP") + b"#!/bin/sh\n", "a.webp", "hidden"),
        (samples.pdf() + b"MZ\x90", "a.pdf", "hidden"),
        (b"<html>" + samples.pdf(), "a.pdf", "not_what_it_says"),
        (b"MZ" + samples.office("docx"), "a.docx", "not_what_it_says"),
        (samples.office("docx", comment=b"<script>"), "a.docx", "hidden"),
        (samples.office("docx") + b"tail", "a.docx", "hidden"),
        # cut short or damaged
        (samples.jpeg()[:-200], "a.jpg", "broken"),
        (samples.jpeg()[:300], "a.jpg", "broken"),
        (b"\xff\xd8\xff", "a.jpg", "broken"),
        (samples.picture("PNG")[:-20], "a.png", "broken"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "broken"),
        (samples.picture("WEBP")[:-20], "a.webp", "broken"),
        (b"RIFF\x04\0\0\0WEBP", "a.webp", "broken"),
        (b"%PDF-1.7\nnothing", "a.pdf", "broken"),
        (samples.office("docx")[:-40], "a.docx", "broken"),
        (b"PK\x03\x04", "a.docx", "broken"),
        # moving, vast
        (samples.animated("PNG"), "a.png", "animated"),
        (samples.animated("WEBP"), "a.webp", "animated"),
        (samples.vast_png(), "a.png", "pixels"),
        (samples.picture("PNG", (8000, 6300), mode="1"), "a.png", "pixels"),
        # documents that run or fetch
        (samples.pdf(b"4 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"), "a.pdf", "active"),
        (samples.pdf(b"4 0 obj\n<< /S /J#61vaScript >>\nendobj\n"), "a.pdf", "active"),
        (samples.pdf(b"4 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"), "a.pdf", "active"),
        (samples.pdf_with_objects(b"1 0 << /S /JavaScript /JS 9 0 R >>"), "a.pdf", "active"),
        (samples.pdf_with_objects(b"\0" * (70 << 20)), "a.pdf", "unpacked"),
        (samples.pdf(trailer=b"/Encrypt 9 0 R "), "a.pdf", "encrypted"),
        (samples.office("docx", [("word/vbaProject.bin", "x")]), "a.docx", "macros"),
        (
            samples.office("docx", content_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "a.docx",
            "macros",
        ),
        (samples.office("xlsx", [("xl/activeX/activeX1.bin", "x")]), "a.xlsx", "active"),
        (
            samples.office(
                "docx",
                [
                    (
                        "word/_rels/settings.xml.rels",
                        '<Relationship Type="http://x/attachedTemplate" Target="http://evil/" TargetMode="External"/>',
                    )
                ],
            ),
            "a.docx",
            "active",
        ),
        (samples.package([("[Content_Types].xml", "<!DOCTYPE x [<!ENTITY a 'b'>]>")]), "a.docx", "active"),
        # archives
        (samples.package([("a.txt", "x")]), "a.zip", "unknown"),
        (samples.package([("a.txt", "x")]), "a.docx", "unknown"),
        (samples.office("docx", [("../../etc/passwd", "x")]), "a.docx", "hidden"),
        (samples.office("docx", [("/abs", "x")]), "a.docx", "hidden"),
        (samples.office("docx", [("Word/Document.xml", "x")]), "a.docx", "hidden"),
        (samples.office("xlsx", [("xl/big.xml", b"\0" * (201 << 20))]), "a.xlsx", "unpacked"),
        (samples.office("docx", [(f"p{n}", "") for n in range(5001)]), "a.docx", "unpacked"),
    ],
)
def test_what_pretends_bursts_or_runs_is_refused(data, name, code):
    begun = time.perf_counter()
    assert refused(data, name) == code
    assert time.perf_counter() - begun < 2


def test_a_link_that_is_no_fetched_part_is_allowed():
    link = '<Relationship Id="r" Type="http://x/hyperlink" Target="http://example.org/" TargetMode="External"/>'
    assert recognise(samples.office("docx", [("word/_rels/document.xml.rels", link)]), "a.docx")


def test_the_size_is_named_in_the_refusal():
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"\0" * (38 << 20))
    with pytest.raises(ValidationError) as caught:
        check_upload(upload, "scan")
    assert caught.value.code == "too_large"
    assert "38 MB" in caught.value.messages[0] or "38 " in caught.value.messages[0]


def test_twenty_megabytes_are_enough():
    data = samples.pdf(b"6 0 obj\n<< /Length 1 >>\nstream\n" + b"\0" * (19 << 20) + b"\nendstream\nendobj\n")
    assert check_upload(SimpleUploadedFile("a.pdf", data), "scan")[1].extension == "pdf"


@pytest.mark.parametrize(
    ("kind", "data", "name", "code"),
    [
        ("photo", samples.pdf(), "a.pdf", "not_a_photo"),
        ("scan", samples.office("docx"), "a.docx", "not_a_scan"),
        ("photo", samples.jpeg(), "a.jpg", None),
        ("scan", samples.jpeg(), "a.jpg", None),
        ("scan", samples.pdf(), "a.pdf", None),
        ("scan", samples.ofd(), "a.ofd", None),
        ("document", samples.office("xlsx"), "a.xlsx", None),
        ("document", samples.jpeg(), "a.jpg", None),
    ],
)
def test_each_kind_takes_its_formats(kind, data, name, code):
    upload = SimpleUploadedFile(name, data)
    if code is None:
        assert check_upload(upload, kind)[0] == data
    else:
        with pytest.raises(ValidationError) as caught:
            check_upload(upload, kind)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("现场照片.JPG", "现场照片.jpg"),
        ("../../etc/签到表.jpeg", "签到表.jpg"),
        ("C:\\照片\\一.png", "一.jpg"),
        ("买买提·吐尔逊 𠮷.jpg", "买买提·吐尔逊 𠮷.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg"),
        ('x"; filename=evil.jpg', "x_; filename=evil.jpg"),
        ("", "picture.jpg"),
        ("...", "picture.jpg"),
        (".jpg", "picture.jpg"),
        ("字" * 500 + ".jpg", "字" * 120 + ".jpg"),
        ("2021.03.15现场", "2021.03.15现场.jpg"),
        ("\u200b\u202e.jpg", "picture.jpg"),
    ],
)
def test_names_are_kept_for_reading_and_trusted_for_nothing(name, kept):
    assert clean_name(name, recognise(samples.jpeg(), "")) == kept


HONEST = [
    samples.jpeg(),
    samples.picture("PNG"),
    samples.picture("WEBP"),
    samples.pdf(),
    samples.pdf_with_objects(b"1 0 << >>"),
    samples.office("docx"),
    samples.ofd(),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(HONEST), st.integers(0, 2**32), st.integers(1, 30))
def test_no_damage_breaks_the_check(data, seed, wounds):
    rng = random.Random(seed)
    damaged = bytearray(data)
    for _wound in range(wounds):
        place = rng.randrange(len(damaged))
        if rng.random() < 0.2:
            del damaged[place : place + rng.randrange(1, 40)]
            damaged = damaged or bytearray(b"\xff")
        else:
            damaged[place] = rng.randrange(256)
    try:
        recognise(bytes(damaged), "a")
    except ValidationError as error:
        assert error.code in SENTENCES


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_no_name_breaks_the_check_or_keeps_a_way_out(name):
    try:
        format = recognise(samples.ofd(), name)
    except ValidationError:
        return
    kept = clean_name(name, format)
    assert len(kept) <= 130
    assert not set(kept) & set('/\\\r\n\0"')
