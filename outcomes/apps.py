from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from consult.web import nav


class OutcomesConfig(AppConfig):
    name = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        self._register_pages()
        import_module("outcomes.rules")
        import_module("outcomes.handlers")
        import_module("outcomes.reminders").register()

    def _register_pages(self) -> None:
        nav.register(
            "outcomes:list",
            _("Follow-up"),
            roles=("office", "approver", "convenor", "supervision_office", "supervisor", "group_leader", "member"),
            order=40,
            count=self._waiting,
            icon="list-check",
        )
        nav.register(
            "outcomes:desk",
            _("To be answered"),
            roles=nav.UNITS,
            order=10,
            count=self._to_answer,
            within=("outcomes:answer", "outcomes:detail"),
        )
        nav.register(
            "outcomes:notices",
            _("Public notices"),
            roles=("office", "approver", "convenor", "supervision_office", "supervisor"),
            order=45,
            count=self._to_release,
            within=("outcomes:notice", *(f"outcomes:{verb}" for verb in self._notice_verbs())),
        )
        nav.register("outcomes:desk_waiting", _("Waiting for verification"), roles=nav.UNITS, order=11)
        nav.register("outcomes:desk_done", _("Done"), roles=nav.UNITS, order=12)

    @staticmethod
    def _notice_verbs() -> list[str]:
        return [step.verb for step in import_module("outcomes.states").NOTICE_WORKFLOW]

    def _to_release(self, reader: Any) -> int:
        """Drafts that somebody else wrote, and what waits to be posted."""
        if reader.mandate_for("office", "approver") is None:
            return 0
        notices: Any = self.get_model("PublicNotice")._default_manager
        rows = notices.visible_to(reader).kept_by(reader)
        return rows.drafts().exclude(drafted_by=reader)[:100].count() + rows.to_post()[:100].count()

    def _waiting(self, reader: Any) -> int:
        """What the reader himself has to see to: overdue for the office, to be verified, to be closed out."""
        rows = self._assignments().visible_to(reader)
        if reader.mandate_for("office") is not None:
            return rows.overdue()[:100].count() + rows.to_verify()[:100].count()
        if reader.mandate_for("supervision_office") is not None:
            return rows.overdue()[:100].count() + rows.to_close()[:100].count()
        return rows.to_verify()[:100].count() if reader.mandate_for("convenor", "group_leader", "member") else 0

    def _to_answer(self, reader: Any) -> int:
        return self._assignments().of_units(reader).to_answer()[:100].count()

    def _assignments(self) -> Any:
        return self.get_model("Assignment")._default_manager
