from django.apps import AppConfig


class OptionsConfig(AppConfig):
    name = "consult.options"
    label = "options"
    default_auto_field = "django.db.models.BigAutoField"
