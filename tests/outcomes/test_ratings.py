"""Satisfaction by link: one answer per invitation, nobody's but the raiser's, and what the raiser's does."""

import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from consult import options
from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from consult.errors import DomainError, Missing, WrongState
from consult.outbox import relay
from consult.outbox.models import Event
from members.models import Account
from members.states import Role
from outcomes import services
from outcomes.board.paper import Paper
from outcomes.chain import build_chain
from outcomes.models import PaperForms, RaiserAnswer, SatisfactionAnswer, SatisfactionInvitation, SatisfactionSurvey
from outcomes.services import figures
from outcomes.services.inviting import hash_of, link_of, slips_of, token_of
from sessions.models import Participant
from tests.factories import outcomes as make
from tests.factories import people, topics
from topics.services import find_by_receipt

pytestmark = pytest.mark.django_db

RAISER = {"category": "resident", "name": "顾砚秋", "phone": "13655501101", "consented": True}
FORM = {"process": "satisfied", "result": "basically", "comment": ""}


def asked(*, on=None, heads=3, account=None, **changes):
    """A matter whose last assignment has closed: one raiser, a counted line, a named line, one with an account."""
    on = on or make.day(9)
    assignment = make.replied(outcome=make.submitted(raiser=RAISER, on=on), on=on, **changes)
    session = assignment.topic.sessions.first()
    row = {"session": session, "attendance": "present"}
    Participant.objects.create(category="resident", name="居民代表", count=heads, **row)
    Participant.objects.create(category="village", organisation_name="万桥社区", **row)
    Participant.objects.create(category="resident", name="顾砚秋", **row)  # the raiser himself
    Participant.objects.create(category="expert", name="没来的", session=session, attendance="absent")
    if account:
        Participant.objects.create(category="member", name="委员", account=account, **row)
    clerk = topics.clerk(assignment.host)
    done = services.close_assignment(make.verify(assignment), actor=clerk)
    done.clerk = clerk
    return done


def survey_of(assignment):
    return SatisfactionSurvey.objects.get(outcome=assignment.outcome_id)


def raiser_token(assignment):
    return token_of(survey_of(assignment).invitations.get(kind="raiser"))


def attendee_tokens(assignment):
    rows = survey_of(assignment).invitations.filter(kind="attendee", account=None)
    return [token_of(row) for row in rows]


def page(token):
    return reverse("rating:open", args=[token])


def test_one_voice_each_when_the_last_one_closes():
    done = asked(account=people.account(Role.MEMBER, people.host()))
    rows = survey_of(done).invitations
    assert sorted(rows.values_list("kind", flat=True)) == ["attendee"] * 5 + ["raiser"]
    assert rows.filter(account__isnull=False).count() == 1
    assert rows.get(kind="raiser").raiser.name == "顾砚秋"
    assert [field.name for field in SatisfactionInvitation._meta.fields if "participant" in field.name] == []


def test_only_the_hash_of_an_address_is_kept():
    done = asked()
    row = survey_of(done).invitations.first()
    assert row.token_hash == hash_of(token_of(row)) != token_of(row)


def test_anybody_who_holds_the_link_answers_without_an_account_once(client):
    done = asked()
    token = attendee_tokens(done)[0]
    got = client.get(page(token))
    assert got.status_code == 200 and "Set-Cookie" not in got.headers
    assert "cannot be changed" in got.text or "不能更改" in got.text
    assert client.post(page(token), FORM | {"key": "a"}).status_code == 200
    assert SatisfactionAnswer.objects.count() == 1
    again = client.post(page(token), FORM | {"key": "b", "result": "unsatisfied"})
    assert again.status_code == 409
    assert SatisfactionAnswer.objects.get().result == "basically"


@pytest.mark.parametrize("value", ["0", "6", "4.5", "五", ""])
def test_nonsense_is_no_answer(client, value):
    done = asked()
    token = attendee_tokens(done)[0]
    assert client.post(page(token), FORM | {"result": value}).status_code == 422
    with pytest.raises(ValidationError):
        services.rate(token, process="satisfied", result=value)
    assert SatisfactionAnswer.objects.count() == 0
    assert client.get(page(token)).status_code == 200


def test_an_unknown_address_opens_nothing(client):
    assert client.get(page("ABCDEFGH23456789")).status_code == 404
    assert client.get(page("x")).status_code == 404


def test_before_the_work_is_done_there_is_nothing_to_answer():
    assignment = make.replied()
    assert not SatisfactionInvitation.objects.exists()
    with pytest.raises(WrongState):
        services.enter_forms(
            assignment.outcome, actor=topics.clerk(assignment.host), process=(1, 0, 0), result=(1, 0, 0)
        )


def test_the_same_form_sent_again_is_the_same_answer():
    done = asked()
    token = attendee_tokens(done)[0]
    for _again in range(24):
        services.rate(token, **FORM, key="one form")
    assert SatisfactionAnswer.objects.count() == 1


def test_nothing_joins_an_answer_to_who_gave_it(client):
    """No key, no order, no moment: the answer's row, the record and the outbox say nothing of it."""
    done = asked(heads=6)
    survey = survey_of(done)
    columns = {field.name for field in SatisfactionAnswer._meta.get_fields()}
    assert columns == {"id", "process", "result", "comment", "survey", "asking"}
    assert isinstance(SatisfactionAnswer(survey=survey).pk, uuid.UUID)
    assert "at" not in {field.name.rpartition("_")[2] for field in SatisfactionInvitation._meta.fields}
    before = (Entry.objects.count(), Event.objects.count(), InboxItem.objects.count())
    for token in attendee_tokens(done):
        assert client.post(page(token), FORM | {"comment": "井盖还响"}).status_code == 200
    assert (Entry.objects.count(), Event.objects.count(), InboxItem.objects.count()) == before
    clerk = Client()
    clerk.force_login(done.clerk)
    shown = clerk.get(done.outcome.get_absolute_url()).text
    assert "井盖还响" not in shown  # nothing by link is shown before the figures stand
    api = clerk.get(f"/api/v1/outcomes/{done.outcome.uuid}/").text
    assert "井盖还响" not in api and "token" not in api


def test_links_and_paper_add_up_and_nobody_speaks_twice():
    done = asked(heads=3)  # raiser + 3 + 1 village = 5 invitations
    tokens = attendee_tokens(done)
    services.rate(tokens[0], process="satisfied", result="satisfied")
    services.rate(tokens[1], process="satisfied", result="unsatisfied")
    pile = {"process": (4, 1, 0), "result": (4, 0, 1)}
    with pytest.raises(Missing) as refused:
        services.enter_forms(done.outcome, actor=done.clerk, of_invited=4, **pile)
    assert set(refused.value.fields) == {"of_invited"}
    services.enter_forms(done.outcome, actor=done.clerk, of_invited=2, **pile)
    services.rate(raiser_token(done), process="basically", result="basically")  # his word is always heard
    with pytest.raises(WrongState):
        services.rate(tokens[2], process="satisfied", result="satisfied")
    survey = services.record_satisfaction(done.outcome, actor=done.clerk, process=(0, 0, 0), result=(0, 0, 0))
    assert (survey.process, survey.result) == ((6, 2, 0), (5, 1, 2))
    assert survey.raiser_result == "basically"
    with pytest.raises(DomainError):
        services.enter_forms(done.outcome, actor=done.clerk, process=(1, 0, 0), result=(1, 0, 0))
    with pytest.raises(WrongState):
        services.rate(tokens[3], process="satisfied", result="satisfied")
    assert PaperForms.objects.count() == 1


def asked_one(**changes):
    """The raiser, and one person who attended."""
    done = asked(**changes)
    keep = survey_of(done).invitations.filter(kind="attendee").first()
    survey_of(done).invitations.filter(kind="attendee").exclude(pk=keep.pk).delete()
    return done


@pytest.mark.parametrize("result", ["satisfied", "basically", "unsatisfied"])
@pytest.mark.parametrize("paper", [(0, 0, 0), (4, 1, 0)])
def test_whoever_was_asked_alone_is_told_by_no_figure(client, result, paper):
    """Whatever he says, everything that staff, public and programs read is the same."""
    done = asked_one()
    services.rate(attendee_tokens(done)[0], process=result, result=result)
    services.rate(raiser_token(done), process="satisfied", result="satisfied")
    before = figures.reach(survey_of(done))
    assert (before["asked"], before["by_link"]) == (2, 2)
    survey = services.record_satisfaction(done.outcome, actor=done.clerk, process=paper, result=paper)
    told = [paper[0] + 1, paper[1], paper[2]]
    assert (list(survey.process), list(survey.result)) == (told, told)
    client.force_login(done.clerk)
    assert "其答案不计入各项数字" in client.get(reverse("outcomes:outcome", args=[done.outcome.uuid])).content.decode()
    assert Entry.objects.filter(verb="outcome.record_satisfaction").get().data["result"] == told


def test_where_only_he_answered_the_office_can_still_end_it():
    done = asked_one()
    with pytest.raises(Missing):
        services.record_satisfaction(done.outcome, actor=done.clerk, process=(0, 0, 0), result=(0, 0, 0))
    services.rate(attendee_tokens(done)[0], process="satisfied", result="unsatisfied")
    survey = services.record_satisfaction(done.outcome, actor=done.clerk, process=(0, 0, 0), result=(0, 0, 0))
    assert (sum(survey.result), survey.answered_on) == (0, make.day(0))


def test_a_raiser_who_is_not_satisfied_reopens_unless_it_is_explained():
    done = asked()
    services.rate(raiser_token(done), process="satisfied", result="unsatisfied", comment="还是漏")
    survey = survey_of(done)
    assert (survey.raiser_result, survey.awaits_explanation) == ("unsatisfied", True)
    assert services.reopen_unexplained(survey.explain_by) == 0
    SatisfactionSurvey.objects.update(explain_by=make.day(1))
    assert services.reopen_unexplained() == 1
    done.refresh_from_db()
    assert done.state == "in_progress"
    assert RaiserAnswer.objects.get().comment == "还是漏"


def test_the_explanation_stops_it_and_is_shown_to_the_raiser(client):
    done = asked()
    services.rate(raiser_token(done), process="satisfied", result="unsatisfied")
    services.explain_dissatisfaction(done.outcome, actor=done.clerk, explanation="管网明年改造，先行清淤。")
    raiser = done.topic.raisers.get()
    told = client.post(reverse("desk:track"), {"receipt": raiser.receipt, "tail": raiser.phone_tail})
    assert "管网明年改造" in told.text
    client.force_login(done.clerk)
    assert "管网明年改造" in client.get(done.outcome.get_absolute_url()).text
    after = type(survey_of(done).explain_by).fromordinal(survey_of(done).explain_by.toordinal() + 1)
    assert services.reopen_unexplained(after) == 0


def test_the_raiser_finds_his_form_by_his_receipt_and_only_once(client):
    done = asked()
    raiser = done.topic.raisers.get()
    form = {"receipt": raiser.receipt, "tail": raiser.phone_tail}
    assert page(raiser_token(done)) in client.post(reverse("desk:track"), form).text
    client.post(page(raiser_token(done)), FORM)
    assert "/rate/" not in client.post(reverse("desk:track"), form).text
    assert find_by_receipt(raiser.receipt, raiser.phone_tail) == raiser


def test_others_force_nothing():
    done = asked()
    for token in attendee_tokens(done):
        services.rate(token, process="unsatisfied", result="unsatisfied")
    assert survey_of(done).explain_by is None


def test_figures_stand_when_the_invitations_are_over():
    done = asked()
    services.rate(attendee_tokens(done)[0], process="satisfied", result="satisfied")
    survey = survey_of(done)
    assert services.close_surveys(survey.closes_on) == 0
    SatisfactionSurvey.objects.update(closes_on=make.day(1), asked_on=make.day(9))
    type(done.outcome).objects.filter(pk=done.outcome_id).update(moved_on=make.day(9))
    with pytest.raises(WrongState):
        services.rate(attendee_tokens(done)[1], process="satisfied", result="satisfied")
    assert services.close_surveys() == 1
    assert services.close_surveys() == 0
    survey = survey_of(done)
    assert (survey.answered_on, survey.result) == (make.day(1), (1, 0, 0))


def test_the_raisers_word_counts_after_the_figures_stand_but_changes_none():
    done = asked()
    services.record_satisfaction(done.outcome, actor=done.clerk, process=(9, 0, 0), result=(9, 0, 0))
    services.rate(raiser_token(done), process="satisfied", result="unsatisfied")
    survey = survey_of(done)
    assert (survey.result, survey.awaits_explanation) == ((9, 0, 0), True)


def test_asked_anew_after_a_reopening_the_old_addresses_are_void():
    done = asked()
    old = attendee_tokens(done)
    services.reopen_assignment(done, actor=done.clerk, reason="回头看：又堵了")
    with pytest.raises(WrongState):
        services.rate(old[0], process="satisfied", result="satisfied")
    done.refresh_from_db()
    services.close_assignment(make.verify(make.reply(done)), actor=done.clerk)
    with pytest.raises(WrongState):
        services.rate(old[0], process="satisfied", result="satisfied")
    survey = survey_of(done)
    assert survey.asking == 2
    fresh = survey.invitations.filter(asking=2, kind="attendee").first()
    services.rate(token_of(fresh), process="satisfied", result="satisfied")


@pytest.mark.parametrize(("n", "told"), [(4, ""), (5, "80")])
def test_a_share_of_a_handful_is_not_told(n, told):
    assert figures.share(n - 1, n, people.host().pk) == told


def test_how_few_is_a_handful_is_a_setting():
    host = people.host()
    options.set_option(host.pk, "limits.share_minimum", 3, actor=topics.clerk(host))
    assert figures.share(3, 3, host.pk) == "100"
    assert figures.share(2, 2, host.pk) == ""


@pytest.mark.parametrize(("answers", "shows"), [((3, 0, 1), False), ((4, 0, 1), True)])
def test_neither_staff_nor_public_read_a_share_of_a_handful(client, answers, shows):
    done = asked()
    services.record_satisfaction(done.outcome, actor=done.clerk, process=answers, result=answers)
    client.force_login(done.clerk)
    assert ("%" in client.get(done.outcome.get_absolute_url()).text.split("<main", 1)[1]) is shows
    paper = Paper({"notice": {"text": ""}, "chain": build_chain(done.topic, public=True)})
    assert bool(paper.pleased_share) is shows
    assert [bool(bar["share"]) for bar in paper.bars] == [shows] * 3


def test_accounts_are_asked_in_their_inbox_by_their_own_address():
    member = people.account(Role.MEMBER, people.host())
    done = asked(account=member)
    while relay():
        pass
    item = InboxItem.objects.get(account=member, key__startswith="outcome.ask_satisfaction")
    assert item.url == link_of(survey_of(done).invitations.get(account=member))


def test_slips_bear_no_name_and_are_the_same_when_printed_again(client):
    done = asked(heads=4)
    session = done.topic.sessions.first()
    sheet = reverse("outcomes:slip_sheet", args=[done.outcome.uuid, session.uuid])
    client.force_login(done.clerk)
    first, again = client.get(sheet), client.get(sheet)
    assert first.status_code == 200 and first.headers["Cache-Control"] == "no-store"
    assert first.text.count('class="zb-slip"') == 5 == again.text.count('class="zb-slip"')
    assert all(token in again.text for token in attendee_tokens(done))
    assert "顾砚秋" not in first.text and "居民代表" not in first.text
    assert len(slips_of(survey_of(done), session)) == 5
    assert client.get(reverse("outcomes:slips", args=[done.outcome.uuid])).status_code == 200


def test_slips_and_scans_are_for_the_office_alone(client):
    done = asked()
    session = done.topic.sessions.first()
    people_of = [people.supervisor(), people.approver(done.host), people.office(people.host(people.LANGYA))]
    for who in people_of:
        client.force_login(who)
        for url in (
            reverse("outcomes:slips", args=[done.outcome.uuid]),
            reverse("outcomes:slip_sheet", args=[done.outcome.uuid, session.uuid]),
        ):
            assert client.get(url).status_code == 404


def test_nobody_is_asked_of_old_paper():
    assignment = make.verified(on=make.day(9))
    services.close_assignment(assignment, actor=Account.objects.system())
    assert not SatisfactionInvitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_four_posts_at_once_are_one_answer_and_all_hear_so():
    done = asked()
    token = attendee_tokens(done)[0]
    barrier, found = threading.Barrier(24), []

    def post():
        barrier.wait()
        try:
            found.append(Client().post(page(token), FORM | {"key": "the same form"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _n in range(24)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert found == [200] * 24
    assert SatisfactionAnswer.objects.count() == 1
