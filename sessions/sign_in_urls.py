"""Short addresses for everybody: signing in, replying to an invitation, the calendar feed. None bears a name."""

from django.urls import path

from sessions.views import asking, calendar, remark_links, sign_in, sign_ups, slips

app_name = "sign_in"

urlpatterns = [
    path("s/", sign_in.EnterCode.as_view(), name="code"),
    path("s/check-in/", sign_in.check_in, name="check_in"),
    path("s/in/<uuid:uuid>/", sign_in.done, name="done"),
    path("s/in/<uuid:uuid>/floor/", asking.Floor.as_view(), name="floor"),
    path("s/<str:token>/", sign_in.Come.as_view(), name="open"),
    path("s/<str:token>/me/", sign_in.OneTap.as_view(), name="me"),
    path("r/<str:token>/", slips.SlipPage.as_view(), name="slip"),
    path("o/<str:token>/", remark_links.RemarksByLink.as_view(), name="remarks"),
    path("j/sign-up/", sign_ups.sign_up, name="sign_up"),
    path("j/<str:token>/", sign_ups.Join.as_view(), name="join"),
    path("j/<str:token>/<uuid:uuid>/", sign_ups.Joined.as_view(), name="joined"),
    path("r/<str:token>/invitation.ics", slips.slip_file, name="slip_file"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
]
