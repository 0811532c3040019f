"""What may not leave the house: found before review and posting, masked in the chain, never on board or API."""

import json

import pytest
from django.urls import reverse

from consult.audit import Entry
from consult.errors import Missing
from consult.outbox.models import Event
from outcomes import services
from outcomes.chain import build_chain
from outcomes.models import PublicNotice
from outcomes.services.notices import find_private
from sessions.models import Participant, Statement
from tests.factories import notices, people, topics
from tests.factories import outcomes as make
from topics.models import Raiser

pytestmark = pytest.mark.django_db

PHONE, ID, CARD, PLATE = "13812345678", "11010519491231002X", "6222020200112233445", "皖M12345"


@pytest.fixture
def host():
    return people.host()


@pytest.mark.parametrize(
    ("words", "field", "excerpt"),
    [
        ({"title": f"公厕 {PHONE}"}, "title", "138****5678"),
        ({"text": f"请打 {PHONE}"}, "text", "138****5678"),
        ({"text": "请打一三八一二三四五六七八"}, "text", "138****5678"),
        ({"text": "请打１３８ １２３４ ５６７８"}, "text", "138****5678"),
        ({"text": f"证号 {ID}"}, "text", "110*************2X"),
        ({"text": f"车牌 {PLATE}"}, "text", "皖M****5"),
        ({"summary": f"请打 {PHONE}"}, "summary", "138****5678"),
        ({"places": ["公开栏", f"电话 {PHONE}"]}, "places", "138****5678"),
    ],
)
def test_numbers_of_people_stop_review_and_posting(host, words, field, excerpt):
    notice = notices.drafted(host, **words)
    with pytest.raises(Missing) as missing:
        services.review_notice(notice, actor=notices.reviewer(host))
    assert list(missing.value.fields) == [field]
    assert excerpt in missing.value.fields[field][0]
    assert PHONE not in str(missing.value) and ID not in str(missing.value)
    PublicNotice.objects.filter(pk=notice.pk).update(
        state="reviewed", secrecy="open", reviewed_by=notices.reviewer(host)
    )
    with pytest.raises(Missing):
        services.post_notice(notice, actor=notices.reviewer(host))


def test_one_click_masks_everything_and_is_no_writing(host):
    notice = notices.drafted(host, title=f"公厕 {PHONE}", text=f"证号 {ID}", places=[PHONE])
    reviewer = notices.reviewer(host)
    masked = services.mask_notice(notice, actor=reviewer)
    assert (masked.title, masked.places) == ("公厕 138****5678", ["138****5678"])
    assert find_private(masked) == []
    assert services.review_notice(masked, actor=reviewer).state == "reviewed"
    assert Entry.objects.about(notice).filter(verb="notice.edit_notice").get().data == {
        "masked": ["places", "text", "title"]
    }


def test_a_house_address_is_looked_at(host):
    notice = notices.drafted(host, text="路口在幸福路 12 号 3 栋 501 室门前。")
    with pytest.raises(Missing) as missing:
        services.review_notice(notice, actor=notices.reviewer(host))
    assert list(missing.value.fields) == ["looked_at"]
    reviewed = services.review_notice(notice, actor=notices.reviewer(host), looked_at=True)
    assert Entry.objects.about(reviewed).latest("pk").data["looked_at"] == ["address"]


def test_a_residents_name_in_the_text_is_found(host):
    topic = make.submitted(host, raiser={"category": "resident", "name": "欧阳翠花", "on_behalf": True}).topic
    notice = notices.drafted(host, topic=topic, text="欧阳翠花反映公厕不开门。", on=make.day(10))
    with pytest.raises(Missing) as missing:
        services.review_notice(notice, actor=notices.reviewer(host))
    assert "欧阳某某" in missing.value.fields["text"][0]
    assert "翠花" not in str(missing.value)
    masked = services.mask_notice(notice, actor=notices.reviewer(host))
    assert masked.text == "欧阳某某反映公厕不开门。"


def test_the_offices_own_telephone_is_no_secret(host):
    notice = notices.drafted(host, phone="13900001111")
    assert services.review_notice(notice, actor=notices.reviewer(host)).state == "reviewed"


CANARIES = [
    ("raiser", "慕容金雀"),
    ("phone", "13711112222"),
    ("participant", "司马玉蝉"),
    ("official", "上官铁牛"),
    ("statement_by", "诸葛石榴"),
    ("account", "太史青竹"),
    ("objector", "13699998888"),
    ("objection_phone", "13755556666"),
]


@pytest.fixture
def released(host, client):
    """A matter in which every kind of person left a trace, released, objected to and answered."""
    words = dict(CANARIES)
    raiser = {
        "category": "resident",
        "name": words["raiser"],
        "phone": words["phone"],
        "organisation": "金雀家小卖部",
        "on_behalf": True,
        "consented": True,
    }
    problem = f"{words['raiser']}（电话 {words['phone']}）说公厕不开门，{words['participant']}也这样说。"
    outcome = make.submitted(host, raiser=raiser, problem=problem)
    topic = outcome.topic
    session = topic.sessions.get()
    session.moderator_name = words["official"]
    session.save()
    for category, name in (("resident", words["participant"]), ("department", words["official"])):
        Participant.objects.create(
            session=session, category=category, name=name, title="摊主", count=1, attendance="present", position=1
        )
    Statement.objects.create(
        session=session,
        topic=topic,
        by=words["statement_by"],
        category="resident",
        text=f"我是{words['participant']}的邻居，电话 {words['phone']}。",
        position=1,
        recorded_by=topics.clerk(host),
    )
    notice = notices.running(host, topic=topic, actor=people.office(host, display_name=words["account"]))
    reviewer = notices.reviewer(host)
    objection = services.record_objection(
        notice, actor=reviewer, text=f"{words['raiser']}：找我打 {words['objection_phone']}", contact=words["objector"]
    )
    services.answer_objection(notice, actor=reviewer, answer="已联系。", objection=objection)
    return PublicNotice.objects.get(pk=notice.pk)


def test_canaries_are_in_the_house(released):
    """Else the next test would prove nothing."""
    inside = json.dumps(build_chain(released.topic, public=False), ensure_ascii=False)
    for kind in ("raiser", "phone", "participant", "official", "statement_by"):
        assert dict(CANARIES)[kind] in inside
    assert Raiser.objects.get(topic=released.topic).phone == "13711112222"


@pytest.mark.parametrize(("kind", "canary"), CANARIES)
def test_no_canary_leaves_the_house(released, client, kind, canary):
    pages = {
        "home": client.get(reverse("board:home", args=[released.host.region_code])),
        "search": client.get(reverse("board:home", args=[released.host.region_code]), {"q": "公厕"}),
        "notice": client.get(released.board_url),
        "poster": client.get(f"{released.board_url}poster/"),
        "api list": client.get("/api/v1/notices/"),
        "api": client.get(f"/api/v1/notices/{released.uuid}/"),
    }
    for where, page in pages.items():
        assert page.status_code == 200, where
        assert canary not in page.content.decode(), where
        assert canary not in json.dumps(page.json(), ensure_ascii=False) if "api" in where else True
    for stored in (released.snapshot, released.row_html, str(released.search), released.voices):
        assert canary not in json.dumps(stored, ensure_ascii=False)
    assert canary not in json.dumps(list(Event.objects.values_list("payload", flat=True)))


def test_residents_appear_by_role(released):
    chain = released.snapshot["chain"]
    assert chain["topic"]["problem"] == "慕容某某（电话 137****2222）说公厕不开门，司马某某也这样说。"
    assert chain["topic"]["raised_by"] == {"category": "resident", "name": "居民代表"}
    people_shown = [line.get("name", "") for line in chain["sessions"][0]["participants"]]
    assert people_shown == ["居民代表", ""]
    assert chain["sessions"][0]["statements"][0]["by"] == "居民代表"
    assert chain["sessions"][0]["moderator"] == "主持人"


def test_searching_for_a_canary_finds_nothing(released, client):
    for canary in ("慕容金雀", "金雀", "1371111", "玉蝉"):
        page = client.get(reverse("board:home", args=[released.host.region_code]), {"q": canary})
        assert str(released.uuid) not in page.content.decode()


def test_an_objection_is_read_only_with_its_answer(host, client):
    notice = notices.running(host)
    services.record_objection(notice, actor=notices.reviewer(host), text="晚上没有灯。")
    page = client.get(notice.board_url).content.decode()
    assert "晚上没有灯" not in page
    with pytest.raises(Missing) as missing:
        services.answer_objection(notice, actor=notices.reviewer(host), answer=f"请打 {PHONE}")
    assert list(missing.value.fields) == ["answer"]
    services.answer_objection(notice, actor=notices.reviewer(host), answer="已加装路灯。")
    page = client.get(notice.board_url).content.decode()
    assert "晚上没有灯" in page and "已加装路灯" in page
