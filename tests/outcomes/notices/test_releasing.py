"""Drafted, reviewed by somebody else, posted: what each step needs and what it writes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consult.audit import Entry
from consult.calendar import add_working_days
from consult.errors import DomainError, Missing, NotAllowed, WrongState
from consult.outbox.models import Event
from members.models import Account
from outcomes import services
from outcomes.models import Board, PublicNotice
from outcomes.services.notices import broken_releases, check_boards, sha256_of
from tests.factories import notices, people, topics
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def clerk(host):
    return topics.clerk(host)


@pytest.fixture
def other(host):
    return notices.reviewer(host)


def test_posting_writes_everything_at_once(host, other):
    notice = notices.reviewed(host, on=make.day(3), days=5)
    posted = services.post_notice(notice, actor=other, on=make.day(2))
    posted.refresh_from_db()
    year = make.day(2).year
    assert posted.state == "posted"
    assert posted.number == f"南谯协商公〔{year}〕1号"
    assert posted.posted_on == make.day(2)
    assert posted.expires_on == add_working_days(make.day(2), 5, host.pk)
    assert posted.posted_at is not None
    assert posted.sha256 == sha256_of(posted.snapshot)
    assert posted.township == "341103005"
    assert posted.snapshot["notice"]["number"] == posted.number
    assert posted.snapshot["chain"]["topic"]["title"] == posted.topic.title
    assert "公厕" in posted.row_html and str(posted.uuid) in posted.row_html
    assert posted.search
    entry = Entry.objects.about(posted).latest("pk")
    assert (entry.verb, entry.before, entry.after) == ("notice.post_notice", "reviewed", "posted")
    assert entry.mandate_text
    assert Event.objects.filter(name="notice.post_notice", payload__notice_id=posted.pk).count() == 1


def test_numbers_run_without_gaps(host):
    first, second = notices.posted(host), notices.posted(host)
    assert (first.number, second.number) == ("南谯协商公〔2026〕1号", "南谯协商公〔2026〕2号")


def test_nothing_is_posted_before_it_is_reviewed(host, other):
    with pytest.raises(WrongState):
        services.post_notice(notices.drafted(host), actor=other)


@pytest.mark.parametrize("secrecy", ["not_open", "ask"])
def test_only_what_may_be_published_is_posted(host, other, secrecy):
    notice = notices.drafted(host)
    with pytest.raises(Missing) as missing:
        services.review_notice(notice, actor=other, secrecy=secrecy)
    assert list(missing.value.fields) == ["secrecy_basis"]
    notice = services.review_notice(notice, actor=other, secrecy=secrecy, secrecy_basis="涉及未公开的规划")
    with pytest.raises(Missing) as missing:
        services.post_notice(notice, actor=other)
    assert list(missing.value.fields) == ["secrecy"]
    assert PublicNotice.objects.get(pk=notice.pk).state == "reviewed"


def test_a_returned_notice_is_reviewed_again(host, other, clerk):
    notice = notices.reviewed(host)
    with pytest.raises(Missing):
        services.return_notice(notice, actor=other, reason=" ")
    notice = services.return_notice(notice, actor=other, reason="时限写错了")
    assert (notice.state, notice.secrecy, notice.reviewed_by) == ("drafted", "", None)
    services.edit_notice(notice, actor=clerk, text="时限改为月底。")
    notice = services.review_notice(notice, actor=other)
    assert notice.text == "时限改为月底。"


def test_days_come_from_the_settings_of_the_host(host, clerk):
    assert notices.drafted(host).days == 5
    with pytest.raises(Missing) as missing:
        notices.drafted(host, days=400)
    assert list(missing.value.fields) == ["days"]


def test_dates_do_not_run_backwards_or_ahead(host, other):
    notice = notices.reviewed(host, on=make.day(5))
    for wrong in (make.day(6), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(Missing) as missing:
            services.post_notice(notice, actor=other, on=wrong)
        assert list(missing.value.fields) == ["on"]


# what a notice is about


def test_a_notice_of_a_matter_that_is_not_screened_yet_is_refused(host):
    with pytest.raises(Missing) as missing:
        notices.drafted(host, topic=topics.slip(host), kind="topic", on=make.day(0))
    assert list(missing.value.fields) == ["topic"]


def test_an_outcome_notice_needs_a_submitted_outcome(host):
    for topic in (topics.pooled(host), make.drafted(host).topic):
        with pytest.raises(Missing) as missing:
            notices.drafted(host, topic=topic, on=make.day(0))
        assert list(missing.value.fields) == ["outcome"]


def test_another_hosts_matter_is_not_posted(clerk):
    topic = make.submitted(people.host(people.LANGYA)).topic
    above = people.host(people.CHUZHOU)
    words = {"kind": "topic", "topic": topic, "title": "议题", "text": "正文"}
    with pytest.raises(NotAllowed):
        services.draft_notice(actor=clerk, host=topic.host, **words)
    with pytest.raises(Missing) as missing:
        services.draft_notice(actor=topics.clerk(above), host=above, **words)
    assert list(missing.value.fields) == ["topic"]


def test_a_progress_notice_cites_the_first(host):
    first = notices.posted(host)
    with pytest.raises(Missing):
        notices.drafted(host, kind="progress")
    progress = notices.posted(host, topic=first.topic, kind="progress")
    assert progress.cites == first
    assert progress.snapshot["notice"]["cites"] == {"number": first.number, "uuid": str(first.uuid)}
    second = notices.drafted(host, topic=first.topic, kind="progress")
    assert second.cites == first


def test_an_announcement_says_where_and_when(host, clerk):
    topic = make.matter(host)
    session = topic.sessions.first()
    notice = notices.posted(host, kind="announcement", topic=topic, session=session)
    assert notice.snapshot["notice"]["session"]["place"] == "村口大树下"


# correcting, taking down


def test_a_correction_says_so_on_the_old_one(host, clerk, other):
    old = notices.posted(host)
    new = services.correct_notice(old, actor=clerk, reason="户数写错", text="户数更正为 96 户。")
    assert (new.state, new.corrects, new.title, new.text) == ("drafted", old, old.title, "户数更正为 96 户。")
    old.refresh_from_db()
    assert old.corrected_by_number == ""
    with pytest.raises(DomainError):
        services.correct_notice(old, actor=clerk, reason="再改")
    new = services.post_notice(services.review_notice(new, actor=other), actor=other)
    old.refresh_from_db()
    assert old.corrected_by_number == new.number
    assert old.state == "posted"
    services.withdraw_notice(new, actor=other, reason="又错了")
    old.refresh_from_db()
    assert old.corrected_by_number == ""
    assert services.correct_notice(old, actor=clerk, reason="再改").corrects == old


def test_taking_down_needs_a_reason_that_everybody_may_read(host, other):
    notice = notices.posted(host)
    for reason in ("", "张某电话 13812345678 有误"):
        with pytest.raises(Missing) as missing:
            services.withdraw_notice(notice, actor=other, reason=reason)
        assert list(missing.value.fields) == ["reason"]
    gone = services.withdraw_notice(notice, actor=other, reason="数字有误")
    gone.refresh_from_db()
    assert (gone.state, gone.reason, gone.row_html, gone.search) == ("withdrawn", "数字有误", "", None)
    assert gone.number == notice.number and gone.snapshot == notice.snapshot


# the end of the period


def test_the_clock_ends_the_period(host):
    over = notices.posted(host, on=make.day(20), days=2)
    running = notices.running(host)
    assert services.expire_notices() == 1
    over.refresh_from_db(), running.refresh_from_db()
    assert (over.state, over.moved_on) == ("expired", over.expires_on)
    assert running.state == "posted"
    assert services.expire_notices() == 0


def test_nobody_ends_it_early(host):
    with pytest.raises(Missing):
        services.expire_notice(notices.running(host), actor=Account.objects.system())


# brought in from paper


def test_paper_is_posted_by_the_system_account_on_its_day(host):
    system = Account.objects.system()
    topic = make.submitted(host, on=make.day(90)).topic
    on = make.day(60)
    notice = services.draft_notice(
        actor=system, host=host, kind="outcome", title="旧公示", text="正文", topic=topic, days=5, on=on
    )
    notice = services.review_notice(notice, actor=system, secrecy="open", on=on)
    notice = services.post_notice(notice, actor=system, on=on, on_paper=True)
    notice.refresh_from_db()
    assert (notice.posted_on, notice.on_paper, notice.number) == (on, True, f"南谯协商公〔{on.year}〕1号")
    assert notice.snapshot["notice"]["on_paper"] is True
    assert broken_releases() == []


def test_paper_may_be_posted_straight_from_the_draft(host):
    system = Account.objects.system()
    topic = make.submitted(host, on=make.day(90)).topic
    notice = services.draft_notice(
        actor=system, host=host, kind="outcome", title="旧公示", text="正文", topic=topic, on=make.day(60)
    )
    notice = services.post_notice(notice, actor=system, on=make.day(60), on_paper=True)
    verbs = list(Entry.objects.about(notice).order_by("pk").values_list("verb", "implied"))
    assert verbs == [("notice.draft_notice", False), ("notice.review_notice", True), ("notice.post_notice", False)]


def test_only_the_system_account_releases_on_paper(host, other):
    with pytest.raises(NotAllowed):
        services.post_notice(notices.reviewed(host), actor=other, on_paper=True)


# what is posted stays


@pytest.mark.parametrize(
    "change",
    [
        "title = '另一个标题'",
        "text = '另一段话'",
        "number = '南谯协商公〔2026〕9号'",
        "snapshot = '{}'",
        "sha256 = repeat('0', 64)",
        "posted_on = posted_on - 1",
        "kind = 'progress'",
        "state = 'drafted'",
        "state = 'reviewed'",
    ],
)
@pytest.mark.parametrize("state", ["posted", "expired", "withdrawn"])
def test_nobody_changes_what_was_posted(host, state, change):
    notice = notices.IN_STATE[state](host)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE outcomes_publicnotice SET {change} WHERE id = %s", [notice.pk])


@pytest.mark.parametrize("state", ["posted", "expired", "withdrawn"])
def test_nothing_with_a_number_is_deleted(host, state):
    notice = notices.IN_STATE[state](host)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM outcomes_publicnotice WHERE id = %s", [notice.pk])


def test_what_was_taken_down_does_not_come_back(host):
    notice = notices.withdrawn(host)
    for state in ("posted", "expired"):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicNotice.objects.filter(pk=notice.pk).update(state=state)


def test_the_drafter_is_no_reviewer_in_the_database_either(host, clerk):
    notice = notices.drafted(host)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(reviewed_by=clerk)


def test_later_steps_do_not_change_what_was_posted(host):
    notice = notices.posted(host, topic=make.issued(host, on=make.day(30)).topic)
    before = notice.snapshot
    assignment = notice.topic.assignments.get()
    services.sign_for(assignment, actor=make.liaison(assignment.lead_unit))
    notice.refresh_from_db()
    assert notice.snapshot == before and sha256_of(notice.snapshot) == notice.sha256


# totals


def test_the_board_counts_with_every_release(host):
    first = notices.posted(host)
    notices.posted(host, topic=first.topic, kind="progress")
    gone = notices.withdrawn(host)
    year = str(make.day(10).year)
    board = Board.objects.get(host=host)
    assert board.totals == {
        "all": 3,
        "kinds": {"outcome": 2, "progress": 1},
        "years": {year: 3},
        "townships": {"341103005": {"name": "同乐街道", "n": 2}},
    }
    assert board.figures[year]["raised"] == 1  # the matter once, what was taken down not at all
    assert board.figures[year]["sessions"] == 1
    assert check_boards() == []
    Board.objects.filter(host=host).update(totals={"all": 7})
    assert len(check_boards()) == 1
    services.notices.rebuild_board(host.pk)
    assert check_boards() == []
    assert gone.state == "withdrawn"


def test_every_release_can_be_proven(host):
    for state in notices.IN_STATE.values():
        state(host)
    assert broken_releases() == []


def test_a_release_without_its_move_is_found(host):
    notice = notices.posted(host)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outcomes_publicnotice DISABLE TRIGGER public_notice_stays")  # as its owner could
        cursor.execute("UPDATE outcomes_publicnotice SET text = 'x' WHERE id = %s", [notice.pk])
        cursor.execute("ALTER TABLE outcomes_publicnotice ENABLE TRIGGER public_notice_stays")
    notices.copies(notice, 1)
    found = broken_releases()
    assert any("differ from the snapshot" in one for one in found)
    assert any("without a release" in one for one in found)
    assert any("on one side only" in one for one in found)


def test_an_old_year_takes_its_own_numbers(host):
    on = date(2021, 3, 3)
    system = Account.objects.system()
    topic = make.submitted(host, on=date(2021, 2, 1)).topic
    notice = services.draft_notice(
        actor=system, host=host, kind="outcome", title="旧公示", text="正文", topic=topic, on=on
    )
    notice = services.post_notice(notice, actor=system, on=on, on_paper=True)
    assert notice.number == "南谯协商公〔2021〕1号"
    assert notice.expires_on == date(2021, 3, 10)
