"""Everything a CPPCC may set, with the default it starts from. Data, not code: the procedure asks here.

Labels are interface text (translated); the lists are data of a CPPCC and therefore Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal["int", "bool", "text", "choice", "list", "pairs", "pattern", "sections"]
Words = str | Promise


@dataclass(frozen=True)
class Option:
    """One setting. ``pairs`` are [key, word] rows whose keys are fixed by the procedure or made by the CPPCC;
    ``sections`` are [key, heading, shown] rows in their order, an empty heading being the usual one in ``choices``."""

    key: str
    kind: Kind
    default: Any
    label: Words
    help: Words = ""
    unit: Words = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, Words], ...] = ()
    fixed_keys: bool = False
    #: Sections that always stand there, and of these the ones whose heading stays as it is.
    always: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]


GROUPS: dict[str, Words] = {
    "limits": _("Time limits"),
    "ladder": _("Reminders before and after a due date"),
    "lists": _("Lists to choose from"),
    "numbers": _("Numbers of documents"),
    "titles": _("Titles of documents"),
    "letters": _("Letters"),
    "minutes": _("Minutes"),
    "contact": _("How to reach the office"),
    "scoring": _("Duty points of members"),
}

WORKING_DAYS, CALENDAR_DAYS, MONTHS = _("working days"), _("calendar days"), _("months")
POINTS = _("points")


def _days(key: str, default: int, label: Words, help: Words = "", *, minimum: int = 1, maximum: int = 120) -> Option:
    return Option(key, "int", default, label, help, WORKING_DAYS, minimum, maximum)


def _pattern(noun: str, default: str, label: Words) -> Option:
    return Option(
        f"numbers.{noun}",
        "pattern",
        default,
        label,
        _("Write {year} and {n} where the year and the running number stand, {short} for the short name."),
    )


LIMITS = (
    _days("limits.screening_days", 3, _("Screening a topic"), _("From the day it was handed in.")),
    _days("limits.send_back_days", 5, _("Sending an assignment back to where it does not belong")),
    _days(
        "limits.notice_days_formal",
        5,
        _("Notice before a formal session"),
        _("Shorter notice is possible with a reason; it is a warning, not a refusal."),
        minimum=0,
    ),
    _days("limits.notice_days_micro", 0, _("Notice before a micro session"), minimum=0),
    _days("limits.minutes_days_formal", 7, _("Minutes after a formal session")),
    _days("limits.minutes_days_micro", 3, _("Minutes after a micro session")),
    Option(
        "limits.reply_months",
        "int",
        3,
        _("Reply to an assignment"),
        _("Counted from the day of issue and moved to the next working day."),
        MONTHS,
        1,
        24,
    ),
    _days("limits.satisfaction_days", 15, _("Asking for satisfaction after the last assignment is closed")),
    Option(
        "limits.rating_days",
        "int",
        30,
        _("How long those invited can answer how satisfied they are"),
        "",
        CALENDAR_DAYS,
        3,
        180,
    ),
    Option(
        "limits.share_minimum",
        "int",
        5,
        _("Fewest answers that are told as a share"),
        _("Fewer are told by their number alone, on the board and to staff alike."),
        _("answers"),
        1,
        100,
    ),
    _days("limits.posting_days", 5, _("How long a notice stays posted")),
    _days("limits.objection_days", 5, _("Answering an opinion on a notice")),
    _days("limits.decide_days", 3, _("Deciding on a record that could not be placed")),
    _days("limits.explain_days", 5, _("Filing an explanation to a raiser who is not satisfied")),
    Option(
        "limits.returned_lapse_days",
        "int",
        30,
        _("A returned slip lapses without an answer after"),
        "",
        CALENDAR_DAYS,
        5,
        365,
    ),
    Option(
        "limits.link_days",
        "int",
        14,
        _("A link for a unit without an account is good for"),
        _("From the day it was made or renewed; it can be taken back at any time."),
        CALENDAR_DAYS,
        1,
        120,
    ),
    Option(
        "limits.idle_room_months",
        "int",
        3,
        _("A room is listed as idle without a session for"),
        "",
        MONTHS,
        1,
        24,
    ),
)

LADDER = (
    _days("ladder.first_days", 7, _("First reminder before the due date"), maximum=60),
    _days("ladder.second_days", 3, _("Second reminder before the due date"), maximum=60),
    _days("ladder.urge_days", 1, _("Urging after the due date"), maximum=60),
    _days("ladder.supervise_days", 5, _("Supervision letter after the due date"), maximum=90),
    _days("ladder.report_days", 15, _("Report to the leaders after the due date"), maximum=180),
    Option(
        "ladder.weekly_days",
        "int",
        7,
        _("After the report, a reminder every"),
        "",
        CALENDAR_DAYS,
        5,
        31,
    ),
    _days(
        "ladder.before_days",
        1,
        _("Reminder to who has something in hand, before its time is over"),
        _("Screening, claims, minutes, replies to objections, satisfaction, reviews."),
        maximum=30,
    ),
    _days("ladder.office_days", 1, _("Reminder to the office after that time"), maximum=60),
    _days("ladder.approver_days", 5, _("Report to the approving leader after that time"), maximum=90),
)

LISTS = (
    Option(
        "lists.categories",
        "list",
        [
            "公共设施",
            "住房",
            "农村改革",
            "公共安全",
            "社区治理",
            "交通出行",
            "环境卫生",
            "教育医疗",
            "就业创业",
            "养老托幼",
            "产业发展",
            "生态保护",
            "文化体育",
            "民族团结",
            "矛盾调解",
            "其他",
        ],
        _("Categories of topics"),
    ),
    Option("lists.tags", "list", ["操心事", "烦心事", "揪心事", "热点", "难点", "堵点"], _("Tags of topics")),
    Option(
        "lists.sources",
        "pairs",
        [
            ["resident", "群众点单"],
            ["party", "党委出题"],
            ["government", "政府点题"],
            ["member", "委员荐题"],
            ["office", "政协机关"],
            ["village", "村（社区）报题"],
            ["hotline", "12345 热线"],
            ["proposal", "提案转化"],
        ],
        _("Where a topic comes from"),
        fixed_keys=True,
    ),
    Option(
        "lists.programmes",
        "list",
        ["协商在基层", "院坝协商", "微协商", "委员进社区、常委在行动"],
        _("Programme names"),
    ),
    Option(
        "lists.effects",
        "pairs",
        [["explained", "解疑释惑"], ["calmed", "理顺情绪"], ["resolved", "化解矛盾"], ["consensus", "凝聚共识"]],
        _("Effects of a consultation"),
        fixed_keys=True,
    ),
    Option(
        "lists.stakeholders",
        "pairs",
        [
            ["resident", "群众"],
            ["village", "村（社区）"],
            ["department", "职能部门"],
            ["enterprise", "企业、物业"],
            ["member", "政协委员"],
            ["deputy", "人大代表"],
            ["expert", "专家"],
            ["foreign", "外籍人士"],
            ["other", "其他"],
        ],
        _("Classes of stakeholders and participants"),
        fixed_keys=True,
    ),
    Option(
        "lists.exclusions",
        "list",
        ["个人诉讼", "信访事项", "涉密事项", "已有生效裁判", "不属本地权限"],
        _("What is not consulted about"),
        _("A topic of one of these kinds is declined or transferred, not pooled."),
    ),
    Option(
        "lists.transfer_targets",
        "list",
        ["12345 热线", "信访部门", "提案", "司法所", "村（居）委会"],
        _("Where a topic may be transferred to"),
    ),
    Option(
        "lists.room_standards",
        "list",
        ["有固定场所", "有统一标识", "有制度上墙", "有流程图", "有议事记录", "有专人管理"],
        _("The six standards of a consultation room"),
    ),
    Option(
        "lists.languages",
        "list",
        ["普通话", "本地方言", "彝语", "傣语", "哈尼语", "佤语", "拉祜语", "苗语"],
        _("Languages"),
    ),
)

NUMBERS = (
    _pattern("topic", "{short}协商题〔{year}〕{n}号", _("Number of a topic")),
    _pattern("minutes", "{short}协商纪〔{year}〕{n}号", _("Number of minutes")),
    _pattern("outcome", "{short}协商报〔{year}〕{n}号", _("Number of an outcome report")),
    _pattern("assignment", "{short}协商交〔{year}〕{n}号", _("Number of an assignment slip")),
    _pattern("notice", "{short}协商公〔{year}〕{n}号", _("Number of a public notice")),
)

TITLES = (
    Option("titles.minutes", "text", "协商议事会议纪要", _("Title of minutes"), maximum=60),
    Option("titles.outcome", "text", "协商成果报告", _("Title of an outcome report"), maximum=60),
    Option("titles.assignment", "text", "协商成果交办单", _("Title of an assignment slip"), maximum=60),
    Option("titles.notice", "text", "协商公示", _("Title of a public notice"), maximum=60),
    Option("titles.supervision", "text", "督办函", _("Title of a supervision letter"), maximum=60),
    Option("titles.board", "text", "协商在基层", _("Name of the public board"), maximum=60),
)

LETTERS = (
    Option(
        "letters.urge",
        "text",
        "{unit}：你单位承办的 {n} 件协商交办事项已超过办理期限：{items}。请抓紧办理，写清做了什么、还差什么、哪天办好，"
        "在三个工作日内书面答复；按期办不了的，说明原因和办结日期。[联系电话：{phone}。]",
        _("Letter that urges a unit"),
        _("Places: {unit}, {n}, {items}, {phone}, {host}, {today}; what stands in [ ] goes when its place is empty."),
        maximum=400,
    ),
)

#: The chapters of minutes; what was not agreed has its own, whatever a CPPCC sets.
CHAPTERS: tuple[tuple[str, Words], ...] = (
    ("matter", _("How things stand")),
    ("who", _("Who was there")),
    ("agenda", _("Order of the session")),
    ("said", _("What was said")),
    ("agreed", _("Consensus reached")),
    ("dissent", _("Opinions on which no agreement was reached")),
)
MINUTES = (
    Option(
        "minutes.sections",
        "sections",
        [[key, "", True] for key, _word in CHAPTERS],
        _("Chapters of minutes"),
        _("Their order, their headings, and which of them stand there. Minutes that were begun keep theirs."),
        choices=CHAPTERS,
        always=("agreed", "dissent"),
        named=("dissent",),
    ),
)

CONTACT = (
    Option(
        "contact.phone",
        "text",
        "",
        _("Telephone of the office"),
        _("Shown to residents on notices, receipts and error pages."),
        maximum=40,
    ),
    Option("contact.hours", "text", "工作日 8:30-12:00，14:30-17:30", _("Office hours"), maximum=60),
    Option("contact.address", "text", "", _("Address of the office"), maximum=120),
)


def _points(what: str, default: int, label: Words, help: Words = "", *, maximum: int = 100) -> Option:
    return Option(f"scoring.{what}", "int", default, label, help, POINTS, 0, maximum)


SCORING = (
    _points("convene", 5, _("Called a consultation together")),
    _points("lead", 4, _("Led a consultation")),
    _points("speak", 3, _("Took part and spoke")),
    _points("attend", 2, _("Took part")),
    _points("study", 2, _("Field study, house calls, verification")),
    _points("adopted", 3, _("The outcome was adopted")),
    _points("satisfied", 5, _("Settled, and residents are satisfied")),
    _points("cap", 20, _("At most in a year"), _("0: no limit."), maximum=1000),
)

DEFAULTS: dict[str, Option] = {
    option.key: option
    for option in (*LIMITS, *LADDER, *LISTS, *NUMBERS, *TITLES, *LETTERS, *MINUTES, *CONTACT, *SCORING)
}

# The first of each pair must stay smaller than the second, or the ladder would climb backwards.
RISING: tuple[tuple[str, str], ...] = (
    ("ladder.second_days", "ladder.first_days"),
    ("ladder.urge_days", "ladder.supervise_days"),
    ("ladder.supervise_days", "ladder.report_days"),
    ("ladder.office_days", "ladder.approver_days"),
)
