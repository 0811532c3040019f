from topics.api.viewsets import TopicViewSet
from topics.api.visits import VisitViewSet

ROUTES = [("topics", TopicViewSet), ("visits", VisitViewSet)]
