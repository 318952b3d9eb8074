"""Django application."""

from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    """Public pages of partnerships and alliances."""

    name = "proxeny.alliances"
    label = "alliances"
