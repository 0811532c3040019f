"""Two who mended the same minutes: each place is chosen by itself, without scripts, and one new version comes of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sessions import services
from sessions.services import merging
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db

BASE = "一、事项\n公厕锁着。\n二、议定\n月底开门。\n三、保留\n水费再议。"
THEIRS = "一、事项\n公厕锁了两年。\n二、议定\n月底前开门。\n三、保留\n水费再议。\n四、附件"
MINE = "一、事项\n公厕锁着。\n二、议定\n十月底开门，物业看管。\n三、保留"


def places(base, theirs, mine):
    return [(part.theirs, part.mine, part.suggested) for part in merging.parts_of(base, theirs, mine) if part.number]


# the texts ------------------------------------------------------------------------------------------------------------


def test_each_place_says_who_changed_it():
    assert places(BASE, THEIRS, MINE) == [
        (("公厕锁了两年。",), ("公厕锁着。",), "theirs"),
        (("月底前开门。",), ("十月底开门，物业看管。",), ""),
        (("水费再议。", "四、附件"), (), ""),
    ]


@pytest.mark.parametrize(
    ("theirs", "mine", "suggested"),
    [
        ("甲\n乙\n丙", "甲\n丙", "mine"),  # I struck it out, the other left it
        ("甲\n丙", "甲\n乙\n丙", "theirs"),  # the other struck it out
        ("甲\n乙\n新\n丙", "甲\n乙\n丙", "theirs"),  # the other added
        ("甲\n乙\n丙", "甲\n乙\n新\n丙", "mine"),  # I added
        ("甲\n乙一\n丙", "甲\n乙二\n丙", ""),
    ],
)
def test_whoever_changed_the_common_words_is_suggested(theirs, mine, suggested):
    assert [row[2] for row in places("甲\n乙\n丙", theirs, mine)] == [suggested]


def test_all_of_one_side_is_that_side_and_both_lose_no_word():
    parts = merging.parts_of(BASE, THEIRS, MINE)
    for side, text in (("theirs", THEIRS), ("mine", MINE)):
        assert merging.merged(parts, dict.fromkeys((1, 2, 3), side)) == text
    together = merging.merged(parts, dict.fromkeys((1, 2, 3), "both")).splitlines()
    assert set(together) == set(THEIRS.splitlines()) | set(MINE.splitlines())
    assert merging.undecided(parts, {1: "mine", 2: "", 3: "x"}) == [2, 3]


# the page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def raced(client):
    """The other has saved version 3 while I wrote over version 2."""
    minutes = make.drafted()
    one, two = people.office(minutes.session.host), people.office(minutes.session.host)
    services.revise_minutes(minutes, actor=one, body=BASE, version=1)
    services.revise_minutes(minutes, actor=one, body=THEIRS, version=2)
    client.force_login(two)
    return minutes


def address(minutes):
    return reverse("sessions:revise_minutes", args=[minutes.uuid])


def sent(**picks):
    return {"take": "picked", "version": "3", "base": "2", "mine": MINE, **picks}


def test_one_new_version_comes_of_what_was_chosen(client, raced):
    stale = client.post(address(raced), {"version": "2", "body": MINE})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert text.count('type="radio"') == 8
    assert "两边都改过" in text
    answer = client.post(address(raced), sent(**{"pick-1": "theirs", "pick-2": "mine", "pick-3": "theirs"}))
    assert answer.status_code == 302
    raced.refresh_from_db()
    assert (raced.version, raced.revisions.count()) == (4, 4)
    assert raced.body == "一、事项\n公厕锁了两年。\n二、议定\n十月底开门，物业看管。\n三、保留\n水费再议。\n四、附件"


def test_a_place_that_is_not_chosen_is_asked_for_and_the_rest_stays_chosen(client, raced):
    answer = client.post(address(raced), sent(**{"pick-1": "mine", "pick-3": "theirs"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "还有 1 处没选" in text
    assert 'id="pick-1-mine" name="pick-1" value="mine" checked' in text
    raced.refresh_from_db()
    assert raced.version == 3


def test_who_chooses_too_slowly_chooses_again_and_loses_nothing(client, raced):
    services.revise_minutes(raced, actor=people.office(raced.session.host), body=THEIRS + "\n又一句。", version=3)
    answer = client.post(address(raced), sent(**{"pick-1": "mine", "pick-2": "mine", "pick-3": "mine"}))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "十月底开门，物业看管。" in text
    assert "又一句。" in text
    raced.refresh_from_db()
    assert raced.version == 4


def test_nonsense_in_the_form_saves_nothing(client, raced):
    for wrong in ({"base": "x"}, {"version": "99999999999999"}, {"base": "-1"}, {"mine": ""}):
        assert client.post(address(raced), {**sent(), **wrong}).status_code in (409, 422)
    raced.refresh_from_db()
    assert raced.version == 3
    client.force_login(people.account("member", raced.session.host))
    assert client.post(address(raced), sent()).status_code in (403, 404)
