"""Django application."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Network position, foresight, outcomes and boards."""

    name = "proxeny.insight"
    label = "insight"
