from django.urls import path

from consult.web.views.helpers import Counts, Places

app_name = "web"
urlpatterns = [
    path("counts/", Counts.as_view(), name="counts"),
    path("places/", Places.as_view(), name="places"),
]
