"""Who may make which move, from which state: the literal tables (role × move, raiser × move, state × move)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consult.audit.models import Entry
from consult.errors import DomainError
from consult.outbox.models import Event
from tests.factories import people
from tests.factories import topics as make
from topics import services
from topics.models import OversightNote, Topic
from topics.states import OVER, TOPIC_WORKFLOW, TopicState

pytestmark = pytest.mark.django_db

ROLES = (
    *("office", "approver", "convenor", "group_leader", "member", "village_liaison"),
    *("liaison", "unit_chief", "supervision_office", "supervisor", "registrar"),
)
OK, NO, EYES = "ok", "not_allowed", "four_eyes"

# A matter of the division that somebody else raised and, where it is claimed, somebody else took up.
#                     office approver convenor leader member village liaison chief  urging super registrar
BYSTANDER = {
    "submit":         (NO,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "return_topic":   (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "resubmit":       (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "lapse":          (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "pool":           (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "decline":        (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "transfer":       (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "merge":          (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "split":          (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "reconsider":     (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "change_profile": (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "approve":        (OK,   OK,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "drop":           (OK,   OK,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "claim":          (OK,   NO,      OK,      OK,    OK,    NO,     NO,     NO,    NO,    NO,   NO),
    "release_claim":  (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "study":          (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "reopen":         (OK,   NO,      OK,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "withdraw":       (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "urge_note":      (NO,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    OK,   NO),
    "answer_note":    (OK,   NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
}  # fmt: skip

# The same matter, raised by the actor himself.
RAISER = {
    **BYSTANDER,
    "resubmit":       (OK,   OK,      OK,      OK,    OK,    OK,     OK,     OK,    OK,    OK,   OK),
    "withdraw":       (OK,   OK,      OK,      OK,    OK,    OK,     OK,     OK,    OK,    OK,   OK),
    "pool":           (EYES, NO,      EYES,    NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "decline":        (EYES, NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    "transfer":       (EYES, NO,      NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
    # the office only records the paper of a leader
    "approve":        (OK,   EYES,    NO,      NO,    NO,    NO,     NO,     NO,    NO,    NO,   NO),
}  # fmt: skip

NO_DRAFT = {
    *("submitted", "returned", "pooled", "approved", "claimed", "scheduled", "consulted", "closed"),
    *("declined", "transferred", "merged", "withdrawn"),
}
#: From which states each move is possible; from all others it is refused as a matter of state.
SOURCES = {
    "submit": {"draft"},
    "return_topic": {"submitted"},
    "resubmit": {"returned"},
    "lapse": {"returned"},
    "pool": {"submitted"},
    "decline": {"submitted", "returned", "pooled", "claimed", "approved"},
    "transfer": {"submitted", "returned", "pooled", "claimed", "approved"},
    "merge": {"submitted", "returned", "pooled"},
    "split": {"submitted", "pooled"},
    "reconsider": {"pooled", "declined", "transferred", "merged"},
    "change_profile": {"pooled"},
    "approve": {"pooled"},
    "drop": {"approved"},
    "claim": {"pooled"},
    "release_claim": {"claimed"},
    "study": {"approved", "claimed", "scheduled", "consulted"},
    "schedule": {"approved", "claimed", "consulted"},
    "conclude": {"scheduled"},
    "unschedule": {"scheduled"},
    "close": {"consulted"},
    "reopen": {"closed"},
    "withdraw": {"draft", "submitted", "returned", "pooled"},
    # from above one may ask about whatever is no draft, and is answered
    "urge_note": NO_DRAFT,
    "answer_note": NO_DRAFT,
}

#: Where each move is tried by every role.
TRIED_IN = {
    "submit": "draft",
    "return_topic": "submitted",
    "resubmit": "returned",
    "lapse": "returned",
    "pool": "submitted",
    "decline": "submitted",
    "transfer": "submitted",
    "merge": "submitted",
    "split": "submitted",
    "reconsider": "declined",
    "change_profile": "pooled",
    "approve": "pooled",
    "drop": "approved",
    "claim": "pooled",
    "release_claim": "claimed",
    "study": "claimed",
    "reopen": "closed",
    "withdraw": "submitted",
    "urge_note": "claimed",
    "answer_note": "claimed",
}


def asked_from_above(topic: Topic) -> OversightNote:
    above = people.supervisor()
    return OversightNote.objects.create(
        topic=topic,
        about=topic.title,
        text="进展如何？",
        written_on=topic.moved_on,
        written_by=above,
        organisation=above.mandates.get().organisation,
    )


def attempt(verb: str, topic: Topic, actor, role: str = "office") -> str:
    """Make the move with everything it asks for, and say how it ended."""
    day = topic.moved_on
    by_office = role == "office"
    calls = {
        "submit": lambda: services.submit_topic(topic, actor=actor),
        "return_topic": lambda: services.return_topic(topic, actor=actor, reason="请补照片"),
        "resubmit": lambda: services.resubmit_topic(topic, actor=actor, changes={"place": "3 号楼"}),
        "lapse": lambda: services.lapse_topic(topic, actor=actor),
        "pool": lambda: services.pool_topic(topic, actor=actor, profile="micro", category="住房", **make.CHECKS),
        "decline": lambda: services.decline_topic(topic, actor=actor, reason="已进入诉讼", reply_text="请等法院"),
        "transfer": lambda: services.transfer_topic(
            topic, actor=actor, to_unit="12345 热线", reason="路灯", reply_text="已转"
        ),
        "merge": lambda: services.merge_topic(topic, actor=actor, into=make.slip(topic.host)),
        "split": lambda: services.split_topic(topic, actor=actor, parts=[{"title": "另一件事"}]),
        "reconsider": lambda: services.reconsider_topic(topic, actor=actor, reason="看错了"),
        "change_profile": lambda: services.change_profile(
            topic, actor=actor, profile="micro" if topic.profile == "formal" else "formal"
        ),
        "approve": lambda: services.approve_topic(
            topic,
            actor=actor,
            council_on=day,
            party_on=day,
            party_text="同意",
            plan_year=day.year,
            lead_committee=make.committee(topic.host),
            on_paper=by_office,
        ),
        "drop": lambda: services.drop_topic(topic, actor=actor, reason="今年不议"),
        "claim": lambda: services.claim_topic(
            topic,
            actor=actor,
            promised_on=day + timedelta(days=60),
            claimed_name="万桥社区委员小组" if by_office else "",
        ),
        "release_claim": lambda: services.release_claim(topic, actor=actor, reason="时间排不开"),
        "study": lambda: services.study_topic(
            topic, actor=actor, date_from=day, places=["万桥新苑"], findings=["未移交"]
        ),
        "schedule": lambda: services.schedule_topic(topic, actor=actor, reason="再议一次"),
        "conclude": lambda: services.conclude_topic(topic, actor=actor),
        "unschedule": lambda: services.unschedule_topic(topic, actor=actor),
        "close": lambda: services.close_topic(topic, actor=actor),
        "reopen": lambda: services.reopen_topic(topic, actor=actor, reason="又锁上了"),
        "urge_note": lambda: services.urge_topic(topic, actor=actor, text="进展如何？"),
        "answer_note": lambda: services.answer_topic_note(
            topic, actor=actor, note=asked_from_above(topic), answer="月底前办结。"
        ),
        "withdraw": lambda: services.withdraw_topic(topic, actor=actor, reason="解决了"),
    }
    try:
        calls[verb]()
    except DomainError as error:
        return error.code
    return OK


def matter(verb: str, host, **changes) -> Topic:
    day = make.days_ago(40)
    if verb in ("approve", "change_profile"):
        return make.pooled(host, "formal", on=day, **changes)
    return make.in_state(TRIED_IN[verb], host, on=day, **changes)


@pytest.mark.parametrize("verb", BYSTANDER)
def test_who_may_move_a_matter_that_somebody_else_raised(verb):
    host = people.host()
    accounts = make.everyone(host)
    outcomes = {}
    for role in ROLES:
        outcomes[role] = attempt(verb, matter(verb, host), accounts[role], role)
    assert outcomes == dict(zip(ROLES, BYSTANDER[verb], strict=True))


@pytest.mark.parametrize("verb", [verb for verb in RAISER if verb != "submit"])
def test_who_may_move_a_matter_he_raised_himself(verb):
    host = people.host()
    accounts = make.everyone(host)
    outcomes = {}
    for role in ROLES:
        raiser = {"category": "resident", "account": accounts[role], "on_behalf": True, "consented": True}
        outcomes[role] = attempt(verb, matter(verb, host, raiser=raiser), accounts[role], role)
    assert outcomes == dict(zip(ROLES, RAISER[verb], strict=True))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("office", OK),
        ("convenor", OK),
        ("group_leader", OK),
        ("member", OK),
        ("village_liaison", OK),
        ("approver", NO),
        ("liaison", NO),
        ("unit_chief", NO),
        ("supervision_office", NO),
        ("supervisor", NO),
        ("registrar", NO),
    ],
)
def test_who_may_enter_a_slip_and_hand_in_his_own_draft(role, expected):
    host = people.host()
    actor = make.everyone(host)[role]
    try:
        draft = make.draft(host, actor=actor, raiser={})
    except DomainError as error:
        assert error.code == expected
        return
    assert attempt("submit", draft, actor, role) == expected == OK


@pytest.mark.parametrize(
    ("verb", "role"), [("release_claim", "member"), ("study", "member"), ("study", "group_leader")]
)
def test_who_took_it_up_may_study_and_give_it_back(verb, role):
    host = people.host()
    accounts = make.everyone(host)
    topic = make.claimed(host, by=accounts["group_leader"], on=make.days_ago(3))
    assert topic.claimed_group is not None
    assert attempt(verb, topic, accounts[role], role) == OK  # the group's members as well


def test_the_leading_committee_studies_a_formal_matter():
    host = people.host()
    topic = make.approved(host, on=make.days_ago(3))
    committee_clerk = people.account("registrar", host, organisation=make.committee(host))
    assert attempt("study", topic, committee_clerk, "registrar") == OK


@pytest.mark.parametrize("verb", SOURCES)
def test_from_which_states_a_move_is_possible(verb):
    host = people.host()
    office = people.office(host)
    possible = set()
    for state in TopicState.values:
        day = make.days_ago(40)
        own_draft = {"actor": office} if verb == "submit" else {}
        if state == "pooled" and verb == "approve":
            topic = make.pooled(host, "formal", on=day)
        else:
            topic = make.in_state(state, host, on=day, **own_draft)
        before = (topic.state, Entry.objects.count(), Event.objects.count())
        outcome = attempt(verb, topic, people.supervisor() if verb == "urge_note" else office)
        if outcome == OK:
            possible.add(state)
        else:
            assert outcome == "wrong_state"
            topic.refresh_from_db()
            extra = 1 if verb == "merge" else 0  # the target handed in for the attempt
            assert (topic.state, Entry.objects.count() - extra, Event.objects.count() - extra) == before
    assert possible == SOURCES[verb]


def test_the_table_of_states_is_the_table_of_the_procedure():
    assert set(SOURCES) | {"return_to_consulted"} == set(TOPIC_WORKFLOW.verbs)
    assert {verb: set(TOPIC_WORKFLOW.step(verb).sources) for verb in SOURCES} == SOURCES


def test_every_state_is_reached_from_a_draft_and_withdrawn_is_final():
    assert TOPIC_WORKFLOW.reachable_from("draft") | {"draft"} == set(TopicState.values)
    assert TOPIC_WORKFLOW.finals() == {"withdrawn"}
    assert set(OVER) == {"closed", "declined", "transferred", "merged", "withdrawn"}


def test_a_stranger_learns_nothing_about_the_state():
    topic = make.closed(people.host())
    assert attempt("pool", topic, people.office(people.host(people.LANGYA))) == NO


def test_a_formal_matter_is_not_claimed_and_a_micro_matter_not_approved():
    host = people.host()
    office = people.office(host)
    formal, micro = make.pooled(host, "formal"), make.pooled(host, "micro")
    assert attempt("claim", formal, office) == "wrong_state"
    assert attempt("approve", micro, office) == "wrong_state"
    offered = {step.verb for step in TOPIC_WORKFLOW.available(formal, office)}
    assert "approve" in offered
    assert "claim" not in offered
