"""The five real matters, loaded through the services of the house."""

from pathlib import Path

import pytest

from consult.audit.models import Entry
from consult.desk.backfill.loading import load_file
from consult.outbox.models import Event
from members.models import Account, Organisation
from outcomes.chain import build_chain
from outcomes.models import Assignment, PublicNotice
from sessions.models import ConsultSession
from topics.models import Topic

pytestmark = pytest.mark.django_db
CASES = Path("consult/desk/demo/cases")
KEYS = ["jingnan-homestead", "lantian-property", "longpan-charging", "wanqiao-toilet", "yangguang-certificates"]


@pytest.fixture
def actor():
    return Account.objects.system()


def load(key, actor):
    result = load_file(CASES / f"{key}.yaml", actor=actor)
    assert [str(problem) for problem in result.problems] == []
    return result


#: key: topic state, sessions held, assignments closed of all, notices posted
FACTS = {
    "jingnan-homestead": ("closed", 1, (1, 1), 0),
    "lantian-property": ("consulted", 1, (0, 1), 0),
    "longpan-charging": ("closed", 1, (2, 2), 1),
    "wanqiao-toilet": ("closed", 1, (2, 2), 1),
    "yangguang-certificates": ("closed", 1, (3, 3), 1),
}


@pytest.mark.parametrize("key", KEYS)
def test_each_file_loads_with_its_facts(key, actor):
    topic = load(key, actor).topic
    state, held, (closed, all_), notices = FACTS[key]
    assert topic.state == state
    assert ConsultSession.objects.filter(topics=topic, state="held").count() == held
    assert Assignment.objects.filter(topic=topic, state="closed").count() == closed
    assert Assignment.objects.filter(topic=topic).count() == all_
    assert PublicNotice.objects.filter(topic=topic, state__in=["posted", "expired"]).count() == notices


def test_loading_twice_changes_nothing(actor):
    load("wanqiao-toilet", actor)
    before = (Topic.objects.count(), Entry.objects.count(), Event.objects.count(), Organisation.objects.count())
    again = load("wanqiao-toilet", actor)
    assert again.known and not again.changed
    assert (Topic.objects.count(), Entry.objects.count(), Event.objects.count(), Organisation.objects.count()) == before


def test_the_matter_closes_on_the_day_of_its_last_assignment(actor):
    topic = load("yangguang-certificates", actor).topic
    assert topic.closed_on.isoformat() == "2021-08-26"


def test_unknown_parties_are_created_and_listed(actor):
    created = load("yangguang-certificates", actor).created
    assert any("妥甸镇协商议事室" in line for line in created)
    assert any("双柏县自然资源局" in line for line in created)


def test_the_chain_tells_the_file(actor):
    topic = load("longpan-charging", actor).topic
    chain = build_chain(topic, public=True)
    assert chain["topic"]["people"] == {"n": 10000, "about": "under"}
    assert [point["text"] for point in chain["sessions"][0]["consensus"]] == [
        "由铁塔公司免费为小区安装充电桩。",
        "充电桩的规范管理由社区物业负责。",
        "建立电瓶车安全充电的长效机制。",
    ]
    assert chain["assignments"][0]["funds"] == {
        "amount": {"n": "300000", "about": "under"},
        "kind": "in_kind",
        "source": "铁塔公司",
    }
    assert chain["assignments"][0]["verification"]["by"] == "市政协龙蟠南苑社区委员小组"
    assert chain["satisfaction"]["result"] == {"satisfied": 55, "basically": 3, "unsatisfied": 0}
    assert {"what": "智能充电桩端口", "amount": "450", "unit": "个"} in chain["outcome"]["benefits"]


def _leaf(chain, path):
    for step in path.split("."):
        chain = chain[int(step)] if isinstance(chain, list) else chain[step]
    return chain


@pytest.mark.parametrize("key", KEYS)
def test_every_mark_leads_to_a_value_of_the_chain(key, actor):
    topic = load(key, actor).topic
    chain = build_chain(topic, public=False)
    lost = []
    for path in chain["illustrative"]:
        if path.startswith("notice."):
            continue
        try:
            _leaf(chain, path)
        except (KeyError, IndexError, ValueError):
            lost.append(path)
    assert lost == []


def test_backfilled_work_reminds_nobody_until_confirmed(actor):
    topic = load("lantian-property", actor).topic
    assert [one.ladder_from for one in topic.assignments.all()] == [None]


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ('region: "341103005001"', 'region: "341199999999"'),
        ("lead_unit: 金鹏建设集团", "lead_unit: 市政协万桥社区委员小组"),
        ("fulfils: [1]", "fulfils: [9]"),
        ("signed_on: 2021-01-22", "signed_on: 2021-01-02"),
        ("profile: micro", "profil: micro"),
        ("目前公厕已完成移交并投入使用。", "请联系13812345566。"),
    ],
)
def test_a_file_that_breaks_a_rule_stores_nothing(tmp_path, actor, find, put):
    text = (CASES / "wanqiao-toilet.yaml").read_text(encoding="utf-8")
    assert find in text
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace(find, put), encoding="utf-8")
    result = load_file(bad, actor=actor)
    assert result.problems and result.topic is None
    assert all(problem.line for problem in result.problems)
    assert (Topic.objects.count(), Organisation.objects.count()) == (0, 0)
