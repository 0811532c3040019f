"""Files of every app under one address; the app that owns a file says who may."""

from django.urls import path

from consult.web.views import files

app_name = "files"
urlpatterns = [
    path("<uuid:uuid>/", files.Download.as_view(), name="download"),
    path("<uuid:uuid>/tile.<str:format>", files.Tile.as_view(size="tile"), name="tile"),
    path("<uuid:uuid>/desk.<str:format>", files.Tile.as_view(size="desk"), name="desk"),
    path("<uuid:uuid>/copy/<uuid:copy>/<str:size>.<str:format>", files.Copy.as_view(), name="copy"),
    path("<uuid:uuid>/hide/", files.Hide.as_view(), name="hide"),
    path("<uuid:uuid>/release/", files.Release.as_view(), name="release"),
    path("<uuid:uuid>/withdraw/", files.Withdraw.as_view(), name="withdraw"),
    path("<uuid:uuid>/remove/", files.Remove.as_view(), name="remove"),
]
