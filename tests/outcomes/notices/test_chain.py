"""The chain of a matter as data: in the shape of a case file, at a fixed cost, the public side without the private."""

import pytest

from outcomes import services
from outcomes.chain import build_chain
from outcomes.marks import Marks
from sessions.models import SessionTopic, Statement
from tests.factories import outcomes as make
from tests.factories import people, topics

pytestmark = pytest.mark.django_db

#: Literal: the matter, and one query for each kind of thing that hangs on it.
QUERIES = 24


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("assignments", [1, 12])
def test_it_costs_the_same_however_much_hangs_on_the_matter(assignments, public, django_assert_num_queries):
    outcome = make.submitted(people.host(), on=make.day(30))
    for n in range(assignments):
        one = make.issued(outcome=outcome)
        make.verify(make.reply(services.sign_for(one, actor=make.liaison(one.lead_unit))))
        if n % 2:
            make.held_session(outcome.topic, on=make.day(20))
    with django_assert_num_queries(QUERIES):
        chain = build_chain(outcome.topic, public=public)
    assert len(chain["assignments"]) == assignments


def test_it_has_the_shape_of_a_case_file():
    closed = make.closed(people.host(), on=make.day(30))
    chain = build_chain(closed.topic, public=False)
    assert set(chain) == {
        "host",
        "profile",
        "topic",
        "screening",
        "claim",
        "sessions",
        "outcome",
        "assignments",
        "sample",
    }
    one = chain["assignments"][0]
    assert one["fulfils"] == [1] and one["reply"]["class"] == "A" and one["verification"]["method"] == "site"
    assert one["closed_on"] == closed.closed_on.isoformat()
    assert chain["sessions"][0]["consensus"][0]["number"] == 1


def test_a_drafted_outcome_stays_inside():
    outcome = make.drafted(people.host())
    assert "outcome" in build_chain(outcome.topic, public=False)
    assert "outcome" not in build_chain(outcome.topic, public=True)


def test_what_was_said_on_another_matter_in_the_same_room_is_not_released():
    host = people.host()
    outcome = make.submitted(host)
    session = outcome.topic.sessions.get()
    other = topics.scheduled(host)
    SessionTopic.objects.create(session=session, topic=other, position=2)
    for position, (topic, text) in enumerate([(outcome.topic, "说这件"), (other, "说那件"), (None, "都说")], 1):
        words = {"topic": topic, "by": "居民", "category": "resident", "text": text, "position": position}
        Statement.objects.create(session=session, recorded_by=topics.clerk(host), **words)
    said = [one["text"] for one in build_chain(outcome.topic, public=True)["sessions"][0]["statements"]]
    assert said == ["说这件"]


def test_the_reason_of_an_inner_step_stays_inside():
    topic = topics.claimed(people.host())
    topic.reason = "退单：委员出差"
    topic.save()
    assert "reason" not in build_chain(topic, public=True)["screening"]
    declined = topics.declined(people.host())
    assert build_chain(declined, public=True)["screening"]["reason"] == "已进入诉讼"


@pytest.mark.parametrize(
    ("mark", "path", "covered"),
    [
        ("topic.expectation", "topic.expectation", True),
        ("topic.expectation", "topic.problem", False),
        ("claim", "claim.date", True),
        ("sessions.0.place", "sessions.0.place", True),
        ("sessions.0.place", "sessions.1.place", False),
        ("sessions.place", "sessions.3.place", True),
        ("sessions.0.participants.count", "sessions.0.participants.7.count", True),
        ("sessions.0.participants.7.count", "sessions.0.participants.7", True),
        ("sessions.0.participants.7.count", "sessions.0.participants.6", False),
        ("assignments", "assignments.2.reply.date", True),
        ("assignments.1.reply.date", "assignments.1.reply", True),
        ("assignments.1.reply.date", "assignments.1.matter", False),
        ("satisfaction.result.satisfied", "satisfaction.result", True),
        ("topic.households", "topic.households", True),
    ],
)
def test_marks(mark, path, covered):
    assert Marks([mark]).covers(path) is covered
