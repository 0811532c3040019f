"""Where each page is found; each noun brings its own paths."""

from . import assignments, notices, outcomes

app_name = "outcomes"

urlpatterns = [*assignments.paths, *outcomes.paths, *notices.paths]
