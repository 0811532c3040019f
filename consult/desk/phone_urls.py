"""Where the telephone's pages are found; the worker lies at the root so that its address never changes."""

from django.urls import path

from consult.desk.views.phone import account, pages, shell, sitting, writing

app_name = "phone"

urlpatterns = [
    path("sw.js", shell.Worker.as_view(), name="worker"),
    path("m/manifest.webmanifest", shell.Manifest.as_view(), name="manifest"),
    path("m/offline/", shell.Offline.as_view(), name="offline"),
    path("m/kept/", shell.Kept.as_view(), name="kept"),
    path("m/hello/", shell.Hello.as_view(), name="hello"),
    path("m/", pages.Home.as_view(), name="home"),
    path("m/claims/", pages.Claims.as_view(), name="claims"),
    path("m/claims/<uuid:uuid>/", pages.Claim.as_view(), name="claim"),
    path("m/invitations/<uuid:uuid>/", pages.Invitation.as_view(), name="invitation"),
    path("m/sessions/<uuid:uuid>/", sitting.Sitting.as_view(), name="sitting"),
    path("m/log/", writing.Log.as_view(), name="log"),
    path("m/visit/", writing.VisitEntry.as_view(), name="visit"),
    path("m/visits/", pages.VisitBook.as_view(), name="visits"),
    path("m/slip/", writing.Slip.as_view(), name="slip"),
    path("m/queue/", pages.Queue.as_view(), name="queue"),
    path("m/record/", account.DutyRecord.as_view(), name="record"),
    path("m/record/list.csv", account.DutyFile.as_view(), name="record_file"),
]
