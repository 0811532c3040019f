"""Who may make which move with a session, from which state: the literal tables (role × move, state × move)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from consult.audit.models import Entry
from consult.errors import DomainError, Missing
from consult.outbox.models import Event
from sessions import services
from sessions.models import ConsultSession
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW, SessionState
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db

ROLES = (
    *("office", "approver", "convenor", "group_leader", "member", "village_liaison"),
    *("liaison", "unit_chief", "supervision_office", "supervisor", "registrar"),
)
RELATIONS = ("moderator", "recorder")
OK, NO = "ok", "not_allowed"

# A session of the division that somebody else planned; the last two columns hold no mandate at all.
# office approver convenor leader member village liaison chief urging supervisor registrar | moderator recorder
TABLE = {
    "plan":           (OK, NO, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "announce":       (OK, NO, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "postpone":       (OK, NO, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "cancel":         (OK, NO, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO),
    "open":           (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK, OK),
    "close":          (OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, OK, OK),
    "log":            (OK, NO, OK, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO),
    "keep_undecided": (OK, NO, OK, OK, OK, NO, NO, NO, NO, NO, NO, NO, NO),
    "accept_log":     (OK, NO, OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO),
}  # fmt: skip

#: From which states each move is possible; from all others it is refused as a matter of state.
SOURCES = {
    "plan": set(),
    "announce": {"planned"},
    "postpone": {"planned", "announced"},
    "cancel": {"planned", "announced", "in_progress", "needs_decision"},
    "open": {"announced"},
    "close": {"in_progress"},
    "log": set(),
    "keep_undecided": set(),
    "accept_log": {"needs_decision"},
}
TARGETS = {
    "announce": "announced",
    "postpone": "planned",
    "cancel": "cancelled",
    "open": "in_progress",
    "close": "held",
    "accept_log": "held",
}

#: What is written into a session: who may, and in which states.
PREPARE, KEEP, PHOTO, MEND = "prepare", "keep", "photo", "mend"
RECORD = {
    "change_plan": (PREPARE, {"planned", "announced"}),
    "set_agenda": (PREPARE, {"planned", "announced", "in_progress"}),
    "invite": (PREPARE, {"planned", "announced"}),
    "mend_line": (MEND, {"planned", "announced", "in_progress"}),
    "uninvite": (PREPARE, {"planned", "announced"}),
    "walk_in": (KEEP, {"in_progress"}),
    "mark_attendance": (KEEP, {"in_progress"}),
    "renew_slip": (PREPARE, {"planned", "announced"}),
    "offer_seats": (PREPARE, {"planned", "announced"}),
    "withdraw_sign_up": (PREPARE, {"planned", "announced"}),
    "count_among": (KEEP, {"in_progress"}),
    "leave": (KEEP, {"in_progress"}),
    "run_agenda": (KEEP, {"in_progress"}),
    "queue": (KEEP, {"in_progress"}),
    "add_statement": (KEEP, {"in_progress"}),
    "change_statement": (KEEP, {"in_progress"}),
    "remove_statement": (KEEP, {"in_progress"}),
    "agree_point": (KEEP, {"in_progress"}),
    "change_point": (KEEP, {"in_progress"}),
    "remove_point": (KEEP, {"in_progress"}),
    "keep_dissent": (KEEP, {"in_progress"}),
    "remove_dissent": (KEEP, {"in_progress"}),
    "change_dissent": (KEEP, {"in_progress"}),
    "read_back": (KEEP, {"in_progress"}),
    "restore_line": (KEEP, {"in_progress"}),
    "set_languages": (KEEP, {"in_progress"}),
    "add_photo": (PHOTO, {"planned", "announced", "in_progress", "held", "needs_decision"}),
}
WRITES = {
    PREPARE: {"office", "convenor", "group_leader"},
    KEEP: {"office", "moderator", "recorder"},
    PHOTO: {"office", "convenor", "group_leader", "moderator", "recorder"},
    MEND: {"office", "convenor", "group_leader", "moderator", "recorder"},
}


def later(session: ConsultSession) -> dict:
    starts_at = session.starts_at + timedelta(days=7)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}


CALLS = {
    "announce": lambda s, a: services.announce_session(s, actor=a, short_notice_reason="群众约好了日子"),
    "postpone": lambda s, a: services.postpone_session(s, actor=a, reason="下雨", **later(s)),
    "cancel": lambda s, a: services.cancel_session(s, actor=a, reason="下雨"),
    "open": lambda s, a: services.open_session(s, actor=a),
    "close": lambda s, a: services.close_session(s, actor=a),
    "accept_log": lambda s, a: services.accept_log(s, actor=a, starts_at=s.created_at - timedelta(hours=2)),
}
STATE_FOR = {
    "announce": "planned",
    "postpone": "planned",
    "cancel": "planned",
    "open": "announced",
    "close": "in_progress",
    "accept_log": "needs_decision",
}


def cast(host):
    """One account per role, and two people with a part in the session and no mandate."""
    accounts = make.everyone(host)
    for name in RELATIONS:
        accounts[name] = people.account(host=host, display_name=name)
    return accounts


def traces() -> tuple[int, int]:
    return Entry.objects.count(), Event.objects.count()


def attempt(verb, session, actor) -> str:
    """What comes of it, undone afterwards; a refusal has left no trace."""
    before = traces()
    with transaction.atomic():
        try:
            if verb in CALLS:
                CALLS[verb](session, actor)
            else:
                SESSION_WORKFLOW.check(session, verb, actor=actor)
            return OK
        except DomainError as error:
            assert traces() == before
            assert not session.pk or ConsultSession.objects.get(pk=session.pk).state == session.state
            return error.code
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("verb", TABLE)
def test_who_may_make_which_move(verb):
    host = people.host()
    accounts = cast(host)
    parts = {"moderator": accounts["moderator"], "recorder": accounts["recorder"]}
    if verb in CALLS:
        state = STATE_FOR[verb]
        session = make.in_state(state, host) if state == "needs_decision" else make.in_state(state, host, **parts)
        if verb == "close":
            make.written(session)
    else:
        session = ConsultSession(host=host, region_code=make.WANQIAO, state="")
    found = [attempt(verb, session, accounts[role]) for role in (*ROLES, *RELATIONS)]
    assert tuple(found) == TABLE[verb]


@pytest.mark.parametrize("verb", CALLS)
def test_from_which_states_a_move_is_possible(verb):
    found = set()
    for state in SessionState.values:
        session = make.in_state(state)
        if state == "in_progress":
            make.written(session)
        before = traces()
        try:
            moved = CALLS[verb](session, make.clerk(session.host))
        except DomainError as error:
            assert error.code == "wrong_state"
            assert traces() == before
        else:
            found.add(state)
            assert moved.state == TARGETS[verb]
            assert Entry.objects.about(session).last().verb == f"session.{verb}"
            assert Event.objects.filter(name=f"session.{verb}", payload__session_id=session.pk).exists()
    assert found == SOURCES[verb]


def test_the_tables_name_every_move():
    assert set(TABLE) == set(SESSION_WORKFLOW.verbs) == set(SOURCES)
    assert {step.verb: set(step.sources) for step in SESSION_WORKFLOW} == SOURCES
    assert set(RECORD) | {"reply", "sign_in", "ask_floor"} == set(RECORD_WORKFLOW.verbs)


@pytest.mark.parametrize("verb", RECORD)
def test_who_may_write_into_a_session_and_when(verb):
    who, states = RECORD[verb]
    host = people.host()
    accounts = cast(host)
    parts = {"moderator": accounts["moderator"], "recorder": accounts["recorder"]}
    allowed, possible = set(), set()
    for role in (*ROLES, *RELATIONS):
        session = ConsultSession(host=host, region_code=make.WANQIAO, state=next(iter(states)), **parts)
        try:
            RECORD_WORKFLOW.check(session, verb, actor=accounts[role])
            allowed.add(role)
        except DomainError as error:
            assert error.code == "not_allowed"
    for state in SessionState.values:
        session = ConsultSession(host=host, region_code=make.WANQIAO, state=state, **parts)
        try:
            RECORD_WORKFLOW.check(session, verb, actor=accounts["office"])
            possible.add(state)
        except DomainError as error:
            assert error.code == "wrong_state"
    assert allowed == WRITES[who]
    assert possible == states


def test_every_state_is_reached_and_the_last_ones_are_known():
    assert SESSION_WORKFLOW.initials() == {"planned", "held", "needs_decision"}
    reached = SESSION_WORKFLOW.initials() | SESSION_WORKFLOW.reachable_from("planned")
    assert reached == set(SessionState.values)
    assert SESSION_WORKFLOW.finals() == {"held", "cancelled"}


def test_a_mandate_elsewhere_gives_no_right():
    host, other = people.host(), people.host(people.LANGYA)
    session = make.planned(host)
    for stranger in (people.office(other), people.account("convenor", host, region_code="341103107000")):
        for verb in ("announce", "postpone", "cancel"):
            with pytest.raises(DomainError) as refused:
                CALLS[verb](session, stranger)
            assert refused.value.code == "not_allowed"


def test_a_group_leader_plans_only_for_matters_he_sees():
    host = people.host()
    leader = make.everyone(host)["group_leader"]
    with pytest.raises(Missing):
        services.plan_session(**make.plan(host, actor=leader, topics=[matters.approved(host)]))
    own = matters.claimed(host, by=leader)
    assert services.plan_session(**make.plan(host, actor=leader, topics=[own])).state == "planned"
