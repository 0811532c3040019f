"""What a notice usually says: proposed from the matter, in the words a county office posts. Content, not interface."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from outcomes.chain import build_chain
from outcomes.services.notices.findings import plain_phone
from outcomes.states import NoticeKind

_TITLES = {
    NoticeKind.TOPIC: "{title}议题公示",
    NoticeKind.ANNOUNCEMENT: "{title}协商预告",
    NoticeKind.OUTCOME: "{title}协商成果公示",
    NoticeKind.PROGRESS: "{title}办理进展公示",
}
TITLE_AT_MOST, TEXT_AT_MOST, SUMMARY_AT_MOST = 100, 5000, 60


def proposal(kind: str, *, topic: Any, session: Any = None, days: int, phone: str = "") -> dict[str, str]:
    """Title, text and one sentence for the form; every word may be changed."""
    chain = build_chain(topic, public=True)
    title = chain["topic"]["title"]
    lines = _LINES[NoticeKind(kind)](chain, session)
    lines.append(_closing(days, phone, chain["host"]["name"]))
    return {
        "title": _TITLES[NoticeKind(kind)].format(title=title)[:TITLE_AT_MOST],
        "text": "\n".join(line for line in lines if line)[:TEXT_AT_MOST],
        "summary": _summary(NoticeKind(kind), chain)[:SUMMARY_AT_MOST],
    }


def _day(iso: str | None) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def _topic_lines(chain: dict[str, Any], session: Any) -> list[str]:
    topic = chain["topic"]
    return [
        f"经初审，“{topic['title']}”列为协商议题，现予公示。",
        f"反映的情况：{topic['problem']}",
        f"希望解决：{topic['expectation']}" if topic.get("expectation") else "",
    ]


def _announcement_lines(chain: dict[str, Any], session: Any) -> list[str]:
    starts = timezone.localtime(session.starts_at) if session else None
    where = f"{starts.year}年{starts.month}月{starts.day}日{starts:%H:%M}在{session.where}" if starts else "近期"
    return [
        f"定于{where}就“{chain['topic']['title']}”开展协商议事。",
        f"反映的情况：{chain['topic']['problem']}",
        "与此事有关的群众都可以到场发言。",
    ]


def _outcome_lines(chain: dict[str, Any], session: Any) -> list[str]:
    points = [point for one in chain.get("sessions", []) for point in one.get("consensus", [])]
    last = (chain.get("sessions") or [{}])[-1]
    held = f"{_day(last.get('starts_at'))}召开的" if last else ""
    lines = [f"{held}“{chain['topic']['title']}”协商议事会形成{len(points)}条共识，办理情况如下表。"]
    lines += [f"{point['number']}. {point['text']}" for point in points]
    return [*lines, *_handling(chain), _satisfaction(chain)]


def _progress_lines(chain: dict[str, Any], session: Any) -> list[str]:
    return [f"“{chain['topic']['title']}”协商成果办理进展如下。", *_handling(chain), _satisfaction(chain)]


_LINES = {
    NoticeKind.TOPIC: _topic_lines,
    NoticeKind.ANNOUNCEMENT: _announcement_lines,
    NoticeKind.OUTCOME: _outcome_lines,
    NoticeKind.PROGRESS: _progress_lines,
}


def _handling(chain: dict[str, Any]) -> list[str]:
    lines = []
    for one in chain.get("assignments", []):
        if one["state"] == "annulled":
            continue
        result = (one.get("reply") or {}).get("result") or f"正在办理，{_day(one['due_on'])}前办结。"
        lines.append(f"{one['matter']}（{one['lead_unit']}）：{result}")
    return lines


def _satisfaction(chain: dict[str, Any]) -> str:
    result = (chain.get("satisfaction") or {}).get("result")
    if not result or not sum(result.values()):
        return ""
    return (
        f"回访{sum(result.values())}人，满意{result['satisfied']}人、"
        f"基本满意{result['basically']}人、不满意{result['unsatisfied']}人。"
    )


def _closing(days: int, phone: str, host: str) -> str:
    call = f"如有意见请拨打{phone}。" if plain_phone(phone) else f"如有意见请向{host}反映。"
    return f"公示期为张榜之日起{days}个工作日，{call}"


def _summary(kind: NoticeKind, chain: dict[str, Any]) -> str:
    if kind in (NoticeKind.OUTCOME, NoticeKind.PROGRESS):
        results = [(one.get("reply") or {}).get("result", "") for one in chain.get("assignments", [])]
        told = "".join(dict.fromkeys(filter(None, results)))
        if told:
            return told
    problem = chain["topic"]["problem"].replace("\n", "")
    return problem if len(problem) <= SUMMARY_AT_MOST else problem[: SUMMARY_AT_MOST - 1] + "…"
