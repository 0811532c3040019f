"""Links, letters, visits, steps and figures: what keeps an assignment moving."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from consult.errors import DomainError, FourEyes, Missing, WrongState
from consult.outbox import relay
from consult.web.logs import without_tokens
from members.states import Role
from outcomes import services
from outcomes.models import AnswerLink, Assignment, FieldCheck, Urging
from outcomes.services import links
from outcomes.services.urging import SentToday
from outcomes.views.units import classes_of, figures_of
from tests.factories import outcomes as make
from tests.factories import people

pytestmark = pytest.mark.django_db

REPLY = {
    "verb": "reply",
    "reply_class": "A",
    "measures": "清淤 260 米",
    "result": "排水沟已通，雨天不再积水。",
    "contact_method": "phone",
}


def late(cast, **changes) -> Assignment:
    changes.setdefault("outcome", make.submitted(cast.host, on=make.day(200)))
    return make.issued(lead=cast.lead, on=make.day(120), **changes)


def link_of(cast, assignment, **words) -> SimpleNamespace:
    link = services.make_link(assignment, actor=cast.O, name="李工", **words)
    return SimpleNamespace(row=link, path=links.path_of_link(link))


def token_of(path: str) -> str:
    return path.strip("/").rpartition("/")[2]


# links


def test_whoever_holds_the_link_signs_reports_and_replies(cast):
    assignment = make.issued(cast.host, lead=cast.lead)
    link = link_of(cast, assignment)
    client = Client()
    page = client.get(link.path)
    assert page.status_code == 200 and assignment.matter in page.content.decode()
    assert client.post(link.path, {"verb": "sign_for"}).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.state, assignment.signed_for_by) == ("accepted", "李工")
    photo = SimpleUploadedFile("单.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")
    report = {"verb": "add_progress", "text": "清淤 120 米，还差 140 米", "done": 120, "total": 260, "counted": "米"}
    assert client.post(link.path, {**report, "files": photo}).status_code in (302, 422)
    assert client.post(link.path, report).status_code == 302
    assert client.post(link.path, report).status_code == 302
    assert assignment.progress.count() == 1  # the second tap is not a second report
    reply = {**REPLY, "contact_on": timezone.localdate().isoformat()}
    assert client.post(link.path, reply).status_code == 302
    assignment.refresh_from_db()
    assert assignment.state == "replied" and not assignment.present_reply.on_paper
    after = client.get(link.path)
    assert "等核验，谢谢" in after.content.decode() or "谢谢" in after.content.decode()
    assert client.post(link.path, reply).status_code == 409
    kept = Entry.objects.about(assignment).filter(verb="assignment.reply").get()
    assert kept.actor.is_system and "李工" in kept.on_behalf_of and kept.data["unit"] == cast.lead.name
    assert Entry.objects.about(assignment).filter(verb="link.open").count() == 2


def test_empty_words_are_refused_by_link_too(cast):
    assignment = make.accepted(cast.host, lead=cast.lead)
    link = link_of(cast, assignment)
    for words in ("正在推进", "高度重视，正在研究", "推进落实"):
        answer = Client().post(link.path, {"verb": "add_progress", "text": words})
        assert answer.status_code == 422
    assert assignment.progress.count() == 0


def test_a_revoked_renewed_or_expired_link_opens_a_sentence(cast):
    assignment = make.issued(cast.host, lead=cast.lead)
    first = link_of(cast, assignment)
    services.renew_link(assignment, actor=cast.O, link=first.row)
    assert Client().get(first.path).status_code == 410
    second = links.path_of_link(AnswerLink.objects.get())
    assert second != first.path and Client().get(second).status_code == 200
    services.revoke_link(assignment, actor=cast.O, link=first.row)
    gone = Client().get(second)
    assert gone.status_code == 410 and assignment.matter not in gone.content.decode()
    assert Client().post(second, {"verb": "sign_for"}).status_code == 410
    third = link_of(cast, assignment)
    AnswerLink.objects.filter(pk=third.row.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert Client().get(third.path).status_code == 410
    assert Assignment.objects.get(pk=assignment.pk).state == "issued"


def test_a_link_is_good_for_as_long_as_the_county_says(cast):
    link = link_of(cast, make.issued(cast.host, lead=cast.lead)).row
    assert timedelta(days=13) < link.expires_at - timezone.now() <= timedelta(days=14)


def test_with_the_link_of_one_nothing_else_is_reached(cast):
    outcome = make.submitted(cast.host)
    mine, other = (make.issued(outcome=outcome, lead=cast.lead, matter=words) for words in ("清淤", "拆除违建棚"))
    link = link_of(cast, mine)
    client = Client()
    page = client.get(link.path).content.decode()
    assert "拆除违建棚" not in page and not client.cookies
    forged = token_of(link.path)
    for wrong in (forged[:-2] + "xx", forged[::-1], "x" * 40):
        assert client.get(reverse("answer:page", args=[wrong])).status_code == 404
    for name in ("detail", "answer", "links", "slip"):
        assert client.get(reverse(f"outcomes:{name}", args=[other.uuid])).status_code == 302
        assert client.get(reverse(f"outcomes:{name}", args=[mine.uuid])).status_code == 302
    client.post(link.path, {"verb": "sign_for", "assignment": str(other.uuid)})
    other.refresh_from_db()
    assert other.state == "issued"
    with pytest.raises(DomainError):
        links.answer_by_link(token_of(link.path), "annul", reason="x")


def test_an_assisting_units_link_reports_only(cast):
    assignment = make.accepted(cast.host, lead=cast.lead, assisting_units=[cast.aide])
    link = link_of(cast, assignment, unit=cast.aide)
    assert Client().post(link.path, {**REPLY, "contact_on": "2026-01-01"}).status_code == 409
    assert Client().post(link.path, {"verb": "add_progress", "text": "摊位已腾出 12 个"}).status_code == 302
    with pytest.raises(Missing):
        link_of(cast, assignment, unit=cast.other)


def test_a_reassigned_unit_answers_no_more_by_its_link(cast):
    assignment = make.issued(cast.host, lead=cast.lead)
    link = link_of(cast, assignment)
    services.reassign(assignment, actor=cast.O, lead_unit=cast.other, reason="归交通局管")
    assert Client().get(link.path).status_code == 410


def test_the_address_is_stored_nowhere_and_not_logged(cast):
    link = link_of(cast, make.issued(cast.host, lead=cast.lead))
    token = token_of(link.path)
    assert token not in str(AnswerLink.objects.values().get())
    assert not Entry.objects.filter(data__icontains=token).exists()
    assert without_tokens(f"Not Found: {link.path}") == "Not Found: /a/…/"


def test_the_office_finds_links_with_code_and_text(client, cast):
    assignment = make.issued(cast.host, lead=cast.lead)
    link = link_of(cast, assignment)
    client.force_login(cast.O)
    page = client.get(reverse("outcomes:links", args=[assignment.uuid])).content.decode()
    assert link.path in page and "<svg" in page
    for nobody in (cast.L, cast.C, cast.F, cast.P, cast.X):
        client.force_login(nobody)
        assert client.get(reverse("outcomes:links", args=[assignment.uuid])).status_code == 404


# letters


def test_one_letter_a_day_and_one_notice_a_person(cast):
    assignment = late(cast)
    services.urge(assignment, actor=cast.O, text="请抓紧办理并书面答复")
    with pytest.raises(SentToday):
        services.urge(assignment, actor=cast.S, text="再催一次")
    relay(500)
    relay(500)
    told = InboxItem.objects.filter(key__startswith="assignment.urge:")
    assert sorted(told.values_list("account_id", flat=True)) == sorted([cast.L.pk, cast.U.pk])
    assert {one.body for one in told} == {"请抓紧办理并书面答复"}
    moved = assignment.moved_on
    assignment.refresh_from_db()
    assert (assignment.moved_on, assignment.state) == (moved, "issued")


def test_urged_by_hand_is_shown_by_the_four_steps(cast):
    assignment = late(cast)
    services.urge(assignment, actor=cast.O, text="请抓紧")
    assert Assignment.objects.for_list().get(pk=assignment.pk).urged == "催"
    services.escalate(assignment, actor=cast.O, text="两次催办无果")
    assert Assignment.objects.for_list().get(pk=assignment.pk).urged == "报"
    relay(500)
    told = InboxItem.objects.filter(key__startswith="assignment.escalate:")
    assert sorted(told.values_list("account_id", flat=True)) == sorted([cast.P.pk, cast.X.pk])


def test_a_unit_without_an_account_is_reached_by_the_office(cast):
    bare = make.unit(cast.host)
    assignment = make.issued(outcome=make.submitted(cast.host, on=make.day(200)), lead=bare, on=make.day(120))
    services.urge(assignment, actor=cast.S, text="请抓紧")
    relay(500)
    told = InboxItem.objects.filter(key__startswith="assignment.urge:")
    assert cast.O.pk in set(told.values_list("account_id", flat=True))


def test_the_board_urges_what_is_ticked_after_a_preview(client, cast):
    outcome = make.submitted(cast.host, on=make.day(200))
    rows = [late(cast, outcome=outcome, matter=f"第{n}件") for n in range(3)]
    fine = make.issued(outcome=outcome, lead=cast.lead, due_on=make.day(-60), on=make.day(9))
    client.force_login(cast.O)
    url = reverse("outcomes:urge_all")
    page = client.get(url)
    assert {row.uuid for row in page.context["form"].chosen} == {row.uuid for row in rows}
    letter = f"letter_{cast.lead.uuid.hex}"
    words = page.context["form"].fields[letter].initial
    ticked = {"items": [str(rows[0].uuid), str(rows[1].uuid)], letter: words}
    preview = client.post(url, {**ticked, "act": "preview"})
    assert preview.status_code == 200 and Urging.objects.count() == 0
    shown = preview.context["letters"][0]
    assert "第0件" in shown["text"] and "第2件" not in shown["text"]
    assert {account.pk for account in shown["people"]} == {cast.L.pk, cast.U.pk}
    sent = client.post(url, {**ticked, letter: shown["text"], "act": "send"})
    assert sent.status_code == 302
    assert set(Urging.objects.values_list("assignment_id", flat=True)) == {rows[0].pk, rows[1].pk}
    again = client.get(url).context["form"]
    assert {row.uuid for row in again.chosen} == {rows[2].uuid}
    assert fine.uuid not in {row.uuid for row in again.rows}
    letters = client.get(sent.headers["Location"])
    assert len(letters.context["sheets"]) == 2


def test_who_may_not_urge_finds_no_bulk_page_and_no_foreign_rows(client, cast):
    late(cast)
    for nobody in (cast.L, cast.P, cast.M):
        client.force_login(nobody)
        assert client.get(reverse("outcomes:urge_all")).status_code == 403
    client.force_login(cast.F)
    assert client.get(reverse("outcomes:urge_all")).context["rows"] == []


# visits


def plan(cast, assignment, *going, **words) -> FieldCheck:
    words.setdefault("planned_on", timezone.localdate())
    return services.plan_check(assignment, actor=cast.O, people=going or [cast.M], **words)


def test_who_is_sent_sees_it_and_finds_it_among_his_visits(client, cast):
    outsider = people.account(Role.MEMBER, cast.host)
    assignment = make.in_progress(cast.host, lead=cast.lead)
    assert not Assignment.objects.visible_to(outsider).filter(pk=assignment.pk).exists()
    check = plan(cast, assignment, outsider, note_text="看盖板")
    assert Assignment.objects.visible_to(outsider).filter(pk=assignment.pk).exists()
    client.force_login(outsider)
    assert list(client.get(reverse("outcomes:checks")).context["waiting"]) == [check]
    form = client.get(check.get_absolute_url())
    assert form.status_code == 200 and "看盖板" in form.content.decode()
    client.force_login(cast.F)
    assert list(client.get(reverse("outcomes:checks")).context["waiting"]) == []
    assert client.get(check.get_absolute_url()).status_code == 404


def test_nobody_of_a_handling_unit_is_sent_or_records(cast):
    assignment = make.in_progress(cast.host, lead=cast.lead)
    bound = people.account(Role.MEMBER, cast.host, employer=cast.lead)
    with pytest.raises(Missing):
        plan(cast, assignment, bound)
    with pytest.raises(FourEyes):
        services.record_check(assignment, actor=bound, verdict="ok", method="site", finding="好了")


@pytest.mark.parametrize(
    ("state", "verdict", "then", "after"),
    [
        ("in_progress", "ok", "", "in_progress"),
        ("replied", "ok", "", "replied"),
        ("replied", "ok", "verify", "verified"),
        ("replied", "not_ok", "rework", "in_progress"),
        ("verified", "not_ok", "rework", "in_progress"),
        ("closed", "not_ok", "reopen", "in_progress"),
        ("closed", "ok", "", "closed"),
    ],
)
def test_what_follows_from_a_visit(cast, assignment_in, state, verdict, then, after):
    assignment = assignment_in(state)
    check = plan(cast, assignment, cast.O)
    words = {"verdict": verdict, "method": "site", "finding": "盖板还差三块", "check": check, "then": then}
    done = services.record_check(assignment, actor=cast.O, due_on=make.day(-30), **words)
    assignment.refresh_from_db()
    assert (assignment.state, done.verdict, done.is_open) == (after, verdict, False)
    assert assignment.is_rework == (then in ("rework", "reopen"))
    with pytest.raises(WrongState):
        services.record_check(assignment, actor=cast.O, **{**words, "then": ""})


@pytest.mark.parametrize(
    ("state", "verdict", "then"),
    [
        ("replied", "not_ok", "verify"),
        ("replied", "ok", "rework"),
        ("in_progress", "ok", "verify"),
        ("closed", "ok", "reopen"),
    ],
)
def test_what_does_not_follow_is_refused_and_leaves_nothing(cast, assignment_in, state, verdict, then):
    assignment = assignment_in(state)
    with pytest.raises(Missing):
        services.record_check(
            assignment, actor=cast.O, verdict=verdict, method="site", finding="看过", then=then, due_on=make.day(-9)
        )
    assert FieldCheck.objects.count() == 0


def test_a_member_does_not_reopen_by_a_visit(cast, assignment_in):
    assignment = assignment_in("closed")
    assignment.topic.raisers.update(account=cast.M)
    with pytest.raises(DomainError):
        services.record_check(
            assignment, actor=cast.M, verdict="not_ok", method="site", finding="又堵了", then="reopen"
        )
    assert FieldCheck.objects.count() == 0


def test_the_same_visit_sent_twice_is_one(cast):
    assignment = make.in_progress(cast.host, lead=cast.lead)
    key = "7c0d7b2e-0a0e-4f0c-9f4e-1b2f3a4c5d6e"
    words = {"verdict": "ok", "method": "site", "finding": "清淤过半", "client_id": key}
    first = services.record_check(assignment, actor=cast.O, **words)
    assert services.record_check(assignment, actor=cast.O, **words).pk == first.pk
    assert FieldCheck.objects.count() == 1


def test_a_round_of_visits_is_planned_from_the_board(client, cast):
    rows = [make.replied(cast.host, lead=cast.lead) for _n in range(2)]
    client.force_login(cast.C)
    url = reverse("outcomes:plan_round")
    assert client.get(url).text.count('name="items"') == len(rows)
    sent = {"items": [str(row.uuid) for row in rows], "planned_on": timezone.localdate().isoformat()}
    assert client.post(url, {**sent, "people": [str(cast.M.uuid)]}).status_code == 302
    assert FieldCheck.objects.filter(people=cast.M).count() == 2
    relay(500)
    assert InboxItem.objects.filter(account=cast.M, key__startswith="assignment.plan_check:").count() == 2


# steps, figures, rework, the unit


def test_steps_are_laid_down_and_checked_off_by_reports(client, cast):
    assignment = make.accepted(cast.host, lead=cast.lead, assisting_units=[cast.aide])
    services.set_milestones(assignment, actor=cast.L, names=["现场勘查", "清淤", "换盖板"])
    client.force_login(cast.A)
    step = assignment.milestones.get(name="清淤")
    url = f"{reverse('outcomes:answer', args=[assignment.uuid])}?step=progress"
    sent = client.post(
        url, {"text": "清淤 260 米", "done": 14, "total": 20, "counted": "处", "steps": [str(step.uuid)]}
    )
    assert sent.status_code == 302
    step.refresh_from_db()
    assert (step.done_on, step.done_by) == (timezone.localdate(), cast.aide.name)
    page = client.get(reverse("outcomes:detail", args=[assignment.uuid])).content.decode()
    assert "14" in page and cast.A.display_name in page
    services.set_milestones(assignment, actor=cast.L, names=["验收"])
    assert [one.name for one in assignment.milestones.all()] == ["清淤", "验收"]


def test_more_than_there_are_cannot_be_done(cast):
    assignment = make.accepted(cast.host, lead=cast.lead)
    with pytest.raises(Missing):
        services.add_progress(assignment, actor=cast.L, text="清淤 21 处", done=21, total=20)


@pytest.mark.parametrize("words", ["正在推进", "高度重视", "推进落实", "正在研究", "领导高度重视，正在抓紧推进落实。"])
def test_empty_words_are_no_answer(cast, words):
    assignment = make.accepted(cast.host, lead=cast.lead)
    with pytest.raises(Missing):
        services.add_progress(assignment, actor=cast.L, text=words)
    with pytest.raises(Missing):
        services.reply_assignment(
            assignment,
            actor=cast.L,
            reply_class="B",
            measures="清淤",
            result=words,
            contact_on=make.day(),
            contact_method="phone",
        )


def test_what_came_back_stands_on_top_with_its_reason(client, cast):
    outcome = make.submitted(cast.host)
    make.in_progress(outcome=outcome, lead=cast.lead, due_on=make.day(-1))
    back = make.replied(outcome=outcome, lead=cast.lead)
    services.rework_assignment(back, actor=cast.O, reason="盖板还差三块", due_on=make.day(-30))
    client.force_login(cast.L)
    page = client.get(reverse("outcomes:desk"))
    assert page.context["groups"]["to_answer"][0] == back
    assert "盖板还差三块" in page.content.decode()
    make.reply(Assignment.objects.get(pk=back.pk))
    assert Assignment.objects.get(pk=back.pk).reason == ""


def test_a_chief_sees_the_whole_unit_once(client, cast):
    outcome = make.submitted(cast.host)
    led = make.issued(outcome=outcome, lead=cast.lead)
    helped = make.accepted(outcome=outcome, lead=cast.other, assisting_units=[cast.lead])
    people.mandate(cast.U, Role.LIAISON, cast.host, organisation=cast.lead)
    make.issued(outcome=outcome, lead=cast.other)
    client.force_login(cast.U)
    rows = client.get(reverse("outcomes:desk")).context["groups"]["to_answer"]
    assert sorted(row.pk for row in rows) == sorted([led.pk, helped.pk])


def test_the_record_of_a_unit(client, cast):
    year = timezone.localdate().year
    done = make.closed(cast.host, lead=cast.lead)
    back = make.replied(cast.host, lead=cast.lead, reply_class="B")
    services.rework_assignment(back, actor=cast.O, reason="没做完", due_on=make.day(-30))
    late(cast)
    rows = Assignment.objects.visible_to(cast.L)
    found = figures_of(rows, done.closed_on.year, timezone.localdate())
    assert {name: found[name] for name in ("in_time", "late", "overdue", "closed")} == {
        "in_time": 2,
        "late": 0,
        "overdue": 1,
        "closed": 1,
    }
    assert figures_of(rows, year, timezone.localdate())["reworked"] == 1
    assert [(value, n) for value, _label, n in classes_of(rows, done.closed_on.year)][:2] == [("A", 1), ("B", 1)]
    url = reverse("outcomes:unit", args=[cast.lead.uuid])
    for reader, status in ((cast.L, 200), (cast.U, 200), (cast.O, 200), (cast.B, 404), (cast.F, 404)):
        client.force_login(reader)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("page", ["urge_all", "plan_round", "checks"])
def test_pages_cost_the_same_for_two_and_twenty(client, cast, page, django_assert_max_num_queries):
    outcome, costs = make.submitted(cast.host, on=make.day(200)), []
    client.force_login(cast.O)
    for count in (2, 20):
        for _n in range(count - outcome.assignments.count()):
            plan(cast, late(cast, outcome=outcome))
        assert client.get(reverse(f"outcomes:{page}")).text.count(outcome.topic.title) >= count
        with django_assert_max_num_queries(30) as asked:
            client.get(reverse(f"outcomes:{page}"))
        costs.append(len(asked))
    assert costs[0] == costs[1]
