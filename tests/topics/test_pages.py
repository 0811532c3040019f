"""The pages of a matter: what they show to whom, what they cost, and that every move has one."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from consult.audit.models import Entry
from consult.files.models import Attachment
from tests.factories import people
from tests.factories import topics as make
from topics import filters, services
from topics.models import FieldStudy, Raiser, Topic
from topics.states import TOPIC_WORKFLOW

pytestmark = pytest.mark.django_db

PHONE = "13800005566"


@pytest.fixture
def host():
    return people.host()


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def page(name: str, topic: Topic) -> str:
    return reverse(f"topics:{name}", kwargs={"uuid": topic.uuid})


def slip_with_phone(host, **changes) -> Topic:
    return make.slip(host, raiser={"name": "村民甲", "phone": PHONE, "consented": True, "on_behalf": True}, **changes)


# lists


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    "address", ["/topics/", "/topics/?tab=all", "/topics/?tab=all&q=公厕&period=90&source=resident"]
)
def test_the_list_costs_six_queries_for_one_row_and_for_thirty(host, count, address, django_assert_num_queries):
    for _n in range(count):
        make.slip(host)
    client = signed_in(people.office(host))
    filters.townships_of("341103")  # read once a day in each process
    with django_assert_num_queries(6):
        response = client.get(address)
    assert len(response.context["object_list"]) == count


def test_the_desk_shows_first_what_is_to_be_screened_and_who_waited_longest(host):
    young, old = make.slip(host), make.slip(host, on=make.days_ago(4))
    make.pooled(host)
    response = signed_in(people.office(host)).get("/topics/")
    assert list(response.context["object_list"]) == [old, young]
    assert [tab.count for tab in response.context["tabs"]] == ["2", "0", "0", "1", "0", "0", "0", "0", "0", "3"]


def test_a_filter_alone_searches_in_everything(host):
    pooled = make.pooled(host, title="路灯不亮")
    make.slip(host)
    client = signed_in(people.office(host))
    assert list(client.get("/topics/?q=路灯").context["object_list"]) == [pooled]
    assert list(client.get("/topics/?state=pooled").context["object_list"]) == [pooled]
    assert list(client.get(f"/topics/?region={make.TONGLE}").context["object_list"]) != []
    assert list(client.get(f"/topics/?region={make.SHIJI}").context["object_list"]) == []


@pytest.mark.parametrize(
    "query", ["state=nosuch", "region=123", "period=5", "source=rumour", "tab=nosuch", "sort=phone"]
)
def test_bad_filters_get_a_sentence(host, query):
    response = signed_in(people.office(host)).get(f"/topics/?{query}")
    assert response.status_code == 400
    assert response.context["problems"]


def test_parameters_of_strangers_are_ignored(host):
    assert signed_in(people.office(host)).get("/topics/?from=singlemessage").status_code == 200


def test_htmx_gets_the_fragment_of_the_page(host):
    make.slip(host)
    client = signed_in(people.office(host))
    fragment = client.get("/topics/", headers={"HX-Request": "true"})
    assert [template.name for template in fragment.templates][0] == "topics/_table.html"
    assert "HX-Request" in fragment["Vary"]


def test_members_see_what_they_can_take_up(host):
    pooled = make.pooled(host)
    make.slip(host)
    response = signed_in(people.account("member", host)).get(reverse("topics:to_claim"))
    assert list(response.context["object_list"]) == [pooled]


# one matter


@pytest.mark.parametrize("state", make.IN_STATE)
def test_the_page_of_every_state_opens_and_costs_a_constant(host, state):
    topic = make.in_state(state, host)
    client = signed_in(make.clerk(host))
    for name in ("detail", "preview"):
        response = client.get(page(name, topic))
        assert response.status_code == 200
        assert topic.title in response.content.decode()


def test_what_cannot_be_seen_does_not_exist(host):
    topic = slip_with_phone(host)
    raiser = topic.raisers.get()
    client = signed_in(people.office(people.host(people.LANGYA)))
    for name in ("detail", "preview", "follow", "photos", *[s.verb for s in TOPIC_WORKFLOW if not s.driven]):
        assert client.get(page(name, topic)).status_code == 404
    assert client.get(reverse("topics:receipt", kwargs={"uuid": raiser.uuid})).status_code == 404
    assert client.post(reverse("topics:show_contact", kwargs={"uuid": raiser.uuid})).status_code == 404
    assert client.get(reverse("topics:several_decline"), {"pick": topic.uuid}).status_code == 404


def test_a_supervisor_reads_no_names_and_no_contacts(host):
    topic = slip_with_phone(host)
    body = signed_in(people.supervisor()).get(page("detail", topic)).content.decode()
    office = signed_in(people.office(host)).get(page("detail", topic)).content.decode()
    assert "村民甲" in office
    assert "138****5566" in office
    for secret in ("村民甲", "5566", topic.raisers.get().receipt, make.clerk(host).display_name):
        assert secret not in body
    assert PHONE not in office


def test_a_handling_unit_reads_title_and_problem_and_nothing_else(host):
    topic = make.consulted(host, place="3 号楼", expectation="尽快开门")
    unit = people.organisation(host)
    make.assignment(topic, lead=unit)
    client = signed_in(people.liaison(unit))
    for name in ("detail", "preview"):
        body = client.get(page(name, topic)).content.decode()
        assert topic.title in body
        assert topic.problem in body
        for hidden in ("3 号楼", "尽快开门", topic.number, topic.raisers.get().name, topic.claimed_name):
            assert hidden not in body
    answer = client.get(f"/api/v1/topics/{topic.uuid}/").json()
    assert set(answer) == {"uuid", "title", "problem", "actions"}
    assert [set(row) for row in client.get("/api/v1/topics/").json()["results"]] == [set(answer)]
    assert "3 号楼" not in client.get("/topics/").content.decode()


def test_a_number_is_shown_once_asked_and_the_look_is_recorded(host):
    topic = slip_with_phone(host)
    address = reverse("topics:show_contact", kwargs={"uuid": topic.raisers.get().uuid})
    client = signed_in(people.office(host))
    assert client.get(address).status_code == 405
    assert PHONE in client.post(address).content.decode()
    assert PHONE in client.post(address, headers={"HX-Request": "true"}).content.decode()
    assert Entry.objects.filter(verb="topic.show_contact").count() == 2
    assert signed_in(people.approver(host)).post(address).status_code == 403


def test_text_of_strangers_is_shown_as_text(host):
    topic = make.slip(host, title="<script>alert(1)</script>", problem="<img src=x onerror=alert(1)>")
    client = signed_in(people.office(host))
    for name in ("detail", "preview"):
        body = client.get(page(name, topic)).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_raiser_and_for_thirty(host, count, django_assert_num_queries):
    topic, clerk = make.slip(host), make.clerk(host)
    for number in range(count):
        services.follow_topic(topic, actor=clerk, raiser={"name": f"村民 {number}", "on_behalf": True})
    client = signed_in(people.office(host))
    with django_assert_num_queries(22):
        client.get(page("detail", topic))


def a_photo(name="院坝.png") -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "#27594A").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/png")


def test_photos_come_with_the_slip_and_are_shown_to_who_sees_the_matter(host, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(people.office(host))
    client.post(reverse("topics:hand_in"), slip_data(photos=[a_photo(), a_photo("路口.png")]))
    topic = Topic.objects.get()
    photos = list(Attachment.objects.about(topic))
    assert [photo.name for photo in photos] == ["院坝.png", "路口.png"]
    address = reverse("topics:file", kwargs={"uuid": topic.uuid, "file": photos[0].uuid})
    shown = client.get(address)
    assert (shown.status_code, shown["X-Content-Type-Options"]) == (200, "nosniff")
    assert signed_in(people.office(people.host(people.LANGYA))).get(address).status_code == 404


def test_a_photo_that_is_none_is_refused_and_the_slip_with_it(host, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    wrong = SimpleUploadedFile("照片.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    response = signed_in(people.office(host)).post(reverse("topics:hand_in"), slip_data(photos=[wrong]))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["photos"]
    assert Topic.objects.count() == Attachment.objects.count() == 0


# handing in


def slip_data(**changes):
    return {
        "title": "公厕一直锁着",
        "problem": "晨练找不到地方上厕所。",
        "region_code": make.WANQIAO,
        "raised_by": "other",
        "raiser_category": "resident",
        "source": "resident",
        "on": make.days_ago(1).isoformat(),
        "name": "村民甲",
        "phone": PHONE,
        "consented": "on",
        "stakeholders": ["resident", "department"],
        **changes,
    }


@pytest.mark.parametrize("role", ["office", "convenor", "village_liaison", "member", "group_leader"])
def test_who_enters_slips_gets_a_receipt_to_print(host, role):
    region = make.WANQIAO if role == "village_liaison" else host.region_code
    client = signed_in(people.account(role, host, region_code=region))
    assert client.get(reverse("topics:hand_in")).status_code == 200
    response = client.post(reverse("topics:hand_in"), slip_data())
    topic = Topic.objects.get()
    raiser = topic.raisers.get()
    assert response.url == reverse("topics:receipt", kwargs={"uuid": raiser.uuid})
    assert (topic.state, topic.raised_on, raiser.phone, raiser.on_behalf) == (
        "submitted",
        make.days_ago(1),
        PHONE,
        True,
    )
    receipt = client.get(response.url).content.decode()
    assert raiser.receipt in receipt
    assert "<svg" in receipt
    assert PHONE not in receipt


@pytest.mark.parametrize("role", ["approver", "supervision_office", "supervisor", "registrar", "liaison"])
def test_who_does_not_enter_slips_is_told_who_does(host, role):
    client = signed_in(people.account(role, host))
    assert client.get(reverse("topics:hand_in")).status_code == 403
    assert client.post(reverse("topics:hand_in"), slip_data()).status_code == 403
    assert Topic.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "公" * 101}, "title"),
        ({"problem": "a\u202eb"}, "problem"),
        ({"region_code": "341102004000"}, "region_code"),
        ({"region_code": "999999999999"}, "region_code"),
        ({"region_code": "没有这个村"}, "region_code"),
        ({"phone": "12345"}, "phone"),
        ({"consented": ""}, "consented"),
        ({"on": "2025-02-30"}, "on"),
        ({"on": "2999-01-01"}, "on"),
        ({"households": "很多"}, "households"),
        ({"households": "-1"}, "households"),
        ({"pending_since": "很久"}, "pending_since"),
        ({"source": "rumour"}, "source"),
        ({"stakeholders": ["neighbours"]}, "stakeholders"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(host, changes, field):
    data = slip_data(**changes)
    response = signed_in(people.office(host)).post(reverse("topics:hand_in"), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "晨练" in response.content.decode() or field == "problem"
    assert Topic.objects.count() == 0


def test_a_village_can_be_written_in_words(host):
    client = signed_in(people.office(host))
    client.post(reverse("topics:hand_in"), slip_data(region_code="万桥社区"))
    assert Topic.objects.get().region_code == make.WANQIAO


def test_a_member_raises_a_matter_himself(host):
    account = people.account("member", host)
    data = slip_data(raised_by="self", source="member", phone="", name="", consented="")
    signed_in(account).post(reverse("topics:hand_in"), data)
    raiser = Raiser.objects.get()
    assert (raiser.account, raiser.on_behalf, raiser.topic.source) == (account, False, "member")


def test_the_same_form_sent_twice_is_one_slip(host):
    client = signed_in(people.office(host))
    data = slip_data(_once="8a5f6c1e-9a0b-4f0e-9d55-6f1d8a4b2c3d")
    first, second = (client.post(reverse("topics:hand_in"), data) for _n in range(2))
    assert Topic.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_draft_is_kept_and_handed_in_later(host):
    account = people.office(host)
    client = signed_in(account)
    response = client.post(reverse("topics:hand_in"), slip_data(draft="1"))
    topic = Topic.objects.get()
    assert (topic.state, response.url) == ("draft", topic.get_absolute_url())
    assert client.post(page("submit", topic), {}).status_code == 302
    topic.refresh_from_db()
    assert topic.state == "submitted"


def test_similar_matters_are_shown_while_typing_and_without_scripts(host):
    found = make.slip(host, title="龙蟠南苑三期充电桩不够用")
    client = signed_in(people.office(host))
    typed = client.get(reverse("topics:similar"), {"title": "南苑三期充电桩太少"}).content.decode()
    assert found.title in typed
    looked = client.post(reverse("topics:hand_in"), slip_data(title="南苑三期充电桩太少", look="1"))
    assert looked.status_code == 200
    assert found.title in looked.content.decode()
    assert "晨练找不到地方上厕所。" in looked.content.decode()
    assert Topic.objects.count() == 1


def test_following_at_the_counter_prints_a_receipt(host):
    topic = make.pooled(host)
    client = signed_in(people.office(host))
    data = {"raised_by": "other", "name": "村民乙", "phone": PHONE, "consented": "on"}
    response = client.post(page("follow", topic), data)
    follower = topic.raisers.get(kind="follower")
    assert response.url == reverse("topics:receipt", kwargs={"uuid": follower.uuid})
    assert client.post(page("follow", topic), {"raised_by": "self"}).url == topic.get_absolute_url()


# moves

#: What is posted to each page, and the state in which the matter then is.
MOVES = {
    "submit": ({}, "submitted"),
    "return_topic": ({"reason": "请补照片"}, "returned"),
    "resubmit": ({"title": "新的题目", "problem": "写清楚了", "region_code": make.WANQIAO}, "submitted"),
    "lapse": ({}, "declined"),
    "pool": (
        {
            **dict.fromkeys(("small_cut", "wide_reach", "vital_interest", "consultable"), "on"),
            "profile": "micro",
            "category": "住房",
        },
        "pooled",
    ),
    "decline": ({"reason": "已进入诉讼", "reply_text": "请等法院"}, "declined"),
    "transfer": ({"reason": "路灯", "reply_text": "已转", "to_unit": "12345 热线"}, "transferred"),
    "merge": ({"into": None}, "merged"),
    "split": ({"parts": "路灯不亮\n垃圾没人收"}, "submitted"),
    "reconsider": ({"reason": "看错了"}, "submitted"),
    "change_profile": ({"profile": "formal"}, "pooled"),
    "approve": (
        {
            "council_on": make.days_ago(1),
            "party_on": make.days_ago(0),
            "party_text": "同意",
            "plan_year": "2026",
            "lead_committee": None,
            "on_paper": "on",
        },
        "approved",
    ),
    "drop": ({"reason": "今年不议"}, "pooled"),
    "claim": ({"promised_on": make.days_ago(-30), "group": None}, "claimed"),
    "release_claim": ({"reason": "排不开"}, "pooled"),
    "study": (
        {"date_from": make.days_ago(0), "places": "万桥新苑", "findings": "未移交", "support": "赵洼村民组 23 9 21"},
        "claimed",
    ),
    "reopen": ({"reason": "又锁上了"}, "consulted"),
    "withdraw": ({"reason": "解决了"}, "withdrawn"),
}

STARTS = {
    "submit": "draft",
    "resubmit": "returned",
    "lapse": "returned",
    "reconsider": "declined",
    "change_profile": "pooled",
    "approve": "pooled",
    "drop": "approved",
    "claim": "pooled",
    "release_claim": "claimed",
    "study": "claimed",
    "reopen": "closed",
}


def test_every_move_that_is_not_driven_has_a_page():
    notes = {"urge_note", "answer_note"}  # asked and answered by their pages in test_oversight
    assert {step.verb for step in TOPIC_WORKFLOW if not step.driven} == set(MOVES) | notes
    for verb in set(MOVES) | notes:
        assert reverse(f"topics:{verb}", kwargs={"uuid": "8a5f6c1e-9a0b-4f0e-9d55-6f1d8a4b2c3d"})


@pytest.mark.parametrize("verb", MOVES)
def test_a_move_is_asked_and_made_on_its_page(host, verb):
    on = make.days_ago(40)
    if verb == "approve":
        topic = make.pooled(host, "formal", on=on)
    else:
        topic = make.in_state(STARTS.get(verb, "submitted"), host, on=on)
    client = signed_in(make.clerk(host))
    data, state = MOVES[verb]
    links = {
        "into": lambda: make.slip(host).uuid,
        "lead_committee": lambda: make.committee(host).uuid,
        "group": lambda: people.group(host).uuid,
    }
    data = {name: links[name]() if value is None else value for name, value in data.items()}
    assert client.get(page(verb, topic)).status_code == 200
    response = client.post(page(verb, topic), data)
    assert response.status_code == 302, response.context["form"].errors
    topic.refresh_from_db()
    assert topic.state == state
    if verb == "study":
        assert FieldStudy.objects.get().support == [{"group": "赵洼村民组", "households": 23, "before": 9, "after": 21}]
    if verb == "split":
        assert topic.parts.count() == 2


@pytest.mark.parametrize("verb", [verb for verb in MOVES if verb not in ("submit", "lapse", "change_profile")])
def test_an_empty_form_says_what_is_missing(host, verb):
    if verb == "approve":
        topic = make.pooled(host, "formal")
    else:
        topic = make.in_state(STARTS.get(verb, "submitted"), host)
    response = signed_in(make.clerk(host)).post(page(verb, topic), {})
    assert response.status_code == 422
    assert response.context["form"].errors


def test_a_move_out_of_turn_and_a_move_without_mandate_are_refused_with_a_sentence(host):
    closed, slip = make.closed(host), make.slip(host)
    assert signed_in(people.office(host)).get(page("pool", closed)).status_code == 409
    assert signed_in(people.approver(host)).get(page("pool", slip)).status_code == 403
    own = make.slip(host, actor=make.clerk(host), source="office", raiser={})
    response = signed_in(make.clerk(host)).post(page("pool", own), MOVES["pool"][0])
    assert response.status_code == 403


def test_several_slips_are_declined_or_merged_at_once(host):
    slips = [make.slip(host) for _n in range(3)]
    client = signed_in(people.office(host))
    picks = "&".join(f"pick={slip.uuid}" for slip in slips)
    address = reverse("topics:several_merge") + f"?{picks}"
    assert client.get(address).status_code == 200
    assert client.post(address, {"into": slips[1].uuid}).status_code == 302
    assert [Topic.objects.get(pk=slip.pk).state for slip in slips] == ["merged", "submitted", "merged"]
    more = [make.slip(host), make.closed(host)]
    address = reverse("topics:several_decline") + "?" + "&".join(f"pick={one.uuid}" for one in more)
    assert client.post(address, {"reason": "诉讼", "reply_text": "请等"}).status_code == 409
    assert Topic.objects.get(pk=more[0].pk).state == "submitted"


def test_anonymous_readers_are_sent_to_sign_in(host):
    topic = make.slip(host)
    for address in ("/topics/", topic.get_absolute_url(), page("pool", topic), reverse("topics:hand_in")):
        assert Client().get(address).status_code == 302
