"""Django application."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Joint events: participation, requests, agenda runs, publication."""

    name = "proxeny.events"
    label = "events"

    def ready(self) -> None:
        """Say how an event's steps read in a history."""
        from proxeny.events.history import teach

        teach()
