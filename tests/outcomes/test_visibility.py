"""Who sees which outcome and assignment, written out; letters as in conftest.cast."""

import pytest

from members.models import Account
from members.states import Role
from outcomes import services
from outcomes.models import Assignment, Outcome
from tests.factories import outcomes as make
from tests.factories import people, topics

pytestmark = pytest.mark.django_db

ROLES = list("OPSCGMVLAUBXRFN")

#: Members see it because of the matter, the village liaison once it was released: not without that.
ASSIGNMENT_SIGHT = {
    "issued": "O P S C L A U X",
    "accepted": "O P S C L A U X",
    "sent_back": "O P S C L A U X",
    "in_progress": "O P S C L A U X",
    "replied": "O P S C L A U X",
    "verified": "O P S C L A U X",
    "closed": "O P S C L A U X",
    "annulled": "O P S C L A U X",
}
OUTCOME_SIGHT = {"drafted": "O", "submitted": "O P S C X", "adopted": "O P S C X", "noted": "O P S C X"}


def seers(cast, rows, row):
    return [role for role in ROLES if rows.visible_to(getattr(cast, role)).filter(pk=row.pk).exists()]


@pytest.mark.parametrize("state", ASSIGNMENT_SIGHT)
def test_who_sees_an_assignment(cast, assignment_in, state):
    assignment = assignment_in(state)
    assert seers(cast, Assignment.objects, assignment) == ASSIGNMENT_SIGHT[state].split()


@pytest.mark.parametrize("state", ASSIGNMENT_SIGHT)
def test_the_rule_asks_the_queryset(cast, assignment_in, state):
    assignment = assignment_in(state)
    may = [r for r in ROLES if r != "N" and getattr(cast, r).has_perm("outcomes.view_assignment", assignment)]
    assert may == ASSIGNMENT_SIGHT[state].split()


@pytest.mark.parametrize("state", OUTCOME_SIGHT)
def test_who_sees_an_outcome(cast, state):
    outcome = make.OUTCOME_IN_STATE[state](cast.host)
    assert seers(cast, Outcome.objects, outcome) == OUTCOME_SIGHT[state].split()


def test_units_see_the_outcome_of_their_assignment(cast, assignment_in):
    outcome = assignment_in("issued").outcome
    assert seers(cast, Outcome.objects, outcome) == list("OPSCLAUX")


def test_a_unit_does_not_see_what_another_unit_was_assigned_from_the_same_outcome(cast, assignment_in):
    own = assignment_in("issued")
    others = make.issued(outcome=own.outcome, lead=cast.other)
    assert list(Assignment.objects.visible_to(cast.L)) == [own]
    assert list(Assignment.objects.visible_to(cast.A)) == [own]
    assert list(Assignment.objects.visible_to(cast.B)) == [others]


def test_a_reassigned_item_leaves_the_desk_of_the_first_unit(cast, assignment_in):
    assignment = assignment_in("issued")
    services.reassign(assignment, actor=cast.O, lead_unit=cast.other, reason="归那边管", assisting_units=[])
    assert seers(cast, Assignment.objects, assignment) == list("OPSCBX")


def test_members_see_what_hangs_on_their_matters(cast, assignment_in):
    assignment = assignment_in("issued")
    assignment.topic.raisers.update(account=cast.M)
    assignment.topic.claimed_by = cast.G
    assignment.topic.save(update_fields=["claimed_by"])
    assert seers(cast, Assignment.objects, assignment) == list("OPSCGMLAUX")
    assert seers(cast, Outcome.objects, assignment.outcome) == list("OPSCGMLAUX")


def test_a_convenor_sees_his_township_only(cast):
    elsewhere = make.issued(cast.host, lead=cast.lead, outcome=make.submitted(cast.host, region_code=topics.JINGNAN))
    assert seers(cast, Assignment.objects, elsewhere) == list("OPSLUX")


def test_the_drafter_sees_his_draft(cast):
    topic = make.matter(cast.host)
    topic.sessions.update(recorder=cast.M)
    outcome = services.draft_outcome(topic, actor=cast.M, summary="议定两件事")
    assert seers(cast, Outcome.objects, outcome) == ["O", "M"]


def test_a_matter_filed_jointly_is_read_by_both_and_moved_by_its_host(cast):
    city = people.host(people.CHUZHOU)
    topic_host = people.host()
    outcome = make.submitted(topic_host)
    outcome.topic.joints.create(host=city)
    assignment = make.issued(outcome=outcome, lead=cast.lead)
    joint_office = people.office(city)
    assert Assignment.objects.visible_to(joint_office).filter(pk=assignment.pk).exists()
    assert not joint_office.has_perm("outcomes.annul_assignment", assignment)


def test_an_ended_mandate_sees_nothing(cast, assignment_in):
    assignment = assignment_in("issued")
    gone = people.account()
    people.mandate(gone, Role.OFFICE, cast.host, valid_to=make.day(1))
    assert not Assignment.objects.visible_to(gone).filter(pk=assignment.pk).exists()


def test_the_system_account_sees_everything(cast, assignment_in):
    assignment = assignment_in("issued")
    assert list(Assignment.objects.visible_to(Account.objects.system())) == [assignment]


def test_a_supervisor_reads_no_names(cast, assignment_in):
    assignment = assignment_in("closed")
    readers = [r for r in list("OPSCLUX") if getattr(cast, r).has_perm("outcomes.see_names_assignment", assignment)]
    assert readers == list("OPSCLU")
