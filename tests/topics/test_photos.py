"""Photos of doors that were knocked at and of slips: who keeps them, who sees them, what of them the public may see."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consult.errors import Missing, NotAllowed
from consult.files import copies, disk
from consult.files.models import Attachment
from members.models import Mandate
from members.states import Role
from outcomes.services.notices import offered_photos
from tests.consult.files import samples
from tests.factories import notices, people
from tests.factories import topics as make
from topics import services
from topics.models import FieldStudy, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def member(host):
    account = people.account(Role.MEMBER, host)
    people.member(host, account)
    return account


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def photo():
    return SimpleUploadedFile("门口.jpg", samples.jpeg(), "image/jpeg")


def noted(host, actor, **changes):
    words = {"visited_on": timezone.localdate(), "findings": ["楼道灯不亮"], "region_code": make.WANQIAO}
    return services.note_visit(actor=actor, host=host, **{**words, **changes})


def send(account, visit, **words):
    address = f"/api/v1/visits/{visit.uuid}/add_photo/"
    return signed_in(account).post(address, {"file": photo(), **words}, headers={"Idempotency-Key": str(uuid.uuid4())})


def test_a_photo_follows_its_visit_once(host, member):
    visit, name = noted(host, member), str(uuid.uuid4())
    answers = [send(member, visit, client_id=name, caption="三号楼门口") for _n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200], answers[0].content
    row = Attachment.objects.get()
    assert (row.subject_type, row.subject_id, row.host_id, row.region_code) == (
        "topics.visit",
        visit.pk,
        host.pk,
        visit.region_code,
    )
    shown = signed_in(member).get(f"/api/v1/visits/{visit.uuid}/").json()
    assert shown["photos"] == 1
    listed = signed_in(member).get(f"/api/v1/visits/{visit.uuid}/photos/").json()
    assert [one["caption"] for one in listed] == ["三号楼门口"]
    book = signed_in(member).get(reverse("phone:visits")).content.decode()
    assert "1 张照片" in book


def test_it_is_for_its_writer_and_for_who_reads_the_book(host, member):
    visit = noted(host, member)
    send(member, visit)
    row = Attachment.objects.get()
    file = reverse("files:download", args=[row.uuid])
    readers = {
        "writer": member,
        "office": people.office(host),
        "convenor": people.account(Role.CONVENOR, host, region_code=make.TONGLE),
        "another member": people.account(Role.MEMBER, host),
        "a convenor elsewhere": people.account(Role.CONVENOR, host, region_code="341103002000"),
        "the office of another county": people.office(people.host(people.LANGYA)),
        "a supervisor": people.account(Role.SUPERVISOR, people.host("341100000000")),
    }
    got = {name: signed_in(reader).get(file).status_code for name, reader in readers.items()}
    assert got == {
        "writer": 200,
        "office": 200,
        "convenor": 200,
        "another member": 404,
        "a convenor elsewhere": 404,
        "the office of another county": 404,
        "a supervisor": 404,
    }
    assert send(readers["another member"], visit).status_code == 404
    with pytest.raises(NotAllowed):
        services.add_visit_photo(visit, actor=readers["another member"], upload=photo())
    with pytest.raises(NotAllowed):  # a visit book has no public copies
        copies.make_copy(row, actor=readers["office"])


def test_after_his_term_its_writer_still_brings_its_photos(host, member):
    visit = noted(host, member)
    Mandate.objects.filter(account=member).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert send(member, visit).status_code == 201


def test_a_visit_that_became_a_field_study_has_its_photos_with_the_matter(host, member):
    topic = make.claimed(host, by=member)
    study = noted(host, member, topic_uuid=topic.uuid)
    assert isinstance(study, FieldStudy)
    assert not Visit.objects.exists()
    assert send(member, study).status_code == 201
    row = Attachment.objects.get()
    office = signed_in(people.office(host))
    page = office.get(topic.get_absolute_url()).content.decode()
    assert reverse("files:tile", args=[row.uuid, "jpg"]) in page
    assert (
        signed_in(people.office(people.host(people.LANGYA))).get(reverse("files:download", args=[row.uuid])).status_code
        == 404
    )


def test_photos_of_a_slip_go_onto_a_notice_by_the_copy_that_was_looked_through(host, member):
    notice = notices.drafted(host)
    other = notices.drafted(host)
    office = make.clerk(host)
    where = Image.Exif()
    where.get_ifd(0x8825).update({1: "N", 2: (32.0, 18.0, 0.0), 3: "E", 4: (118.0, 18.0, 0.0)})
    upload = SimpleUploadedFile("现场.jpg", samples.jpeg(exif=where), "image/jpeg")
    row = services.attach_file(notice.topic, actor=office, upload=upload)
    assert offered_photos(notice) == []
    client = signed_in(office)
    page = client.get(notice.topic.get_absolute_url()).content.decode()
    assert reverse("files:hide", args=[row.uuid]) in page
    assert client.get(reverse("files:hide", args=[row.uuid])).status_code == 200
    with pytest.raises(NotAllowed):
        copies.make_copy(row, actor=member)
    copy = copies.make_copy(row, actor=office, boxes=[[0, 0, 500, 500]])
    assert offered_photos(notice) == []
    with pytest.raises(Missing):
        copies.release_copy(row, actor=office, copy=copy.uuid, looked_through=False)
    copies.release_copy(row, actor=office, copy=copy.uuid, looked_through=True)
    assert offered_photos(notice) == [row]
    assert offered_photos(other) == []  # of another matter
    drawn = Image.open(io.BytesIO(disk.copy_of(copy.uuid, "full.jpg").read_bytes()))
    with disk.open_stored(row.uuid) as kept:
        assert len(Image.open(kept).getexif()) == 1  # the original says where it was taken, the copy does not
    assert len(drawn.getexif()) == 0
    assert max(drawn.convert("RGB").getpixel((5, 5))) < 40  # under the box
    scan = services.attach_file(notice.topic, actor=office, upload=photo(), kind="scan")
    page = client.get(notice.topic.get_absolute_url()).content.decode()
    assert reverse("files:hide", args=[scan.uuid]) not in page
