"""Whom satisfaction was asked of: how many, never who; and the slips of paper with a code each."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from consult import options
from consult.documents import qr_svg
from consult.files.models import Attachment
from consult.web.views import DetailPage
from consult.web.views.detail import ByUuid
from outcomes.models import Invitee, Outcome, PaperForms, RaiserAnswer, SatisfactionAnswer, SatisfactionSurvey
from outcomes.services import figures
from outcomes.services.inviting import link_of, slips_of
from outcomes.states import OUTCOME_WORKFLOW
from sessions.models import ConsultSession


def satisfaction_of(outcome: Outcome, reader: Any) -> dict[str, Any]:
    """What the page of an outcome says of it. Figures by link are shown when they stand, comments to the office."""
    survey = outcome.survey
    if survey is None:
        return {"survey": None}
    survey.outcome = outcome
    is_office = reader.has_perm("outcomes.enter_forms_outcome", outcome)
    total = sum(survey.result)
    return {
        "survey": survey,
        "asked": figures.reach(survey),
        "asked_alone": figures.asked_alone(survey),
        "share": figures.share(survey.result_satisfied + survey.result_basically, total, outcome.host_id),
        "least": figures.smallest(outcome.host_id),
        "may_print_slips": is_office and survey.answered_on is None,
        "words_of_raisers": list(_raisers(survey)) if is_office else [],
        "comments": _comments(survey) if is_office else [],
        "piles": _piles(survey) if is_office else [],
    }


def _raisers(survey: SatisfactionSurvey) -> Any:
    return RaiserAnswer.objects.filter(invitation__survey=survey, invitation__asking=survey.asking)


def _comments(survey: SatisfactionSurvey) -> list[str]:
    """Only when the figures stand, in the order of the lot, and not of a handful."""
    if survey.answered_on is None:
        return []
    rows = SatisfactionAnswer.objects.filter(survey=survey, asking=survey.asking)
    if rows.count() < figures.smallest(survey.outcome.host_id):
        return []
    return list(rows.exclude(comment="").values_list("comment", flat=True))


def _piles(survey: SatisfactionSurvey) -> list[dict[str, Any]]:
    piles = PaperForms.objects.filter(survey=survey, asking=survey.asking)
    return [{"pile": pile, "files": list(Attachment.objects.about(pile))} for pile in piles]


class OfOffice:
    """Pages of the office: the outcome, if it may enter what people say."""

    request: Any

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Outcome.objects.visible_to(reader).for_detail(reader)

    def get_object(self, queryset: Any = None) -> Outcome:
        outcome = super().get_object(queryset)  # type: ignore[misc]  # of the page
        if not self.request.user.has_perm("outcomes.enter_forms_outcome", outcome) or outcome.survey is None:
            raise Http404
        return outcome


class Slips(OfOffice, DetailPage):
    """Which sessions there are slips for."""

    template_name, workflow = "outcomes/slips.html", OUTCOME_WORKFLOW

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        survey = self.object.survey
        paper = Q(account__isnull=True, kind=Invitee.ATTENDEE)
        rows = survey.invitations.filter(paper, asking=survey.asking).order_by()
        counts = dict(rows.values_list("session").annotate(n=Count("pk")))
        sessions = ConsultSession.objects.filter(pk__in=counts).order_by("starts_at", "pk")
        return super().get_context_data(
            **{
                "outcome": self.object,
                "survey": survey,
                "asked": figures.reach(survey),
                "rows": [{"session": one, "n": counts[one.pk]} for one in sessions],
                **kwargs,
            }
        )


class SlipSheet(OfOffice, ByUuid, DetailView):
    """One slip per person who came without an account. No slip bears a name or a number."""

    template_name = "outcomes/slip_sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outcome = self.object
        session = ConsultSession.objects.filter(uuid=self.kwargs["session"], topics=outcome.topic_id).first()
        if session is None:
            raise Http404
        slips = slips_of(outcome.survey, session)
        addresses = [self.request.build_absolute_uri(link_of(one)) for one in slips]
        return super().get_context_data(
            **{
                "outcome": outcome,
                "survey": outcome.survey,
                "session": session,
                "slips": [{"qr": qr_svg(one, _("QR code for your answer")), "address": one} for one in addresses],
                "phone": options.get(outcome.host_id, "contact.phone") or outcome.host.phone,
                **kwargs,
            }
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response
