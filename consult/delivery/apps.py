from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "consult.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
