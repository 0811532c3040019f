from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Labelled ``consult_sessions`` because ``django.contrib.sessions`` owns the bare label."""

    name = "sessions"
    label = "consult_sessions"
    default_auto_field = "django.db.models.BigAutoField"
