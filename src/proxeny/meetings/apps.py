"""Django application."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The one meeting model and its outcome chain."""

    name = "proxeny.meetings"
    label = "meetings"
