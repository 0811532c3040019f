"""Where the pages of the desk are found; they lie beside those of the apps."""

from django.urls import path

from consult.desk.views import chain, handover, help, inbox, public, search, today, workdays
from consult.desk.views.notices import channels, choices, log, wording

app_name = "desk"

urlpatterns = [
    path("", public.boards, name="boards"),
    path("track/", public.Track.as_view(), name="track"),
    path("today/", today.Today.as_view(), name="today"),
    path("topics/<uuid:uuid>/chain/", chain.ChainPaper.as_view(), name="chain"),
    path("members/accounts/<uuid:uuid>/handover/", handover.Handover.as_view(), name="handover"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.ReadAll.as_view(), name="read_all"),
    path("inbox/settings/", choices.Choices.as_view(), name="choices"),
    path("inbox/<uuid:uuid>/", inbox.OpenMessage.as_view(), name="message"),
    path("inbox/<uuid:uuid>/read/", inbox.ReadMessage.as_view(), name="read"),
    path("search/", search.Search.as_view(), name="search"),
    path("workdays/", workdays.Workdays.as_view(), name="workdays_now"),
    path("workdays/<int:year>/", workdays.Workdays.as_view(), name="workdays"),
    path("workdays/<int:year>/day/", workdays.CorrectDay.as_view(), name="correct_day"),
    path("workdays/<int:year>/day/<int:nth>/clear/", workdays.ClearDay.as_view(), name="clear_day"),
    path("workdays/<int:year>/plan/", workdays.LoadPlan.as_view(), name="load_plan"),
    path("notices/", log.Log.as_view(), name="log"),
    path("notices/resend/", log.Resend.as_view(), name="resend"),
    path("notices/events/", log.Events.as_view(), name="events"),
    path("notices/events/retry/", log.RetryEvents.as_view(), name="retry_events"),
    path("notices/channels/", channels.Channels.as_view(), name="channels"),
    path("notices/channels/robots/new/", channels.RobotNew.as_view(), name="robot_new"),
    path("notices/channels/robots/<uuid:uuid>/remove/", channels.RobotRemove.as_view(), name="robot_remove"),
    path("notices/channels/robots/<uuid:uuid>/test/", channels.TestRobot.as_view(), name="test_robot"),
    path("notices/channels/<str:channel>/test/", channels.TestChannel.as_view(), name="test_channel"),
    path("notices/wording/", wording.Wordings.as_view(), name="wordings"),
    path("notices/wording/<str:kind>/", wording.WordingEdit.as_view(), name="wording"),
    path("help/", help.Help.as_view(), name="help"),
]
