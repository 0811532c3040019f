"""Photos of how a thing goes on, at an entry of its progress."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consult.files import copies
from consult.files.models import Attachment
from outcomes import services
from tests.consult.files import samples
from tests.factories import outcomes as make
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo():
    return SimpleUploadedFile("清淤.jpg", samples.jpeg())


def send(client, assignment, **words):
    address = f"/api/v1/assignments/{assignment.uuid}/add_photo/"
    return client.post(address, {"file": photo(), **words}, headers={"Idempotency-Key": str(uuid.uuid4())})


def test_the_unit_sends_it_once_and_others_do_not(client):
    assignment = make.in_progress()
    liaison = make.liaison(assignment.lead_unit)
    entry = services.add_progress(assignment, actor=liaison, text="清淤 120 米，还差 140 米。")
    client.force_login(liaison)
    words = {"progress": str(entry.uuid), "client_id": str(uuid.uuid4()), "caption": "清淤后"}
    answers = [send(client, assignment, **words) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200], answers[0].content
    row = Attachment.objects.get()
    assert (row.subject_type, row.subject_id, row.caption) == ("outcomes.progressentry", entry.pk, "清淤后")
    assert send(client, assignment).status_code == 400
    other = make.in_progress()
    client.force_login(make.liaison(other.lead_unit))
    assert send(client, other, progress=str(entry.uuid)).status_code == 400
    assert send(client, assignment, progress=str(entry.uuid)).status_code == 404
    client.force_login(people.office(assignment.host))
    page = client.get(reverse("outcomes:detail", args=[assignment.uuid])).content.decode()
    assert reverse("files:tile", args=[row.uuid, "jpg"]) in page
    assert reverse("files:hide", args=[row.uuid]) in page


def test_the_office_makes_it_ready_for_the_public_and_the_unit_does_not():
    assignment = make.in_progress()
    liaison = make.liaison(assignment.lead_unit)
    entry = services.add_progress(assignment, actor=liaison, text="清淤 120 米，还差 140 米。", files=[photo()])
    row = Attachment.objects.about(entry).get()
    with pytest.raises(copies.NotAllowed):
        copies.make_copy(row, actor=liaison)
    copy = copies.make_copy(row, actor=people.office(assignment.host), boxes=[[0, 0, 100, 100]])
    assert copy.boxes == [[0, 0, 100, 100]]


def test_what_is_done_and_closed_gets_no_photos_any_more(client):
    assignment = make.in_progress()
    liaison = make.liaison(assignment.lead_unit)
    entry = services.add_progress(assignment, actor=liaison, text="清淤 120 米，还差 140 米。")
    assignment = make.reply(assignment)
    client.force_login(liaison)
    assert send(client, assignment, progress=str(entry.uuid)).status_code == 409


def test_by_the_page_at_an_entry_that_was_made_already(client):
    assignment = make.in_progress()
    liaison = make.liaison(assignment.lead_unit)
    entry = services.add_progress(assignment, actor=liaison, text="清淤 120 米，还差 140 米。")
    address = reverse("outcomes:progress_photos", args=[assignment.uuid, entry.uuid])
    client.force_login(liaison)
    for page in ("outcomes:detail", "outcomes:answer"):
        assert address in client.get(reverse(page, args=[assignment.uuid])).content.decode()
    assert client.post(address, {"caption": "什么也没有"}).status_code == 422
    assert client.post(address, {"shots": [photo(), photo()], "caption": "清淤后"}).status_code == 302
    rows = Attachment.objects.about(entry)
    assert [(row.kind, row.caption) for row in rows] == [("photo", "清淤后")] * 2
    other = make.in_progress()
    client.force_login(make.liaison(other.lead_unit))
    assert client.get(address).status_code == 404
    elsewhere = reverse("outcomes:progress_photos", args=[other.uuid, entry.uuid])
    assert client.get(elsewhere).status_code == 404
    client.force_login(liaison)
    make.reply(assignment)
    assert client.post(address, {"shots": [photo()]}).status_code == 409
    assert address not in client.get(reverse("outcomes:detail", args=[assignment.uuid])).content.decode()
    assert rows.count() == 2
