"""The copy for the public: nothing comes back from under a box, the original is not touched, old copies are gone."""

from __future__ import annotations

import hashlib
import io
import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from consult.audit.models import Entry
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from consult.files import copies, disk, drawing
from consult.files.models import Attachment, PublicCopy
from consult.files.services import missing_copies, missing_files, purge_removed, stray_files, sweep_copies
from sessions import services
from tests.consult.files import samples
from tests.factories import people
from tests.factories import sessions as make

INK = (33, 28, 22)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def office(client):
    account = make.clerk(people.host())
    client.force_login(account)
    return account


def red(size=(400, 200), format="JPEG", mode="RGB", **options):
    """White, with a red face on the right half."""
    picture = Image.new("RGB", size, (255, 255, 255))
    picture.paste((230, 20, 20), (size[0] // 2, 0, size[0], size[1]))
    kept = io.BytesIO()
    picture.convert(mode).save(kept, format, **options)
    return kept.getvalue()


def kept(office, data=None, name="院坝.jpg", session=None):
    upload = SimpleUploadedFile(name, data or red())
    row, _new = services.add_photo(session or make.held(), actor=office, upload=upload)
    return Attachment.objects.get(pk=row.pk)


def pictures_of(copy):
    return {
        name: disk.copy_of(copy.uuid, name).read_bytes() for name in ("full.jpg", "full.webp", "tile.jpg", "tile.webp")
    }


def seen(data):
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db(transaction=True)
class TestBurnt:
    def test_in_every_derivative_the_face_is_gone_and_the_original_is_untouched(self, office, media):
        data = red((1200, 600))
        row = kept(office, data)
        copy = copies.make_copy(row, actor=office, boxes=[[500, 0, 500, 1000]])
        for name, picture in pictures_of(copy).items():
            shown = seen(picture)
            width, height = shown.size
            dots = [shown.getpixel((x, y)) for x in range(0, width, 3) for y in range(0, height, 3)]
            assert not [dot for dot in dots if dot[0] - dot[1] > 40], name
            covered = [shown.getpixel((x, y)) for x in range(width // 2 + 4, width, 7) for y in range(0, height, 7)]
            assert all(abs(a - b) < 12 for dot in covered for a, b in zip(dot, INK, strict=True)), name
            assert min(shown.getpixel((5, 5))) > 240
        assert disk.place_of(row.uuid).read_bytes() == data
        assert copy.sha256 == hashlib.sha256(pictures_of(copy)["full.jpg"]).hexdigest()
        assert list(missing_files()) == list(missing_copies()) == []

    def test_metadata_is_gone_and_the_picture_stands_upright(self, office):
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "CANARY-maker"
        exif[0x8825] = {1: "N", 2: (24.0, 30.0, 0.0), 3: "E", 4: (100.0, 5.0, 0.0)}
        row = kept(office, red((400, 200), exif=exif.tobytes(), comment=b"CANARY-comment"))
        copy = copies.make_copy(row, actor=office)
        assert (copy.width, copy.height) == (200, 400)
        for picture in pictures_of(copy).values():
            assert b"CANARY" not in picture
            assert b"Exif" not in picture
            with Image.open(io.BytesIO(picture)) as found:
                assert dict(found.getexif()) == {}
                assert "exif" not in found.info
                assert "icc_profile" not in found.info

    def test_a_second_copy_takes_the_place_of_the_first_whose_pictures_are_gone(self, office, media):
        row = kept(office)
        first = copies.make_copy(row, actor=office)
        copies.release_copy(row, actor=office, copy=first.uuid, looked_through=True)
        second = copies.make_copy(row, actor=office, boxes=[[500, 0, 500, 1000]])
        assert [(copy.pk, copy.state) for copy in PublicCopy.objects.all()] == [
            (first.pk, "gone"),
            (second.pk, "made"),
        ]
        assert all(name.startswith(second.uuid.hex) for name in files_in(media / "copies"))
        assert len(files_in(media / "copies")) == 4
        assert copies.released_copies([row.uuid]) == {}

    def test_rounded_outwards_and_cut_at_the_edge(self):
        assert drawing._in_pixels([333, 333, 333, 333], (100, 50)) == (33, 16, 67, 34)
        assert drawing.checked_boxes([[-50, 900, 100, 500]]) == [[0, 900, 50, 100]]
        for wrong in ([[0, 0, 0, 10]], [[2000, 0, 10, 10]], [[1, 2, 3]], [["x", 0, 1, 1]], [[0, 0, 1, 1]] * 61):
            with pytest.raises(ValidationError):
                drawing.checked_boxes(wrong)

    @pytest.mark.parametrize(
        ("mode", "format", "name"),
        [("CMYK", "JPEG", "a.jpg"), ("L", "JPEG", "a.jpg"), ("P", "PNG", "a.png"), ("RGBA", "PNG", "a.png"),
         ("LA", "PNG", "a.png"), ("1", "PNG", "a.png"), ("I;16", "PNG", "a.png"), ("RGBA", "WEBP", "a.webp")],
    )  # fmt: skip
    def test_every_kind_of_picture_is_drawn(self, office, mode, format, name):
        if mode == "I;16":
            kept_data = io.BytesIO()
            Image.new("I;16", (40, 20), 40000).save(kept_data, "PNG")
            data = kept_data.getvalue()
        else:
            data = red((40, 20), format, mode)
        copy = copies.make_copy(kept(office, data, name), actor=office, boxes=[[0, 0, 100, 100]])
        assert seen(pictures_of(copy)["full.webp"]).size == (40, 20)

    def test_large_pictures_are_cut_down(self, office):
        copy = copies.make_copy(kept(office, red((3000, 1000))), actor=office)
        assert (copy.width, copy.height) == (2000, 667)
        assert seen(pictures_of(copy)["tile.jpg"]).size == (480, 160)


@pytest.mark.django_db
class TestReleased:
    def test_only_after_somebody_looked_through_exactly_this_copy(self, office):
        row = kept(office)
        with pytest.raises(WrongState):
            copies.release_copy(row, actor=office, copy=row.uuid, looked_through=True)
        first = copies.make_copy(row, actor=office)
        with pytest.raises(Missing) as caught:
            copies.release_copy(row, actor=office, copy=first.uuid, looked_through=False)
        assert list(caught.value.fields) == ["looked_through"]
        second = copies.make_copy(row, actor=office)
        with pytest.raises(LostRace):
            copies.release_copy(row, actor=office, copy=first.uuid, looked_through=True)
        assert copies.released_copies([row.uuid]) == {}
        released = copies.release_copy(row, actor=office, copy=second.uuid, looked_through=True)
        assert (released.state, released.reviewed_by, released.reviewed_at is not None) == ("released", office, True)
        assert copies.released_copies([row.uuid]) == {row.uuid: released}
        assert [(entry.verb, entry.data.get("boxes")) for entry in Entry.objects.filter(verb__startswith="file.")] == [
            ("file.store", None),
            ("file.hide", 0),
            ("file.hide", 0),
            ("file.release", 0),
        ]

    def test_withdrawn_or_taken_away_it_is_gone_for_the_public(self, office, django_capture_on_commit_callbacks, media):
        for act in (copies.withdraw_copy, copies.remove_file):
            row = kept(office)
            copy = copies.make_copy(row, actor=office)
            copies.release_copy(row, actor=office, copy=copy.uuid, looked_through=True)
            with pytest.raises(Missing):
                act(row, actor=office, reason=" ")
            with django_capture_on_commit_callbacks(execute=True):
                act(row, actor=office, reason="还看得出是谁")
            assert copies.released_copies([row.uuid]) == {}
            assert files_in(media / "copies") == []

    def test_strangers_neither_hide_nor_release(self, office):
        row = kept(office)
        stranger = people.office(people.host(people.LANGYA))
        for act in (
            lambda: copies.make_copy(row, actor=stranger),
            lambda: copies.release_copy(row, actor=stranger, copy=row.uuid, looked_through=True),
            lambda: copies.withdraw_copy(row, actor=stranger, reason="x"),
            lambda: copies.remove_file(row, actor=stranger, reason="x"),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_a_paper_has_no_public_copy(self, office):
        upload = SimpleUploadedFile("方案.pdf", samples.pdf())
        row, _new = services.add_photo(make.held(), actor=office, upload=upload, kind="document")
        with pytest.raises(WrongState):
            copies.make_copy(row, actor=office)

    def test_what_was_taken_away_is_purged_after_a_month(self, office, media):
        row = kept(office)
        copies.remove_file(row, actor=office, reason="拍错了")
        assert purge_removed() == 0
        Attachment.objects.filter(pk=row.pk).update(removed_at="2026-01-01T00:00:00Z")
        assert purge_removed() == 1
        assert not disk.waiting_place_of(row.uuid).exists()
        assert not disk.place_of(row.uuid).exists()
        assert list(missing_files()) == []


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_was_rolled_back_leaves_nothing_after_an_hour(office, media):
    row = kept(office)
    with pytest.raises(RuntimeError), transaction.atomic():
        copies.make_copy(row, actor=office)
        raise RuntimeError
    assert not PublicCopy.objects.exists()
    assert len(files_in(media / "copies")) == 4
    assert sweep_copies() == 0
    long_ago = time.time() - 3700
    for path in (media / "copies").rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    assert len(list(stray_files())) == 4
    assert sweep_copies() == 4
    assert list(stray_files()) == []


@pytest.mark.django_db
class TestPages:
    def test_boxes_are_written_as_numbers_and_looked_through(self, client, office):
        row = kept(office)
        hide, release = (reverse(f"files:{name}", args=[row.uuid]) for name in ("hide", "release"))
        assert client.get(hide).status_code == 200
        assert client.get(release)["Location"] == hide
        boxes = {"b0_left": "50", "b0_top": "0", "b0_width": "25.5", "b0_height": "100", "b1_left": "", "b2_left": ""}
        answer = client.post(hide, boxes)
        assert (answer.status_code, answer["Location"]) == (302, release)
        copy = PublicCopy.objects.get()
        assert copy.boxes == [[500, 0, 255, 1000]]
        page = client.get(release).content.decode()
        address = reverse("files:copy", args=[row.uuid, copy.uuid, "full", "jpg"])
        assert address in page
        shown = client.get(address)
        assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "private, no-store")
        assert client.post(release, {"copy": copy.uuid}).status_code == 422
        assert client.post(release, {"copy": copy.uuid, "looked_through": "on"}).status_code == 302
        copy.refresh_from_db()
        assert copy.state == "released"
        page = client.get(hide).content.decode()
        assert 'value="25.5"' in page

    def test_half_a_box_is_refused_at_its_field_and_more_rows_keep_what_was_typed(self, client, office):
        hide = reverse("files:hide", args=[kept(office).uuid])
        answer = client.post(hide, {"b0_left": "50", "b0_top": "5"})
        assert answer.status_code == 422
        assert 'id="id_b0_width_error"' in answer.content.decode()
        assert (
            client.post(hide, {"b0_left": "150", "b0_top": "5", "b0_width": "1", "b0_height": "1"}).status_code == 422
        )
        answer = client.post(hide, {"b0_left": "50", "b2_left": "", "more": "1"})
        assert answer.status_code == 200
        assert 'value="50"' in answer.content.decode()
        assert "b5_left" in answer.content.decode()
        assert not PublicCopy.objects.exists()

    def test_an_old_copy_is_not_served(self, client, office):
        row = kept(office)
        first = copies.make_copy(row, actor=office)
        copies.make_copy(row, actor=office)
        assert client.get(reverse("files:copy", args=[row.uuid, first.uuid, "full", "jpg"])).status_code == 404

    def test_withdrawing_asks_why(self, client, office):
        row = kept(office)
        copies.make_copy(row, actor=office)
        address = reverse("files:withdraw", args=[row.uuid])
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "有人认得出"}).status_code == 302
        assert PublicCopy.objects.get().state == "gone"
