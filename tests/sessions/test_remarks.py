"""朱批 and 会签: the text goes round, remarks stand at their words, and words that are taken make a new version."""

from __future__ import annotations

import hashlib
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from consult import options
from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from consult.errors import LostRace, Missing, NotAllowed, WrongState
from consult.options.models import OptionValue
from consult.outbox.services import relay
from sessions import services
from sessions.models import Minutes, MinutesRevision
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db

BODY = "云亭县政协开会。\n一、形成的共识\n（一）学校错峰放学，低年级提前 15 分钟。\n（二）清理占道摊点。"
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture
def office(client):
    account = make.clerk(people.host())
    client.force_login(account)
    return account


def draft(office, body=BODY, session=None):
    return services.draft_minutes(session or make.held(), actor=office, body=body)


def guest_of(session, name="家长代表"):
    """Somebody on the roster with an account and no mandate."""
    guest = people.account(host=session.host, display_name=name)
    line = session.participants.first()
    type(line).objects.filter(pk=line.pk).update(account=guest)
    return guest


class TestGoingRound:
    def test_who_was_there_reads_the_draft_only_once_it_went_round(self, client, office):
        minutes = draft(office)
        guest = guest_of(minutes.session)
        client.force_login(guest)
        assert client.get(minutes.get_absolute_url()).status_code == 404
        with pytest.raises(NotAllowed):
            services.comment_minutes(minutes, actor=guest, text="写到日。")
        services.circulate_minutes(minutes, actor=office)
        page = client.get(minutes.get_absolute_url())
        assert page.status_code == 200
        assert reverse("sessions:comment_minutes", args=[minutes.uuid]) in page.content.decode()
        assert client.get(reverse("sessions:versions", args=[minutes.uuid])).status_code == 404
        comment = services.comment_minutes(minutes, actor=guest, text="写到日。")
        assert (comment.number, comment.state, comment.by) == (1, "open", "居民代表")
        for name in ("revise_minutes", "file_minutes"):
            assert client.get(reverse(f"sessions:{name}", args=[minutes.uuid])).status_code == 403, name
        relay()
        assert InboxItem.objects.filter(account=guest, key=f"minutes.circulate_minutes:{minutes.pk}").exists()

    def test_once_is_enough(self, office):
        minutes = services.circulate_minutes(draft(office), actor=office)
        with pytest.raises(WrongState):
            services.circulate_minutes(minutes, actor=office)

    def test_neighbours_supervisors_and_strangers_do_not_see_drafts(self, client, office):
        minutes = services.circulate_minutes(draft(office), actor=office)
        host = minutes.session.host
        for account in (
            people.office(people.host(people.LANGYA)),
            people.account("supervisor", host, region_code=host.region_code),
            people.account("liaison", host),
            people.account("member", host),
        ):
            client.force_login(account)
            for name in ("minutes", "comment_minutes", "circulate_minutes", "seal", "print_minutes"):
                address = reverse(f"sessions:{name}", args=[minutes.uuid])
                assert client.get(address).status_code == 404, (account, name)
        client.logout()
        assert client.get(minutes.get_absolute_url()).status_code == 302


class TestRemarks:
    def test_at_words_at_a_paragraph_or_at_the_whole(self, office):
        minutes = draft(office)
        quoted = services.comment_minutes(minutes, actor=office, text="数是哪天数的？", quote="低年级提前 15 分钟")
        whole = services.comment_minutes(minutes, actor=office, text="太长。")
        there = services.comment_minutes(minutes, actor=office, text="谁清理？", line_number=4)
        assert [(one.number, one.line, one.quote) for one in (quoted, whole, there)] == [
            (1, 3, "低年级提前 15 分钟"),
            (2, 0, ""),
            (3, 4, ""),
        ]
        assert [entry.data["comment"] for entry in Entry.objects.filter(verb="minutes.comment_minutes")] == [1, 2, 3]

    def test_words_that_do_not_stand_there_are_refused_at_their_field(self, office):
        minutes = draft(office)
        for field, words in (
            ("quote", {"text": "x", "quote": "高年级"}),
            ("text", {"text": " "}),
            ("line_number", {"text": "x", "line_number": 99}),
            ("line_number", {"text": "x", "proposed": "新的话"}),
            ("version", {"text": "x", "version": 9}),
        ):
            with pytest.raises(Missing) as caught:
                services.comment_minutes(minutes, actor=office, **words)
            assert list(caught.value.fields) == [field]
        with pytest.raises(ValidationError):
            services.comment_minutes(minutes, actor=office, text="x" * 1001)

    def test_the_recorder_notes_it_for_who_has_no_account(self, office):
        minutes = draft(office)
        line = minutes.session.participants.last()
        comment = services.comment_minutes(minutes, actor=office, text="我们没有这么说。", participant=line)
        assert (comment.by, comment.recorded_by, comment.participant) == ("区住建局 股室负责人", office, line)
        assert Entry.objects.get(verb="minutes.comment_minutes").on_behalf_of == "区住建局 股室负责人"
        with pytest.raises(Missing):
            services.comment_minutes(minutes, actor=office, text="x", participant=make.held().participants.first())
        guest = guest_of(minutes.session)
        minutes = services.circulate_minutes(minutes, actor=office)
        with pytest.raises(NotAllowed):
            services.comment_minutes(minutes, actor=guest, text="x", participant=line)

    def test_an_answer_may_bring_the_words_and_taking_them_is_a_version(self, office):
        minutes = draft(office)
        comment = services.comment_minutes(minutes, actor=office, text="从哪天开始？", quote="低年级提前 15 分钟")
        with pytest.raises(Missing):
            services.adopt_comment(comment, actor=office)
        comment = services.answer_comment(
            comment, actor=office, answer="学校答应了。", proposed="低年级自 11 月 23 日起提前 15 分钟"
        )
        assert (comment.state, comment.answered_by) == ("answered", office)
        comment = services.adopt_comment(comment, actor=office)
        minutes.refresh_from_db()
        assert (comment.state, comment.adopted_version, minutes.version) == ("adopted", 2, 2)
        assert minutes.body.split("\n")[2] == "（一）学校错峰放学，低年级自 11 月 23 日起提前 15 分钟。"
        assert [row.version for row in MinutesRevision.objects.filter(minutes=minutes)] == [1, 2]
        for act in (
            lambda: services.adopt_comment(comment, actor=office),
            lambda: services.answer_comment(comment, actor=office, answer="x"),
        ):
            with pytest.raises(WrongState):
                act()
        assert services.broken_chains() == []

    def test_the_place_is_found_again_after_the_text_moved(self, office):
        minutes = draft(office)
        at_words = services.comment_minutes(minutes, actor=office, text="x", quote="占道摊点", proposed="流动摊点")
        at_line = services.comment_minutes(minutes, actor=office, text="x", line_number=3, proposed="（一）错峰放学。")
        services.revise_minutes(minutes, actor=office, body="新的一行。\n" + BODY, version=1)
        services.adopt_comment(at_words, actor=office)
        services.adopt_comment(at_line, actor=office)
        minutes.refresh_from_db()
        assert minutes.body.split("\n")[3:] == ["（一）错峰放学。", "（二）清理流动摊点。"]

    def test_words_that_were_changed_meanwhile_are_not_guessed(self, office):
        minutes = draft(office)
        comment = services.comment_minutes(minutes, actor=office, text="x", quote="占道摊点", proposed="流动摊点")
        services.revise_minutes(minutes, actor=office, body=BODY.replace("占道摊点", "路边摊"), version=1)
        with pytest.raises(LostRace):
            services.adopt_comment(comment, actor=office)
        minutes.refresh_from_db()
        assert minutes.version == 2

    def test_what_is_signed_takes_no_remarks(self, office):
        minutes = make.signed()
        with pytest.raises(WrongState):
            services.comment_minutes(minutes, actor=office, text="x")


class TestPages:
    def test_from_remark_to_new_version(self, client, office):
        minutes = draft(office)
        address = reverse("sessions:comment_minutes", args=[minutes.uuid])
        assert 'value="3" selected' in client.get(f"{address}?line=3").content.decode()
        answer = client.post(
            address, {"text": "写到日。", "line_number": "0", "quote": "低年级提前 15 分钟", "version": 1}
        )
        assert answer.status_code == 302, answer.content.decode()
        comment = minutes.comments.get()
        page = client.get(minutes.get_absolute_url()).content.decode()
        assert '<span class="pi">低年级提前 15 分钟</span><sup><a href="#remark-1">1</a></sup>' in page
        reply = reverse("sessions:answer_comment", args=[minutes.uuid, comment.uuid])
        assert client.get(reply).status_code == 200
        assert client.post(reply, {"answer": "好", "proposed": "低年级自 23 日起提前 15 分钟"}).status_code == 302
        adopt = reverse("sessions:adopt_comment", args=[minutes.uuid, comment.uuid])
        assert adopt in client.get(minutes.get_absolute_url()).content.decode()
        assert client.get(adopt).status_code == 405
        assert client.post(adopt).status_code == 302
        minutes.refresh_from_db()
        assert "低年级自 23 日起提前 15 分钟" in minutes.body
        assert adopt not in client.get(minutes.get_absolute_url()).content.decode()
        client.force_login(people.office(people.host(people.LANGYA)))
        assert client.get(reply).status_code == 404
        assert client.post(adopt).status_code == 404

    def test_payloads_stay_text_everywhere(self, client, office):
        minutes = draft(office, body=f"开头{PAYLOAD}。\n第二行{PAYLOAD}")
        comment = services.comment_minutes(
            minutes, actor=office, text=PAYLOAD, quote=f"开头{PAYLOAD}", proposed=f"新{PAYLOAD}"
        )
        services.answer_comment(comment, actor=office, answer=PAYLOAD)
        services.revise_minutes(minutes, actor=office, body=f"改{PAYLOAD}。\n第二行{PAYLOAD}", version=1)
        stale = client.post(
            reverse("sessions:revise_minutes", args=[minutes.uuid]), {"version": 1, "body": f"我的{PAYLOAD}"}
        )
        assert stale.status_code == 409
        pages = [stale.content.decode()]
        for name in ("minutes", "versions", "print_minutes", "comment_minutes", "revise_minutes"):
            pages.append(client.get(reverse(f"sessions:{name}", args=[minutes.uuid])).content.decode())
        pages.append(client.get(reverse("sessions:answer_comment", args=[minutes.uuid, comment.uuid])).content.decode())
        for page in pages:
            assert PAYLOAD not in page
            assert "&lt;script&gt;" in page or "alert(1)" not in page


class TestSideBySide:
    def stale(self, client, office):
        minutes = draft(office)
        services.revise_minutes(minutes, actor=office, body=BODY.replace("错峰", "分批"), version=1)
        mine = BODY.replace("占道", "流动")
        address = reverse("sessions:revise_minutes", args=[minutes.uuid])
        answer = client.post(address, {"version": 1, "body": mine})
        assert answer.status_code == 409
        return minutes, address, mine, answer.content.decode()

    def test_both_texts_are_there_with_the_words_that_differ(self, client, office):
        _minutes, _address, mine, page = self.stale(client, office)
        assert "<b>分批</b>" in page
        assert "<b>流动</b>" in page
        assert 'name="take" value="theirs"' in page
        assert 'name="take" value="mine"' in page
        for line in (*mine.split("\n"), *BODY.replace("错峰", "分批").split("\n")):
            assert line in page

    def test_keeping_ones_own_leaves_theirs_among_the_versions(self, client, office):
        minutes, address, mine, _page = self.stale(client, office)
        assert client.post(address, {"take": "mine", "version": 2, "mine": mine}).status_code == 302
        assert [row.body for row in MinutesRevision.objects.filter(minutes=minutes)] == [
            BODY,
            BODY.replace("错峰", "分批"),
            mine,
        ]

    def test_keeping_theirs_leaves_ones_own_among_the_versions(self, client, office):
        minutes, address, mine, _page = self.stale(client, office)
        assert client.post(address, {"take": "theirs", "version": 2, "mine": mine}).status_code == 302
        minutes.refresh_from_db()
        assert minutes.body == BODY.replace("错峰", "分批")
        assert [row.body for row in MinutesRevision.objects.filter(minutes=minutes)][2:] == [mine, minutes.body]
        assert services.broken_chains() == []


class TestSeal:
    def test_the_page_computes_it_again_and_gives_the_exact_text(self, client, office):
        minutes = make.signed()
        page = client.get(reverse("sessions:seal", args=[minutes.uuid])).content.decode()
        assert page.count(minutes.sha256) == 2
        text = client.get(reverse("sessions:sealed_text", args=[minutes.uuid]))
        assert hashlib.sha256(text.content).hexdigest() == minutes.sha256
        assert text["Content-Disposition"].startswith("attachment")
        assert text["Cache-Control"] == "private, no-store"
        assert client.get(reverse("sessions:seal", args=[make.drafted().uuid])).status_code == 404

    def test_without_names_there_is_no_exact_text(self, client, office):
        minutes = make.signed()
        host = minutes.session.host
        client.force_login(people.account("supervisor", host, region_code=host.region_code))
        assert client.get(reverse("sessions:seal", args=[minutes.uuid])).status_code == 200
        assert client.get(reverse("sessions:sealed_text", args=[minutes.uuid])).status_code == 404

    def test_an_amendment_cites_what_it_amends_on_page_and_paper(self, client, office):
        minutes = make.signed()
        fresh = services.amend_minutes(minutes, actor=office, reason="写错一个单位")
        for name in ("minutes", "print_minutes"):
            page = client.get(reverse(f"sessions:{name}", args=[fresh.uuid])).content.decode()
            assert minutes.number in page, name
            assert "写错一个单位" in page, name


class TestChapters:
    ROWS = (
        ("agreed", "议定事项", True),
        ("dissent", "", True),
        ("said", "", True),
        ("agenda", "", False),
        ("who", "", False),
        ("matter", "", True),
    )

    def test_their_order_headings_and_presence_are_the_countys(self, office):
        session = make.held()
        options.set_option(session.host_id, "minutes.sections", [list(row) for row in self.ROWS], actor=office)
        headings = [line for line in services.assemble(session).split("\n") if line[1:2] == "、"]
        assert headings[0] == "一、议定事项"
        assert len(headings) == 4
        assert headings[1].startswith("二、")

    @pytest.mark.parametrize(
        "change",
        [
            lambda rows: [row for row in rows if row[0] != "dissent"],
            lambda rows: [[key, heading, key != "dissent"] for key, heading, _shown in rows],
            lambda rows: [[key, "别的" if key == "dissent" else heading, True] for key, heading, _shown in rows],
            lambda rows: [[key, "同名", True] if key in ("said", "agreed") else [key, h, s] for key, h, s in rows],
            lambda rows: [*rows, ["said", "", True]],
            lambda rows: "said",
            lambda rows: [[key, "长" * 41 if key == "said" else h, True] for key, h, _s in rows],
        ],
        ids=["left out", "hidden", "renamed", "twice the same", "twice", "a word", "long"],
    )
    def test_what_was_not_agreed_cannot_be_set_aside(self, office, change):
        rows = change([list(row) for row in self.ROWS])
        with pytest.raises(ValidationError):
            options.set_option(people.host().pk, "minutes.sections", rows, actor=office)

    def test_the_page_moves_rows_without_saving_and_saves_with_history(self, client, office):
        address = reverse("members:sections")
        page = client.get(address).content.decode()
        order = "matter,who,agenda,said,agreed,dissent"
        assert f'value="{order}"' in page
        shown = {f"shown_{key}": "on" for key in order.split(",")}
        answer = client.post(address, {"order": order, "up": "agenda", "heading_said": "大家说的", **shown})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'value="matter,agenda,who,said,agreed,dissent"' in page
        assert 'value="大家说的"' in page
        assert not OptionValue.objects.exists()
        del shown["shown_who"]
        answer = client.post(
            address,
            {"order": "agenda,matter,who,said,agreed,dissent", "heading_said": "大家说的", "since": "", **shown},
        )
        assert answer.status_code == 302, answer.content.decode()
        row = OptionValue.objects.get()
        assert [entry[0] for entry in row.value] == ["agenda", "matter", "who", "said", "agreed", "dissent"]
        assert [entry for entry in row.value if entry[0] in ("who", "said")] == [
            ["who", "", False],
            ["said", "大家说的", True],
        ]
        page = client.get(address).content.decode()
        assert "大家说的" in page
        assert str(office) in page
        assert "大家说的" in client.get(reverse("members:settings")).content.decode()
        client.force_login(people.approver(people.host()))
        assert client.get(address).status_code == 403


def test_remarks_by_the_api(client, office):
    minutes = draft(office)
    base = f"/api/v1/sessions/{minutes.session.uuid}"

    def post(verb, **data):
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return client.post(f"{base}/{verb}/", json.dumps(data), content_type="application/json", headers=headers)

    assert post("circulate_minutes").status_code == 200
    assert post("comment_minutes", text="写到日。", quote="占道摊点").status_code == 200
    remark = client.get(f"{base}/").json()["minutes"][0]["comments"][0]
    assert (remark["number"], remark["quote"], remark["state"]) == (1, "占道摊点", "open")
    assert post("answer_comment", comment=remark["uuid"], answer="好", proposed="流动摊点").status_code == 200
    assert post("adopt_comment", comment=remark["uuid"]).status_code == 200
    assert post("adopt_comment", comment=remark["uuid"]).status_code == 409
    assert "流动摊点" in Minutes.objects.get(pk=minutes.pk).body
    other = draft(office)
    answer = client.post(
        f"/api/v1/sessions/{other.session.uuid}/adopt_comment/",
        json.dumps({"comment": remark["uuid"]}),
        content_type="application/json",
        headers={"Idempotency-Key": "x"},
    )
    assert answer.status_code == 400


def test_the_checks_see_dissent_left_out_names_left_out_and_points_nobody_said(office):
    session = make.in_progress()
    topic = session.topics.first()
    services.mark_attendance(session.participants.last(), "present", actor=office)
    services.add_statement(session, by="居民", category="resident", text="公厕先把门打开，让大家用上。", actor=office)
    services.agree_point(
        session, topic, "公厕先把门打开。", actor=office, unit_name="环卫处", due_on=timezone.localdate()
    )
    services.agree_point(
        session, topic, "修建过街天桥一座。", actor=office, unit_name="住建局", due_on=timezone.localdate()
    )
    services.keep_dissent(session, topic, "比例会后再核。", "建设集团", actor=office)
    session = services.close_session(session, actor=office)
    minutes = services.draft_minutes(session, actor=office)
    lines = minutes.body.split("\n")
    minutes.body = "\n".join(line for line in lines if "比例" not in line and "股室负责人" not in line)
    found = [(check.tone, check.text) for check in services.check_minutes(minutes)]
    texts = " ".join(text for tone, text in found if tone != "song")
    assert "股室负责人" in texts
    assert "比例会后再核" in texts
    assert any(tone == "zhe" and "2" in text and "1" not in text for tone, text in found)
