"""How many said what: answers by link and paper forms together, each voice once, and no shares of a handful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, Sum

from consult import options
from outcomes.models import Invitee, PaperForms, RaiserAnswer, SatisfactionAnswer, SatisfactionSurvey
from outcomes.states import RaiserVerdict

#: Satisfied, basically, not: always in this order.
GRADES = tuple(RaiserVerdict.values)
Totals = tuple[int, int, int]


def smallest(host_id: int) -> int:
    """Fewer answers than this are not told as a share."""
    return int(options.get(host_id, "limits.share_minimum"))


def share_of(part: int, whole: int, *, least: int = 1) -> str:
    """96.2 of a hundred; nothing of nobody, and nothing of a handful."""
    return f"{100 * part / whole:.1f}".removesuffix(".0") if whole and whole >= least else ""


def share(part: int, whole: int, host_id: int) -> str:
    """The same, with what this CPPCC takes for a handful."""
    return share_of(part, whole, least=smallest(host_id)) if whole else ""


def by_link(survey: SatisfactionSurvey) -> dict[str, Totals]:
    """What was answered by link, of those who attended and of the raisers.

    Where one person who attended was asked and nobody else, his answer is left out: the raiser's own word is known,
    and so are the piles of paper, so the sum would tell what he said.
    """
    others = SatisfactionAnswer.objects.filter(survey=survey, asking=survey.asking)
    if asked_alone(survey):
        others = others.none()
    raisers = RaiserAnswer.objects.filter(invitation__survey=survey, invitation__asking=survey.asking)
    return {what: _add(_count(others, what), _count(raisers, what)) for what in ("process", "result")}


def asked_alone(survey: SatisfactionSurvey) -> bool:
    """One invitation to somebody who attended, and no second."""
    invited = survey.invitations.filter(asking=survey.asking, kind=Invitee.ATTENDEE)
    return len(invited.values_list("pk", flat=True)[:2]) == 1


def somebody_answered(survey: SatisfactionSurvey, totals: Mapping[str, Sequence[int]]) -> bool:
    """Also one whose answer is not told."""
    if any(sum(one) for one in totals.values()):
        return True
    return SatisfactionAnswer.objects.filter(survey=survey, asking=survey.asking).exists()


def on_paper(survey: SatisfactionSurvey) -> dict[str, Totals]:
    """The piles of paper forms entered so far."""
    piles = list(PaperForms.objects.filter(survey=survey, asking=survey.asking))
    return {what: _add(*(getattr(pile, what) for pile in piles)) for what in ("process", "result")}


def _count(rows: Any, what: str) -> Totals:
    found = rows.order_by().aggregate(**{grade: Count("pk", filter=Q(**{what: grade})) for grade in GRADES})
    return found["satisfied"], found["basically"], found["unsatisfied"]


def _add(*several: Sequence[int]) -> Totals:
    first, second, third = (sum(one[place] for one in several) for place in range(3))
    return first, second, third


def together(survey: SatisfactionSurvey, given: Mapping[str, Sequence[int]]) -> dict[str, Totals]:
    """The figures: links, piles of paper and what is written down last, added up."""
    links, paper = by_link(survey), on_paper(survey)
    return {what: _add(given[what], links[what], paper[what]) for what in ("process", "result")}


def reach(survey: SatisfactionSurvey) -> dict[str, int]:
    """How many were asked and how many have answered; never who."""
    counted = survey.invitations.filter(asking=survey.asking).aggregate(
        asked=Count("pk"),
        by_link=Count("pk", filter=Q(is_used=True)),
        raisers=Count("pk", filter=Q(kind=Invitee.RAISER)),
        slips=Count("pk", filter=Q(account__isnull=True, kind=Invitee.ATTENDEE)),
    )
    piles = PaperForms.objects.filter(survey=survey, asking=survey.asking)
    paper = {what: sum(totals) for what, totals in on_paper(survey).items()}
    counted["invited_on_paper"] = piles.aggregate(all=Sum("of_invited"))["all"] or 0
    return {**counted, "on_paper": max(paper.values())}


def voices_left(survey: SatisfactionSurvey) -> int:
    """Invitations that neither a link nor a paper form of somebody invited has used up."""
    counted = reach(survey)
    return counted["asked"] - counted["by_link"] - counted["invited_on_paper"]
