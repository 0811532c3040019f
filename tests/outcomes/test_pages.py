"""Pages: what they cost, what they show, and that every move has one."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from outcomes import services
from outcomes.models import Assignment, Outcome
from outcomes.states import ASSIGNMENT_WORKFLOW, OUTCOME_WORKFLOW
from tests.factories import outcomes as make
from tests.factories import people, topics
from topics.filters import townships_of

pytestmark = pytest.mark.django_db

#: session, account, mandates, figures by group, rows, where the reader works (who visits is nobody of the unit)
LIST_COST = 6
#: session, account, mandates, counts of tabs, matters without an outcome, rows
OUTCOME_LIST_COST = 6
#: session, account, mandates, rows; nothing is selected when there is nothing to answer
OVERDUE_COST = 4


def get(client, account, name, *args, **data):
    client.force_login(account)
    return client.get(reverse(f"outcomes:{name}", args=args), data)


@pytest.mark.parametrize("workflow", [ASSIGNMENT_WORKFLOW, OUTCOME_WORKFLOW])
def test_every_move_has_a_page(workflow):
    uuid = "0c8e1d4e-5f0e-4a56-9be5-5f1f0c8d7a10"
    for step in workflow:
        if not step.driven:
            assert reverse(f"outcomes:{step.verb}", kwargs={"uuid": uuid})


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(client, cast, count, django_assert_num_queries):
    outcome = make.submitted(cast.host)
    for _n in range(count):
        make.issued(outcome=outcome, lead=cast.lead, assisting_units=[cast.aide])
    client.force_login(cast.O)
    townships_of("341103")  # read once a day in each process
    with django_assert_num_queries(LIST_COST):
        response = client.get(reverse("outcomes:list"))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_verifying_costs_a_list_one_question_about_the_reader(client, cast, count, django_assert_num_queries):
    outcome = make.submitted(cast.host)
    for _n in range(count):
        make.issued(outcome=outcome, lead=cast.lead, assisting_units=[cast.aide])
    Assignment.objects.update(state="replied")
    client.force_login(cast.O)
    townships_of("341103")
    with django_assert_num_queries(LIST_COST):
        response = client.get(reverse("outcomes:list"))
    assert {row["move"].verb for row in response.context["rows"]} == {"verify"}


@pytest.mark.parametrize("count", [1, 30])
def test_the_reports_cost_the_same_for_one_and_thirty(client, cast, count, django_assert_num_queries):
    for _n in range(count):
        make.drafted(cast.host)
    client.force_login(cast.O)
    townships_of("341103")
    with django_assert_num_queries(OUTCOME_LIST_COST):
        response = client.get(reverse("outcomes:outcomes"))
    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_sheet_of_what_is_overdue_costs_the_same(client, cast, count, django_assert_num_queries):
    outcome = make.submitted(cast.host, on=make.day(200))
    for _n in range(count):
        make.issued(outcome=outcome, lead=cast.lead)
    client.force_login(cast.O)
    with django_assert_num_queries(OVERDUE_COST):
        response = client.get(reverse("outcomes:overdue"))
    assert len(response.context["rows"]) == count


def test_the_desk_costs_the_same_for_one_and_thirty(client, cast, django_assert_max_num_queries):
    outcome = make.submitted(cast.host)
    costs = []
    for count in (1, 30):
        for _n in range(count - outcome.assignments.count()):
            make.issued(outcome=outcome, lead=cast.lead)
        client.force_login(cast.L)
        with django_assert_max_num_queries(40) as asked:
            response = client.get(reverse("outcomes:desk"))
        costs.append(len(asked))
        assert len(response.context["groups"]["to_answer"]) == count
    assert costs[0] == costs[1]


def test_rows_are_grouped_by_time_limit(client, cast):
    outcome = make.submitted(cast.host, on=make.day(300))
    late = make.issued(outcome=outcome, lead=cast.lead, matter="迟了的", on=make.day(120))
    soon = make.issued(outcome=outcome, lead=cast.lead, matter="快到的", due_on=make.day(-3), on=make.day(120))
    fine = make.issued(outcome=outcome, lead=cast.lead, matter="不急的", due_on=make.day(-60), on=make.day(9))
    answered = make.replied(outcome=outcome, lead=cast.lead, matter="办好的", on=make.day(9))
    response = get(client, cast.O, "list")
    assert [row["object"] for row in response.context["rows"]] == [late, soon, answered, fine]
    counts = response.context["counts"]
    assert (counts["overdue"], counts["soon"], counts["running"], counts["to_verify"]) == (1, 1, 1, 1)
    only = get(client, cast.O, "list", late="overdue")
    assert [row["object"] for row in only.context["rows"]] == [late]
    assert "迟了的" in only.content.decode()
    assert [row["object"] for row in get(client, cast.O, "list", q="快到").context["rows"]] == [soon]
    by_unit = get(client, cast.O, "list", unit=str(cast.other.uuid))
    assert list(by_unit.context["rows"]) == []


@pytest.mark.parametrize("wrong", [{"late": "never"}, {"unit": "abc"}, {"region": "南谯"}, {"sort": "nosuch"}])
def test_bad_filters_are_told_and_not_guessed(client, cast, wrong):
    make.issued(cast.host)
    response = get(client, cast.O, "list", **wrong)
    assert response.status_code == 400
    assert list(response.context["rows"]) == []


@pytest.mark.parametrize("state", make.IN_STATE)
@pytest.mark.parametrize("role", "OPSCLAUX")
def test_everybody_who_sees_an_assignment_opens_its_pages(client, cast, assignment_in, state, role):
    assignment = assignment_in(state)
    page = get(client, getattr(cast, role), "detail", assignment.uuid)
    assert page.status_code == 200
    assert assignment.matter in page.content.decode()
    assert get(client, getattr(cast, role), "slip", assignment.uuid).status_code == 200


@pytest.mark.parametrize("role", "RFBMV")
def test_to_others_it_does_not_exist(client, cast, assignment_in, role):
    assignment = assignment_in("issued")
    for name in ("detail", "slip", "sign_for", "verify", "annul"):
        assert get(client, getattr(cast, role), name, assignment.uuid).status_code == 404
    assert client.post(reverse("outcomes:sign_for", args=[assignment.uuid])).status_code == 404


def test_the_public_is_asked_to_sign_in(client, cast, assignment_in):
    response = client.get(reverse("outcomes:detail", args=[assignment_in("issued").uuid]))
    assert response.status_code == 302


@pytest.mark.parametrize("state", make.IN_STATE)
def test_every_offered_move_opens(client, cast, assignment_in, state):
    assignment = assignment_in(state)
    for role in "OSCGML":
        actor = getattr(cast, role)
        if not Assignment.objects.visible_to(actor).filter(pk=assignment.pk).exists():
            continue
        for step in ASSIGNMENT_WORKFLOW.available(assignment, actor):
            assert get(client, actor, step.verb, assignment.uuid).status_code == 200, (role, step.verb)


@pytest.mark.parametrize("state", make.OUTCOME_IN_STATE)
def test_every_offered_move_of_an_outcome_opens(client, cast, state):
    outcome = make.OUTCOME_IN_STATE[state](cast.host)
    assert get(client, cast.O, "outcome", outcome.uuid).status_code == 200
    for step in OUTCOME_WORKFLOW.available(outcome, cast.O):
        assert get(client, cast.O, step.verb, outcome.uuid).status_code == 200, step.verb


def post(client, account, name, uuid, **data):
    client.force_login(account)
    return client.post(reverse(f"outcomes:{name}", args=[uuid]), data)


def test_one_matter_through_all_pages(client, cast):
    """From the held session to the closed matter, as office and unit click it."""
    topic = make.matter(cast.host)
    draft = post(
        client,
        cast.O,
        "draft_outcome",
        topic.uuid,
        summary="议定清淤",
        effects=["consensus"],
        benefit0_what="充电口",
        benefit0_amount="120",
        benefit0_unit="个",
    )
    outcome = Outcome.objects.get()
    assert draft.url == outcome.get_absolute_url()
    assert outcome.benefits.get().what == "充电口"
    assert post(client, cast.O, "submit_outcome", outcome.uuid, submitted_to="同乐街道\n区政府").status_code == 302
    point = topic.consensus_points.first()
    post(
        client,
        cast.O,
        "issue",
        outcome.uuid,
        matter="清淤",
        fulfils=[str(point.uuid)],
        lead_unit=str(cast.lead.uuid),
        assisting_units=[str(cast.aide.uuid)],
        due_on=str(make.day(-30)),
        issued_by="同乐街道",
        funds_amount="12.5",
        funds_kind="budget",
    )
    assignment = Assignment.objects.get()
    assert (str(assignment.funds_amount), assignment.due_on) == ("125000.00", make.day(-30))
    assert post(client, cast.L, "sign_for", assignment.uuid).status_code == 302
    client.force_login(cast.L)
    answer = reverse("outcomes:answer", args=[assignment.uuid])
    assert client.post(f"{answer}?step=progress", {"text": "已清淤 120 米，还差 140 米。"}).status_code == 302
    done = {
        "reply_class": "A",
        "measures": "清淤 260 米",
        "result": "排水沟已通。",
        "contact_on": str(make.day()),
        "contact_method": "phone",
    }
    assert client.post(f"{answer}?step=done", done).status_code == 302
    assert post(client, cast.O, "verify", assignment.uuid, method="site", finding="已看过").status_code == 302
    assert post(client, cast.S, "close", assignment.uuid).status_code == 302
    topic.refresh_from_db()
    assert topic.state == "closed"
    counted = {f"{what}_{grade}": 1 for what in ("process", "result") for grade in ("satisfied", "basically")}
    counted |= {"process_unsatisfied": 0, "result_unsatisfied": 0}
    assert post(client, cast.O, "record_satisfaction", outcome.uuid, **counted).status_code == 302
    assert outcome.satisfaction.result == (1, 1, 0)


def test_an_answer_that_says_nothing_comes_back_with_what_was_typed(client, cast, assignment_in):
    assignment = assignment_in("accepted")
    client.force_login(cast.L)
    response = client.post(f"{reverse('outcomes:answer', args=[assignment.uuid])}?step=progress", {"text": "正在推进"})
    assert response.status_code == 422
    assert response.context["form"].errors["text"]
    assert "正在推进</textarea>" in response.content.decode()
    assignment.refresh_from_db()
    assert assignment.state == "accepted"


def test_a_unit_cannot_answer_for_another_nor_after_the_end(client, cast, assignment_in):
    done = {"text": "已清淤 120 米。"}
    assignment = assignment_in("in_progress")
    client.force_login(cast.B)
    assert client.post(f"{reverse('outcomes:answer', args=[assignment.uuid])}?step=progress", done).status_code == 404
    client.force_login(cast.A)
    reply = reverse("outcomes:reply", args=[assignment.uuid])
    assert client.post(reply, {}).status_code == 403
    closed = assignment_in("closed")
    client.force_login(cast.L)
    assert client.post(f"{reverse('outcomes:answer', args=[closed.uuid])}?step=progress", done).status_code == 409


def test_the_desk_is_for_units_only(client, cast):
    assert get(client, cast.O, "desk").status_code == 404
    assert get(client, cast.L, "desk").status_code == 200
    assert get(client, cast.L, "desk_done").status_code == 200


def test_a_missing_field_keeps_what_was_typed(client, cast):
    outcome = make.submitted(cast.host)
    response = post(client, cast.O, "issue", outcome.uuid, matter="清淤盖板", issued_by="街道")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"fulfils", "lead_unit", "due_on"}
    assert 'value="清淤盖板"' in response.content.decode()


def test_four_eyes_is_said_on_the_page(client, cast, assignment_in):
    assignment = assignment_in("replied")
    insider = people.office(cast.host, employer=cast.lead)
    response = post(client, insider, "verify", assignment.uuid, method="site", finding="看过")
    assert response.status_code == 403


def test_the_letter_is_for_what_is_overdue(client, cast):
    outcome = make.submitted(cast.host, on=make.day(200))
    late = make.issued(outcome=outcome, lead=cast.lead, on=make.day(200))
    fine = make.issued(outcome=outcome, lead=cast.lead, on=make.day(1))
    assert get(client, cast.O, "letter", late.uuid).status_code == 200
    assert get(client, cast.O, "letter", fine.uuid).status_code == 404


def test_a_supervisor_reads_no_names_on_the_page(client, cast, assignment_in):
    assignment = assignment_in("closed")
    liaison = make.liaison(cast.lead).display_name
    assert liaison in get(client, cast.O, "detail", assignment.uuid).content.decode()
    page = get(client, cast.X, "detail", assignment.uuid).content.decode()
    assert liaison not in page
    assert topics.clerk(cast.host).display_name not in page


def test_photos_of_a_verification_are_for_those_who_see_it(client, cast, assignment_in, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    assignment = assignment_in("replied")
    from_page = {"method": "site", "finding": "已看过", "files": picture()}
    assert post(client, cast.O, "verify", assignment.uuid, **from_page).status_code == 302
    page = get(client, cast.L, "detail", assignment.uuid)
    step = next(step for step in page.context["steps"] if step.files)
    address = reverse("outcomes:file", args=[step.files[0].uuid])
    assert client.get(address).status_code == 200
    client.force_login(cast.B)
    assert client.get(address).status_code == 404


def picture():
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    return SimpleUploadedFile("现场.png", data.getvalue(), "image/png")


def test_an_extension_is_asked_on_the_desk_and_granted_by_the_office(client, cast, assignment_in):
    assignment = assignment_in("in_progress")
    client.force_login(cast.L)
    wanted = assignment.due_on + timedelta(days=14)
    address = reverse("outcomes:answer", args=[assignment.uuid])
    asked = client.post(f"{address}?step=late", {"due_wanted": str(wanted), "reason": "连续下雨"})
    assert asked.status_code == 302
    assert client.get(address).status_code == 200
    assert post(client, cast.O, "grant", assignment.uuid, due_on=str(wanted)).status_code == 302
    assignment.refresh_from_db()
    assert assignment.due_on == wanted


def test_services_and_pages_agree_on_what_is_waiting(client, cast):
    topic = make.matter(cast.host)
    assert [one.pk for one in get(client, cast.O, "outcomes").context["waiting"]] == [topic.pk]
    services.draft_outcome(topic, actor=cast.O, summary="议定")
    assert get(client, cast.O, "outcomes").context["waiting"] == []


def test_the_chief_of_a_unit_reads_the_desk_and_makes_no_move(client, cast, assignment_in):
    assignment = assignment_in("in_progress")
    page = get(client, cast.U, "answer", assignment.uuid)
    assert page.status_code == 200
    assert page.context["verbs"] == set()


def test_what_was_finished_in_earlier_years_is_not_counted(client, cast):
    assignment = make.closed(cast.host)
    Assignment.objects.filter(pk=assignment.pk).update(closed_on=make.day(800))
    counts = get(client, cast.O, "list").context["counts"]
    assert (counts["closed_this_year"], counts["finished"]) == (0, 0)
