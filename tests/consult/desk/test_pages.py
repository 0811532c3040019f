"""Boards, inbox, search, help: small pages that everybody opens."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.delivery import recall, tell
from consult.delivery.models import InboxItem
from consult.desk.views.inbox import is_own_address
from consult.web import nav
from outcomes import services as outcome_services
from tests.factories import outcomes, people, sessions
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db


# boards ---------------------------------------------------------------------------------------------------------------


def test_the_first_page_lists_the_boards(client, django_assert_num_queries):
    hosts = [people.host(), people.host(people.CHUZHOU), people.host(people.SHUANGBAI)]
    with django_assert_num_queries(1):
        page = client.get("/")
    text = page.content.decode()
    for host in hosts:
        assert host.name in text
        assert reverse("board:home", args=[host.region_code]) in text
    assert reverse("desk:track") in text
    assert reverse("desk:today") in text


def test_it_is_the_same_for_everybody_and_leaves_nothing_behind(client):
    page = client.get("/")
    assert page.status_code == 200
    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    client.force_login(people.office(people.host()))
    assert people.host().name in client.get("/").content.decode()


def test_a_closed_cppcc_is_not_listed(client):
    host = people.host(people.LANGYA, closed_on=timezone.localdate())
    assert host.name not in client.get("/").content.decode()


@pytest.mark.parametrize(("sample", "said"), [(True, True), (False, False)])
def test_samples_are_called_samples(client, sample, said):
    people.host(is_sample=sample)
    assert ("演示数据" in client.get("/").content.decode()) is said


def test_without_a_cppcc_it_says_so(client):
    assert "还没有公示栏" in client.get("/").content.decode()


# inbox ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(client):
    account = people.office(people.host())
    client.force_login(account)
    return account


@pytest.mark.parametrize("count", [1, 30])
def test_the_inbox_costs_the_same_for_one_and_thirty(client, reader, count, django_assert_num_queries):
    for n in range(count):
        tell(reader, key=f"{n}", title=f"消息 {n}", url="/today/")
    with django_assert_num_queries(5):  # session, account, mandates, rows, counts
        page = client.get(reverse("desk:inbox"))
    assert len(page.context["object_list"]) == count


def test_everybody_reads_his_own(client, reader):
    other = tell(people.office(people.host()), key="1", title="别人的消息", url="/today/")
    assert "别人的消息" not in client.get(reverse("desk:inbox")).content.decode()
    assert client.get(reverse("desk:message", args=[other.uuid])).status_code == 404
    assert client.post(reverse("desk:read", args=[other.uuid])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_opening_a_message_leads_to_its_subject_and_marks_it(client, reader):
    item = tell(reader, key="1", title="新点单", url="/topics/")
    assert client.get(reverse("desk:message", args=[item.uuid]))["Location"] == "/topics/"
    item.refresh_from_db()
    assert item.read_at is not None


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("/topics/", True),
        ("//evil", False),
        ("/\\evil", False),
        ("https://evil", False),
        ("/\tevil", False),
        ("", False),
    ],
)
def test_a_message_leads_nowhere_else(client, reader, url, own):
    item = tell(reader, key="1", title="消息", url=url)
    assert is_own_address(url) is own
    expected = url if own else reverse("desk:inbox")
    assert client.get(reverse("desk:message", args=[item.uuid]))["Location"] == expected


def test_messages_are_marked_one_by_one_or_all(client, reader):
    first, *_others = [tell(reader, key=f"{n}", title=f"消息 {n}") for n in range(3)]
    client.post(reverse("desk:read", args=[first.uuid]))
    assert InboxItem.objects.visible_to(reader).unread().count() == 2
    client.post(reverse("desk:read_all"))
    assert InboxItem.objects.visible_to(reader).unread().count() == 0


def test_unread_ones_stand_under_their_tab_and_recalled_ones_do_not(client, reader):
    tell(reader, key="a", title="还没看")
    tell(reader, key="b", title="不用看了")
    recall("b")
    text = client.get(f"{reverse('desk:inbox')}?tab=unread").content.decode()
    assert "还没看" in text
    assert "不用看了" not in text
    assert "不用办了" in client.get(reverse("desk:inbox")).content.decode()


def test_the_bell_counts_what_is_unread(client, reader):
    tell(reader, key="a", title="还没看")
    entry = next(one for one in nav.registered() if one.url_name == "desk:inbox")
    assert entry.count(reader) == 1
    counts = client.get(reverse("web:counts")).content.decode()
    assert 'id="count-desk-inbox"' in counts


def test_an_empty_inbox_says_what_comes_here(client, reader):
    assert "还没有消息" in client.get(reverse("desk:inbox")).content.decode()


# search ---------------------------------------------------------------------------------------------------------------


def search(client, text):
    return {group.label: [hit.title for hit in group.rows] for group in _groups(client, text)}


def _groups(client, text):
    return client.get(reverse("desk:search"), {"q": text}).context["groups"]


def test_it_finds_each_kind_that_one_sees(client, reader):
    host = people.host()
    topic = matters.slip(host, title="三号楼电梯停运")
    session = sessions.planned(host, title="三号楼电梯协商会")
    assignment = outcomes.issued(host, matter="三号楼电梯检修")
    notice = outcome_services.draft_notice(
        actor=reader, host=host, kind="announcement", title="三号楼电梯协商预告", text="下周三商量。"
    )
    people.member(host, name="电梯三号楼")
    assert search(client, "三号楼电梯") == {
        "议题": [topic.title],
        "协商会": [session.title],
        "交办事项": [assignment.matter],
        "公示": [notice.title],
    }
    assert search(client, "电梯三号楼")["委员"] == ["电梯三号楼"]


def test_it_finds_nothing_of_another_county(client, reader):
    other = people.host(people.LANGYA)
    matters.slip(other, title="三号楼电梯停运", region_code="341102004000")
    sessions.planned(other, title="三号楼电梯协商会", topics=[matters.claimed(other, region_code="341102004000")])
    people.member(other, name="三号楼电梯")
    assert search(client, "三号楼电梯") == {}


def test_each_kind_is_capped_and_leads_on(client, reader):
    for n in range(12):
        matters.slip(people.host(), title=f"电梯停运 {n}")
    [group] = _groups(client, "电梯停运")
    assert len(group.rows) == 10
    assert group.more_url.startswith(reverse("topics:list"))
    assert client.get(group.more_url).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_a_search_costs_the_same_for_one_and_ten(client, reader, count, django_assert_num_queries):
    for n in range(count):
        matters.slip(people.host(), title=f"电梯停运 {n}")
        outcomes.issued(people.host(), matter=f"电梯停运 {n}")
    with django_assert_num_queries(8):  # session, account, mandates, five kinds
        client.get(reverse("desk:search"), {"q": "电梯停运"})


def test_a_number_finds_its_matter(client, reader):
    topic = matters.pooled(people.host())
    assert search(client, topic.number) == {"议题": [topic.title]}


@pytest.mark.parametrize("text", ["", "梯", "%_", "' OR 1=1 --", "𠮷𠮷", "\x00", "\u202e反", "梯" * 200, "<b>电梯</b>"])
def test_odd_words_are_answered(client, reader, text):
    page = client.get(reverse("desk:search"), {"q": text})
    assert page.status_code == 200
    assert "<b>电梯</b>" not in page.content.decode()


def test_a_registrar_finds_accounts_and_nothing_of_the_procedure(client):
    host = people.host()
    matters.slip(host, title="电梯停运")
    people.office(host, display_name="电梯办李主任")
    client.force_login(people.account("registrar", host))
    assert search(client, "电梯") == {"账号": ["电梯办李主任"]}


# help -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["office", "member", "liaison", "supervisor", "registrar"])
def test_help_names_whom_to_ask(client, role):
    everyone = matters.everyone(people.host())
    client.force_login(everyone[role])
    text = client.get(reverse("desk:help")).content.decode()
    assert str(everyone["registrar"]) in text or role == "supervisor"
    assert "<kbd>" in text


@pytest.mark.parametrize("name", ["today", "inbox", "search", "help"])
def test_these_pages_are_for_those_who_signed_in(client, name):
    assert client.get(reverse(f"desk:{name}"))["Location"].startswith(reverse("members:sign_in"))
