from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.web import nav


class DeskConfig(AppConfig):
    """The top storey: pages and commands composed of all apps; nothing imports it."""

    name = "consult.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("consult.desk.facts").register()  # the models are there only now
        nav.register("desk:today", _("Today's work"), order=10, icon="house", tab=pgettext_lazy("tab", "Today"))
        nav.register("desk:search", _("Search"), order=10, place=nav.TOOLS, icon="search")
        nav.register(
            "desk:inbox", pgettext_lazy("desk", "Messages"), order=20, place=nav.TOOLS, icon="bell", count=self._unread
        )
        nav.register(
            "phone:home",
            _("On the telephone"),
            roles=("group_leader", "member", "village_liaison", "convenor"),
            order=10,
            place=nav.ACCOUNT,
        )
        nav.register(
            "desk:workdays_now",
            _("Working days"),
            roles=("office", "registrar"),
            order=55,
            place=nav.ACCOUNT,
        )
        nav.register("desk:choices", _("How I am told"), order=40, place=nav.ACCOUNT)
        nav.register(
            "desk:log",
            _("Log of notices"),
            roles=("office", "registrar"),
            order=57,
            place=nav.ACCOUNT,
            within=(
                "desk:events",
                "desk:channels",
                "desk:robot_new",
                "desk:robot_remove",
                "desk:wordings",
                "desk:wording",
            ),
        )
        nav.register("desk:help", pgettext_lazy("desk", "Help"), order=70, place=nav.ACCOUNT)

    def _unread(self, reader: Any) -> int:
        """What lies in the reader's inbox and was not opened."""
        inbox = self.apps.get_model("delivery", "InboxItem")
        return inbox.objects.visible_to(reader).unread()[:100].count()
