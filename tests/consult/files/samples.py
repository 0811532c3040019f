"""Files made for tests: honest ones, and ones that pretend."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def jpeg(size=(60, 40), **options):
    return picture("JPEG", size, **options)


def picture(format, size=(60, 40), mode="RGB", **options):
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(kept, format, **options)
    return kept.getvalue()


def animated(format):
    kept = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(kept, format, save_all=True, append_images=frames[1:])
    return kept.getvalue()


def vast_png():
    """A picture of 10^10 pixels in a few hundred bytes."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(extra=b"", trailer=b""):
    body = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + extra
    )
    return body + b"xref\n0 1\ntrailer\n<< /Root 1 0 R " + trailer + b">>\nstartxref\n9\n%%EOF\n"


def pdf_with_objects(inside):
    packed = zlib.compress(inside)
    head = b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\n" % len(packed)
    return pdf(extra=head + b"stream\n" + packed + b"\nendstream\nendobj\n")


TYPES = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{TYPES}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{TYPES}spreadsheetml.sheet.main+xml"),
}


def office(kind="docx", parts=(), content_type="", comment=b"", method=zipfile.ZIP_DEFLATED):
    main, main_type = MAIN[kind]
    types = f'<Types><Override PartName="/{main}" ContentType="{content_type or main_type}"/></Types>'
    return package([("[Content_Types].xml", types), (main, "<w/>"), *parts], comment, method)


def ofd():
    return package([("OFD.xml", '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>')])


def package(parts, comment=b"", method=zipfile.ZIP_DEFLATED):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as made:
        for name, text in parts:
            made.writestr(name, text)
        made.comment = comment
    return kept.getvalue()
