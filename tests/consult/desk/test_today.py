"""今日工作: what waits for whom, by when, and at a fixed price."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.calendar import add_working_days
from consult.delivery import tell
from consult.desk.queries.kinds import Desk
from consult.desk.queries.rows import read
from consult.desk.queries.tasks import ALONE, KINDS, page_of, work_of
from members.models import Account
from members.states import Role
from outcomes import services as outcome_services
from sessions import services as session_services
from tests.factories import outcomes, people, sessions
from tests.factories import topics as matters
from topics import services as topic_services
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW

pytestmark = pytest.mark.django_db

#: state of the thing -> role -> kinds of work that it makes for an account of that role
WAITS = {
    ("topic", "draft"): {},
    ("topic", "submitted"): {"office": {"screen"}, "convenor": {"screen"}},
    ("topic", "returned"): {},
    ("topic", "pooled"): {"convenor": {"claim"}, "group_leader": {"claim"}, "member": {"claim"}},
    ("topic", "approved"): {"office": {"plan"}},
    ("topic", "claimed"): {},
    ("topic", "closed"): {"office": {"tell"}, "convenor": {"tell"}},
    ("topic", "declined"): {},
    ("session", "planned"): {"office": {"announce"}, "convenor": {"announce"}},
    ("session", "announced"): {},
    ("session", "in_progress"): {"office": {"close"}},
    ("session", "held"): {"office": {"draft_minutes"}},
    ("session", "cancelled"): {},
    ("session", "needs_decision"): {"office": {"decide"}, "convenor": {"decide"}},
    ("minutes", "draft"): {"office": {"file_minutes"}},
    ("minutes", "filed"): {"office": {"sign_minutes"}, "approver": {"sign_minutes"}, "convenor": {"sign_minutes"}},
    ("minutes", "signed"): {"office": {"outcome"}},
    ("outcome", "drafted"): {"office": {"submit_outcome"}},
    ("outcome", "submitted"): {"office": {"issue"}, "supervision_office": {"issue"}},
    ("assignment", "issued"): {"liaison": {"sign_for"}, "unit_chief": {"sign_for"}},
    ("assignment", "accepted"): {"liaison": {"reply"}, "unit_chief": {"reply"}},
    ("assignment", "sent_back"): {"office": {"reassign"}},
    ("assignment", "in_progress"): {"liaison": {"reply"}, "unit_chief": {"reply"}},
    ("assignment", "replied"): {"office": {"verify"}, "convenor": {"verify"}},
    ("assignment", "verified"): {"office": {"close_out"}, "supervision_office": {"close_out"}},
    ("assignment", "annulled"): {"office": {"issue"}, "supervision_office": {"issue"}},
}
ROLES = [str(role) for role in Role]


def kinds_of(account: Account) -> set[str]:
    return {task.kind for task in work_of(Desk(account)).tasks}


def make(noun: str, state: str, host, everyone) -> None:
    if noun == "topic":
        matters.in_state(state, host)
    elif noun == "session":
        sessions.in_state(state, host)
    elif noun == "minutes":
        sessions.MINUTES_IN_STATE[state](sessions.held(host))
    elif noun == "outcome":
        outcomes.OUTCOME_IN_STATE[state](host)
    else:
        unit = everyone["liaison"].mandates_now()[0].organisation
        outcomes.IN_STATE[state](host, lead=unit, on=outcomes.day(2))


@pytest.mark.parametrize(("noun", "state"), WAITS)
def test_everything_waits_for_those_who_do_it_next(noun, state):
    host = people.host()
    everyone = matters.everyone(host)
    everyone["liaison"].username = f"liaison{everyone['liaison'].mandates_now()[0].organisation_id}"
    everyone["liaison"].save()
    make(noun, state, host, everyone)
    found = {role: kinds_of(Account.objects.get(pk=account.pk)) for role, account in everyone.items()}
    assert {role: kinds for role, kinds in found.items() if kinds} == WAITS[noun, state]


def test_another_county_has_nothing_to_do_with_it():
    everyone = matters.everyone(people.host(people.LANGYA))
    make("topic", "submitted", people.host(), everyone)
    make("session", "needs_decision", people.host(), everyone)
    sessions.planned(people.host())
    assert {role: kinds_of(account) for role, account in everyone.items()} == {role: set() for role in ROLES}


def test_a_micro_outcome_of_a_formal_matter_is_adopted_first():
    host = people.host()
    outcomes.submitted(host, profile="formal")
    office = people.office(host)
    assert kinds_of(office) == {"adopt"}
    outcomes.adopted(host)
    assert kinds_of(office) == {"adopt", "issue"}


def test_screening_is_due_after_three_working_days():
    host = people.host()
    topic = matters.slip(host, on=date(2026, 3, 2))
    [task] = work_of(Desk(people.office(host))).tasks
    assert task.due == add_working_days(topic.moved_on, 3, host.pk) == date(2026, 3, 5)
    assert task.late


def test_nobody_screens_what_he_raised_himself():
    host = people.host()
    office = people.office(host)
    topic_services.hand_in(
        actor=office,
        host=host,
        region_code=matters.WANQIAO,
        source="office",
        title="办公室自己提的",
        problem="自己提的，自己不审。",
    )
    assert kinds_of(office) == set()
    assert kinds_of(people.office(host)) == {"screen"}


def test_a_returned_slip_waits_for_its_raiser_and_lapses_for_the_office():
    host = people.host()
    member = people.account(Role.MEMBER, host)
    people.member(host, member)
    on = matters.days_ago(31)
    topic = matters.slip(host, on=on, actor=member, source="member", raiser={})
    topic_services.return_topic(topic, actor=matters.clerk(host), reason="写清哪一栋", on=on)
    [task] = work_of(Desk(member)).tasks
    assert (task.kind, task.due) == ("complete", on + timedelta(days=30))
    assert kinds_of(people.office(host)) == {"lapse"}


def test_a_claim_past_its_promise():
    host = people.host()
    leader = people.account(Role.GROUP_LEADER, host)
    people.member(host, leader)
    matters.claimed(host, by=leader, on=matters.days_ago(40))
    assert kinds_of(leader) == {"promised"}
    [task] = work_of(Desk(people.office(host))).tasks
    assert (task.kind, task.late) == ("promise", True)


def test_an_invitation_waits_until_it_is_answered():
    host = people.host()
    guest = people.account(Role.MEMBER, host)
    session = sessions.planned(host)
    participant = sessions.invite(session, guest)
    assert kinds_of(guest) == set()
    session_services.announce_session(session, actor=matters.clerk(host), short_notice_reason="约好了")
    [task] = work_of(Desk(guest)).tasks
    assert (task.kind, task.at) == ("invitation", session.starts_at)
    assert task.url == reverse("sessions:reply", args=[participant.uuid])
    session_services.reply_invitation(participant, actor=guest, reply="attending")
    assert kinds_of(guest) == set()


def test_a_session_of_today_waits_to_be_opened():
    host = people.host()
    moderator = people.account(Role.MEMBER, host)
    start = timezone.now() + timedelta(minutes=5)
    if timezone.localtime(start).date() != timezone.localdate():
        pytest.skip("five minutes before midnight")
    sessions.announced(host, moderator=moderator, starts_at=start)
    assert kinds_of(moderator) == {"open"}
    assert kinds_of(people.office(host)) == {"open"}


def test_who_drafted_the_minutes_does_not_sign_them():
    host = people.host()
    convenor = people.account(Role.CONVENOR, host)
    session = sessions.held(host, recorder=convenor)
    minutes = session_services.draft_minutes(session, actor=convenor)
    assert kinds_of(convenor) == {"file_minutes"}
    session_services.file_minutes(minutes, actor=convenor)
    assert kinds_of(convenor) == set()
    assert kinds_of(people.account(Role.CONVENOR, host)) == {"sign_minutes"}


def test_overdue_and_extension_and_what_was_closed_for_now():
    host = people.host()
    office = people.office(host)
    late = outcomes.in_progress(host, on=outcomes.day(30), due_on=outcomes.day(3))
    assert kinds_of(office) == {"overdue"}
    assert work_of(Desk(office)).tasks[0].late
    outcome_services.ask_extension(
        late, actor=outcomes.liaison(late.lead_unit), due_wanted=outcomes.day(-20), reason="材料没到"
    )
    assert kinds_of(office) == {"overdue", "extension"}
    unit = outcomes.unit(host)
    office_of_unit = people.account(Role.MEMBER, host, employer=unit)
    outcomes.replied(host, lead=unit)
    assert "verify" not in kinds_of(office_of_unit)


def test_satisfaction_is_asked_when_the_last_assignment_closed():
    host = people.host()
    outcomes.closed(host)
    office = people.office(host)
    assert kinds_of(office) == {"satisfaction", "tell"}


def test_accounts_wait_for_the_registrar():
    host = people.host()
    registrar = people.account(Role.REGISTRAR, host)
    assert kinds_of(registrar) == set()
    people.account("", host)
    assert kinds_of(registrar) == {"bare"}
    locked = people.office(host)
    locked.locked_until = timezone.now() + timedelta(minutes=20)
    locked.save()
    leaving = people.account("", host)
    people.mandate(leaving, Role.OFFICE, host, valid_to=timezone.localdate() + timedelta(days=10))
    assert kinds_of(registrar) == {"bare", "locked", "ending"}
    assert kinds_of(people.account(Role.REGISTRAR, people.host(people.LANGYA))) == set()


# the list -------------------------------------------------------------------------------------------------------------


def test_it_goes_by_due_date_and_undated_work_comes_last():
    host = people.host()
    outcomes.in_progress(host, on=outcomes.day(30), due_on=outcomes.day(9))
    matters.slip(host)
    matters.approved(host)
    tasks = work_of(Desk(people.office(host))).tasks
    assert [task.kind for task in tasks] == ["overdue", "screen", "plan"]


def test_many_of_a_kind_stand_in_one_line():
    host = people.host()
    for _n in range(ALONE + 3):
        matters.slip(host)
    work = work_of(Desk(people.office(host)))
    [task] = work.tasks
    assert (task.count, work.count, work.late) == (ALONE + 3, ALONE + 3, 0)
    assert task.title == "初审 5 件新点单"
    assert task.url == f"{reverse('topics:list')}?tab=submitted"


def test_what_is_late_stands_alone_before_the_rest():
    host = people.host()
    for days in (0, 0, 0, 20, 30):
        matters.slip(host, on=matters.days_ago(days))
    work = work_of(Desk(people.office(host)))
    assert [task.count for task in work.tasks] == [1, 1, 3]
    assert work.late == 2


def test_more_than_thirty_are_not_counted_on():
    host = people.host()
    first = matters.slip(host)
    rows = []
    for n in range(31):
        rows.append(
            Topic(
                host=host,
                region_code=first.region_code,
                state="submitted",
                moved_on=first.moved_on,
                raised_on=first.raised_on,
                source="resident",
                title=f"第 {n} 件",
                problem="问题",
                entered_by=first.entered_by,
            )
        )
    Topic.objects.bulk_create(rows)
    [task] = work_of(Desk(people.office(host))).tasks
    assert (task.count, task.more, task.title) == (30, True, "初审 30+ 件新点单")


def test_kinds_have_their_own_names():
    names = [kind.key for kind in KINDS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_each_kind_leads_to_a_page(kind):
    assert reverse(kind.page) if kind.page_query else reverse(kind.page, args=[uuid4()])
    assert not kind.all_page or reverse(kind.all_page)


def test_the_first_button_opens_for_who_has_to_do_it(client):
    """What the list offers is not refused: the page behind each button opens for its reader."""
    host = people.host()
    matters.slip(host)
    matters.approved(host)
    sessions.planned(host)
    sessions.drafted(sessions.held(host))
    session_services.file_minutes(sessions.drafted(sessions.held(host)), actor=matters.clerk(host))
    sessions.signed(sessions.held(host))
    outcomes.drafted(host)
    outcomes.submitted(host)
    outcomes.sent_back(host)
    outcomes.replied(host)
    outcomes.verified(host)
    outcomes.closed(host)
    outcomes.in_progress(host, on=outcomes.day(30), due_on=outcomes.day(3))
    office = people.office(host)
    client.force_login(office)
    opened = {}
    for kind in KINDS:
        rows = kind.rows(Desk(office))
        for row in read([rows]).get(kind.key, [])[:1] if rows is not None else []:
            opened[kind.key] = client.get(page_of(kind, row)).status_code
    assert {key for key, status in opened.items() if status != 200} == set()
    assert len(opened) >= 12


# the page -------------------------------------------------------------------------------------------------------------

#: What the page costs, session, account and mandates included; the same for 1 and for 30 rows.
QUERIES = {
    "office": 11,
    "approver": 7,
    "convenor": 10,
    "group_leader": 8,
    "member": 8,
    "village_liaison": 6,
    "liaison": 8,
    "unit_chief": 8,
    "supervision_office": 7,
    "supervisor": 9,
    "registrar": 5,
}


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("role", ROLES)
def test_the_page_costs_the_same_for_one_and_thirty(client, role, count, django_assert_num_queries):
    host = people.host()
    everyone = matters.everyone(host)
    reader = everyone[role]
    unit = everyone["liaison"].mandates_now()[0].organisation
    outcome = outcomes.submitted(host, on=outcomes.day(5))
    for _n in range(count):
        matters.slip(host)
        outcomes.issued(host, outcome=outcome, lead=unit, due_on=outcomes.day(-3))
        people.account("", host)
        tell(reader, key=f"{_n}", title="消息")
    sessions.planned(host)
    client.force_login(reader)
    with django_assert_num_queries(QUERIES[role]):
        page = client.get(reverse("desk:today"))
    assert page.status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_desk_says_what_to_do_next(client, role):
    client.force_login(matters.everyone(people.host())[role])
    page = client.get(reverse("desk:today")).content.decode()
    if role == "supervisor":
        assert "各县（市、区）" in page
        assert "要您现在办" not in page
    else:
        assert "没有等您办的事" in page


def test_an_account_without_a_mandate_is_told_whom_to_ask(client):
    client.force_login(people.account("", people.host()))
    page = client.get(reverse("desk:today"))
    assert page.status_code == 200
    assert "这个账号还没有授权，请找本级政协的账号管理员" in page.content.decode()


def test_only_the_first_button_is_ink(client):
    host = people.host()
    matters.slip(host)
    matters.approved(host)
    client.force_login(people.office(host))
    page = client.get(reverse("desk:today")).content.decode()
    assert page.count("btn btn-sm btn-ink") == 1
    assert page.count("btn btn-sm btn-line") == 1


@pytest.mark.parametrize(("role", "shown"), [("office", True), ("registrar", True), ("approver", False)])
def test_who_keeps_the_machine_sees_whether_it_runs(client, role, shown):
    client.force_login(matters.everyone(people.host())[role])
    page = client.get(reverse("desk:today")).content.decode()
    assert ("定时任务最近一次" in page) is shown


def test_the_supervisor_reads_figures_and_no_names(client):
    host = people.host()
    outcomes.in_progress(host, on=outcomes.day(60), due_on=outcomes.day(30))
    reader = people.supervisor()
    client.force_login(reader)
    page = client.get(reverse("desk:today"))
    counties = {one.name: (one.raised, one.running, one.overdue) for one in page.context["counties"]}
    assert counties[host.name] == (1, 1, 1)
    assert "政协双柏县委员会" not in counties
    assert [row.matter for row in page.context["asked"]]
    clerk = str(matters.clerk(host))
    assert clerk not in page.content.decode()


def test_news_are_of_matters_one_sees(client):
    host = people.host()
    topic = matters.pooled(host)
    matters.pooled(people.host(people.LANGYA), region_code="341102004000")
    matters.draft(host)
    client.force_login(people.approver(host))
    news = client.get(reverse("desk:today")).context["news"]
    moves = [str(TOPIC_WORKFLOW.step(verb).label) for verb in ("pool", "submit")]
    assert [(one.move, one.title) for one in news] == [(move, topic.title) for move in moves]


def test_the_week_shows_sessions_by_day(client):
    host = people.host()
    session = sessions.in_progress(host, starts_at=timezone.now() + timedelta(hours=1))
    sessions.cancelled(host, starts_at=timezone.now() + timedelta(hours=1))
    client.force_login(people.office(host))
    week = client.get(reverse("desk:today")).context["week"]
    assert [one["object"].pk for day in week for one in day.sessions] == [session.pk]


def test_a_village_liaison_sees_what_he_entered_and_how_it_stands(client):
    host = people.host()
    reader = people.account(Role.VILLAGE_LIAISON, host, region_code=matters.WANQIAO)
    topic = matters.slip(host, actor=reader)
    topic_services.return_topic(topic, actor=matters.clerk(host), reason="写清哪一栋")
    other = matters.slip(host)
    client.force_login(reader)
    text = client.get(reverse("desk:today")).content.decode()
    assert topic.title in text
    assert "写清哪一栋" in text
    assert other.title not in text
