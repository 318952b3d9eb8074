"""Django application."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The one meeting model, its outcome chain, and the catch-ups of partnerships."""

    name = "proxeny.meetings"
    label = "meetings"
