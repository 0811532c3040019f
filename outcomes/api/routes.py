from outcomes.api.assignments import AssignmentViewSet
from outcomes.api.outcomes import OutcomeViewSet

ROUTES = [("outcomes", OutcomeViewSet), ("assignments", AssignmentViewSet)]
