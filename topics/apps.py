from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.web import nav


class TopicsConfig(AppConfig):
    name = "topics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Topics")

    def ready(self) -> None:
        import_module("topics.reminders").register()
        nav.register(
            "topics:list",
            _("Topics"),
            roles=("office", "approver", "convenor", "supervision_office", "supervisor", "village_liaison"),
            order=20,
            count=self._to_screen,
            within=("topics",),
        )
        nav.register(
            "topics:oversight",
            _("Asked from above"),
            roles=("office", "supervisor"),
            order=46,
            count=self._to_answer,
            icon="chat-left-text",
        )
        nav.register(
            "topics:to_claim",
            _("Take up"),
            roles=("group_leader", "member"),
            order=22,
            count=self._to_claim,
            icon="card-checklist",
            tab=pgettext_lazy("tab", "Take up"),
        )
        nav.register(
            "topics:hand_in",
            _("Enter a slip"),
            roles=("village_liaison",),
            order=21,
            icon="pencil-square",
            tab=pgettext_lazy("tab", "Enter"),
        )

    def _to_screen(self, reader: Any) -> int:
        """What waits for whoever screens."""
        if reader.mandate_for("office", "convenor") is None:
            return 0
        return self._topics().visible_to(reader).to_screen()[:100].count()

    def _to_answer(self, reader: Any) -> int:
        """Notes from above that the office owes an answer."""
        if reader.mandate_for("office") is None:
            return 0
        notes: Any = self.get_model("OversightNote")._default_manager
        return notes.visible_to(reader).waiting()[:100].count()

    def _to_claim(self, reader: Any) -> int:
        return self._topics().visible_to(reader).to_claim()[:100].count()

    def _topics(self) -> Any:
        """Models are there only once all apps are."""
        return self.get_model("Topic")._default_manager
