from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from consult.web import nav

STAFF = ("office", "approver", "convenor", "supervision_office")


class MembersConfig(AppConfig):
    name = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        nav.register(
            "members:members",
            _("People and units"),
            roles=(*STAFF, "village_liaison"),
            order=60,
            within=("members",),
        )
        nav.register("members:accounts", _("Accounts"), roles=("registrar",), order=70, within=("desk:handover",))
        nav.register("members:settings", _("Settings"), roles=("registrar", "office"), order=80)
        nav.register("members:password", _("Change my password"), order=80, place=nav.ACCOUNT)
        nav.register("members:sign_out", _("Sign out"), order=90, place=nav.ACCOUNT, post=True)
