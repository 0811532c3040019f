"""The API: the same rows, filters and services as the pages."""

import pytest
from rest_framework.test import APIClient

from outcomes.models import Assignment, Outcome
from outcomes.states import ASSIGNMENT_WORKFLOW
from tests.factories import outcomes as make
from tests.factories import people

pytestmark = pytest.mark.django_db

#: account's mandates, rows (the caller is known to the test client)
LIST_COST = 2


@pytest.fixture
def api():
    def as_(account):
        client = APIClient()
        client.force_authenticate(type(account).objects.get(pk=account.pk))
        return client

    return as_


def url(assignment, verb=""):
    return f"/api/v1/assignments/{assignment.uuid}/{verb + '/' if verb else ''}"


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("path", ["assignments", "outcomes"])
def test_lists_cost_the_same_for_one_and_thirty(api, cast, count, path, django_assert_num_queries):
    for _n in range(count):
        outcome = make.submitted(cast.host)
        make.issued(outcome=outcome, lead=cast.lead, assisting_units=[cast.aide])
    client = api(cast.O)
    # where the reader works is asked once: nobody of a handling unit visits
    with django_assert_num_queries(LIST_COST + (path == "assignments")):
        answer = client.get(f"/api/v1/{path}/", {"page_size": 50})
    assert len(answer.json()["results"]) == count


@pytest.mark.parametrize("role", "OPSCLAUX")
def test_each_assignment_lists_what_its_caller_may_do(api, cast, assignment_in, role):
    assignment = assignment_in("accepted")
    actor = getattr(cast, role)
    shown = api(actor).get(url(assignment)).json()
    assert shown["actions"] == [step.verb for step in ASSIGNMENT_WORKFLOW.available(assignment, actor)]
    assert shown["state"] == "accepted"


@pytest.mark.parametrize("role", "RFBMV")
def test_to_others_it_is_not_there(api, cast, assignment_in, role):
    client = api(getattr(cast, role))
    assignment = assignment_in("issued")
    assert client.get(url(assignment)).status_code == 404
    assert client.post(url(assignment, "sign_for"), {}, format="json").status_code == 404
    assert client.get("/api/v1/assignments/").json()["results"] == []


def test_nobody_reads_without_signing_in(cast, assignment_in):
    assert APIClient().get(url(assignment_in("issued"))).status_code == 401


def test_page_and_api_find_the_same(api, client, cast):
    outcome = make.submitted(cast.host, on=make.day(200))
    make.issued(outcome=outcome, lead=cast.lead, on=make.day(200))
    make.issued(outcome=outcome, lead=cast.other, on=make.day(2))
    client.force_login(cast.O)
    for filters in ({"late": "overdue"}, {"unit": str(cast.other.uuid)}, {"q": "清淤"}, {"state": "issued"}, {}):
        page = {str(row["object"].uuid) for row in client.get("/outcomes/", filters).context["rows"]}
        answer = api(cast.O).get("/api/v1/assignments/", filters).json()
        assert {row["uuid"] for row in answer["results"]} == page, filters


@pytest.mark.parametrize("wrong", [{"late": "never"}, {"nosuch": "1"}, {"ordering": "matter"}, {"unit": "abc"}])
def test_unknown_filters_are_refused_by_name(api, cast, wrong):
    answer = api(cast.O).get("/api/v1/assignments/", wrong)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(wrong)


def test_codes_of_refusals(api, cast, assignment_in):
    assignment = assignment_in("issued")
    verify = {"method": "site", "finding": "看过"}
    assert api(cast.L).post(url(assignment, "verify"), verify, format="json").json()["code"] == "not_allowed"
    assert api(cast.O).post(url(assignment, "verify"), verify, format="json").json()["code"] == "wrong_state"
    answer = api(cast.L).post(url(assignment, "send_back"), {"reason": "不归我管"}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["proper_unit"])
    answer = api(cast.L).post(url(assignment, "sign_for"), {"state": "closed"}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["state"])
    insider = people.office(cast.host, employer=cast.lead)
    answer = api(insider).post(url(assignment_in("replied"), "verify"), verify, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "four_eyes")


def test_a_department_cannot_answer_for_another_nor_after_the_end(api, cast, assignment_in):
    words = {
        "reply_class": "A",
        "measures": "清淤 260 米",
        "result": "排水沟已通。",
        "contact_on": str(make.day(60)),
        "contact_method": "phone",
    }
    assert api(cast.B).post(url(assignment_in("in_progress"), "reply"), words, format="json").status_code == 404
    assert api(cast.A).post(url(assignment_in("in_progress"), "reply"), words, format="json").status_code == 403
    assert api(cast.L).post(url(assignment_in("closed"), "reply"), words, format="json").status_code == 409


def test_the_chain_through_the_api(api, cast):
    topic = make.matter(cast.host)
    office, unit = api(cast.O), api(cast.L)
    made = office.post("/api/v1/outcomes/", {"topic": str(topic.uuid), "effects": ["resolved"]}, format="json")
    assert made.status_code == 201
    outcome = Outcome.objects.get()
    assert made.headers["Location"].endswith(f"/api/v1/outcomes/{outcome.uuid}/")
    path = f"/api/v1/outcomes/{outcome.uuid}"
    submitted = office.post(f"{path}/submit_outcome/", {"submitted_to": ["同乐街道"]}, format="json").json()
    assert (submitted["state"], submitted["submitted_to"]) == ("submitted", ["同乐街道"])
    issue = {
        "outcome": str(outcome.uuid),
        "matter": "清淤",
        "fulfils": [submitted["consensus"][0]["uuid"]],
        "lead_unit": str(cast.lead.uuid),
        "assisting_units": [str(cast.aide.uuid)],
        "issued_by": "同乐街道",
    }
    made = office.post("/api/v1/assignments/", issue, format="json")
    assert made.status_code == 201, made.json()
    assignment = Assignment.objects.get()
    assert unit.post(url(assignment, "sign_for"), {}, format="json").json()["state"] == "accepted"
    moved = unit.post(url(assignment, "add_progress"), {"text": "已清淤 120 米。", "spent": "3000.50"}, format="json")
    assert (moved.json()["state"], moved.json()["progress"][0]["spent"]) == ("in_progress", "3000.50")
    words = {
        "reply_class": "C",
        "measures": "清淤 260 米",
        "result": "盖板明年换。",
        "contact_on": str(make.day()),
        "contact_method": "meeting",
    }
    assert unit.post(url(assignment, "reply"), words, format="json").json()["state"] == "replied"
    office.post(url(assignment, "verify"), {"method": "phone", "finding": "问过群众"}, format="json")
    refused = office.post(url(assignment, "close"), {}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["next_review_on"])
    closed = office.post(url(assignment, "close"), {"next_review_on": str(make.day(-90))}, format="json")
    assert closed.json()["state"] == "closed"
    totals = {"satisfied": 9, "basically": 1, "unsatisfied": 0}
    told = office.post(f"{path}/record_satisfaction/", {"process": totals, "result": totals}, format="json")
    assert told.json()["satisfaction"]["result"] == [9, 1, 0]
    again = office.post(f"{path}/record_satisfaction/", {"process": totals, "result": totals}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "answered_already")


@pytest.mark.parametrize("wrong", [0.5, "五", -1, True, None])
def test_ratings_that_are_none_are_refused(api, cast, wrong):
    outcome = make.closed(cast.host).outcome
    totals = {"satisfied": 1, "basically": 1, "unsatisfied": 1}
    path = f"/api/v1/outcomes/{outcome.uuid}/record_satisfaction/"
    answer = api(cast.O).post(path, {"process": totals, "result": totals | {"satisfied": wrong}}, format="json")
    assert answer.status_code == 400, answer.json()


def test_a_unit_reads_the_outcome_with_its_own_assignments_only(api, cast, assignment_in):
    own = assignment_in("issued")
    make.issued(outcome=own.outcome, lead=cast.other)
    shown = api(cast.L).get(f"/api/v1/outcomes/{own.outcome.uuid}/").json()
    assert shown["assignments"] == [str(own.uuid)]
    assert len(shown["consensus"]) == 2


def test_a_supervisor_reads_no_names(api, cast, assignment_in):
    assignment = assignment_in("closed")
    assert api(cast.O).get(url(assignment)).json()["signed_for_by"] == cast.L.display_name
    assert api(cast.X).get(url(assignment)).json()["signed_for_by"] == ""


def test_units_of_another_county_are_not_found(api, cast):
    outcome = make.submitted(cast.host)
    foreign = make.unit(people.host(people.LANGYA))
    issue = {
        "outcome": str(outcome.uuid),
        "matter": "清淤",
        "fulfils": [str(outcome.topic.consensus_points.first().uuid)],
        "lead_unit": str(foreign.uuid),
        "issued_by": "街道",
    }
    answer = api(cast.O).post("/api/v1/assignments/", issue, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["lead_unit"])
