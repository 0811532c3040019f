"""Where each page and each part of the API is found."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from consult.health.views import healthz
from consult.rest.views import NothingHere


def there(module: str) -> bool:
    """Whether an app has this module yet."""
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return False
    return spec is not None and spec.origin is not None


PAGES = [
    ("members/", "members.urls"),
    ("topics/", "topics.urls"),
    ("sessions/", "sessions.urls"),
    ("outcomes/", "outcomes.urls"),
    ("b/<str:code>/", "outcomes.board_urls"),
    ("ui/", "consult.web.urls"),
    ("", "consult.files.urls"),
    ("", "consult.desk.urls"),
]
API = ["consult.rest", "members", "topics", "sessions", "outcomes", "consult.desk"]

router = DefaultRouter()
router.include_format_suffixes = False
for app in filter(lambda app: there(f"{app}.api.routes"), API):
    for prefix, viewset in import_module(f"{app}.api.routes").ROUTES:
        router.register(prefix, viewset, basename=prefix)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    re_path(r"^api/", NothingHere.as_view()),
    *[path(prefix, include(module)) for prefix, module in PAGES if there(module)],
]
