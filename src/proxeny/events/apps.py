"""Django application."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Joint events: participation, requests, agenda runs, publication."""

    name = "proxeny.events"
    label = "events"
