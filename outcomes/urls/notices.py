"""Paths of public notices, as staff works with them."""

from django.urls import path

from outcomes.views import notices

paths = [
    path("notices/", notices.NoticeList.as_view(), name="notices"),
    path("notices/new/", notices.ChooseMatter.as_view(), name="new_notice"),
    path("notices/draft/<uuid:uuid>/", notices.DraftNotice.as_view(), name="draft_notice"),
    path("notices/<uuid:uuid>/", notices.NoticeDetail.as_view(), name="notice"),
    path("notices/<uuid:uuid>/mask/", notices.MaskNotice.as_view(), name="mask_notice"),
    *[
        path(f"notices/<uuid:uuid>/{verb}/", notices.NoticeMove.as_view(verb=verb, service=service), name=verb)
        for verb, service in notices.MOVES.items()
    ],
]
