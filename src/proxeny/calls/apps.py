"""Django application."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Calls for proposals."""

    name = "proxeny.calls"
    label = "calls"
