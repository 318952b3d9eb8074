"""Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told: on the page, by mail as they want it, and in their calendar."""

    name = "proxeny.notices"
    label = "notices"
