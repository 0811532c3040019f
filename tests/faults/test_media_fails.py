"""The store of files fails under uploads: nothing half-kept is seen, everything else goes on (F3, F16, F18, I10)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from consult.files import copies, disk
from consult.files.models import Attachment, PublicCopy
from consult.files.services import missing_copies, missing_files, stray_files, sweep_copies, sweep_files
from sessions.models import ConsultSession
from tests.consult.files import samples
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import LOST, Client, Web, environment, token_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

BOUNDARY = "zb-boundary"
MEGABYTE = 1024 * 1024


@pytest.fixture
def media(folder, settings) -> Path:
    place = folder / "media"
    place.mkdir()
    settings.MEDIA_ROOT = place
    return place


@pytest.fixture
def small_disk(media, request) -> Iterator[Path]:
    """The media folder on a file system of its own, of a few megabytes; mounting it is for root."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(media)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    yield media
    subprocess.run(["umount", "--lazy", str(media)], check=False)


def multipart(data: bytes, field: str = "file", **words: Any) -> bytes:
    named = {name: value[0] if isinstance(value, list) else value for name, value in words.items()}
    heads = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in named.items()]
    file = f'Content-Disposition: form-data; name="{field}"; filename="a.jpg"\r\n\r\n'.encode()
    parts = [*(head.encode() for head in heads), file + data]
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def send(client: Client, session: ConsultSession, data: bytes, key: str = "") -> Any:
    return client.request(
        "POST",
        f"/api/v1/sessions/{session.uuid}/add_photo/",
        multipart(data, client_id=str(uuid.uuid4())),
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        Idempotency_Key=key or str(uuid.uuid4()),
    )


def noisy(kilobytes: int) -> bytes:
    """A photo of about so many kilobytes."""
    side = int((kilobytes * 1024 / 1.1) ** 0.5)
    return samples.jpeg((side, side), quality=95)


def files_in(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def age(place: Path) -> None:
    long_ago = time.time() - 3700
    for path in place.rglob("*"):
        os.utime(path, (long_ago, long_ago))


@pytest.mark.parametrize("where", ["file_written", "before_commit"])
def test_f3_a_crash_before_the_commit_shows_nothing_and_the_file_is_swept(folder, media, keep, where):
    host = people.host()
    office, session = matters.clerk(host), make.held(host)
    token, data = token_of(office), samples.jpeg()
    env = environment(TESTING="1", FAILPOINT=f"{where}:exit", CONSULT_MEDIA_ROOT=str(media))
    deadly = keep(Web(folder, env, workers=1))
    with pytest.raises(LOST):
        send(Client(deadly.socket, token), session, data, key="photo-1")
    assert not Attachment.objects.exists()
    [left] = files_in(media)
    assert left.startswith("private/incoming/")
    web = keep(Web(folder, environment(CONSULT_MEDIA_ROOT=str(media)), workers=1))
    browser = Client(web.socket)
    browser.sign_in(office.username)
    assert "/tile.jpg" not in browser.get(session.get_absolute_url()).text
    assert sweep_files() == 0  # a transaction may still be bringing its row
    age(media)
    assert len(list(stray_files())) == 1
    assert sweep_files() == 1
    assert files_in(media) == []
    # The phone sends again under the same key: once.
    client = Client(web.socket, token)
    assert [send(client, session, data, key="photo-2").status for _ in range(1)] == [201]
    assert Attachment.objects.count() == 1
    assert list(missing_files()) == list(stray_files(older_than=0)) == []


def test_f16_a_full_disk_keeps_no_row_and_no_half_file_and_other_pages_go_on(folder, small_disk, keep):
    host = people.host()
    office, session = matters.clerk(host), make.held(host)
    web = keep(Web(folder, environment(CONSULT_MEDIA_ROOT=str(small_disk))))
    client, browser = Client(web.socket, token_of(office)), Client(web.socket)
    browser.sign_in(office.username)
    assert send(client, session, samples.jpeg()).status == 201
    filler = small_disk / "filler"
    filler.write_bytes(random.randbytes(shutil.disk_usage(small_disk).free - 100 * 1024))
    before = files_in(small_disk)
    answer = send(client, session, noisy(600))
    assert (answer.status, answer.data["code"]) == (507, "storage_full")
    assert "full" in answer.data["detail"] or "满" in answer.data["detail"]
    assert Attachment.objects.count() == 1
    assert files_in(small_disk) == before
    # The page says it too, with what was typed, and the others are as ever.
    form = reverse("sessions:add_photo", args=[session.uuid])
    fields = browser.form(form, caption="三号楼前")
    typed = {name: value for name, value in fields.items() if name not in ("shots", "files")}
    body = multipart(noisy(600), "files", **typed)
    page = browser.request("POST", form, body, Content_Type=f"multipart/form-data; boundary={BOUNDARY}")
    assert page.status == 507, page.text[:500]
    assert 'value="三号楼前"' in page.text
    assert Attachment.objects.count() == 1
    for address in (session.get_absolute_url(), form, "/sessions/", "/healthz"):
        assert browser.get(address).status == 200, address
    # A copy for the public needs room as well: all its pictures or none.
    row = Attachment.objects.get()
    with filler.open("ab", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(random.randbytes(4096))
    with pytest.raises(disk.StorageFull):
        copies.make_copy(row, actor=office)
    assert not PublicCopy.objects.exists()
    assert [name for name in files_in(small_disk) if name.endswith(".part")] == []
    filler.unlink()
    assert send(client, session, noisy(600)).status == 201
    assert Attachment.objects.count() == 2
    age(small_disk)
    sweep_copies()
    assert list(missing_files()) == list(missing_copies()) == list(stray_files()) == []


def test_f18_a_read_only_store_refuses_uploads_and_shows_what_it_has(folder, small_disk, keep):
    host = people.host()
    office, session = matters.clerk(host), make.held(host)
    web = keep(Web(folder, environment(CONSULT_MEDIA_ROOT=str(small_disk))))
    client, browser = Client(web.socket, token_of(office)), Client(web.socket)
    browser.sign_in(office.username)
    sent = send(client, session, samples.jpeg())
    assert sent.status == 201
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = files_in(small_disk)
    answer = send(client, session, samples.jpeg())
    assert (answer.status, answer.data["code"]) == (503, "storage_down")
    assert Attachment.objects.count() == 1
    assert files_in(small_disk) == before
    page = browser.get(session.get_absolute_url())
    assert (page.status, sent.data["tile"] in page.text) == (200, True)
    for address in (sent.data["tile"], sent.data["url"]):
        assert browser.get(address).status == 200, address  # drawn, though it cannot be kept
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert send(client, session, samples.jpeg()).status == 201


def test_f18_a_store_that_vanished_leaves_the_pages_with_empty_frames(folder, small_disk, keep):
    host = people.host()
    office, session = matters.clerk(host), make.held(host)
    web = keep(Web(folder, environment(CONSULT_MEDIA_ROOT=str(small_disk / "mounted"))))
    (small_disk / "mounted").mkdir()
    client, browser = Client(web.socket, token_of(office)), Client(web.socket)
    browser.sign_in(office.username)
    sent = send(client, session, samples.jpeg())
    assert sent.status == 201
    subprocess.run(["umount", "--lazy", str(small_disk)], check=True)
    small_disk.chmod(0o500)
    page = browser.get(session.get_absolute_url())
    assert (page.status, sent.data["tile"] in page.text) == (200, True)
    tile = browser.get(sent.data["tile"])
    assert (tile.status, tile.headers["Content-Type"], tile.body[:2]) == (503, "image/jpeg", b"\xff\xd8")
    assert browser.get(sent.data["url"]).status == 503
    for address in ("/sessions/", reverse("sessions:add_photo", args=[session.uuid])):
        assert browser.get(address).status == 200, address
