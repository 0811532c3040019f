"""The short address by which somebody says how satisfied he is; no name stands in it."""

from django.urls import path

from outcomes.views import rating

app_name = "rating"

urlpatterns = [
    path("<str:token>/", rating.Rate.as_view(), name="open"),
]
