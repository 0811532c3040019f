"""The five real matters: followed on the board, read by staff, tracked by receipt, and one of them released by pages.

What must be found is read from the files themselves, not written down here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from ruamel.yaml import YAML

from consult.desk.backfill.loading import load_file
from members.models import Account
from outcomes.models import PublicNotice
from tests.factories import people
from tests.journeys.pages import Page
from tests.journeys.person import Person, named
from tests.journeys.year import broken
from topics.models import Raiser, Topic

pytestmark = pytest.mark.django_db

CASES = Path("consult/desk/demo/cases")
POSTED = ["longpan-charging", "wanqiao-toilet", "yangguang-certificates"]
UNPOSTED = ["jingnan-homestead", "lantian-property"]


def case(key: str) -> Any:
    return YAML(typ="safe").load((CASES / f"{key}.yaml").read_text(encoding="utf-8"))


def load(key: str) -> Topic:
    result = load_file(CASES / f"{key}.yaml", actor=Account.objects.system())
    assert [str(problem) for problem in result.problems] == []
    return result.topic


def facts(given: Any) -> list[str]:
    """Every text of the matter that residents may read."""
    topic = given["topic"]
    found = [topic["title"], *topic["problem"].splitlines(), topic.get("place"), topic.get("expectation")]
    found += [text for visit in given.get("field_study", ()) for text in visit.get("findings", ())]
    for session in given["sessions"]:
        found += [session["title"], session.get("room") or session.get("place")]
        found += [one["text"] for one in (*session.get("consensus", ()), *session.get("dissent", ()))]
        found += [one["organisation"] for one in session["participants"] if one.get("organisation")]
    for one in given.get("assignments", ()):
        found += [one["matter"], one["lead_unit"], *one.get("assisting", ())]
        found += [(one.get("reply") or {}).get("result"), (one.get("verification") or {}).get("finding")]
    found += [one["what"] for one in (given.get("outcome") or {}).get("benefits", ())]
    found += [(given.get("claim") or {}).get("group")]
    return [text for text in found if text]


def missing(texts: list[str], page: Page) -> list[str]:
    shown = "".join(page.text.split())
    return [text for text in texts if "".join(str(text).split()) not in shown]


@pytest.mark.parametrize("key", POSTED)
def test_what_was_posted_is_followed_from_the_list_of_boards_to_the_slip(key):
    topic, given = load(key), case(key)
    visitor = Client()
    board = reverse("board:home", args=[given["host"]])
    assert board in Page(visitor.get(reverse("desk:boards")).content.decode()).addresses()
    listed = Page(visitor.get(board).content.decode())
    address = next(one for one, words in listed.links if named(one) == "board:notice")
    page = Page(visitor.get(address).content.decode())
    assert missing([given["notice"]["title"], *given["notice"]["text"].splitlines(), *facts(given)], page) == []
    assert "示例" in page.text
    assert topic.number in page.text
    satisfied = given["satisfaction"]["result"]["satisfied"]
    assert str(satisfied) in page.text
    assert broken() == []


@pytest.mark.parametrize("key", UNPOSTED)
def test_the_other_two_are_read_by_staff_and_by_receipt(key):
    topic, given = load(key), case(key)
    office = Person(people.office(topic.host))
    assert missing(facts(given), office.open(reverse("desk:chain", args=[topic.uuid]))) == []
    board = Client().get(reverse("board:home", args=[given["host"]])).content.decode()
    assert given["topic"]["title"] not in board
    receipt = Raiser.objects.get(topic=topic).receipt
    answer = Client().post(reverse("desk:track"), {"receipt": receipt, "tail": ""})
    assert answer.status_code == 200
    assert broken() == []


def test_one_of_them_is_released_through_the_pages():
    """Whoever drafts does not review; afterwards the public reads the whole chain of the old paper."""
    topic, given = load("jingnan-homestead"), case("jingnan-homestead")
    one, two = Person(people.office(topic.host)), Person(people.office(topic.host))
    one.follow(reverse("outcomes:notices"), "outcomes:draft_notice")
    notice = PublicNotice.objects.get()
    two.press(notice, "outcomes:review_notice", secrecy="open")
    two.press(notice, "outcomes:post_notice")
    listed = Page(Client().get(reverse("board:home", args=[given["host"]])).content.decode())
    address = next(one for one, words in listed.links if named(one) == "board:notice")
    assert missing(facts(given), Page(Client().get(address).content.decode())) == []
    assert broken() == []
