"""Case files for tests: the real ones, and small ones to bend."""

from pathlib import Path

from consult.desk.backfill.reader import Reading, read_bytes

REAL = sorted((Path(__file__).parents[3] / "consult" / "desk" / "demo" / "cases").glob("*.yaml"))

REGIONS = {
    "340000000000": "安徽省",
    "341100000000": "安徽省 / 滁州市",
    "341102000000": "安徽省 / 滁州市 / 琅琊区",
    "341103000000": "安徽省 / 滁州市 / 南谯区",
    "341103107000": "安徽省 / 滁州市 / 南谯区 / 施集镇",
    "341103107201": "安徽省 / 滁州市 / 南谯区 / 施集镇 / 井楠村",
    "341103003004": "安徽省 / 滁州市 / 南谯区 / 龙蟠街道 / 龙蟠南苑社区",
    "341103005001": "安徽省 / 滁州市 / 南谯区 / 同乐街道 / 万桥社区",
    "341172001001": "安徽省 / 滁州市 / 滁州经济技术开发区 / 凤凰街道 / 兰天社区",
    "532322000000": "云南省 / 楚雄彝族自治州 / 双柏县",
    "532322101000": "云南省 / 楚雄彝族自治州 / 双柏县 / 妥甸镇",
}

MICRO = """\
key: street-lamp
host: "341103000000"
profile: micro
topic:
  title: 井楠村路灯
  source: resident
  region: "341103107201"
  category: 公共设施
  problem: 村口没有路灯，晚上不安全。
  raised_on: 2024-03-01
screening: {date: 2024-03-04, small_cut: true, wide_reach: true, vital_interest: true, decision: pool}
claim: {date: 2024-03-05, group: 施集镇委员小组, promised_on: 2024-04-30}
sessions:
  - title: 路灯微协商
    form: micro
    venue_kind: courtyard
    place: 村部院坝
    region: "341103107201"
    starts_at: 2024-03-10T19:00
    ends_at: 2024-03-10T20:30
    recorder: 村文书
    participants:
      - {category: resident, name: 居民代表, count: 8, attendance: present}
    consensus:
      - {number: 1, text: 村口装三盏路灯。, level: agreed}
      - {number: 2, text: 电费由村里出。, level: mostly}
minutes: {drafted_on: 2024-03-11, signed_on: 2024-03-12, signed_by: 施集镇召集人}
outcome: {effects: [consensus], submitted_to: [施集镇], submitted_on: 2024-03-12}
assignments:
  - number: 1
    matter: 装路灯
    fulfils: [1, 2]
    lead_unit: 镇城建办
    assisting: [井楠村委会]
    issued_by: 施集镇
    issued_on: 2024-03-13
    due_on: 2024-04-13
    progress:
      - {date: 2024-03-20, text: 已选点。}
      - {date: 2024-03-28, text: 已立杆。}
    reply: {date: 2024-04-10, class: A, result: 三盏路灯已亮。}
    verification: {date: 2024-04-12, by: 施集镇委员小组, method: site, finding: 灯亮。}
    closed_on: 2024-04-13
satisfaction:
  date: 2024-04-20
  process: {satisfied: 8, basically: 0, unsatisfied: 0}
  result: {satisfied: 7, basically: 1, unsatisfied: 0}
notice:
  kind: outcome
  title: 路灯协商成果公示
  text: 三盏路灯已装好。
  posted_on: 2024-04-21
illustrative: [topic.raised_on]
"""

FORMAL = (
    MICRO.replace("profile: micro", "profile: formal")
    .replace(
        "claim: {date: 2024-03-05, group: 施集镇委员小组, promised_on: 2024-04-30}",
        "approval: {council_on: 2024-03-05, party_on: 2024-03-06, party_text: 同意,"
        " lead_committee: 提案委, plan_year: 2024}",
    )
    .replace("submitted_on: 2024-03-12}", "submitted_on: 2024-03-12, adopted_on: 2024-03-13, instruction: 请抓紧。}")
)


def read(text: str | bytes) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_bytes(data, "case.yaml", find_region=REGIONS.get)


def bent(old: str, new: str, base: str = MICRO) -> str:
    """The base with one passage replaced; the passage must be there, once."""
    assert base.count(old) == 1, f"{old!r} stands there {base.count(old)} times"
    return base.replace(old, new)


def without(line: str, base: str = MICRO) -> str:
    """The base without the lines that begin with this, and what is indented below them."""
    kept, dropping, depth = [], False, 0
    for text in base.splitlines():
        indent = len(text) - len(text.lstrip())
        if dropping and (indent > depth or (indent == depth and text.lstrip().startswith("- "))):
            continue
        dropping = text.lstrip().startswith(line)
        depth = indent
        if not dropping:
            kept.append(text)
    return "\n".join(kept) + "\n"
