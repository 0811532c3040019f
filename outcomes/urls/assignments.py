"""Paths of assignments and of the desk of a unit."""

from django.urls import path

from outcomes.views import answering, assignments, desk, photos, pursuit, units

paths = [
    path("", assignments.AssignmentList.as_view(), name="list"),
    path("overdue/", assignments.OverdueList.as_view(), name="overdue"),
    path("letters/", pursuit.Letters.as_view(), name="letters"),
    path("urge/", pursuit.UrgeAll.as_view(), name="urge_all"),
    path("checks/", pursuit.Checks.as_view(), name="checks"),
    path("checks/plan/", pursuit.PlanRound.as_view(), name="plan_round"),
    path("units/<uuid:uuid>/", units.UnitRecord.as_view(), name="unit"),
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("desk/waiting/", desk.Desk.as_view(group="waiting"), name="desk_waiting"),
    path("desk/done/", desk.Desk.as_view(group="done"), name="desk_done"),
    path("desk/<uuid:uuid>/", desk.Desk.as_view(), name="answer"),
    path("files/<uuid:uuid>/", assignments.download, name="file"),
    path("assignments/<uuid:uuid>/", assignments.AssignmentDetail.as_view(), name="detail"),
    path(
        "assignments/<uuid:uuid>/slip/",
        assignments.Paper.as_view(template_name="outcomes/slip.html"),
        name="slip",
    ),
    path(
        "assignments/<uuid:uuid>/progress/<uuid:entry>/photos/",
        photos.ProgressPhotos.as_view(),
        name="progress_photos",
    ),
    path("assignments/<uuid:uuid>/links/", answering.Links.as_view(), name="links"),
    path("assignments/<uuid:uuid>/letter/", assignments.Letter.as_view(), name="letter"),
    *[
        path(
            f"assignments/<uuid:uuid>/{verb}/",
            assignments.AssignmentMove.as_view(verb=verb, service=service),
            name=verb,
        )
        for verb, service in assignments.MOVES.items()
    ],
]
