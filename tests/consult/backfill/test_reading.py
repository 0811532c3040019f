"""A good file is read whole: what it says, when it happened, and which values are samples."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from consult.desk.backfill.kinds import Figure
from consult.desk.backfill.reader import problem_at, read_file
from consult.desk.backfill.schema import When
from tests.consult.backfill.papers import FORMAL, MICRO, REAL, REGIONS, bent, read, without


def case_of(text):
    reading = read(text)
    assert [str(problem) for problem in reading.problems] == []
    return reading.case


def real(key):
    [path] = [path for path in REAL if path.stem == key]
    reading = read_file(path, find_region=REGIONS.get)
    assert [str(problem) for problem in reading.problems] == []
    return reading.case


def test_the_five_real_matters_are_there():
    assert [path.stem for path in REAL] == [
        "jingnan-homestead",
        "lantian-property",
        "longpan-charging",
        "wanqiao-toilet",
        "yangguang-certificates",
    ]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_matter_reads_without_a_problem(path):
    reading = read_file(path, find_region=REGIONS.get)
    assert reading.problems == []
    assert reading.case.key == path.stem
    assert len(reading.case.sha256) == 64
    assert not [when for when in reading.case.dates.values() if when.implied]


def test_figures_are_kept_as_they_are_printed():
    wanqiao, yangguang, longpan = real("wanqiao-toilet"), real("yangguang-certificates"), real("longpan-charging")
    assert wanqiao.topic.households == Figure(Decimal(1000), "under")
    assert yangguang.topic.households == Figure(Decimal(1000), "over")
    assert yangguang.outcome.benefits[0].amount == Figure(Decimal(1000), "over")
    assert longpan.assignments[0].funds.amount == Figure(Decimal(300000), "under")
    assert int(longpan.outcome.benefits[0].amount) == 450
    assert yangguang.topic.pending_since == "2014"


def test_the_chain_of_a_formal_matter():
    case = real("yangguang-certificates")
    [session] = case.sessions
    assert (case.host, case.profile, case.programme) == ("532322000000", "formal", "协商在基层")
    assert session.starts_at == datetime(2021, 4, 15, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert session.room == "妥甸镇协商议事室"
    assert [point.number for point in session.consensus] == [1, 2, 3]
    assert case.minutes_of(session) is case.minutes
    assert case.approval.lead_committee == "提案委员会"
    assert case.assignments[0].units == ("双柏县住房和城乡建设局", "小区开发商")
    assert case.assignments[1].reply.reply_class == "A"
    assert case.when("assignments.1.verification.date") == When(date(2021, 8, 25))
    assert case.when("outcome.adopted_on") == When(date(2021, 4, 25))
    assert case.satisfaction.result.basically == Figure(Decimal(2))


def test_a_running_matter_has_no_dates_for_what_has_not_happened():
    case = real("lantian-property")
    assert case.assignments[0].reply is None
    assert case.when("assignments.0.reply.date") is None
    assert case.when("assignments.0.closed_on") is None
    assert case.when("outcome.adopted_on") is None
    assert case.satisfaction is None
    assert case.notice is None


def test_samples_are_spelled_out_to_single_values():
    case = real("longpan-charging")
    assert case.is_sample("screening.small_cut")
    assert case.is_sample("assignments.1.reply.result")
    assert case.is_sample("assignments.0.progress.0.text")
    assert case.is_sample("topic.tags.0")
    assert not case.is_sample("assignments.0.reply.result")
    assert not case.is_sample("topic.people")
    assert not case.is_sample("sessions.0.participants.0.organisation")
    assert case.is_sample("sessions.0.participants.1.organisation")
    everyone = real("wanqiao-toilet")
    assert [path for path in everyone.marks if path.startswith("sessions.0.participants")] == [
        "sessions.0.participants.7.count",
        "sessions.0.participants.8.count",
    ]


def test_marks_are_leaves_in_the_order_of_the_file():
    text = bent("illustrative: [topic.raised_on]", "illustrative: [sessions.consensus.level, topic.region, claim]")
    assert case_of(text).marks == (
        "topic.region",
        "claim.date",
        "claim.group",
        "claim.promised_on",
        "sessions.0.consensus.0.level",
        "sessions.0.consensus.1.level",
    )


def test_a_figure_is_one_value_however_it_is_marked():
    text = bent("  category: 公共设施", "  category: 公共设施\n  households: {n: 46, about: over}")
    for path in ("topic.households", "topic.households.n", "topic.households.about"):
        assert case_of(bent("illustrative: [topic.raised_on]", f"illustrative: [{path}]", text)).marks == (
            "topic.households",
        )


def test_small_matters_read():
    assert case_of(MICRO).claim.group == "施集镇委员小组"
    assert case_of(FORMAL).approval.plan_year == 2024


STAGES = ["notice:", "satisfaction:", "assignments:", "outcome:", "minutes:", "sessions:", "claim:", "screening:"]


@pytest.mark.parametrize("stage", range(len(STAGES)))
def test_a_matter_may_have_got_no_further_than_this(stage):
    text = MICRO
    for block in STAGES[: stage + 1]:
        text = without(block, text)
    assert case_of(text).topic.title == "井楠村路灯"


@pytest.mark.parametrize(
    "decision",
    [
        "decline, reason: 已进入诉讼",
        "transfer, reason: 属热线受理, to_unit: 12345 热线, reply: 已转办。",
        "merge, into: other-matter",
    ],
)
def test_a_matter_may_end_at_screening(decision):
    text = MICRO[: MICRO.index("screening:")] + f"screening: {{date: 2024-03-04, decision: {decision}}}\n"
    assert case_of(text).screening.decision == decision.split(",")[0]


BENCH = """\
key: bench-only
host: "341103000000"
profile: micro
topic: {title: 晒谷场, source: village, region: "341103107201", problem: 晒谷场怎么分。}
sessions:
  - title: 晒谷场小板凳议事
    form: bench
    venue_kind: square
    place: 村口大樟树下
    region: "341103107201"
    starts_at: 2024-05-01T18:30
    consensus: [{number: 1, text: 按户轮用。, level: agreed}]
"""


def test_a_bench_session_needs_neither_screening_nor_claim_and_dates_its_topic():
    case = case_of(BENCH)
    assert case.when("topic.raised_on") == When(date(2024, 5, 1), implied=True)
    assert case.spoken == ()


SECOND = """\
  - title: 第二次微协商
    form: micro
    venue_kind: online
    region: "341103107201"
    starts_at: 2024-03-11T19:00+08:00
    ends_at: 2024-03-11T20:30
    consensus:
      - {number: 3, text: 每月查一次。, level: reserved}
"""


def test_the_minutes_of_the_file_are_those_of_the_last_session_that_is_no_bench_session():
    case = case_of(bent("minutes: {", SECOND + "minutes: {"))
    first, second = case.sessions
    assert case.minutes_of(first) is None
    assert case.minutes_of(second) is case.minutes
    assert second.starts_at == datetime(2024, 3, 11, 19, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_minutes_may_stand_inside_each_session():
    inside = "    minutes: {drafted_on: 2024-03-11, signed_on: 2024-03-12, signed_by: 召集人}\n"
    text = MICRO[: MICRO.index("minutes: {")] + inside + SECOND + inside + MICRO[MICRO.index("outcome:") :]
    case = case_of(text)
    assert [case.minutes_of(session).path for session in case.sessions] == ["sessions.0.minutes", "sessions.1.minutes"]
    assert case.when("sessions.1.minutes.signed_on") == When(date(2024, 3, 12))


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("{date: 2024-03-04, small", "{small", "screening.date", date(2024, 3, 5)),
        ("{date: 2024-03-05, group", "{group", "claim.date", date(2024, 3, 10)),
        ("drafted_on: 2024-03-11, ", "", "minutes.drafted_on", date(2024, 3, 12)),
        ("drafted_on: 2024-03-11, signed_on: 2024-03-12, ", "", "minutes.signed_on", date(2024, 3, 12)),
        ("[施集镇], submitted_on: 2024-03-12", "[施集镇]", "outcome.submitted_on", date(2024, 3, 13)),
        ("    issued_on: 2024-03-13\n", "", "assignments.0.issued_on", date(2024, 3, 20)),
        ("{date: 2024-03-20, text", "{text", "assignments.0.progress.0.date", date(2024, 3, 28)),
        ("reply: {date: 2024-04-10, ", "reply: {", "assignments.0.reply.date", date(2024, 4, 12)),
        ("verification: {date: 2024-04-12, ", "verification: {", "assignments.0.verification.date", date(2024, 4, 13)),
        ("    closed_on: 2024-04-13\n", "", "assignments.0.closed_on", date(2024, 4, 20)),
        ("satisfaction:\n  date: 2024-04-20\n", "satisfaction:\n", "satisfaction.date", date(2024, 4, 21)),
    ],
)
def test_a_move_without_a_date_takes_that_of_the_next_dated_move(old, new, path, expected):
    assert case_of(bent(old, new)).when(path) == When(expected, implied=True)


def test_an_adoption_without_a_date_is_implied_by_what_was_issued_on_it():
    assert case_of(bent(", adopted_on: 2024-03-13", "", FORMAL)).when("outcome.adopted_on") == When(
        date(2024, 3, 13), implied=True
    )


def test_words_that_other_readers_take_for_switches_are_words():
    text = bent("title: 井楠村路灯", "title: no").replace("party_text: 同意", "party_text: on")
    text = bent("recorder: 村文书", "recorder: yes", text)
    case = case_of(text)
    assert (case.topic.title, case.sessions[0].recorder) == ("no", "yes")


def test_a_code_reads_the_same_in_and_out_of_quotes():
    assert case_of(bent('host: "341103000000"', "host: 341103000000")).host == "341103000000"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("projects: 三盏路灯", "三盏路灯"), ("projects: [路灯, 电表]", "路灯、电表"), ("projects: 3", "3")],
)
def test_projects_are_words_or_how_many(written, kept):
    assert (
        case_of(bent("    due_on: 2024-04-13", f"    due_on: 2024-04-13\n    {written}")).assignments[0].projects
        == kept
    )


def test_people_listed_by_their_class_only_are_called_by_it():
    [participant] = case_of(bent("name: 居民代表, count: 8", "count: 8")).sessions[0].participants
    assert (participant.name, bool(participant.called)) == ("", True)


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference():
    assert case_of(b"\xef\xbb\xbf" + MICRO.replace("\n", "\r\n").encode()).topic == case_of(MICRO).topic


def test_a_refusal_met_later_finds_its_line():
    case = case_of(MICRO)
    problem = problem_at(case, "x.yaml", "assignments.0.reply.date", "so", "thus")
    assert (
        str(problem) == f"x.yaml:{1 + MICRO[: MICRO.index('reply:')].count(chr(10))}: assignments.0.reply.date: so thus"
    )
    assert problem_at(case, "x.yaml", "approval.party_on", "so").line == 1
