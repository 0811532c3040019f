from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.web import nav


class SessionsConfig(AppConfig):
    """Labelled ``consult_sessions`` because ``django.contrib.sessions`` owns the bare label."""

    name = "sessions"
    label = "consult_sessions"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        import_module("sessions.reminders").register()
        nav.register(
            "sessions:list",
            _("Consultations"),
            roles=(*nav.STAFF, *nav.MEMBERS, "supervisor"),
            order=30,
            count=self._to_do,
            within=("sessions",),
            icon="people",
            tab=pgettext_lazy("tab", "Consultations"),
        )
        nav.register(
            "sessions:log",
            _("Log a session"),
            roles=nav.MEMBERS,
            order=31,
            icon="journal-check",
            tab=pgettext_lazy("tab", "Log"),
        )
        nav.register(
            "sessions:rooms",
            _("Rooms"),
            roles=("village_liaison",),
            order=32,
            within=("sessions:rooms", "sessions:room"),
        )
        nav.register("sessions:calendar", _("My calendar"), order=70, place=nav.ACCOUNT)

    def _to_do(self, reader: Any) -> int:
        """Records that wait for a decision, and minutes that are owed, for whoever sees to them."""
        if reader.mandate_for("office", "convenor") is None:
            return 0
        kept: Any = self.get_model("ConsultSession")._default_manager
        sessions = kept.visible_to(reader)
        return sessions.undecided()[:50].count() + sessions.without_minutes()[:50].count()
