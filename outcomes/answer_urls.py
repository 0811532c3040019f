"""/a/<token>/: one assignment answered without an account. The address bears nobody's name."""

from django.urls import path

from outcomes.views import answering

app_name = "answer"

urlpatterns = [path("<str:token>/", answering.AnswerPage.as_view(), name="page")]
