from sessions.api.viewsets import RoomViewSet, SessionViewSet

ROUTES = [("rooms", RoomViewSet), ("sessions", SessionViewSet)]
