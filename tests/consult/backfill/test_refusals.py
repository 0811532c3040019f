"""A file that breaks a rule is refused whole: with the file, the line and what to mend."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.desk.backfill.problems import MOST
from consult.desk.backfill.reader import read_file
from tests.consult.backfill.papers import FORMAL, MICRO, REAL, bent, read, without


def refused(text):
    reading = read(text)
    assert reading.case is None
    assert reading.problems
    for problem in reading.problems:
        assert problem.file == "case.yaml"
        assert problem.message
    return reading.problems


def line_in(text, passage):
    return text[: text.index(passage)].count("\n") + 1


YAML = {
    "empty": "",
    "blank": "\n  \n# nothing\n",
    "list": "- a\n- b\n",
    "word": "hello",
    "tag": bent("title: 井楠村路灯", "title: !!str 井楠村路灯"),
    "local tag": bent("title: 井楠村路灯", "title: !x 井楠村路灯"),
    "anchor": bent("title: 井楠村路灯", "title: &a 井楠村路灯"),
    "alias": bent("title: 井楠村路灯", "title: *a"),
    "merge": bent("topic:\n", "topic:\n  <<: {place: x}\n"),
    "double key": bent("  source: resident", "  source: resident\n  source: member"),
    "two documents": MICRO + "---\n" + MICRO,
    "directive": "%YAML 1.1\n---\n" + MICRO,
    "tab": bent("  title: 井楠村路灯", "\ttitle: 井楠村路灯"),
    "open bracket": bent("[topic.raised_on]", "[topic.raised_on"),
    "open quote": bent("title: 井楠村路灯", 'title: "井楠村路灯'),
    "colon in text": bent("title: 井楠村路灯", "title: 路灯: 井楠村"),
    "full-width colon": bent("profile: micro", "profile：micro"),
    "indentation": bent("  source: resident", "   source: resident"),
    "nul": bent("井楠村路灯", "井楠\x00路灯"),
    "bell": bent("井楠村路灯", "井楠\x07路灯"),
    "gbk": MICRO.encode("gb18030"),
    "utf-16": MICRO.encode("utf-16"),
    "utf-16 without mark": MICRO.encode("utf-16-le"),
    "zip": b"PK\x03\x04" + bytes(range(256)),
    "deep": "a: " + "[" * 200 + "]" * 200,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(200)),
    "large": MICRO + "#" + "x" * (1 << 20),
    "key is a list": "[a, b]: c\n" + MICRO,
    "surrogate": bent("title: 井楠村路灯", 'title: "\\ud800"'),
    "bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
}


@pytest.mark.parametrize("text", YAML.values(), ids=YAML.keys())
def test_what_is_no_plain_yaml_is_refused_with_its_line(text):
    assert refused(text)[0].line >= 0


def test_the_line_is_that_of_the_fault():
    assert refused(YAML["double key"])[0].line == line_in(YAML["double key"], "source: member")
    assert refused(YAML["anchor"])[0].line == line_in(YAML["anchor"], "title:")
    assert refused(YAML["full-width colon"])[0].line == line_in(YAML["full-width colon"], "profile：")
    assert refused(YAML["open bracket"])[0].line == line_in(YAML["open bracket"], "illustrative")
    assert refused(YAML["two documents"])[0].line == MICRO.count("\n") + 1
    assert refused(MICRO.encode()[:-1] + b"\xff")[0].line == MICRO.count("\n")


# (old, new, path, part of the message or None)
SHAPE = [
    ("key: street-lamp", "key: 路灯", "key"),
    ("key: street-lamp", "key: Street Lamp", "key"),
    ("key: street-lamp\n", "", "key"),
    ('host: "341103000000"', "host: 南谯区", "host"),
    ('host: "341103000000"', 'host: "341103"', "host"),
    ('host: "341103000000"', 'host: "999999000000"', "host"),
    ('host: "341103000000"', 'host: "341103107000"', "host"),
    ('host: "341103000000"', 'host: "341102000000"', "topic.region"),
    ('host: "341103000000"', 'host: "532322000000"', "sessions.0.region"),
    ("profile: micro", "profile: Micro", "profile"),
    ("profile: micro", "profile:", "profile"),
    ("profile: micro", "profile: micro\njoint: 341100000000", "joint"),
    ("profile: micro", 'profile: micro\njoint: ["341103000000"]', "joint"),
    ("profile: micro", 'profile: micro\njoint: ["341103107000"]', "joint.0"),
    ("profile: micro", "profile: micro\nprogram: x", "program"),
    ("profile: micro", "profile: micro\nprogramme: 2021", "programme"),
    ("  title: 井楠村路灯", "  title: true", "topic.title"),
    ("  title: 井楠村路灯", "  title: ''", "topic.title"),
    ("  title: 井楠村路灯", '  title: "\\u200b"', "topic.title"),
    ("  title: 井楠村路灯", "  title: [a]", "topic.title"),
    ("  title: 井楠村路灯", f"  title: {'字' * 101}", "topic.title"),
    ("  title: 井楠村路灯", '  title: "路\\u202e灯"', "topic.title"),
    ("  title: 井楠村路灯", '  title: "路\\ue000灯"', "topic.title"),
    ("  title: 井楠村路灯\n", "", "topic.title"),
    ("  source: resident", "  source: villager", "topic.source"),
    ('  region: "341103107201"\n  category', "  region: 341103107999\n  category", "topic.region"),
    ('  region: "341103107201"\n  category', '  region: "532322101000"\n  category', "topic.region"),
    ("  category: 公共设施\n", "", "topic.category"),
    ("  category: 公共设施", "  category: 公共设施\n  tags: 热点", "topic.tags"),
    ("  category: 公共设施", "  category: 公共设施\n  tags: [热点, 热点]", "topic.tags.1"),
    ("  category: 公共设施", "  category: 公共设施\n  households: 近千户", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: -3", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: 3.5", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: '3'", "topic.households"),
    ("  category: 公共设施", f"  category: 公共设施\n  households: {'9' * 5000}", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: .inf", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: {n: 1000}", "topic.households"),
    ("  category: 公共设施", "  category: 公共设施\n  households: {n: 1000, about: nearly}", "topic.households.about"),
    ("  category: 公共设施", "  category: 公共设施\n  households: {n: x, about: over}", "topic.households.n"),
    ("  category: 公共设施", "  category: 公共设施\n  households: {n: 1, about: over, x: 1}", "topic.households.x"),
    ("  category: 公共设施", "  category: 公共设施\n  pending_since: 很久", "topic.pending_since"),
    ("  category: 公共设施", "  category: 公共设施\n  pending_since: 2999", "topic.pending_since"),
    ("  category: 公共设施", "  category: 公共设施\n  stakeholders: [villager]", "topic.stakeholders.0"),
    ("  category: 公共设施", "  category: 公共设施\n  raised_by: {}", "topic.raised_by"),
    ("  category: 公共设施", "  category: 公共设施\n  raised_by: 居民", "topic.raised_by"),
    ("raised_on: 2024-03-01\n", "raised_on: 2024-02-30\n", "topic.raised_on"),
    ("raised_on: 2024-03-01\n", "raised_on: 2024-3-1\n", "topic.raised_on"),
    ("raised_on: 2024-03-01\n", "raised_on: 2024年3月1日\n", "topic.raised_on"),
    ("raised_on: 2024-03-01\n", "raised_on: 0001-01-01\n", "topic.raised_on"),
    ("raised_on: 2024-03-01\n", "raised_on: ２０２４-03-01\n", "topic.raised_on"),
    ("small_cut: true", "small_cut: yes", "screening.small_cut"),
    ("small_cut: true", "small_cut: false", "screening.small_cut"),
    ("small_cut: true, ", "", "screening.small_cut"),
    ("decision: pool", "decision: adopt", "screening.decision"),
    ("decision: pool", "decision: decline, reason: 不合适", "claim"),
    ("decision: pool", "decision: decline", "screening.reason"),
    ("decision: pool", "decision: transfer, reason: x", "screening.to_unit"),
    ("decision: pool", "decision: merge", "screening.into"),
    ("decision: pool", "decision: merge, into: street-lamp", "screening.into"),
    ("decision: pool", "decision: pool, into: other", "screening.into"),
    ("group: 施集镇委员小组, ", "", "claim"),
    ("group: 施集镇委员小组", "group: 小组, member: 委员", "claim"),
    ("promised_on: 2024-04-30", "promised_on: 2024-03-04", "claim.promised_on"),
    ("claim: {", "approval: {party_on: 2024-03-05}\nclaim: {", "approval"),
    ("    form: micro", "    form: Micro", "sessions.0.form"),
    ("    venue_kind: courtyard", "    venue_kind: yard", "sessions.0.venue_kind"),
    ("    venue_kind: courtyard", "    venue_kind: room", "sessions.0.room"),
    ("    place: 村部院坝\n", "", "sessions.0.place"),
    ("starts_at: 2024-03-10T19:00", "starts_at: 2024-03-10", "sessions.0.starts_at"),
    ("starts_at: 2024-03-10T19:00", "starts_at: 2024-03-10 19:00", "sessions.0.starts_at"),
    ("starts_at: 2024-03-10T19:00", "starts_at: 2024-03-10T25:00", "sessions.0.starts_at"),
    ("starts_at: 2024-03-10T19:00", "starts_at: 2024-03-10T20:30", "sessions.0.ends_at"),
    ("ends_at: 2024-03-10T20:30", "ends_at: 2024-03-12T20:30", "sessions.0.ends_at"),
    ("    ends_at: 2024-03-10T20:30\n", "", "sessions.0.ends_at"),
    ("count: 8", "count: 0", "sessions.0.participants.0.count"),
    ("attendance: present", "attendance: there", "sessions.0.participants.0.attendance"),
    ("category: resident, name", "category: 居民, name", "sessions.0.participants.0.category"),
    ("{number: 2, text: 电费", "{number: 1, text: 电费", "sessions.0.consensus.1.number"),
    ("{number: 2, text: 电费", "{number: 4, text: 电费", "sessions.0.consensus.1.number"),
    ("{number: 2, text: 电费", "{number: two, text: 电费", "sessions.0.consensus.1.number"),
    ("text: 电费由村里出。", "text: 电费由村里出, 装表", "sessions.0.consensus.1.装表"),
    ("level: mostly", "level: most", "sessions.0.consensus.1.level"),
    (", level: mostly", "", "sessions.0.consensus.1.level"),
    ("signed_by: 施集镇召集人", "signed_by: 村文书", "minutes.signed_by"),
    ("    recorder: 村文书", "    recorder: 村文书\n    minutes: {signed_on: 2024-03-12}", "minutes"),
    ("effects: [consensus]", "effects: [peace]", "outcome.effects.0"),
    ("effects: [consensus]", "effects: [consensus], benefits: [{what: 灯, amount: 3}]", "outcome.benefits.0.unit"),
    ("effects: [consensus]", "effects: [consensus], product: {kind: song, title: x, text: y}", "outcome.product.kind"),
    ("fulfils: [1, 2]", "fulfils: []", "assignments.0.fulfils"),
    ("    fulfils: [1, 2]\n", "", "assignments.0.fulfils"),
    ("fulfils: [1, 2]", "fulfils: [3]", "assignments.0.fulfils.0"),
    ("fulfils: [1, 2]", "fulfils: [1, 1]", "assignments.0.fulfils.1"),
    ("fulfils: [1, 2]", "fulfils: 1", "assignments.0.fulfils"),
    ("  - number: 1\n", "  - number: 0\n", "assignments.0.number"),
    ("assisting: [井楠村委会]", "assisting: [镇城建办]", "assignments.0.assisting"),
    ("    issued_by: 施集镇\n", "", "assignments.0.issued_by"),
    ("due_on: 2024-04-13", "due_on: 2024-03-12", "assignments.0.due_on"),
    ("by: 施集镇委员小组", "by: 镇城建办", "assignments.0.verification.by"),
    ("by: 施集镇委员小组", "by: 井楠村委会", "assignments.0.verification.by"),
    ("method: site", "method: visit", "assignments.0.verification.method"),
    ("class: A", "class: E", "assignments.0.reply.class"),
    ("class: A", "class: a", "assignments.0.reply.class"),
    ("    due_on: 2024-04-13", "    due_on: 2024-04-13\n    funds: {amount: 3}", "assignments.0.funds.kind"),
    ("    issued_by", "    funds: {amount: 3万, kind: budget}\n    issued_by", "assignments.0.funds.amount"),
    ("    issued_by", "    funds: {amount: 0.123, kind: budget}\n    issued_by", "assignments.0.funds.amount"),
    ("{satisfied: 7, basically: 1, unsatisfied: 0}", "{satisfied: 7, basically: 1}", "satisfaction.result.unsatisfied"),
    ("{satisfied: 7, basically: 1, unsatisfied: 0}", "{satisfied: 7, basically: 1, not: 0}", "satisfaction.result.not"),
    ("  kind: outcome", "  kind: result", "notice.kind"),
    ("  posted_on: 2024-04-21\n", "", "notice.posted_on"),
    ("posted_on: 2024-04-21", "posted_on: 2024-04-21\n  days: 0", "notice.days"),
    ("posted_on: 2024-04-21", "posted_on: 2024-04-21\n  places: 村口", "notice.places"),
    ("text: 三盏路灯已装好。", "text: 三盏路灯已装好，有事打13812345678。", "notice.text"),
    ("text: 三盏路灯已装好。", "text: 住户证号11010519491231002X", "notice.text"),
    ("title: 路灯协商成果公示", "title: 路灯协商成果公示 皖M12345", "notice.title"),
    ("posted_on: 2024-04-21", "posted_on: 2024-04-21\n  places: ['6222021234567890128']", "notice.places.0"),
    ("text: 电费由村里出。", "text: 电费找一三八一二三四五六七八。", "sessions.0.consensus.1.text"),
    ("[topic.raised_on]", "[topic.raised]", "illustrative.0"),
    ("[topic.raised_on]", "[sessions.3.title]", "illustrative.0"),
    ("[topic.raised_on]", "[topic.raised_on, topic.households]", "illustrative.1"),
    ("[topic.raised_on]", "[topic.raised_on.x]", "illustrative.0"),
    ("[topic.raised_on]", "['']", "illustrative.0"),
    ("[topic.raised_on]", "[topic..title]", "illustrative.0"),
    ("[topic.raised_on]", "[illustrative]", "illustrative.0"),
    ("[topic.raised_on]", "[sessions.00.title]", "illustrative.0"),
    ("[topic.raised_on]", "[1]", "illustrative.0"),
    ("[topic.raised_on]", "topic.raised_on", "illustrative"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path"), SHAPE)
def test_a_value_that_does_not_fit_is_named_with_its_line(old, new, path):
    text = bent(old, new) if MICRO.count(old) == 1 else MICRO.replace(old, new, 1)
    problems = refused(text)
    named = [problem for problem in problems if problem.path == path]
    assert named, [str(problem) for problem in problems]
    assert named[0].line >= 1
    assert named[0].line <= text.count("\n")


ORDER = [
    (MICRO, "raised_on: 2024-03-01\n", "raised_on: 2024-03-05\n", "screening.date"),
    (MICRO, "{date: 2024-03-04, small", "{date: 2024-02-28, small", "screening.date"),
    (MICRO, "{date: 2024-03-05, group", "{date: 2024-03-03, group", "claim.date"),
    (FORMAL, "council_on: 2024-03-05", "council_on: 2024-03-03", "approval.council_on"),
    (FORMAL, "party_on: 2024-03-06", "party_on: 2024-03-04", "approval.party_on"),
    (FORMAL, "party_on: 2024-03-06", "party_on: 2024-03-11", "sessions.0.starts_at"),
    (FORMAL, "adopted_on: 2024-03-13", "adopted_on: 2024-03-11", "outcome.adopted_on"),
    (FORMAL, "adopted_on: 2024-03-13", "adopted_on: 2024-03-14", "assignments.0.issued_on"),
    (MICRO, "{date: 2024-03-05, group", "{date: 2024-03-11, group", "sessions.0.starts_at"),
    (MICRO, "drafted_on: 2024-03-11", "drafted_on: 2024-03-09", "minutes.drafted_on"),
    (MICRO, "drafted_on: 2024-03-11, signed_on: 2024-03-12", "signed_on: 2024-03-09", "minutes.signed_on"),
    (MICRO, "signed_on: 2024-03-12", "signed_on: 2024-03-10", "minutes.signed_on"),
    (MICRO, "submitted_on: 2024-03-12", "submitted_on: 2024-03-11", "outcome.submitted_on"),
    (MICRO, "issued_on: 2024-03-13", "issued_on: 2024-03-11", "assignments.0.issued_on"),
    (MICRO, "{date: 2024-03-28, text", "{date: 2024-03-19, text", "assignments.0.progress.1.date"),
    (MICRO, "{date: 2024-03-28, text", "{date: 2024-04-11, text", "assignments.0.reply.date"),
    (MICRO, "reply: {date: 2024-04-10", "reply: {date: 2024-03-01", "assignments.0.reply.date"),
    (MICRO, "verification: {date: 2024-04-12", "verification: {date: 2024-04-09", "assignments.0.verification.date"),
    (MICRO, "closed_on: 2024-04-13", "closed_on: 2024-04-11", "assignments.0.closed_on"),
    (MICRO, "  date: 2024-04-20", "  date: 2024-04-12", "satisfaction.date"),
    (MICRO, "posted_on: 2024-04-21", "posted_on: 2024-04-19", "notice.posted_on"),
    (MICRO, "posted_on: 2024-04-21", "posted_on: 2099-04-19", "notice.posted_on"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "old", "new", "path"), ORDER)
def test_moves_out_of_order_are_refused(base, old, new, path):
    assert path in [problem.path for problem in refused(bent(old, new, base))]


@pytest.mark.parametrize(
    ("gone", "path"),
    [
        ("topic:", "topic"),
        ("screening:", "claim"),
        ("claim:", "sessions.0"),
        ("sessions:", "outcome"),
        ("minutes:", "outcome"),
        ("outcome:", "assignments"),
        ("reply:", "assignments.0.verification"),
        ("verification:", "assignments.0.closed_on"),
        ("consensus:", "assignments.0.fulfils.0"),
    ],
)
def test_a_block_without_the_one_it_stands_on_is_refused(gone, path):
    assert path in [problem.path for problem in refused(without(gone))]


def test_satisfaction_waits_for_every_assignment():
    text = without("closed_on:", without("verification:"))
    assert "satisfaction" in [problem.path for problem in refused(text)]


def test_a_bench_session_says_where_and_what_was_agreed():
    text = bent("    form: micro", "    form: bench")
    text = without("consensus:", without("place:", text))
    paths = [problem.path for problem in refused(text)]
    assert {"sessions.0.consensus", "sessions.0.place"} <= set(paths)


def test_several_problems_are_told_at_once_in_the_order_of_the_file():
    text = (
        bent("source: resident", "source: villager")
        .replace("class: A", "class: E")
        .replace("method: site", "method: x")
    )
    problems = refused(text)
    assert [problem.path for problem in problems] == [
        "topic.source",
        "assignments.0.reply.class",
        "assignments.0.verification.method",
    ]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_a_problem_reads_like_a_compilers():
    [problem] = refused(bent("source: resident", "source: villager"))
    assert str(problem).startswith("case.yaml:6: topic.source: ")


def test_a_personal_number_is_never_repeated_in_clear():
    for problem in refused(bent("text: 三盏路灯已装好。", "text: 打13812345678。")):
        assert "13812345678" not in str(problem)


def test_a_thousand_problems_are_summed_up():
    problems = refused(MICRO + "\n".join(f"x{n}: 1" for n in range(1000)) + "\n")
    assert len(problems) == MOST + 1


@pytest.mark.parametrize("name", ["no-such-file.yaml", "", "a\0b"])
def test_a_file_that_cannot_be_opened_is_a_problem(name, tmp_path):
    reading = read_file(str(tmp_path / name) if name != "" else tmp_path)
    assert reading.case is None
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda n: "a: " + "字 " * (5 * n),
        lambda n: "a:\n" + "  - {k: v, b: 中文}\n" * n,
        lambda n: "".join(f"k{row}: v\n" for row in range(n)),
        lambda n: "[" * (10 * n),
        lambda n: "illustrative: [" + "sessions, " * (n // 20) + "]\nsessions:\n" + "  - {title: x}\n" * (n // 20),
        lambda n: MICRO + "    - " * (n // 5),
        lambda n: "topic: {title: '" + "138 0013 8000 " * n + "'}",
    ],
    ids=["long words", "many items", "many keys", "brackets", "many marks", "dashes", "many phones"],
)
def test_twice_as_large_a_file_takes_twice_the_work(write):
    spent = {}
    for n in (4_000, 8_000):
        text, begun = write(n), time.process_time()
        refused(text)
        spent[n] = time.process_time() - begun
    assert spent[8_000] < 3 * spent[4_000] + 0.2, spent


TOKENS = [
    "", "~", "null", "true", "yes", "on", "0", "-1", "1e999", "0x1F", "0o7", ".nan", "2024-01-01", "2024-02-30",
    "'", '"', "{", "}", "[", "]", "- ", ": ", ",", "#", "&a", "*a", "!!int", "|", ">", "?", "%YAML", "---", "...", "\t",
    "\n", "9" * 400,
    "\x00", "\x85", "\u2028", "\ud7ff", "\ufeff", "\U00020bb7", "\u202e", "{n: 1, about: over}", "[[]]", "{}", "<<: x",
    "12345678901", "13812345678", "341103000000", "<script>", "{{ x }}", "%(x)s", "字" * 300,
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([*REAL, None]), st.integers(0, 2**32), st.integers(1, 6))
def test_no_mutation_of_a_real_file_breaks_the_reader(path, seed, wounds):
    rng = random.Random(seed)
    text = path.read_text() if path else MICRO
    for _wound in range(wounds):
        text = _wounded(text, rng)
    reading = read(text.encode("utf-8", "surrogatepass"))
    assert (reading.case is None) == bool(reading.problems)


def _wounded(text, rng):
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    manner = rng.randrange(7)
    if manner == 0:
        del lines[place]
    elif manner == 1:
        lines.insert(rng.randrange(len(lines)), lines[place])
    elif manner == 2:
        lines[place] = " " * rng.randrange(6) + lines[place].lstrip()
    elif manner == 3 and ":" in lines[place]:
        lines[place] = lines[place][: lines[place].index(":") + 1] + " " + rng.choice(TOKENS)
    elif manner == 4:
        words = lines[place].split(" ")
        words[rng.randrange(len(words))] = rng.choice(TOKENS)
        lines[place] = " ".join(words)
    elif manner == 5:
        at = rng.randrange(len(lines[place]) + 1)
        lines[place] = lines[place][:at] + rng.choice(TOKENS) + lines[place][at:]
    else:
        at = rng.randrange(len(lines[place]) + 1)
        lines[place] = lines[place][:at] + lines[place][at + rng.randrange(1, 5) :]
    return "\n".join(lines) or "x"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    assert read(data).problems


yaml_like = st.recursive(
    st.sampled_from(TOKENS[:20]) | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["key", "topic", "sessions", "minutes", "outcome", "assignments", "n", "about", "number", "date"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["topic", "sessions", "screening", "assignments", "illustrative", "notice"]), yaml_like
    )
)
def test_no_shape_breaks_the_reader(shape):
    assert read(str(shape).replace("None", "null")).problems
