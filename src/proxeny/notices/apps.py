"""Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notifications: on the page, by mail as each person prefers, and in their calendar."""

    name = "proxeny.notices"
    label = "notices"
