from importlib import import_module

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("outcomes.rules")
        import_module("outcomes.handlers")
        import_module("outcomes.reminders").register()
