"""Where each page and each part of the API is found."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from consult.health.views import healthz
from consult.rest.api import routes as shared
from consult.rest.views import NothingHere
from members.api import routes as members
from outcomes.api import routes as outcomes
from outcomes.board import views as board
from sessions.api import routes as sessions
from topics.api import routes as topics

router = DefaultRouter()
router.include_format_suffixes = False
for routes in (shared, members, topics, sessions, outcomes):
    for prefix, viewset in routes.ROUTES:
        router.register(prefix, viewset, basename=prefix)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    re_path(r"^api/", NothingHere.as_view()),
    path("b/<str:code>/", include("outcomes.board_urls")),
    path("sitemap.xml", board.sitemaps, name="sitemaps"),
    path("robots.txt", board.robots, name="robots"),
    path("members/", include("members.urls")),
    path("topics/", include("topics.urls")),
    path("sessions/", include("sessions.urls")),
    path("live/", include("sessions.live_urls")),
    path("outcomes/", include("outcomes.urls")),
    path("a/", include("outcomes.answer_urls")),
    path("files/", include("consult.web.file_urls")),
    path("ui/", include("consult.web.urls")),
    path("rate/", include("outcomes.rate_urls")),
    path("", include("sessions.sign_in_urls")),
    path("", include("consult.desk.phone_urls")),
    path("", include("consult.desk.urls")),
]
