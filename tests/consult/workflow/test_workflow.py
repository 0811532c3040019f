"""The machine: right first, then state; four eyes by name; buttons from the table."""

from types import SimpleNamespace

import pytest
import rules

from consult.errors import DomainError, FourEyes, LostRace, Missing, NotAllowed, WrongState
from consult.workflow import Workflow, four_eyes, move
from consult.workflow.eyes import clear

PAPER = Workflow(
    "paper",
    "papers",
    move("write", "Write", (), "draft"),
    move("hand_in", "Hand in", {"draft"}, "filed"),
    move("read", "Read", {"draft", "filed"}),
    move("sign", "Sign", {"filed"}, "signed", style="ink"),
    move("give_back", "Give back", {"filed"}, "draft"),
    move("shelve", "Shelve", {"draft", "signed"}, "shelved", driven=True),
    move("unshelve", "Take down", {"shelved"}, targets={"draft", "signed"}, right="sign"),
    move("burn", "Burn", {"shelved"}, "ashes", driven=True),
)


class Person(SimpleNamespace):
    is_system = False

    def has_perm(self, perm, subject=None):
        return rules.has_perm(perm, self, subject)


@rules.predicate
def is_clerk(actor, paper=None):
    return actor.clerk


@rules.predicate
def wrote(actor, paper=None):
    return paper is not None and paper.writer is actor


@pytest.fixture(autouse=True)
def rights():
    rules.add_perm("papers.write_paper", rules.always_allow)
    rules.add_perm("papers.hand_in_paper", wrote)
    rules.add_perm("papers.read_paper", rules.always_allow)
    rules.add_perm("papers.sign_paper", is_clerk)
    rules.add_perm("papers.give_back_paper", is_clerk)
    rules.add_perm("papers.burn_paper", rules.always_deny)
    four_eyes("papers.sign_paper", ~wrote)
    yield
    for perm in [perm for perm in rules.permissions.permissions if perm.startswith("papers.")]:
        rules.remove_perm(perm)
        clear(perm)


@pytest.fixture
def clerk():
    return Person(clerk=True)


@pytest.fixture
def writer():
    return Person(clerk=False)


def paper(state, writer=None):
    return SimpleNamespace(state=state, writer=writer)


def test_a_move_sets_the_state_and_names_its_permission(clerk):
    subject = paper("filed")
    step = PAPER.advance(subject, "sign", actor=clerk)
    assert (subject.state, step.verb, step.style, PAPER.perm("sign")) == ("signed", "sign", "ink", "papers.sign_paper")


def test_a_stranger_learns_nothing_about_the_state(writer):
    with pytest.raises(NotAllowed):
        PAPER.check(paper("ashes"), "sign", actor=writer)


def test_with_the_right_the_wrong_state_is_said(clerk):
    subject = paper("draft")
    with pytest.raises(WrongState) as refusal:
        PAPER.advance(subject, "sign", actor=clerk)
    assert (refusal.value.code, refusal.value.status, subject.state) == ("wrong_state", 409, "draft")
    assert "Sign" in str(refusal.value) and "draft" in str(refusal.value)


def test_his_own_matter_is_four_eyes_only_for_who_would_have_the_right(clerk, writer):
    with pytest.raises(FourEyes) as refusal:
        PAPER.check(paper("filed", clerk), "sign", actor=clerk)
    assert (refusal.value.code, refusal.value.status) == ("four_eyes", 403)
    with pytest.raises(NotAllowed) as refusal:
        PAPER.check(paper("filed", writer), "sign", actor=writer)
    assert refusal.value.code == "not_allowed"


def test_a_predicate_written_into_the_right_itself_is_found_too(clerk):
    rules.set_perm("papers.give_back_paper", is_clerk & ~wrote)
    four_eyes("papers.give_back_paper", ~wrote)
    with pytest.raises(FourEyes):
        PAPER.check(paper("filed", clerk), "give_back", actor=clerk)
    assert PAPER.check(paper("filed"), "give_back", actor=clerk)


def test_has_perm_includes_the_four_eyes(clerk):
    assert clerk.has_perm("papers.sign_paper", paper("filed"))
    assert not clerk.has_perm("papers.sign_paper", paper("filed", clerk))


def test_four_eyes_without_a_right_is_a_mistake_in_the_rules():
    with pytest.raises(LookupError):
        four_eyes("papers.eat_paper", ~wrote)


def test_the_system_account_may_everything_even_what_it_wrote():
    system = Person(clerk=False, is_system=True)
    assert PAPER.check(paper("filed", system), "sign", actor=system).verb == "sign"
    with pytest.raises(WrongState):
        PAPER.check(paper("draft"), "sign", actor=system)


def test_a_driven_move_without_a_rule_is_the_drivers_business_and_with_one_is_asked(clerk):
    assert PAPER.check(paper("signed"), "shelve", actor=clerk).driven
    with pytest.raises(NotAllowed):
        PAPER.check(paper("shelved"), "burn", actor=clerk)


def test_a_move_without_target_leaves_the_state(clerk):
    subject = paper("filed")
    PAPER.advance(subject, "read", actor=clerk)
    assert subject.state == "filed"


def test_a_move_back_where_it_came_from_is_told_where(clerk):
    subject = paper("shelved")
    PAPER.advance(subject, "unshelve", actor=clerk, target="signed")
    assert subject.state == "signed"
    with pytest.raises(ValueError, match="ends in one of"):
        PAPER.advance(paper("shelved"), "unshelve", actor=clerk, target="filed")
    with pytest.raises(ValueError, match="ends in signed"):
        PAPER.advance(paper("filed"), "sign", actor=clerk, target="draft")


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        ("draft", ["read"]),
        ("filed", ["read", "sign", "give_back"]),
        ("signed", []),
        ("shelved", ["unshelve"]),
        ("ashes", []),
    ],
)
def test_buttons_are_the_moves_that_are_possible_and_allowed_but_never_driven(clerk, state, verbs):
    assert [step.verb for step in PAPER.available(paper(state), clerk)] == verbs


def test_the_table_knows_its_shape():
    assert PAPER.verbs == ["write", "hand_in", "read", "sign", "give_back", "shelve", "unshelve", "burn"]
    assert PAPER.initials() == {"draft"}
    assert PAPER.finals() == {"ashes"}
    assert PAPER.reachable_from("draft") == {"draft", "filed", "signed", "shelved", "ashes"}
    assert PAPER.reachable_from("ashes") == set()
    assert PAPER.states == {"draft", "filed", "signed", "shelved", "ashes"}


def test_a_verb_is_listed_once():
    with pytest.raises(ValueError, match="twice"):
        Workflow("paper", "papers", move("sign", "Sign", {"a"}, "b"), move("sign", "Sign", {"b"}, "c"))


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (DomainError("No."), 409, {"code": "conflict", "detail": "No."}),
        (DomainError("No.", code="booked"), 409, {"code": "booked", "detail": "No."}),
        (LostRace("Late."), 409, {"code": "lost_race", "detail": "Late."}),
        (
            Missing(reason="Say why."),
            400,
            {"code": "missing", "detail": "Say why.", "fields": {"reason": ["Say why."]}},
        ),
        (
            Missing({"a": "One.", "b": ["Two.", "Three."]}),
            400,
            {"code": "missing", "detail": "One.", "fields": {"a": ["One."], "b": ["Two.", "Three."]}},
        ),
        (Missing("Everything."), 400, {"code": "missing", "detail": "Everything."}),
    ],
)
def test_every_refusal_has_a_code_a_status_and_a_sentence(error, status, body):
    assert (error.status, error.as_dict()) == (status, body)


def test_a_refusal_without_words_has_words():
    assert str(WrongState()) and str(FourEyes()) and str(Missing()) and str(LostRace())
