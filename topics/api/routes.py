from topics.api.viewsets import TopicViewSet

ROUTES = [("topics", TopicViewSet)]
