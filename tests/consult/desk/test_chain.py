"""一事一档: the whole chain on one paper, for who sees the whole matter."""

import re

import pytest
from django.urls import reverse

from consult.desk.queries.paper import paper_of
from members.states import Role
from outcomes.chain import build_chain
from tests.factories import outcomes, people, sessions
from tests.factories import topics as matters
from topics import services as topic_services
from topics.models import Topic

pytestmark = pytest.mark.django_db

#: Who reads the file of a settled matter of his CPPCC that he has nothing else to do with; 200 or what is answered.
SIGHT = {
    "office": 200,
    "approver": 200,
    "convenor": 200,
    "group_leader": 404,
    "member": 404,
    "village_liaison": 404,
    "liaison": 403,
    "unit_chief": 403,
    "supervision_office": 200,
    "supervisor": 200,
    "registrar": 404,
}


def url_of(topic: Topic) -> str:
    return reverse("desk:chain", args=[topic.uuid])


@pytest.fixture
def settled(everyone):
    unit = everyone["liaison"].mandates_now()[0].organisation
    raiser = {"category": "resident", "name": "李秀英", "phone": "13800005566", "consented": True, "on_behalf": True}
    outcome = outcomes.submitted(people.host(), raiser=raiser, title="公厕一直锁着")
    everyone["liaison"].username = f"liaison{unit.pk}"
    everyone["liaison"].save()
    return outcomes.closed(people.host(), outcome=outcome, lead=unit)


@pytest.fixture
def everyone(db):
    return matters.everyone(people.host())


def test_who_reads_it(client, everyone, settled):
    found = {}
    for role, account in everyone.items():
        client.force_login(account)
        found[role] = client.get(url_of(settled.topic)).status_code
    assert found == SIGHT


def test_another_county_finds_nothing(client, settled):
    client.force_login(people.office(people.host(people.LANGYA)))
    assert client.get(url_of(settled.topic)).status_code == 404


def test_a_visitor_is_sent_to_the_door(client, settled):
    assert client.get(url_of(settled.topic))["Location"].startswith(reverse("members:sign_in"))


def test_it_holds_the_chain_with_numbers_and_dates(client, everyone, settled):
    client.force_login(everyone["office"])
    text = client.get(url_of(settled.topic)).content.decode()
    topic, assignment = settled.topic, settled
    for told in (
        topic.number,
        assignment.number,
        assignment.outcome.number,
        "李秀英",
        "万桥社区委员小组",
        "共识第 1 条",
        "排水沟已通",
        "现场看过",
        assignment.lead_unit.name,
        "接单",
        "交办",
        "核验",
        "销号",
    ):
        assert told in text
    assert "13800005566" not in text


def test_the_supervisor_reads_it_without_names(client, everyone, settled):
    client.force_login(everyone["supervisor"])
    text = client.get(url_of(settled.topic)).content.decode()
    assert "这一份不含姓名和联系方式" in text
    assert settled.topic.number in text
    for hidden in ("李秀英", str(matters.clerk(settled.host)), str(everyone["liaison"])):
        assert hidden not in text


def test_names_in_reasons_are_left_out_too(client, everyone):
    raiser = {"category": "resident", "name": "李秀英", "on_behalf": True}
    topic = matters.slip(raiser=raiser)
    topic_services.return_topic(topic, actor=matters.clerk(topic.host), reason="请李秀英写清哪一栋")
    client.force_login(everyone["supervisor"])
    assert "李秀英" not in client.get(url_of(topic)).content.decode()
    client.force_login(everyone["office"])
    assert "请李秀英写清哪一栋" in client.get(url_of(topic)).content.decode()


def test_a_draft_of_the_outcome_is_read_by_who_writes_it(client, everyone):
    outcome = outcomes.drafted(people.host())
    for role, shown in (("office", True), ("approver", False)):
        client.force_login(everyone[role])
        assert ("议定两件事" in client.get(url_of(outcome.topic)).content.decode()) is shown


def test_values_that_no_source_gives_are_marked(client, everyone, settled):
    Topic.objects.filter(pk=settled.topic_id).update(marks=["claim.promised_on", "sessions.0.consensus.1.text"])
    chain = build_chain(settled.topic, public=False)
    marked = {line.text for part in paper_of(chain, settled.host_id) for line in _lines(part) if line.sample}
    assert len(marked) == 2
    assert any("共识第 2 条" in text for text in marked)
    client.force_login(everyone["office"])
    assert len(re.findall('class="zb-sample"', client.get(url_of(settled.topic)).content.decode())) == 2


def test_minutes_of_the_last_session_bear_the_marks_of_the_matter():
    outcome = outcomes.submitted(people.host(), profile="formal")
    Topic.objects.filter(pk=outcome.topic_id).update(marks=["minutes.signed_by"])
    chain = build_chain(outcome.topic, public=False)
    marked = [line.label for part in paper_of(chain, outcome.host_id) for line in _lines(part) if line.sample]
    assert marked == ["签发人"]


def _lines(part):
    yield from part.lines
    for below in part.parts:
        yield from _lines(below)


def test_implied_moves_and_two_dates_are_told(client, everyone):
    host = people.host()
    topic = matters.slip(host, on=matters.days_ago(5))
    topic_services.pool_topic(
        topic,
        actor=people.account("", host, is_system=True, username="machine"),
        profile="micro",
        category="公共设施",
        implied=True,
        **matters.CHECKS,
    )
    client.force_login(everyone["office"])
    text = client.get(url_of(topic)).content.decode()
    assert "推定" in text
    assert "录入于" in text


def test_a_second_matter_of_one_session_has_its_entries_too(client, everyone):
    host = people.host()
    first, second = matters.claimed(host), matters.claimed(host)
    sessions.planned(host, topics=[first, second])
    client.force_login(everyone["office"])
    entries = client.get(url_of(second)).context["entries"]
    assert "筹备协商会" in [str(entry["label"]) for entry in entries]


def test_it_costs_the_same_whatever_hangs_on_it(client, everyone, django_assert_max_num_queries):
    host = people.host()
    outcome = outcomes.submitted(host)
    client.force_login(everyone["office"])
    counts = []
    for _n in range(2):
        for _m in range(3):
            outcomes.issued(host, outcome=outcome)
        with django_assert_max_num_queries(45) as found:
            client.get(url_of(outcome.topic))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_members_read_their_own(client, everyone):
    host = people.host()
    topic = matters.claimed(host, by=everyone["group_leader"])
    for role, status in (("group_leader", 200), (str(Role.MEMBER), 200)):
        client.force_login(everyone[role])
        assert client.get(url_of(topic)).status_code == status
