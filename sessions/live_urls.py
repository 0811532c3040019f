"""The screen in the hall, under ``/live/``."""

from django.urls import path, register_converter

from sessions import views


class SixFigures:
    regex = "[0-9]{6}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(SixFigures, "six")

app_name = "live"

urlpatterns = [
    path("", views.AskCode.as_view(), name="ask"),
    path("<six:code>/", views.Screen.as_view(), name="screen"),
    path("<six:code>/now/", views.Now.as_view(), name="now"),
]
