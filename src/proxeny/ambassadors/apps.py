"""Django application."""

from django.apps import AppConfig


class AmbassadorsConfig(AppConfig):
    """The ambassador's desk."""

    name = "proxeny.ambassadors"
    label = "ambassadors"
