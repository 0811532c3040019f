"""Who may make which move in which state, written out; letters as in conftest.cast."""

from datetime import timedelta

import pytest

from consult.errors import FourEyes, NotAllowed, WrongState
from members.states import Role
from outcomes import services
from outcomes.models import Assignment, Outcome
from outcomes.states import ASSIGNMENT_WORKFLOW, OUTCOME_WORKFLOW
from tests.factories import outcomes as make
from tests.factories import people

pytestmark = pytest.mark.django_db

ROLES = list("OPSCGMVLAUBXRFN")

#: state -> who may make which move; everybody not named is refused
ASSIGNMENTS = {
    "issued": {
        "sign_for": "O L",
        "send_back": "O L",
        "reassign": "O",
        "annul": "O",
        "confirm_reminders": "O",
        "urge": "O S",
        "escalate": "O S",
        "make_link": "O",
        "renew_link": "O",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "accepted": {
        "start": "O L",
        "add_progress": "O L A",
        "ask_extension": "O L",
        "reply": "O L",
        "annul": "O",
        "confirm_reminders": "O",
        "set_milestones": "O L",
        "urge": "O S",
        "escalate": "O S",
        "make_link": "O",
        "renew_link": "O",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "sent_back": {"reassign": "O", "annul": "O", "drop_check": "O S C", "revoke_link": "O"},
    "in_progress": {
        "add_progress": "O L A",
        "ask_extension": "O L",
        "grant": "O",
        "refuse": "O",
        "reply": "O L",
        "annul": "O",
        "confirm_reminders": "O",
        "set_milestones": "O L",
        "urge": "O S",
        "escalate": "O S",
        "make_link": "O",
        "renew_link": "O",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "replied": {
        "verify": "O C G M",
        "rework": "O C G M",
        "annul": "O",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "verified": {
        "rework": "O C G M",
        "close": "O S",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "closed": {
        "reopen": "O",
        "plan_check": "O S C",
        "record_check": "O C G M",
        "drop_check": "O S C",
        "revoke_link": "O",
    },
    "annulled": {},
}
for _moves in ASSIGNMENTS.values():  # in every state one may ask from above, and the office answers
    _moves |= {"urge_note": "X", "answer_note": "O"}
#: who holds the right at all: a refusal then speaks of the state
RIGHTS = {
    "urge_note": "X",
    "answer_note": "O",
    "sign_for": "O L",
    "send_back": "O L",
    "reassign": "O",
    "annul": "O",
    "start": "O L",
    "add_progress": "O L A",
    "ask_extension": "O L",
    "grant": "O",
    "refuse": "O",
    "reply": "O L",
    "verify": "O C G M",
    "rework": "O C G M",
    "close": "O S",
    "reopen": "O",
    "confirm_reminders": "O",
    "set_milestones": "O L",
    "urge": "O S",
    "escalate": "O S",
    "plan_check": "O S C",
    "record_check": "O C G M",
    "drop_check": "O S C",
    "make_link": "O",
    "renew_link": "O",
    "revoke_link": "O",
}
OUTCOMES = {
    "drafted": {"edit_outcome": "O", "submit_outcome": "O"},
    "submitted": {
        "adopt_outcome": "O",
        "note_outcome": "O",
        "nothing_to_assign": "O",
        "record_benefits": "O",
        "enter_forms": "O",
        "record_satisfaction": "O",
        "explain_dissatisfaction": "O",
    },
    "adopted": {
        "nothing_to_assign": "O",
        "record_benefits": "O",
        "enter_forms": "O",
        "record_satisfaction": "O",
        "explain_dissatisfaction": "O",
    },
    "noted": {
        "nothing_to_assign": "O",
        "record_benefits": "O",
        "enter_forms": "O",
        "record_satisfaction": "O",
        "explain_dissatisfaction": "O",
    },
}


def answer(workflow, subject, verb, actor):
    try:
        workflow.check(subject, verb, actor=actor)
    except (NotAllowed, WrongState) as refusal:
        return refusal.code
    return "yes"


def expected(table, rights, state, verb, role):
    if role in table[state].get(verb, "").split():
        return "yes"
    return "wrong_state" if role in rights[verb].split() else "not_allowed"


@pytest.mark.parametrize("state", ASSIGNMENTS)
def test_who_may_move_an_assignment(cast, assignment_in, state):
    assignment = assignment_in(state)
    verbs = [step.verb for step in ASSIGNMENT_WORKFLOW if not step.creates and not step.driven]
    assert set(verbs) == set(RIGHTS)
    said = {(r, v): answer(ASSIGNMENT_WORKFLOW, assignment, v, getattr(cast, r)) for r in ROLES for v in verbs}
    table = {(r, v): expected(ASSIGNMENTS, RIGHTS, state, v, r) for r in ROLES for v in verbs}
    assert said == table


@pytest.mark.parametrize("state", OUTCOMES)
def test_who_may_move_an_outcome(cast, state):
    outcome = make.OUTCOME_IN_STATE[state](cast.host)
    rights = dict.fromkeys([step.verb for step in OUTCOME_WORKFLOW if not step.creates], "O")
    said = {(r, v): answer(OUTCOME_WORKFLOW, outcome, v, getattr(cast, r)) for r in ROLES for v in rights}
    table = {(r, v): expected(OUTCOMES, rights, state, v, r) for r in ROLES for v in rights}
    assert said == table


def test_who_may_draft_an_outcome_and_issue_an_assignment(cast):
    topic = make.matter(cast.host)
    outcome = Outcome(topic=topic, host=topic.host, region_code=topic.region_code)
    assignment = Assignment(topic=topic, host=topic.host, region_code=topic.region_code)
    draft = [r for r in ROLES if answer(OUTCOME_WORKFLOW, outcome, "draft_outcome", getattr(cast, r)) == "yes"]
    issue = [r for r in ROLES if answer(ASSIGNMENT_WORKFLOW, assignment, "issue", getattr(cast, r)) == "yes"]
    assert draft == ["O"]
    assert issue == ["O", "S"]


def test_the_recorder_of_a_held_session_drafts_and_edits_his_own(cast):
    topic = make.matter(cast.host)
    topic.sessions.update(recorder=cast.M)
    outcome = services.draft_outcome(topic, actor=cast.M, summary="议定两件事")
    assert answer(OUTCOME_WORKFLOW, outcome, "edit_outcome", cast.M) == "yes"
    assert answer(OUTCOME_WORKFLOW, outcome, "submit_outcome", cast.M) == "not_allowed"
    assert answer(OUTCOME_WORKFLOW, make.drafted(cast.host), "edit_outcome", cast.M) == "not_allowed"


@pytest.mark.parametrize("state", ASSIGNMENTS)
def test_buttons_are_what_the_table_allows(cast, assignment_in, state):
    """Less what the row rules out: no extension was asked for, reminders run already; panels offer the rest."""
    assignment = assignment_in(state)
    for role in ROLES:
        offered = {step.verb for step in ASSIGNMENT_WORKFLOW.available(assignment, getattr(cast, role))}
        table = {verb for verb, roles in ASSIGNMENTS[state].items() if role in roles.split()}
        panels = {"drop_check", "renew_link", "revoke_link", "answer_note"}
        assert offered == table - {"grant", "refuse", "confirm_reminders"} - panels, role


def test_an_asked_extension_offers_its_answers_and_no_second_question(cast, assignment_in):
    assignment = assignment_in("in_progress")
    services.ask_extension(assignment, actor=cast.L, due_wanted=assignment.due_on + timedelta(days=7), reason="下雨")
    assignment = Assignment.objects.get(pk=assignment.pk)
    assert {"grant", "refuse"} <= {step.verb for step in ASSIGNMENT_WORKFLOW.available(assignment, cast.O)}
    assert "ask_extension" not in {step.verb for step in ASSIGNMENT_WORKFLOW.available(assignment, cast.L)}


# four eyes, by organisation


def employed(cast):
    return people.account(Role.MEMBER, cast.host, employer=cast.lead)


def employed_member(cast):
    account = people.account(Role.MEMBER, cast.host)
    people.member(cast.host, account, employer=cast.aide)
    return account


def member_by_workplace(cast):
    account = people.account(Role.MEMBER, cast.host)
    people.member(cast.host, account, workplace=cast.lead.name)
    return account


def office_and_liaison(cast):
    account = people.office(cast.host)
    people.mandate(account, Role.LIAISON, cast.host, organisation=cast.aide)
    return account


def convenor_of_the_unit(cast):
    return people.account(Role.CONVENOR, cast.host, organisation=cast.lead)


@pytest.mark.parametrize(
    "bound", [employed, employed_member, member_by_workplace, office_and_liaison, convenor_of_the_unit]
)
@pytest.mark.parametrize("verb", ["verify", "rework"])
def test_nobody_of_a_handling_unit_verifies(cast, assignment_in, bound, verb):
    assignment = assignment_in("replied")
    with pytest.raises(FourEyes) as refused:
        if verb == "verify":
            services.verify_assignment(assignment, actor=bound(cast), method="site", finding="看过了，已做好。")
        else:
            services.rework_assignment(assignment, actor=bound(cast), reason="没做完", due_on=make.day(-9))
    assert (refused.value.code, refused.value.status) == ("four_eyes", 403)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.verifications.count()) == ("replied", 0)


def test_who_works_elsewhere_verifies(cast, assignment_in):
    account = people.account(Role.MEMBER, cast.host, employer=cast.other)
    people.member(cast.host, account, employer=cast.other, workplace=cast.other.name)
    assert make.verify(assignment_in("replied"), actor=account).state == "verified"


def test_the_raiser_may_verify(cast, assignment_in):
    assignment = assignment_in("replied")
    assignment.topic.raisers.update(account=cast.M)
    assert make.verify(assignment, actor=cast.M).state == "verified"


@pytest.mark.parametrize("which", ["lead", "aide"])
def test_a_paper_that_names_the_unit_as_its_verifier_is_refused(cast, assignment_in, which):
    assignment = assignment_in("replied")
    name = getattr(cast, which).name
    with pytest.raises(Exception) as refused:
        make.verify(assignment, verified_name=name)
    assert list(refused.value.fields) == ["verification"]
    assert make.verify(assignment, verified_name=f"{name}家属院").state == "verified"
