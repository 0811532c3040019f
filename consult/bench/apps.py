"""Installed by consult.settings.bench only: no other process knows the bare table and the bare pages."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "consult.bench"
    label = "bench"
    default_auto_field = "django.db.models.BigAutoField"
