"""The public board of one CPPCC, under ``/b/<division code>/``."""

from django.urls import path

from outcomes.board import views

app_name = "board"

urlpatterns = [
    path("", views.home, name="home"),
    path("feed.atom", views.feed, name="feed"),
    path("calendar.ics", views.calendar, name="calendar"),
    path("sitemap-<int:year>.xml", views.sitemap, name="sitemap"),
    path("<uuid:uuid>/", views.notice, name="notice"),
    path("<uuid:uuid>/poster/", views.poster, name="poster"),
    path("<uuid:uuid>/photos/<uuid:copy>/<str:size>.<str:format>", views.photo, name="photo"),
    path("<uuid:uuid>/qr.svg", views.qr, name="qr"),
]
