"""Photos and papers of a session: kept once, seen by whoever may know who was there, taken away with a reason."""

from __future__ import annotations

import io
import threading
import uuid
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.urls import reverse
from PIL import Image

from consult.audit.models import Entry
from consult.files.models import Attachment
from consult.outbox.models import Event
from sessions import services
from sessions.models import ConsultSession
from tests.consult.files import samples
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def office(client):
    account = make.clerk(people.host())
    client.force_login(account)
    return account


def photo(name="院坝.jpg", data=None):
    return SimpleUploadedFile(name, data or samples.jpeg(), content_type="image/jpeg")


def send(client, session, data=None, name="院坝.jpg", key=None, **words):
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(
        f"/api/v1/sessions/{session.uuid}/add_photo/", {"file": photo(name, data), **words}, headers=headers
    )


class TestApi:
    def test_a_photo_is_kept_with_its_words(self, client, office):
        session = make.held()
        client_id = str(uuid.uuid4())
        answer = send(client, session, caption="大家在三号楼前", client_id=client_id)
        assert answer.status_code == 201, answer.content
        row = Attachment.objects.get()
        body = answer.json()
        assert (body["uuid"], body["client_id"], body["caption"], body["kind"], body["content_type"]) == (
            str(row.uuid),
            client_id,
            "大家在三号楼前",
            "photo",
            "image/jpeg",
        )
        assert (body["url"], body["tile"]) == (f"/files/{row.uuid}/", f"/files/{row.uuid}/tile.jpg")
        assert (row.subject_type, row.subject_id, row.host_id) == (
            "consult_sessions.consultsession",
            session.pk,
            session.host_id,
        )
        assert Entry.objects.filter(verb="session.add_photo").get().data["file"] == str(row.uuid)
        assert Event.objects.filter(name="session.add_photo", payload__session_id=session.pk).count() == 1
        listed = client.get(f"/api/v1/sessions/{session.uuid}/photos/").json()
        assert [one["uuid"] for one in listed] == [str(row.uuid)]
        assert "add_photo" in client.get(f"/api/v1/sessions/{session.uuid}/").json()["actions"]

    def test_the_same_photo_sent_three_times_is_one_row(self, client, office):
        session, data, client_id = make.held(), samples.jpeg(), str(uuid.uuid4())
        answers = [send(client, session, data, client_id=client_id) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert len({answer.json()["uuid"] for answer in answers}) == 1
        assert Attachment.objects.count() == 1
        assert Entry.objects.filter(verb="session.add_photo").count() == 1

    def test_the_same_key_gets_the_stored_answer_and_another_file_under_it_is_refused(self, client, office):
        session, data, key = make.held(), samples.jpeg(), str(uuid.uuid4())
        first = send(client, session, data, key=key)
        again = send(client, session, data, key=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.json() == first.json()
        assert send(client, session, samples.jpeg((61, 40)), key=key).status_code in (409, 422)
        assert Attachment.objects.count() == 1

    def test_an_id_used_for_something_else_is_refused(self, client, office):
        one, two, client_id = make.held(), make.held(), str(uuid.uuid4())
        assert send(client, one, client_id=client_id).status_code == 201
        answer = send(client, two, client_id=client_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "lost_race")

    def test_it_may_belong_to_a_statement_of_this_session_only(self, client, office):
        session, other = make.in_progress(), make.in_progress()
        said = services.add_statement(session, by="居民", category="resident", text="路灯坏了。", actor=office)
        assert send(client, session, statement=str(said.uuid)).status_code == 201
        row = Attachment.objects.get()
        assert (row.subject_type, row.subject_id) == ("consult_sessions.statement", said.pk)
        assert services.photos_of(session) == [row]
        answer = send(client, other, statement=str(said.uuid))
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["statement"])

    def test_a_paper_is_kept_as_a_document_and_refused_as_a_photo(self, client, office):
        session = make.held()
        answer = send(client, session, samples.pdf(), name="方案.pdf")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])
        assert send(client, session, samples.pdf(), name="方案.pdf", kind="document").status_code == 201
        assert send(client, session, samples.pdf(), name="方案.pdf", kind="scan").status_code == 400

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"", "院坝.jpg"),
            (samples.jpeg()[:200], "院坝.jpg"),
            (b"<svg onload=alert(1)>", "院坝.jpg"),
            (samples.animated("WEBP"), "院坝.webp"),
            (samples.vast_png(), "院坝.png"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "院坝.heic"),
        ],
        ids=["empty", "cut short", "svg", "moving", "vast", "heic"],
    )
    def test_what_is_no_photo_is_refused_with_a_sentence_and_leaves_nothing(self, client, office, media, data, name):
        answer = client.post(
            f"/api/v1/sessions/{make.held().uuid}/add_photo/",
            {"file": SimpleUploadedFile(name, data)},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])
        assert not Attachment.objects.exists()
        assert [path for path in media.rglob("*") if path.is_file()] == []

    @pytest.mark.parametrize("words", [{"is_public": "1"}, {"caption": "x" * 201}, {"client_id": "x"}, {"kind": "exe"}])
    def test_unknown_and_impossible_words_are_refused_by_name(self, client, office, words):
        answer = send(client, make.held(), **words)
        assert (answer.status_code, list(answer.json()["fields"])) == (400, list(words))

    def test_without_a_file_the_field_is_named(self, client, office):
        address = f"/api/v1/sessions/{make.held().uuid}/add_photo/"
        answer = client.post(address, {"caption": "x"}, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])
        answer = client.post(address, "{}", content_type="application/json", headers={"Idempotency-Key": "l"})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])


class TestWhoMay:
    def test_only_who_runs_prepares_or_entered_it(self):
        host = people.host()
        accounts = make.everyone(host)
        for name in ("moderator", "recorder", "logger"):
            accounts[name] = people.account(host=host, display_name=name)
        session = make.held(host, moderator=accounts["moderator"], recorder=accounts["recorder"])
        ConsultSession.objects.filter(pk=session.pk).update(created_by=accounts["logger"])
        session.refresh_from_db()
        may = {name for name, account in accounts.items() if account.has_perm("consult_sessions.photo_record", session)}
        assert may == {"office", "convenor", "group_leader", "moderator", "recorder", "logger"}

    def test_nobody_else_sees_the_file_or_its_tile(self, client, office):
        session = make.held()
        row = services.add_photo(session, actor=office, upload=photo())[0]
        addresses = [
            reverse("files:download", args=[row.uuid]),
            reverse("files:tile", args=[row.uuid, "jpg"]),
            reverse("files:desk", args=[row.uuid, "webp"]),
            reverse("files:hide", args=[row.uuid]),
            reverse("files:release", args=[row.uuid]),
            reverse("files:withdraw", args=[row.uuid]),
            reverse("files:remove", args=[row.uuid]),
        ]
        assert [client.get(address).status_code for address in addresses[:4]] == [200, 200, 200, 200]
        for stranger in (
            people.office(people.host(people.LANGYA)),
            people.account("supervisor", people.host(), region_code=session.host.region_code),
            people.account("liaison", people.host()),
        ):
            client.force_login(stranger)
            assert {client.get(address).status_code for address in addresses} == {404}, stranger
        client.logout()
        assert {client.get(address).status_code for address in addresses} == {302}

    def test_a_participant_sees_it_and_keeps_nothing_in_order(self, client, office):
        session = make.announced()
        guest = people.account(host=people.host(), display_name="来宾")
        line = session.participants.first()
        type(line).objects.filter(pk=line.pk).update(account=guest)
        row = services.add_photo(session, actor=office, upload=photo())[0]
        client.force_login(guest)
        assert client.get(reverse("files:tile", args=[row.uuid, "jpg"])).status_code == 200
        for name in ("hide", "release", "withdraw", "remove"):
            assert client.get(reverse(f"files:{name}", args=[row.uuid])).status_code == 403, name
        assert send(client, session).status_code == 403


class TestServed:
    def test_the_file_itself_comes_as_it_was_and_is_never_a_page(self, client, office):
        data = samples.jpeg()
        row = services.add_photo(make.held(), actor=office, upload=photo(data=data))[0]
        answer = client.get(reverse("files:download", args=[row.uuid]))
        assert b"".join(answer.streaming_content) == data
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Type"] == "image/jpeg"

    def test_behind_a_server_in_front_it_is_handed_over(self, client, office, settings):
        settings.FILES_HANDED_OVER_AT = "/inner-files/"
        row = services.add_photo(make.held(), actor=office, upload=photo())[0]
        answer = client.get(reverse("files:download", args=[row.uuid]))
        assert answer["X-Accel-Redirect"] == f"/inner-files/incoming/{row.uuid.hex}.part"
        assert answer.content == b""
        assert answer["Cache-Control"] == "private, no-store"
        client.force_login(people.office(people.host(people.LANGYA)))
        assert "X-Accel-Redirect" not in client.get(reverse("files:download", args=[row.uuid])).headers

    @pytest.mark.parametrize("format", ["jpg", "webp"])
    def test_a_tile_is_small_upright_and_bare(self, client, office, format):
        exif = Image.Exif()
        exif[0x0112] = 6  # lying on its side
        exif[0x8825] = {1: "N", 2: (24.0, 0.0, 0.0)}
        data = samples.jpeg((1200, 800), exif=exif.tobytes())
        row = services.add_photo(make.held(), actor=office, upload=photo(data=data))[0]
        answer = client.get(reverse("files:tile", args=[row.uuid, format]))
        assert answer["Content-Type"] == {"jpg": "image/jpeg", "webp": "image/webp"}[format]
        with Image.open(io.BytesIO(answer.content)) as tile:
            assert tile.size == (320, 480)
            assert dict(tile.getexif()) == {}
        assert answer["Cache-Control"] == "private, no-store"

    def test_a_tile_of_a_paper_or_of_another_format_is_not_there(self, client, office):
        session = make.held()
        paper = services.add_photo(session, actor=office, upload=photo("方案.pdf", samples.pdf()), kind="document")[0]
        row = services.add_photo(session, actor=office, upload=photo())[0]
        assert client.get(reverse("files:tile", args=[paper.uuid, "jpg"])).status_code == 404
        assert client.get(reverse("files:tile", args=[row.uuid, "svg"])).status_code == 404

    def test_taken_away_it_is_not_found_any_more(self, client, office):
        session = make.held()
        row = services.add_photo(session, actor=office, upload=photo())[0]
        answer = client.post(reverse("files:remove", args=[row.uuid]), {"reason": ""})
        assert answer.status_code == 422
        answer = client.post(reverse("files:remove", args=[row.uuid]), {"reason": "拍到了别人家里"})
        assert answer.status_code == 302
        assert client.get(reverse("files:download", args=[row.uuid])).status_code == 404
        assert client.get(reverse("files:tile", args=[row.uuid, "jpg"])).status_code == 404
        assert services.photos_of(session) == []
        entry = Entry.objects.get(verb="file.remove")
        assert (entry.reason, entry.actor) == ("拍到了别人家里", office)


@pytest.mark.django_db(transaction=True)
def test_twelve_phones_sending_one_photo_at_once_leave_one_row(media):
    office = make.clerk(people.host())
    session, data, client_id = make.held(), samples.jpeg(), uuid.uuid4()
    found = []

    def push():
        with suppress(Exception):
            kept, _is_new = services.add_photo(session, actor=office, upload=photo(data=data), client_id=client_id)
            found.append(kept.pk)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=push) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert set(found) == {Attachment.objects.get().pk}
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(files) == 1


class TestPages:
    def test_several_at_once_all_of_them_or_none(self, client, office):
        session = make.held()
        address = reverse("sessions:add_photo", args=[session.uuid])
        assert client.get(address).status_code == 200
        answer = client.post(
            address,
            {"shots": [photo("一.jpg"), photo("二.jpg")], "files": photo("方案.pdf", samples.pdf()), "caption": "现场"},
        )
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"].endswith("#photos")
        assert [(row.name, row.kind, row.caption) for row in services.photos_of(session)] == [
            ("一.jpg", "photo", "现场"),
            ("二.jpg", "photo", "现场"),
            ("方案.pdf", "document", "现场"),
        ]
        answer = client.post(address, {"files": [photo("三.jpg"), photo("四.jpg", b"MZ")]})
        assert answer.status_code == 422
        assert "四.jpg" in answer.content.decode()
        assert len(services.photos_of(session)) == 3

    def test_nothing_chosen_is_said(self, client, office):
        answer = client.post(reverse("sessions:add_photo", args=[make.held().uuid]), {"caption": "现场"})
        assert answer.status_code == 422

    def test_the_session_shows_its_photos_to_who_may_know_names(self, client, office):
        session = make.held()
        row = services.add_photo(session, actor=office, upload=photo(), caption="三号楼前")[0]
        page = client.get(session.get_absolute_url()).content.decode()
        assert reverse("files:tile", args=[row.uuid, "jpg"]) in page
        assert 'alt="三号楼前"' in page
        client.force_login(people.account("supervisor", people.host(), region_code=people.host().region_code))
        answer = client.get(session.get_absolute_url())
        assert answer.status_code == 200
        assert str(row.uuid) not in answer.content.decode()

    def test_what_people_type_under_a_photo_stays_text(self, client, office):
        session = make.held()
        services.add_photo(session, actor=office, upload=photo(), caption='"><script>alert(1)</script>')
        page = client.get(session.get_absolute_url()).content.decode()
        assert "<script>alert(1)" not in page

    def test_a_statement_that_is_not_of_this_session_is_not_found(self, client, office):
        session, other = make.in_progress(), make.in_progress()
        said = services.add_statement(session, by="居民", category="resident", text="路灯坏了。", actor=office)
        address = reverse("sessions:add_photo", args=[session.uuid])
        assert client.get(f"{address}?statement={said.uuid}").status_code == 200
        assert client.get(f"{address}?statement=x").status_code == 404
        elsewhere = reverse("sessions:add_photo", args=[other.uuid])
        assert client.get(f"{elsewhere}?statement={said.uuid}").status_code == 404

    def test_a_bench_session_is_logged_with_its_photos_once(self, client):
        host = people.host()
        member = people.account("member", host)
        client.force_login(member)
        address = reverse("sessions:log")
        assert 'capture="environment"' in client.get(address).content.decode()
        data, words = (
            samples.jpeg(),
            {
                "client_id": str(uuid.uuid4()),
                "host": str(host.uuid),
                "title": "小板凳议事",
                "region_code": make.WANQIAO,
                "venue_kind": "courtyard",
                "place": "大榕树下",
                "agreed": "先把沟清了。",
                "form": "bench",
            },
        )
        for _ in range(2):
            files = {"shots": [photo("一.jpg", data)], "photos": [photo("二.jpg", samples.jpeg((30, 30)))]}
            answer = client.post(address, {**words, **files})
            assert answer.status_code == 302, answer.content.decode()
        session = ConsultSession.objects.get(client_id=words["client_id"])
        assert [row.name for row in services.photos_of(session)] == ["一.jpg", "二.jpg"]
