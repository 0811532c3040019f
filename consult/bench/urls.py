"""Our pages, and the bare ones they are measured against."""

from django.urls import path

from consult.bench import views
from consult.urls import urlpatterns as ours

urlpatterns = [
    *ours,
    path("bare/", views.constant),
    path("bare/notices/", views.listing),
    path("bare/notices/<uuid:uuid>/", views.detail),
    path("bare/api/", views.BareApi.as_view()),
]
