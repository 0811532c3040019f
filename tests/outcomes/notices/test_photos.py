"""Photos on a notice: released copies only, named by checksum in the snapshot, gone when taken out of sight."""

from __future__ import annotations

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from consult.errors import Missing
from consult.files import copies, disk
from outcomes import services
from outcomes.services.notices import offered_photos, sha256_of
from sessions import services as sessions
from sessions.models import ConsultSession
from tests.consult.files import samples
from tests.factories import notices, people, topics

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def clerk(host):
    return topics.clerk(host)


def photo_of(notice, clerk, caption="居民代表在看图纸"):
    session = ConsultSession.objects.filter(session_topics__topic=notice.topic).first()
    upload = SimpleUploadedFile("现场.jpg", samples.jpeg((800, 400)))
    return sessions.add_photo(session, actor=clerk, upload=upload, caption=caption)[0]


def release(photo, clerk, boxes=()):
    copy = copies.make_copy(photo, actor=clerk, boxes=boxes)
    return copies.release_copy(photo, actor=clerk, copy=copy.uuid, looked_through=True)


def address(notice, copy, size="full", format="jpg"):
    return reverse("board:photo", args=[notice.host.region_code, notice.uuid, copy.uuid, size, format])


def with_photo(host, clerk):
    notice = notices.drafted(host)
    photo = photo_of(notice, clerk)
    copy = release(photo, clerk)
    return services.edit_notice(notice, actor=notice.drafted_by, photos=[photo.uuid]), photo, copy


def posted_with_photo(host, clerk):
    notice, photo, copy = with_photo(host, clerk)
    other = notices.reviewer(host)
    notice = services.review_notice(notice, actor=other)
    return services.post_notice(notice, actor=other), photo, copy


def test_only_released_photos_of_this_matter_are_offered_and_taken(host, clerk):
    notice = notices.drafted(host)
    photo = photo_of(notice, clerk)
    assert offered_photos(notice) == []
    with pytest.raises(Missing) as caught:
        services.edit_notice(notice, actor=notice.drafted_by, photos=[photo.uuid])
    assert list(caught.value.fields) == ["photos"]
    copies.make_copy(photo, actor=clerk)
    assert offered_photos(notice) == []
    release(photo, clerk)
    assert offered_photos(notice) == [photo]
    foreign = photo_of(notices.drafted(host), clerk)
    release(foreign, clerk)
    for wrong in ([foreign.uuid], [uuid.uuid4()]):
        with pytest.raises(Missing):
            services.edit_notice(notice, actor=notice.drafted_by, photos=wrong)
    notice = services.edit_notice(notice, actor=notice.drafted_by, photos=[photo.uuid])
    assert notice.photos == [photo.uuid]


def test_a_copy_withdrawn_meanwhile_stops_review_and_posting(host, clerk):
    notice, photo, _copy = with_photo(host, clerk)
    other = notices.reviewer(host)
    copies.withdraw_copy(photo, actor=clerk, reason="有人认得出")
    with pytest.raises(Missing) as caught:
        services.review_notice(notice, actor=other)
    assert list(caught.value.fields) == ["photos"]
    release(photo, clerk)
    notice = services.review_notice(notice, actor=other)
    copies.withdraw_copy(photo, actor=clerk, reason="有人认得出")
    with pytest.raises(Missing):
        services.post_notice(notice, actor=other)


def test_the_snapshot_names_the_copy_by_its_checksum_and_the_board_shows_it(client, host, clerk):
    notice, photo, copy = posted_with_photo(host, clerk)
    assert notice.snapshot["notice"]["photos"] == [
        {
            "photo": str(photo.uuid),
            "copy": str(copy.uuid),
            "sha256": copy.sha256,
            "width": 800,
            "height": 400,
            "caption": "居民代表在看图纸",
        }
    ]
    assert notice.sha256 == sha256_of(notice.snapshot)
    page = client.get(notice.board_url).content.decode()
    assert address(notice, copy) in page
    assert 'alt="居民代表在看图纸"' in page
    assert 'loading="lazy"' in page
    for size, format in (("full", "jpg"), ("full", "webp"), ("tile", "jpg"), ("tile", "webp")):
        answer = client.get(address(notice, copy, size, format))
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert dict(picture.getexif()) == {}
        again = client.get(address(notice, copy, size, format), headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
    assert client.get(address(notice, copy, "huge")).status_code == 404
    assert client.get(address(notice, copy, "full", "svg")).status_code == 404
    assert client.get(reverse("files:download", args=[photo.uuid])).status_code == 302


def test_before_posting_and_after_taking_down_the_picture_is_not_there(client, host, clerk):
    notice, _photo, copy = with_photo(host, clerk)
    assert client.get(address(notice, copy)).status_code == 404
    other = notices.reviewer(host)
    notice = services.post_notice(services.review_notice(notice, actor=other), actor=other)
    assert client.get(address(notice, copy)).status_code == 200
    services.withdraw_notice(notice, actor=other, reason="内容有误")
    assert client.get(address(notice, copy)).status_code == 404
    elsewhere, _photo, foreign = posted_with_photo(host, clerk)
    assert client.get(address(elsewhere, copy)).status_code == 404
    assert client.get(address(elsewhere, foreign)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_face_found_afterwards_is_hidden_on_the_posted_notice_whose_snapshot_stays(client, host, clerk):
    notice, photo, copy = posted_with_photo(host, clerk)
    snapshot = notice.snapshot
    before = client.get(address(notice, copy)).content
    fresh = copies.make_copy(photo, actor=clerk, boxes=[[0, 0, 500, 1000]])
    assert client.get(address(notice, copy)).status_code == 404  # nothing is shown that nobody has looked through
    copies.release_copy(photo, actor=clerk, copy=fresh.uuid, looked_through=True)
    after = client.get(address(notice, copy)).content
    assert after != before
    assert not disk.copy_of(copy.uuid, "full.jpg").exists()
    notice.refresh_from_db()
    assert notice.snapshot == snapshot
    copies.remove_file(photo, actor=clerk, reason="当事人要求")
    assert client.get(address(notice, copy)).status_code == 404


def test_the_form_offers_them_and_the_preview_shows_them_before_posting(client, host, clerk):
    notice = notices.drafted(host)
    photo = photo_of(notice, clerk)
    client.force_login(notice.drafted_by)
    form = reverse("outcomes:edit_notice", args=[notice.uuid])
    assert 'name="photos"' not in client.get(form).content.decode()
    copy = release(photo, clerk)
    page = client.get(form).content.decode()
    assert 'name="photos"' in page
    assert "居民代表在看图纸" in page
    words = {"title": notice.title, "text": notice.text, "days": 5, "photos": [str(photo.uuid)]}
    answer = client.post(form, words)
    assert answer.status_code == 302, answer.content.decode()
    notice.refresh_from_db()
    assert notice.photos == [photo.uuid]
    page = client.get(reverse("outcomes:notice", args=[notice.uuid])).content.decode()
    assert reverse("files:copy", args=[photo.uuid, copy.uuid, "full", "jpg"]) in page
    client.post(form, {**words, "photos": []})
    notice.refresh_from_db()
    assert notice.photos == []


def test_by_the_api_a_photo_is_chosen_and_a_wrong_one_refused(client, host, clerk):
    notice = notices.drafted(host)
    photo = photo_of(notice, clerk)
    client.force_login(notice.drafted_by)

    def edit(**words):
        url = f"/api/v1/notices/{notice.uuid}/edit_notice/"
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return client.post(url, json.dumps(words), content_type="application/json", headers=headers)

    refused = edit(photos=[str(photo.uuid)])
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["photos"])
    release(photo, clerk)
    assert edit(photos=[str(photo.uuid)]).json()["draft"]["photos"] == [str(photo.uuid)]
