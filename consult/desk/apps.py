from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The top storey: pages and commands composed of all apps; nothing imports it."""

    name = "consult.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
