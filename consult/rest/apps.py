from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "consult.rest"
    label = "rest"
