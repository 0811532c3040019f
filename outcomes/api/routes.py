from outcomes.api.assignments import AssignmentViewSet
from outcomes.api.notices import NoticeViewSet
from outcomes.api.outcomes import OutcomeViewSet

ROUTES = [("outcomes", OutcomeViewSet), ("assignments", AssignmentViewSet), ("notices", NoticeViewSet)]
