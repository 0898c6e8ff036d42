"""The Django application of preferences."""

from django.apps import AppConfig


class PreferencesConfig(AppConfig):
    name = "preferences"
