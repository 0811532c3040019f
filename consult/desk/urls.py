from django.urls import path

from consult.desk.views.today import Today

app_name = "desk"

urlpatterns = [path("today/", Today.as_view(), name="today")]
