"""Who may make which move of a notice in which state, and who sees it, written out; letters as in conftest.cast."""

import pytest
from django.contrib.auth.models import AnonymousUser

from consult.errors import FourEyes, NotAllowed, WrongState
from members.states import Role
from outcomes import services
from outcomes.models import PublicNotice
from outcomes.states import NOTICE_WORKFLOW
from tests.factories import notices, people, topics

pytestmark = pytest.mark.django_db

ROLES = list("OPSCGMVLAUBXRF")

#: state -> who may make which move; the drafter (D) and the office that did not draft it (O) are two people
MOVES = {
    "drafted": {"edit_notice": "O D", "review_notice": "O P"},
    "reviewed": {"return_notice": "O P D", "post_notice": "O P D"},
    "posted": {
        "withdraw_notice": "O P D",
        "correct_notice": "O C D",
        "record_objection": "O C D",
        "answer_objection": "O C D",
    },
    "expired": {
        "withdraw_notice": "O P D",
        "correct_notice": "O C D",
        "record_objection": "O C D",
        "answer_objection": "O C D",
    },
    "withdrawn": {},
}
RIGHTS = {
    "edit_notice": "O D",
    "review_notice": "O P",
    "return_notice": "O P D",
    "post_notice": "O P D",
    "withdraw_notice": "O P D",
    "correct_notice": "O C D",
    "record_objection": "O C D",
    "answer_objection": "O C D",
}
#: What is posted everybody may read, signed in or not (Z); what was taken down, those who work with it.
SIGHT = {
    "drafted": "O P D",
    "reviewed": "O P S C D",
    "posted": "O P S C G M V L A U B X R F D Z",
    "expired": "O P S C G M V L A U B X R F D Z",
    "withdrawn": "O P S C X D",
}


@pytest.fixture
def everybody(cast):
    return {
        **{letter: getattr(cast, letter) for letter in ROLES},
        "D": topics.clerk(cast.host),
        "Z": AnonymousUser(),
    }


def tried(notice, verb, actor):
    try:
        NOTICE_WORKFLOW.check(notice, verb, actor=actor)
    except FourEyes:
        return "four eyes"
    except NotAllowed:
        return "not allowed"
    except WrongState:
        return "wrong state"
    return "may"


@pytest.mark.parametrize("state", MOVES)
def test_moves(cast, everybody, state):
    notice = notices.IN_STATE[state](cast.host)
    for verb, right in RIGHTS.items():
        answers = {letter: tried(notice, verb, actor) for letter, actor in everybody.items() if letter != "Z"}
        may = " ".join(letter for letter, answer in answers.items() if answer == "may")
        assert may == MOVES[state].get(verb, ""), (state, verb)
        for letter in right.split():
            assert answers[letter] == ("may" if verb in MOVES[state] else "wrong state"), (state, verb, letter)


def test_the_drafter_does_not_review(cast, everybody):
    notice = notices.drafted(cast.host)
    assert tried(notice, "review_notice", everybody["D"]) == "four eyes"
    assert tried(notice, "review_notice", cast.S) == "not allowed"


def test_whoever_wrote_in_it_last_does_not_review_either(cast):
    notice = notices.drafted(cast.host)
    notice = services.edit_notice(notice, actor=cast.O, text="改了一句话。")
    assert tried(notice, "review_notice", cast.O) == "four eyes"
    assert tried(notice, "review_notice", cast.P) == "may"
    notice = services.edit_notice(notice, actor=topics.clerk(cast.host), text="起草人再看一遍。")
    assert tried(notice, "review_notice", cast.O) == "may"


def test_the_reviewer_may_post_it(cast):
    notice = notices.drafted(cast.host)
    notice = services.review_notice(notice, actor=cast.O)
    assert services.post_notice(notice, actor=cast.O).state == "posted"


def test_who_may_draft(cast, everybody):
    new = PublicNotice(host=cast.host, region_code=topics.WANQIAO)
    may = [
        letter for letter, actor in everybody.items() if letter != "Z" and tried(new, "draft_notice", actor) == "may"
    ]
    assert may == list("OCD")


@pytest.mark.parametrize("state", SIGHT)
def test_sight(cast, everybody, state):
    notice = notices.IN_STATE[state](cast.host)
    seen = [letter for letter, one in everybody.items() if PublicNotice.objects.visible_to(one).filter(pk=notice.pk)]
    assert seen == SIGHT[state].split()
    asked = [x for x, one in everybody.items() if x != "Z" and one.has_perm("outcomes.view_notice", notice)]
    assert asked == [letter for letter in SIGHT[state].split() if letter != "Z"]


def test_a_convenor_keeps_to_the_own_division_and_to_own_drafts(cast):
    elsewhere = people.account(Role.CONVENOR, cast.host, region_code=topics.SHIJI)
    for state in ("drafted", "reviewed"):
        notice = notices.IN_STATE[state](cast.host)
        assert not PublicNotice.objects.visible_to(elsewhere).filter(pk=notice.pk).exists()
    own = notices.drafted(cast.host, actor=cast.C)
    assert PublicNotice.objects.visible_to(cast.C).filter(pk=own.pk).exists()
    assert tried(own, "edit_notice", cast.C) == "may"


def test_pages_list_only_what_the_reader_works_with(cast):
    notice = notices.posted(cast.host)
    kept = [
        x
        for x in ROLES
        if PublicNotice.objects.visible_to(getattr(cast, x)).kept_by(getattr(cast, x)).filter(pk=notice.pk)
    ]
    assert kept == list("OPSCGMVLAUBXR")
