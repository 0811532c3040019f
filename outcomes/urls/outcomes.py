"""Paths of outcomes; what is issued from one begins there too."""

from django.urls import path

from outcomes.views import asked, assignments, outcomes

paths = [
    path("reports/", outcomes.OutcomeList.as_view(), name="outcomes"),
    path("draft/<uuid:uuid>/", outcomes.DraftOutcome.as_view(), name="draft_outcome"),
    path("reports/<uuid:uuid>/", outcomes.OutcomeDetail.as_view(), name="outcome"),
    path("reports/<uuid:uuid>/slips/", asked.Slips.as_view(), name="slips"),
    path("reports/<uuid:uuid>/slips/<uuid:session>/", asked.SlipSheet.as_view(), name="slip_sheet"),
    path("reports/<uuid:uuid>/issue/", assignments.IssueAssignment.as_view(), name="issue"),
    *[
        path(f"reports/<uuid:uuid>/{verb}/", outcomes.OutcomeMove.as_view(verb=verb, service=service), name=verb)
        for verb, service in outcomes.MOVES.items()
    ],
]
