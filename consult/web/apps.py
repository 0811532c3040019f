from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from consult.web import nav


class WebConfig(AppConfig):
    name = "consult.web"
    label = "web"

    def ready(self) -> None:
        nav.register("members:sign_out", _("Sign out"), place=nav.ACCOUNT, order=99, post=True)
