"""Django application."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The one meeting model and its outcome chain."""

    name = "proxeny.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Say how its deeds read in a history; matching learns who has met."""
        from proxeny.directory.operations.profiles import know_meetings
        from proxeny.meetings.history import teach
        from proxeny.meetings.met_queries import pairs_met

        teach()
        know_meetings(pairs_met)
