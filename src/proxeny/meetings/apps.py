"""Django application."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The one meeting model and its outcome chain."""

    name = "proxeny.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Say how its deeds read in a history."""
        from proxeny.meetings.history import teach

        teach()
