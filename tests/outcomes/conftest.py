"""One account of every role, around one host and one lead unit."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from members.states import Role
from tests.factories import outcomes as make
from tests.factories import people, topics


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """O office, P approver, S supervision office, C convenor, G group leader, M member, V village liaison,
    L liaison of the lead unit, A liaison of an assisting unit, U chief of the lead unit, B liaison of another unit,
    X supervisor above, R registrar, F office of the neighbouring county, N nobody in particular (the public)."""
    host = people.host()
    lead, aide, other = make.unit(host), make.unit(host), make.unit(host)
    who = {
        "O": people.office(host),
        "P": people.approver(host),
        "S": people.account(Role.SUPERVISION_OFFICE, host),
        "C": people.account(Role.CONVENOR, host, region_code=topics.TONGLE),
        "G": people.account(Role.GROUP_LEADER, host),
        "M": people.account(Role.MEMBER, host),
        "V": people.account(Role.VILLAGE_LIAISON, host, region_code=topics.WANQIAO),
        "L": make.liaison(lead),
        "A": make.liaison(aide),
        "U": people.account(Role.UNIT_CHIEF, host, organisation=lead),
        "B": make.liaison(other),
        "X": people.supervisor(),
        "R": people.account(Role.REGISTRAR, host),
        "F": people.office(people.host(people.LANGYA)),
        "N": AnonymousUser(),
    }
    return SimpleNamespace(host=host, lead=lead, aide=aide, other=other, **who)


@pytest.fixture
def assignment_in(cast) -> Callable:
    """An assignment of the cast's units, in a state."""

    def made(state: str, **changes):
        return make.IN_STATE[state](cast.host, lead=cast.lead, assisting_units=[cast.aide], **changes)

    return made
