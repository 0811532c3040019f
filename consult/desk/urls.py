"""Where the pages of the desk are found; they lie beside those of the apps."""

from django.urls import path

from consult.desk.views import chain, handover, help, inbox, public, search, today, workdays

app_name = "desk"

urlpatterns = [
    path("", public.boards, name="boards"),
    path("track/", public.Track.as_view(), name="track"),
    path("today/", today.Today.as_view(), name="today"),
    path("topics/<uuid:uuid>/chain/", chain.ChainPaper.as_view(), name="chain"),
    path("members/accounts/<uuid:uuid>/handover/", handover.Handover.as_view(), name="handover"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.ReadAll.as_view(), name="read_all"),
    path("inbox/<uuid:uuid>/", inbox.OpenMessage.as_view(), name="message"),
    path("inbox/<uuid:uuid>/read/", inbox.ReadMessage.as_view(), name="read"),
    path("search/", search.Search.as_view(), name="search"),
    path("workdays/", workdays.Workdays.as_view(), name="workdays_now"),
    path("workdays/<int:year>/", workdays.Workdays.as_view(), name="workdays"),
    path("workdays/<int:year>/day/", workdays.CorrectDay.as_view(), name="correct_day"),
    path("workdays/<int:year>/day/<int:nth>/clear/", workdays.ClearDay.as_view(), name="clear_day"),
    path("workdays/<int:year>/plan/", workdays.LoadPlan.as_view(), name="load_plan"),
    path("help/", help.Help.as_view(), name="help"),
]
