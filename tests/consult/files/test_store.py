"""A file comes with its move and goes with it: rows and disk agree whatever happens in between."""

import errno
import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory

from consult.audit.models import Entry
from consult.files import disk
from consult.files.forms import AttachmentField
from consult.files.models import Attachment
from consult.files.services import missing_files, store_file, stray_files, sweep_files
from consult.files.tasks import sweep_files as sweep_task
from consult.files.views import download_view, serve
from tests.consult.files import samples
from tests.factories import people


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def clerk():
    return people.account("office", people.host())


def upload(name="现场.jpg", data=None):
    return SimpleUploadedFile(name, data or samples.jpeg(), content_type="text/html")


def keep(clerk, name="现场.jpg", data=None, kind="photo"):
    with transaction.atomic():
        return store_file(actor=clerk, subject=people.host(), upload=upload(name, data), kind=kind)


def age(path, seconds):
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def sole(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    def test_the_file_lies_under_its_own_name_with_what_it_is(self, media, clerk):
        data = samples.jpeg()
        kept = keep(clerk, "../../x/现场.JPG", data)
        kept.refresh_from_db()
        assert sole(media) == [disk.place_of(kept.uuid)]
        assert disk.place_of(kept.uuid).read_bytes() == data
        assert disk.place_of(kept.uuid).stat().st_mode & 0o777 == 0o600
        assert (kept.name, kept.content_type, kept.size) == ("现场.jpg", "image/jpeg", len(data))
        assert (kept.subject_type, kept.subject_id, kept.region_code) == (
            "members.organisation",
            people.host().pk,
            people.NANQIAO,
        )
        assert list(Attachment.objects.about(people.host())) == [kept]
        assert kept.created_at is not None
        entry = Entry.objects.get(verb="file.store")
        assert entry.data["sha256"] == kept.sha256

    def test_a_rolled_back_move_leaves_no_row_and_its_file_is_swept_after_an_hour(self, media, clerk):
        with pytest.raises(RuntimeError), transaction.atomic():
            store_file(actor=clerk, subject=people.host(), upload=upload(), kind="photo")
            raise RuntimeError
        assert not Attachment.objects.exists()
        [left] = sole(media)
        assert list(stray_files()) == []
        assert sweep_files() == 0
        age(left, 3700)
        assert list(stray_files()) == [left]
        sweep_task()
        assert sole(media) == []
        assert list(stray_files()) == []

    def test_a_crash_between_commit_and_renaming_hides_nothing_and_is_mended(self, media, clerk, monkeypatch):
        monkeypatch.setattr(disk, "settle", lambda uuid: (_ for _ in ()).throw(OSError("crash")))
        kept = keep(clerk)
        monkeypatch.undo()
        assert sole(media) == [disk.waiting_place_of(kept.uuid)]
        assert list(missing_files()) == []
        with disk.open_stored(kept.uuid) as file:
            assert file.read(2) == b"\xff\xd8"
        age(disk.waiting_place_of(kept.uuid), 3700)
        assert list(stray_files()) == []
        assert sweep_files() == 0
        assert sole(media) == [disk.place_of(kept.uuid)]

    def test_a_lost_or_changed_file_is_named(self, media, clerk):
        whole, lost, changed = keep(clerk), keep(clerk), keep(clerk)
        disk.place_of(lost.uuid).unlink()
        with disk.place_of(changed.uuid).open("ab") as file:
            file.write(b"x")
        assert [(found.attachment, found.why) for found in missing_files()] == [(lost, "missing"), (changed, "changed")]
        assert list(missing_files([whole])) == []

    def test_the_sweep_never_removes_a_settled_file(self, media, clerk):
        kept = keep(clerk)
        age(disk.place_of(kept.uuid), 10_000)
        Attachment.objects.all().delete()
        assert sweep_files() == 0
        assert list(stray_files()) == [disk.place_of(kept.uuid)]

    def test_outside_a_transaction_it_refuses(self, media, clerk):
        with pytest.raises(RuntimeError, match="transaction"):
            store_file(actor=clerk, subject=people.host(), upload=upload(), kind="photo")


@pytest.mark.django_db
class TestRefused:
    def test_the_field_is_named_and_nothing_is_kept(self, media, clerk):
        with pytest.raises(ValidationError) as caught, transaction.atomic():
            store_file(
                actor=clerk, subject=people.host(), upload=upload("a.jpg", b"MZ\x90"), kind="photo", field="scan"
            )
        assert list(caught.value.message_dict) == ["scan"]
        assert sole(media) == []
        assert not Attachment.objects.exists()

    def test_a_full_disk_is_said_and_leaves_nothing_behind(self, media, clerk, monkeypatch):
        def full(_descriptor):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(disk.StorageFull) as caught, transaction.atomic():
            keep(clerk)
        assert (caught.value.status, caught.value.code) == (507, "storage_full")
        assert sole(media) == []
        assert not Attachment.objects.exists()

    def test_a_store_that_cannot_be_written_is_said(self, media, clerk):
        (media / "private").write_text("not a folder")
        with pytest.raises(disk.StorageDown), transaction.atomic():
            keep(clerk)
        assert not Attachment.objects.exists()


@pytest.mark.django_db
class TestDownload:
    def test_it_comes_as_a_download_of_its_own_type_and_nothing_else(self, media, clerk):
        kept = keep(clerk, "纪要 一.pdf", samples.pdf(), kind="scan")
        answer = serve(kept, RequestFactory().get("/"))
        assert b"".join(answer.streaming_content) == samples.pdf()
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E7%BA%AA%E8%A6%81%20%E4%B8%80.pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_the_owning_app_says_who_may(self, media, clerk):
        kept = keep(clerk)
        asked = []

        def may(reader, attachment):
            asked.append((reader, attachment))
            return reader == clerk

        view = download_view(may)
        request = RequestFactory().get("/")
        request.user = clerk
        assert view(request, uuid=kept.uuid).status_code == 200
        request.user = people.account("office", people.host(people.LANGYA))
        with pytest.raises(Http404):
            view(request, uuid=kept.uuid)
        assert [attachment for _reader, attachment in asked] == [kept, kept]

    def test_it_is_not_written_to(self, media, clerk):
        kept = keep(clerk)
        assert (
            download_view(lambda reader, attachment: True)(RequestFactory().post("/"), uuid=kept.uuid).status_code
            == 405
        )

    def test_a_vanished_file_is_said_as_such(self, media, clerk):
        kept = keep(clerk)
        for path in sole(media):
            path.unlink()
        with pytest.raises(disk.StorageDown):
            serve(kept, RequestFactory().get("/"))


def test_the_form_field_refuses_with_the_same_sentence_and_hands_the_file_on_whole():
    field = AttachmentField(kind="photo")
    assert field.clean(upload()).read(2) == b"\xff\xd8"
    with pytest.raises(ValidationError) as caught:
        field.clean(upload("a.pdf", samples.pdf()))
    assert caught.value.code == "not_a_photo"
    assert field.widget.attrs["accept"] == "image/jpeg,image/png,image/webp"
    assert ".ofd" in AttachmentField(kind="scan").widget.attrs["accept"]
    assert AttachmentField(kind="scan", required=False).clean(None) is None
